//! Properties of reading and writing, natively: values of every kind, floats, numbers, and strings that may be no JSON.

use super::All;
use super::number::{Number, read_number, write_float};
use super::tests::{Color, Order, Shape, arguments, read, written};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::HashMap;

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-(1_i64 << 53)..=(1 << 53)).prop_map(Value::from),
        any::<f64>()
            .prop_filter("JSON has no NaN, and integers are no floats", |of| of.is_finite() && of.fract() != 0.0)
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..8).prop_map(Value::from_iter),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_is_read_as_it_was_written(value in values()) {
        let json = written(&value);
        prop_assert_eq!(read::<Value>(&json).expect("is read"), value);
    }

    #[test]
    fn any_float_is_written_shortest_and_exactly(value in prop_oneof![any::<f64>(), -1e6..1e6, (0_u32..1_000_000, 0_i32..8).prop_map(|(of, places)| f64::from(of) / 10_f64.powi(places))]) {
        prop_assume!(value.is_finite());
        let mut out = Vec::new();
        write_float(&mut out, value);
        let json = String::from_utf8(out).expect("ASCII");
        prop_assert_eq!(json.parse::<f64>().expect("a number"), value);
        let shortest = serde_json::to_string(&value).expect("JSON");
        prop_assert!(json.len() <= shortest.len() || !shortest.contains('.'), "{} {}", json, shortest);
    }

    #[test]
    fn any_number_is_read_as_rust_reads_it(text in "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?") {
        let (number, length) = read_number(&text).expect("a number");
        prop_assert_eq!(length, text.len());
        let expected: f64 = text.parse().expect("a float");
        match number {
            Number::Float(value) => prop_assert_eq!(value, expected),
            Number::Positive(value) => prop_assert_eq!(Ok(value), text.parse()),
            Number::Negative(value) => prop_assert_eq!(Ok(value), text.parse()),
        }
    }

    #[test]
    fn no_string_panics_the_reader(text in prop_oneof![any::<String>(), "[\\[\\]{}:,\"\\\\a-fnu0-9@.eE+ -]{0,60}"]) {
        let _ = (read::<Value>(&text), read::<Order>(&text), read::<Vec<Shape>>(&text), arguments::<(u8, Value)>(&text));
        let _ = (read::<HashMap<u32, Option<Color>>>(&text), arguments::<All<Vec<Value>>>(&text));
        if let Ok(expected) = serde_json::from_str::<Value>(&text) {
            let value = read::<Value>(&text);
            // serde_json does not read floats exactly.
            prop_assert!(value.as_ref() == Ok(&expected) || text.contains(['.', 'e', 'E']), "{:?}", value);
        }
    }
}
