// Compiles: the correct form of the wrong uses of typed events in the other files.

use socketio_wasm::{Client, Error, TypedEvent};

type Boxed = Box<dyn std::error::Error>;
type BoxedSync = Box<dyn std::error::Error + Send + Sync>;

const ADD: TypedEvent<(u32, u32), u32> = TypedEvent::new("add");
const SAY: TypedEvent<String> = TypedEvent::new("say");
const LIST: TypedEvent<Vec<u8>> = TypedEvent::new("list");
const NONE: TypedEvent<()> = TypedEvent::new("none");
const ONE: TypedEvent<u64> = TypedEvent::new("one");
const PRICE: TypedEvent<(String, u32)> = TypedEvent::new("price");
const FOUR: TypedEvent<(String, Vec<u8>, String, f64)> = TypedEvent::new("four");
const MAYBE: TypedEvent<(Option<String>, u32)> = TypedEvent::new("maybe");

pub async fn right(client: &Client, list: &[u8]) -> Result<u32, Error> {
    let chat = client.of("/chat");
    SAY.emit(client, "hello")?;
    SAY.emit(&chat, String::from("hello"))?;
    SAY.emit(&chat, &String::from("hello"))?;
    LIST.emit(client, list)?;
    LIST.emit(client, vec![1, 2])?;
    NONE.emit(client, ())?;
    PRICE.emit(client, ("bread", 1))?;
    PRICE.emit(client, (String::from("bread"), 1))?;
    PRICE.emit(client, (&String::from("bread"), &1))?;
    PRICE.emit(client, &(String::from("bread"), 1))?;
    PRICE.call(client, ("bread", 1)).await?;
    FOUR.emit(client, ("a", vec![1], "b", 1.5))?;
    FOUR.emit(client, ("a", &Vec::new(), String::from("b"), &1.5))?;
    MAYBE.emit(client, (None, 1))?;
    ONE.emit(client, 7)?;
    ADD.on(client, |_, (a, b)| a + b).keep();
    ADD.on(client, |_, (a, b)| async move { a + b }).keep();
    ADD.on(client, |scope, (a, b)| {
        scope.emit("sum", a + b)?;
        Ok::<_, Error>(a + b)
    })
    .keep();
    ADD.on(client, |_, (a, b)| a.checked_sub(b).ok_or("too small")).keep();
    ADD.on(client, |_, (a, b)| a.checked_sub(b).ok_or_else(|| format!("{a} < {b}"))).keep();
    ADD.on(client, |_, (a, b)| async move { a.checked_sub(b).ok_or("too small") }).keep();
    ADD.on(client, |_, (a, b)| async move { a.checked_sub(b).ok_or_else(|| format!("{a} < {b}")) }).keep();
    ADD.on(client, |_, (a, _)| a.to_string().parse::<u32>()).keep();
    ADD.on(client, |_, (a, _)| async move { a.to_string().parse::<u32>() }).keep();
    ADD.on(client, |_, (a, _)| Ok::<_, Boxed>(a.to_string().parse::<u32>()?)).keep();
    ADD.on(client, |_, (a, _)| async move { Ok::<_, Boxed>(a.to_string().parse::<u32>()?) }).keep();
    ADD.on(client, |_, (a, _)| Ok::<_, BoxedSync>(a.to_string().parse::<u32>()?)).keep();
    ADD.on(client, |_, (a, _)| async move { Ok::<_, BoxedSync>(a.to_string().parse::<u32>()?) }).keep();
    SAY.on(client, |_, text| text.parse::<u32>().map(drop)).keep();
    ADD.on(client, |scope, (a, b)| async move { ADD.call(&scope, (a, b)).await }).keep();
    SAY.once(&chat, |_, text| drop(text)).keep();
    let _ = ONE.arguments(client);
    ADD.call(client, (20, 22)).await
}
