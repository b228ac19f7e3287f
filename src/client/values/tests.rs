//! Strings in and out, natively: what types become, and errors that name the place. Properties of any value are in `properties.rs`.

use super::super::serializers;
use super::{All, ArgumentReader, Mismatch, Prepared, Reader, integer_string, value_from_json};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

pub(super) fn written(value: &impl Serialize) -> String {
    Prepared::json(value).expect("is written").0
}

/// Returns the JSON of an event with these arguments.
fn event(arguments: &impl Serialize) -> String {
    Prepared::event("e", arguments).expect("is written").text().to_owned()
}

fn refused(arguments: &impl Serialize) -> String {
    Prepared::event("e", arguments).expect_err("is refused")
}

pub(super) fn read<T: DeserializeOwned>(json: &str) -> Result<T, Mismatch> {
    value_from_json(json)
}

/// Reads the arguments of an event.
pub(super) fn arguments<T: DeserializeOwned>(json: &str) -> Result<T, Mismatch> {
    ArgumentReader::read(&mut Reader::new(json, &[])).map_err(|error| error.explained(json, &[]))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) enum Color {
    Red,
    Green,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Shape {
    Empty,
    Circle(f64),
    Line(i32, i32),
    Box { width: u32 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    name: String,
    price: u32,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Order {
    items: Vec<Item>,
}

#[test]
fn the_type_decides_how_many_arguments_there_are() {
    assert_eq!(event(&()), "[\"e\"]");
    assert_eq!(event(&&()), "[\"e\"]");
    for null in [event(&Value::Null), event(&&Value::Null), event(&None::<u8>), event(&Some(()))] {
        assert_eq!(null, "[\"e\",null]");
    }
    assert_eq!(event(&(1, "two", vec![3])), "[\"e\",1,\"two\",[3]]");
    assert_eq!(event(&((1, 2),)), "[\"e\",[1,2]]");
    assert_eq!(event(&vec![1, 2]), "[\"e\",[1,2]]");
    assert_eq!(event(&All(vec![1, 2])), "[\"e\",1,2]");
    assert_eq!(event(&All(Vec::<u8>::new())), "[\"e\"]");
    assert_eq!(event(&(All(vec![1, 2]), 3)), "[\"e\",[1,2],3]");
}

// Stable Rust has no other way to ask; were a name another one, `()` would be an argument, and an `Err` an answer.
#[test]
fn names_of_types_that_decide_are_as_the_code_has_them() {
    use core::any::type_name;
    assert_eq!(type_name::<()>(), "()");
    assert_eq!((type_name::<&()>(), type_name::<&&()>(), type_name::<&mut ()>()), ("&()", "&&()", "&mut ()"));
    let result = type_name::<Result<u8, String>>();
    assert!(result.starts_with("core::result::Result<"), "{result}");
}

#[test]
fn an_answer_is_several_values_one_or_none_and_a_result_is_its_value_or_an_error() {
    fn answer<T: Serialize>(is_result: bool, value: T) -> Result<(bool, String), String> {
        match Prepared::answer(&value, is_result) {
            Ok(values) => Ok((values.is_empty, values.text().to_owned())),
            Err(error) => Err(error.to_string()),
        }
    }
    let answers = |empty: bool, json: &str| Ok((empty, json.to_owned()));
    assert_eq!(answer(false, ()), answers(true, "[]"));
    assert_eq!(answer(false, Value::Null), answers(false, "[null]"));
    assert_eq!(answer(false, (1, 2)), answers(false, "[1,2]"));
    assert_eq!(answer(false, All([1, 2])), answers(false, "[1,2]"));
    assert_eq!(answer(true, Ok::<_, String>(())), answers(true, "[]"));
    assert_eq!(answer(true, Ok::<_, String>(Value::Null)), answers(false, "[null]"));
    assert_eq!(answer(true, Ok::<_, String>((1, "b"))), answers(false, "[1,\"b\"]"));
    assert_eq!(
        answer(true, Ok::<_, String>(Err::<u8, u8>(1))),
        answers(false, "[{\"Err\":1}]"),
        "only the outer one counts"
    );
    let failed = |why: &str| Err(format!("a handler has failed: {why}"));
    assert_eq!(answer(true, Err::<(), _>("the \"disk\" is full")), failed("the \"disk\" is full"));
    assert_eq!(answer(true, Err::<u8, _>(vec![1, 2])), failed("[1,2]"));
}

#[test]
fn a_type_reads_as_many_arguments_as_it_has() {
    assert_eq!(arguments::<(u8, String)>("[1,\"a\",2]"), Ok((1, "a".into())));
    assert_eq!(arguments::<u8>("[1,\"a\"]"), Ok(1));
    assert_eq!(arguments::<()>("[1,\"a\"]"), Ok(()));
    assert_eq!(arguments::<All<Vec<u8>>>("[1,2]"), Ok(All(vec![1, 2])));
    assert_eq!(arguments::<All<(u8, u8)>>("[1,2]"), Ok(All((1, 2))));
    assert_eq!(arguments::<(u8, Option<u8>)>("[1]"), Ok((1, None)));
    assert_eq!(arguments::<Option<u8>>("[]"), Ok(None));
    let missing = arguments::<(u8, u8)>("[1]").expect_err("one is missing");
    assert_eq!((missing.path.as_str(), missing.found.as_str()), ("[1]", "nothing"));
}

#[test]
fn errors_name_the_path_the_type_and_the_value() {
    let wrong =
        |path: &str, why: &str, found: &str| Mismatch { path: path.into(), why: why.into(), found: found.into() };
    let orders = "[{\"items\":[{\"name\":\"a \\\"b\\\" [\",\"price\":1},{\"name\":\"c\",\"price\":\"7\"}]}]";
    assert_eq!(arguments::<Order>(orders), Err(wrong("[0].items[1].price", "expected u32", "\"7\"")));
    let orders = "[1,{\"items\":[{\"name\":\"a\"}]}]";
    let missing = wrong("[1].items[0]", "missing field `price`", "{\"name\":\"a\"}");
    assert_eq!(arguments::<(u8, Order)>(orders), Err(missing));
    let unknown = read::<Item>("{\"name\":\"a\",\"price\":1,\"x\":2}").expect_err("deny_unknown_fields");
    assert_eq!(unknown, wrong("", "unknown field `x`, expected `name` or `price`", "\"x\""));
    assert_eq!(read::<Vec<bool>>("[true,null]"), Err(wrong("[1]", "expected a boolean", "null")));
    assert_eq!(read::<Vec<String>>("[\"a\",false]"), Err(wrong("[1]", "expected a string", "false")));
    let long = format!("[\"{}\"]", "x".repeat(500));
    let found = read::<Vec<u8>>(&long).expect_err("a string").found;
    assert_eq!(found.chars().count(), 201, "{found}");
    for why in [
        read::<Color>(&format!("\"{}\"", "é".repeat(5_000))).expect_err("no variant").why,
        read::<Item>(&format!("{{\"{}\":1}}", "é".repeat(5_000))).expect_err("no field").why,
    ] {
        assert!(why.starts_with("unknown ") && why.ends_with("é…") && why.chars().count() == 201, "{why}");
    }
    let why = "expected a map with the name and the data of the variant";
    for (json, found) in [("[\"Circle\"]", "\"Circle\""), ("[{ }]", "{ }")] {
        assert_eq!(read::<Vec<Shape>>(json), Err(wrong("[0]", why, found)));
    }
    let key = read::<HashMap<u32, u8>>("{\"1\":1,\"x\":2}").expect_err("no number");
    assert_eq!((key.why.as_str(), key.found.as_str()), ("expected u32", "\"x\""));
    let odd = read::<HashMap<String, u8>>("{\"a b\":{\"c\":1}}").expect_err("a map");
    assert_eq!(odd.path, "[\"a b\"]");
    let pair = read::<Vec<(u8, u8)>>("[[1,2],[1,2,3]]").expect_err("three");
    assert_eq!((pair.path.as_str(), pair.found.as_str()), ("[1]", "[1,2,3]"));
    let nested =
        read::<HashMap<String, Vec<Shape>>>("{\"a\":[\"Empty\",{\"Box\":{\"width\":-1}}]}").expect_err("negative");
    assert_eq!((nested.path.as_str(), nested.found.as_str()), (".a[1].Box.width", "-1"));
}

#[test]
fn errors_of_types_that_serde_buffers_have_a_path_as_well() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "kind")]
    enum Tagged {
        One { size: u8 },
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Size(u8),
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        more: BTreeMap<String, u8>,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Lists {
        #[serde(default)]
        tagged: Vec<Tagged>,
        #[serde(default)]
        untagged: Vec<Untagged>,
        #[serde(default)]
        flat: Option<Flat>,
    }
    let path = |json: &str| arguments::<(u8, Lists)>(json).expect_err(json).path;
    let one = "{\"kind\":\"One\",\"size\":1}";
    let wrong = "{\"kind\":\"One\",\"size\":\"x\"}";
    assert_eq!(path(&format!("[1, {{\"tagged\": [{one}, {wrong}]}}]")), "[1].tagged[1]");
    assert_eq!(path("[1,{\"untagged\":[1,\"x\"]}]"), "[1].untagged[1]");
    assert_eq!(path("[1,{\"flat\":{\"x\":\"y\"}}]"), "[1].flat");
    let first = arguments::<Tagged>(&format!("[ {wrong},1]")).expect_err("a string");
    assert_eq!((first.path.as_str(), first.found.as_str()), ("[0]", wrong));
    assert_eq!(arguments::<(u8, Untagged)>("[1,\"x\"]").expect_err("a string").path, "[1]");
}

#[test]
fn what_cannot_be_sent_is_named_by_its_place() {
    #[derive(Serialize)]
    struct Outer {
        list: Vec<BTreeMap<(u8, u8), u8>>,
    }
    let why = refused(&(0, Outer { list: vec![BTreeMap::new(), [((1, 2), 3)].into()] }));
    assert!(why.contains("a key that is a tuple") && why.ends_with("(at [1].list[1])"), "{why}");
    let why = refused(&json!({ "a": [0, u64::MAX] }));
    assert!(why.contains("integer_string") && why.ends_with("(at [0].a[1])"), "{why}");
    // Of auth nothing is shown.
    let why = super::json_of(&json!({ "token": u64::MAX })).expect_err("is refused");
    assert!(!why.contains("1844") && !why.contains("token"), "{why}");
}

#[test]
fn integers_are_exact_up_to_2_to_53_and_beyond_it_an_error() {
    let most = 1_u64 << 53;
    assert_eq!(written(&[most as i64, -(most as i64)]), "[9007199254740992,-9007199254740992]");
    assert_eq!(read::<(u64, i64, i128)>("[9007199254740992,-9007199254740992,5]"), Ok((most, -(most as i64), 5)));
    for value in [json!(most + 1), json!(-(most as i64) - 1), json!(u64::MAX), json!(i64::MIN)] {
        assert!(Prepared::json(&value).is_err(), "{value}");
    }
    assert!(Prepared::json(&i128::MAX).is_err() && Prepared::json(&u128::MAX).is_err());
    assert_eq!(written(&(1_i128, 2_u128)), "[1,2]");
    for json in ["9007199254740993", "-9007199254740993", "18446744073709551616", "1e300"] {
        let why = read::<i64>(json).expect_err(json).why;
        assert!(why.contains("2^53"), "{why}");
        assert!(read::<f64>(json).is_ok() && read::<Value>(json).expect(json).is_f64(), "{json}");
    }
    // A BigInt is exact.
    assert_eq!(arguments::<(i64, u64)>("[-9223372036854775808n,9007199254740993n]"), Ok((i64::MIN, most + 1)));
}

#[test]
fn integers_can_be_strings() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Ids {
        #[serde(with = "integer_string")]
        one: u64,
        #[serde(with = "integer_string")]
        maybe: Option<i64>,
        #[serde(with = "integer_string")]
        list: Vec<i128>,
    }
    let ids = Ids { one: u64::MAX, maybe: Some(i64::MIN), list: vec![i128::MAX, 0] };
    let json = written(&ids);
    assert!(json.starts_with("{\"one\":\"18446744073709551615\",\"maybe\":\"-9223372036854775808\""), "{json}");
    assert_eq!(read(&json), Ok(ids));
    assert_eq!(read("{\"one\":7,\"maybe\":null,\"list\":[\"1\"]}"), Ok(Ids { one: 7, maybe: None, list: vec![1] }));
    let wrong = read::<Ids>("{\"one\":\"x\",\"maybe\":null,\"list\":[]}").expect_err("no integer");
    assert_eq!((wrong.path.as_str(), wrong.found.as_str()), (".one", "\"x\""));
}

#[test]
fn keys_that_print_as_strings_are_keys() {
    #[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    struct Id(u64);
    macro_rules! travels {
        ($($key:expr => $json:literal),*) => {
            $(let map = BTreeMap::from([($key, 1)]);
            assert_eq!(written(&map), $json);
            assert_eq!(read($json), Ok(map));)*
        };
    }
    travels! {
        7_u32 => "{\"7\":1}", -7_i8 => "{\"-7\":1}", u64::MAX => "{\"18446744073709551615\":1}",
        i64::MIN => "{\"-9223372036854775808\":1}", i128::MAX => "{\"170141183460469231731687303715884105727\":1}",
        true => "{\"true\":1}", 'x' => "{\"x\":1}", Color::Green => "{\"Green\":1}", Id(3) => "{\"3\":1}",
        "a\"\n".to_owned() => "{\"a\\\"\\n\":1}"
    }
    macro_rules! refuses {
        ($($key:expr => $kind:literal),*) => {
            $(let why = refused(&[vec![($key, 1)].into_iter().collect::<Pairs<_>>()]);
            assert!(why.contains($kind) && why.ends_with("(at [0])"), "{why}");)*
        };
    }
    refuses! { 1.5 => "a float", () => "()", None::<u8> => "an Option", vec![1] => "a list", Shape::Circle(1.0) => "a variant" }
}

/// A map of any keys.
struct Pairs<K>(Vec<(K, u8)>);

impl<K> FromIterator<(K, u8)> for Pairs<K> {
    fn from_iter<I: IntoIterator<Item = (K, u8)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<K: Serialize> Serialize for Pairs<K> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[test]
fn enums_and_floats_travel() {
    let shapes = vec![Shape::Empty, Shape::Circle(0.5), Shape::Line(1, -2), Shape::Box { width: 3 }];
    let json = "[\"Empty\",{\"Circle\":0.5},{\"Line\":[1,-2]},{\"Box\":{\"width\":3}}]";
    assert_eq!(written(&shapes), json);
    assert_eq!(read(json), Ok(shapes));
    assert_eq!(
        written(&[0.0, -0.0, 1.0, 1e15, 1.5, 0.000_001, f64::NAN, f64::INFINITY]),
        "[0,0,1,1000000000000000,1.5,0.000001,null,null]"
    );
    assert_eq!(read::<Vec<f32>>("[1,2.5,-3e2]"), Ok(vec![1.0, 2.5, -300.0]));
    assert!(arguments::<f64>("[NaN]").is_ok_and(f64::is_nan));
    assert_eq!(arguments::<f64>("[-Infinity]"), Ok(f64::NEG_INFINITY));
    assert_eq!(read::<(u8, i32)>("[1.0,-2e1]"), Ok((1, -20)));
    assert_eq!(read::<String>("\"\\ud83e\\udd80\\ud800x\\u0041\\/\""), Ok("🦀\u{fffd}xA/".into()));
}

#[test]
fn a_serializer_receives_floats_that_json_has_not() {
    let floats =
        serializers::Value::from(vec![f64::INFINITY.into(), serializers::Value::Null, f64::NEG_INFINITY.into()]);
    let written = Prepared::event("e", &(f64::NAN, None::<f64>, &floats, f32::INFINITY)).expect("is written");
    assert_eq!(written.text(), "[\"e\",null,null,[null,null,null],null]", "without a serializer");
    let values = serializers::Value::from_written(&written).expect("is read");
    assert!(values.at(1).and_then(serializers::Value::as_f64).is_some_and(f64::is_nan), "{values:?}");
    let rest = [serializers::Value::Null, floats, f64::INFINITY.into()];
    assert_eq!(values.as_list().and_then(|values| values.get(2..)), Some(&rest[..]));
}

#[test]
fn deep_values_and_malformed_json_are_errors() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read::<Value>(&deep(127)).is_ok());
    assert!(read::<Value>(&deep(200)).is_err_and(|wrong| wrong.why.contains("128 deep")));
    for json in [
        "",
        "[",
        "[1",
        "[1,]",
        "{\"a\"}",
        "{\"a\":}",
        "\"",
        "\"\\x\"",
        "01",
        "1.",
        "1e",
        "-",
        "nul",
        "[1]2",
        "\"\n\"",
        "@",
        "@9",
        "{1:2}",
        "[1 2]",
        "NaN",
        "[-Infinity]",
        "1n",
    ] {
        assert!(read::<Value>(json).is_err(), "{json}");
        assert!(read::<serde::de::IgnoredAny>(json).is_err(), "{json}");
    }
}

#[test]
fn what_is_no_json_is_shown_as_it_came() {
    for (json, found) in [("@0", "@0"), ("NaN", "NaN"), ("[1,@7]", "@7")] {
        let wrong = read::<Value>(json).expect_err(json);
        assert_eq!((wrong.why.as_str(), wrong.found.as_str()), ("it is no JSON", found));
    }
}

thread_local! {
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

/// An item that counts how often serde asks for it.
#[derive(Clone)]
struct Counted;

impl Serialize for Counted {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        STEPS.set(STEPS.get() + 1);
        serializer.serialize_u8(1)
    }
}

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        STEPS.set(STEPS.get() + 1);
        u8::deserialize(deserializer).map(|_| Self)
    }
}

#[test]
fn each_value_is_walked_once() {
    for count in [10, 1000] {
        STEPS.set(0);
        let nested: BTreeMap<u32, Vec<Counted>> = (0..count).map(|key| (key, vec![Counted; 3])).collect();
        let json = event(&(nested, Counted));
        assert_eq!(STEPS.replace(0), 3 * count as usize + 1);
        let json = format!("[{}", json.strip_prefix("[\"e\",").expect("an event"));
        arguments::<(BTreeMap<u32, Vec<Counted>>, Counted)>(&json).expect("is read");
        assert_eq!(STEPS.replace(0), 3 * count as usize + 1);
    }
}
