// Compiles: the correct form of the wrong uses of typed events in the other files.

use socketio_wasm::{Client, Error, TypedEvent};

const ADD: TypedEvent<(u32, u32), u32> = TypedEvent::new("add");
const SAY: TypedEvent<String> = TypedEvent::new("say");
const LIST: TypedEvent<Vec<u8>> = TypedEvent::new("list");
const NONE: TypedEvent<()> = TypedEvent::new("none");
const ONE: TypedEvent<u64> = TypedEvent::new("one");

pub async fn right(client: &Client, list: &[u8]) -> Result<u32, Error> {
    let chat = client.of("/chat");
    SAY.emit(client, "hello")?;
    SAY.emit(&chat, String::from("hello"))?;
    SAY.emit(&chat, &String::from("hello"))?;
    LIST.emit(client, list)?;
    LIST.emit(client, vec![1, 2])?;
    NONE.emit(client, ())?;
    ONE.emit(client, 7)?;
    ADD.on(client, |_, (a, b)| a + b).keep();
    ADD.on(client, |_, (a, b)| async move { a + b }).keep();
    ADD.on(client, |scope, (a, b)| {
        scope.emit("sum", a + b)?;
        Ok::<_, Error>(a + b)
    })
    .keep();
    ADD.on(client, |scope, (a, b)| async move { ADD.call(&scope, (a, b)).await }).keep();
    SAY.once(&chat, |_, text| drop(text)).keep();
    let _ = ONE.arguments(client);
    ADD.call(client, (20, 22)).await
}
