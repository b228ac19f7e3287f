//! Typed events against a real server. tests/rust/compile-fail/typed-*.rs shows what the compiler refuses.

use crate::support::{builder, channel, connected, once};
use futures::StreamExt;
use socketio_wasm::{Arguments, Error, TypedEvent};
use wasm_bindgen_test::wasm_bindgen_test;

const ECHO: TypedEvent<String, String> = TypedEvent::new("echo");
const ECHO_PAIR: TypedEvent<(u32, String), (u32, String)> = TypedEvent::new("echo");
const ECHO_BACK: TypedEvent<Vec<u32>> = TypedEvent::new("echo-back");
const ASK: TypedEvent<u32> = TypedEvent::new("ask");
const QUESTION: TypedEvent<u32, u32> = TypedEvent::new("question");
const ANSWERED: TypedEvent<u32> = TypedEvent::new("answered");

#[wasm_bindgen_test]
async fn a_typed_event_is_emitted_called_and_received_with_its_types() {
    let client = connected().await;
    assert_eq!(ECHO.call(&client, "borrowed").await.as_deref(), Ok("borrowed"));
    assert_eq!(ECHO_PAIR.call(&client, (7, "seven")).await, Ok((7, "seven".into())));
    let (record, mut recorded) = channel();
    let mut lists = ECHO_BACK.arguments(&client);
    let subscription = ECHO_BACK.on(&client, move |_, list| record(list));
    let (record_once, recorded_once) = once();
    ECHO_BACK.once(&client, move |_, list| record_once(list.len())).keep();
    for list in [[1, 2].as_slice(), &[]] {
        ECHO_BACK.emit(&client, list).expect("is emitted");
        assert_eq!((lists.next().await.as_deref(), recorded.next().await.as_deref()), (Some(list), Some(list)));
    }
    assert_eq!(recorded_once.await, Ok(2));
    drop(subscription);
    assert!(!client.off(ECHO_BACK.name()), "no handler is left");
}

#[wasm_bindgen_test]
async fn the_handler_of_a_typed_event_answers_now_later_or_with_an_error() {
    let (report, mut reported) = channel();
    let client = builder().on_error(move |error| report(error.clone())).connect().await.expect("connects");
    let mut answers = ANSWERED.arguments(&client);
    let ask = async |number: u32, answers: &mut Arguments<u32>| {
        ASK.emit(&client, number).expect("is emitted");
        answers.next().await
    };
    let now = QUESTION.on(&client, |_, number| number + 1);
    assert_eq!(ask(20, &mut answers).await, Some(21));
    drop(now);
    let later = QUESTION.on(&client, |_, number| async move { number + 2 });
    assert_eq!(ask(20, &mut answers).await, Some(22));
    drop(later);
    let failing = QUESTION.on(&client, |_, number| if number < 20 { Ok(number) } else { Err(Error::Offline) });
    ASK.emit(&client, 20).expect("is emitted");
    assert_eq!(reported.next().await, Some(Error::Offline));
    drop(failing);
    let small = |number| if number < 20 { Ok(number) } else { Err(format!("{number} is too much")) };
    for is_later in [false, true] {
        let _failing = match is_later {
            false => QUESTION.on(&client, move |_, number| small(number)),
            true => QUESTION.on(&client, move |_, number| async move { small(number) }),
        };
        assert_eq!(ask(7, &mut answers).await, Some(7), "the value of an Ok alone");
        ASK.emit(&client, 20).expect("is emitted");
        let error = reported.next().await.expect("an error");
        assert!(matches!(error, Error::Handler { .. }) && error.to_string().contains("20 is too much"), "{error}");
    }
}
