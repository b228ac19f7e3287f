//! Strings, bytes and values of JavaScript, as the host reads and writes them.

use js_sys::{Array, Function, JsString, Uint8Array};
use socketio_wasm::host::{JsBytes, JsText, JsWire, Platform, decode, encode};
use socketio_wasm::protocol::{Bytes, CLIENT_EVENTS, ProtocolError, Text, Wire};
use socketio_wasm::socket::{IncomingPayload, OutgoingPayload};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(module = "/tests/wasm/shell.js")]
extern "C" {
    #[wasm_bindgen(js_name = makePlatform)]
    fn make_platform() -> Platform;
    fn same(one: &JsValue, other: &JsValue) -> bool;
    #[wasm_bindgen(js_name = utf8Length)]
    fn utf8_length(text: &JsString) -> usize;
}

#[wasm_bindgen_test]
fn strings_are_measured_and_read_as_in_javascript() {
    for text in ["", "ascii", "\u{e9}\u{20ac}", "\u{1F600}!", "a\u{0}b"] {
        let text = JsString::from(text);
        assert_eq!(JsText::from(text.clone()).utf8_len(), utf8_length(&text), "{text:?}");
    }
    for units in [&[0xd800_u16][..], &[0xdc00], &[0xd800, 0xd800, 0xdc00], &[0x41, 0xdbff]] {
        let text = JsString::from_char_code(units);
        assert_eq!(JsText::from(text.clone()).utf8_len(), utf8_length(&text), "{units:x?}");
    }
    let whole = JsText::from(JsString::from("xx42/a,7[]é"));
    // A slice is read like a string of its own.
    for text in [whole.slice_from(2), whole.slice(2, 11)] {
        assert_eq!(
            (text.len(), text.code_unit_at(1), text.code_unit_at(9), text.code_unit_at(99)),
            (9, Some(0x32), None, None)
        );
        assert_eq!((text.find(b',', 0), text.find(b',', 5), text.find(b'x', 0)), (Some(4), None, None));
        assert_eq!(text.slice(2, 4), JsText::from_ascii("/a"));
        assert_eq!(text.slice_from(5), JsText::from(JsString::from("7[]é")));
        assert_eq!((text.peek(0).to_le_bytes(), text.peek(7).to_le_bytes()), (*b"42/a", [b']', 255, 255, 255]));
    }
    assert_eq!(JsText::from_ascii("6").prefixed_with(1_234_567_890_123), JsText::from_ascii("12345678901236"));
}

#[wasm_bindgen_test]
fn base64_is_read_strictly() {
    for length in 0..5 {
        let bytes = Uint8Array::from((0..length).map(|byte| 250 + byte).collect::<Vec<u8>>().as_slice());
        let text = JsBytes(bytes.clone()).to_base64(&JsText::from_ascii(""));
        let back = JsBytes::from_base64(&text).expect("reads what it wrote");
        assert!(same(&back.0, &bytes), "{text:?}");
    }
    for wrong in ["A", "AAA", "AA=A", "A?==", "AAAA====", "AAA=AAA=", "\u{e9}AAA", "\u{141}AAA", "AA A", "AA-A", "A_=="]
    {
        assert!(JsBytes::from_base64(&JsText::from_ascii(wrong)).is_none(), "{wrong}");
    }
}

#[wasm_bindgen_test]
fn malformed_values_are_errors() {
    let platform = make_platform();
    let bytes = || vec![JsBytes(Uint8Array::new_with_length(1))];
    let deep = ["[".repeat(300), "]".repeat(300)].concat();
    for (json, attachments, expected) in [
        ("[", vec![], ProtocolError::BadJson),
        ("{}", vec![], ProtocolError::PayloadNotAnArray),
        ("[{\"_placeholder\":true,\"num\":1}]", bytes(), ProtocolError::BadPlaceholder),
        ("[{\"_placeholder\":true,\"num\":-1}]", bytes(), ProtocolError::BadPlaceholder),
        ("[{\"_placeholder\":true,\"num\":\"length\"}]", bytes(), ProtocolError::BadPlaceholder),
        ("[{\"_placeholder\":true}]", bytes(), ProtocolError::BadPlaceholder),
        (deep.as_str(), bytes(), ProtocolError::BadPlaceholder),
    ] {
        let payload: IncomingPayload<JsWire> =
            IncomingPayload::Json(JsText::from(JsString::from(json)).into(), attachments);
        assert_eq!(decode(&platform, &payload, 200, false).expect_err(json), expected, "{json}");
    }
    let before = wasm_bindgen::externref_heap_live_count();
    for _ in 0..10 {
        let json = JsText::from(JsString::from("[{\"_placeholder\":true,\"num\":1}]"));
        let _ = decode(&platform, &IncomingPayload::Json(json.into(), bytes()), 200, false);
    }
    assert_eq!(wasm_bindgen::externref_heap_live_count(), before, "an error leaves nothing behind");
    for (json, expected) in [("[NaN,-Infinity,\"NaN\"]", "[null,null,\"NaN\"]"), ("[\"\\ud800\"]", "[\"\\ud800\"]")] {
        let payload = IncomingPayload::Json(JsText::from(JsString::from(json)).into(), vec![]);
        let values = decode(&platform, &payload, 200, false).expect("is valid");
        assert_eq!(js_sys::JSON::stringify(&values).expect("JSON"), JsString::from(expected));
    }
}

#[wasm_bindgen_test]
fn an_event_has_a_name_that_is_not_reserved() {
    let platform = make_platform();
    let json = |json: &str| IncomingPayload::<JsWire>::Json(JsText::from(JsString::from(json)).into(), vec![]);
    let value = |body: &str| {
        IncomingPayload::<JsWire>::Value(Function::new_no_args(body).call0(&JsValue::NULL).expect("a value"))
    };
    for name in CLIENT_EVENTS {
        let escaped = format!("[\"\\u{:04x}{}\"]", name.as_bytes()[0], name.chars().skip(1).collect::<String>());
        for payload in [json(&format!("[\"{name}\",1]")), json(&escaped), value(&format!("return ['{name}']"))] {
            assert_eq!(decode(&platform, &payload, 200, true), Err(ProtocolError::BadEventName), "{payload:?}");
            assert!(decode(&platform, &payload, 200, false).is_ok(), "an acknowledgement may say anything");
        }
    }
    for wrong in ["[]", "[null]", "[true]", "[[]]", "[{}]"] {
        assert_eq!(decode(&platform, &json(wrong), 200, true), Err(ProtocolError::BadEventName), "{wrong}");
    }
    for odd in ["return undefined", "return {}", "const p = Proxy.revocable([], {}); p.revoke(); return p.proxy"] {
        for is_event in [true, false] {
            let decoded = decode(&platform, &value(odd), 200, is_event);
            assert_eq!(decoded, Err(ProtocolError::PayloadNotAnArray), "{odd}");
        }
    }
    for (given, name) in [("[\"connected\"]", "connected"), ("[7,1]", "7"), ("[-1.5]", "-1.5"), ("[\"\"]", "")] {
        let values = decode(&platform, &json(given), 200, true).expect(given);
        assert_eq!(values.get(0).as_string().as_deref(), Some(name), "{given}");
    }
}

#[wasm_bindgen_test]
fn values_that_cannot_be_sent_are_errors() {
    for body in ["return [1n]", "const a = []; a.push(a); return a", "return [new Blob(['x'])]"] {
        let values: Array = Function::new_no_args(body).call0(&JsValue::NULL).expect("an array").unchecked_into();
        assert!(encode(&make_platform(), &values, 200).is_err(), "{body}");
    }
    let polluted = Function::new_no_args("return [JSON.parse('{\"__proto__\":1}'), new Uint8Array(1)]");
    let values: Array = polluted.call0(&JsValue::NULL).expect("an array").unchecked_into();
    let payload = encode(&make_platform(), &values, 200).expect("is sent");
    let OutgoingPayload::Json(json, _) = payload else { panic!("the payload is not JSON") };
    assert_eq!(json, JsText::from_ascii("[{\"__proto__\":1},{\"_placeholder\":true,\"num\":0}]"));
}

#[wasm_bindgen_test]
fn malformed_handshakes_are_refused() {
    let read = |json: &str| JsWire::read_handshake(&JsText::from_ascii(json));
    let good =
        read("{\"sid\":\"a\",\"upgrades\":[\"websocket\"],\"pingInterval\":0,\"pingTimeout\":400}").expect("read");
    assert!(good.upgrades_to_websocket && good.ping_interval == 0 && good.max_payload.is_none());
    for wrong in ["", "null", "1", "[]", "{}", "{\"sid\":1}", "{\"sid\":\"a\",\"pingInterval\":-1,\"pingTimeout\":1}"] {
        assert!(read(wrong).is_none(), "{wrong}");
    }
}
