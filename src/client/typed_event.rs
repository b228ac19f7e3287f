//! Events with their types: the compiler checks names, arguments and answers.

use super::handlers::Subscription;
use super::into_ack::{IntoAck, Later, Now, Outcome, Plain, Try, TryBoxed};
use super::{Arguments, Call, Error, FromAck, Scope};
use core::error::Error as AnyError;
use core::fmt::{self, Debug, Formatter};
use core::marker::PhantomData;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;

/// An event with the types of its arguments and of its answer. Constants of this type are what an event map is in TypeScript: the
/// compiler refuses a name that does not exist, and arguments and answers of another type.
///
/// `Args` is one argument, or a tuple of several, or `()` for none, as in [`Scope::emit`]. `Answer` is the acknowledgement; without one
/// it is `()`.
///
/// ```no_run
/// use gloo_console::log;
/// use socketio_wasm::{Client, Error};
///
/// mod events {
///     use socketio_wasm::TypedEvent;
///
///     pub const MESSAGE: TypedEvent<String> = TypedEvent::new("message");
///     pub const ADD: TypedEvent<(u32, u32), u32> = TypedEvent::new("add");
/// }
///
/// async fn example(client: &Client) -> Result<(), Error> {
///     let chat = client.of("/chat");
///     events::MESSAGE.on(&chat, |_, text| log!(text)).keep(); // the text is a String
///     events::MESSAGE.emit(&chat, "hello")?;
///     let sum = events::ADD.call(client, (20, 22)).await?; // the sum is a u32
///     log!(sum.to_string());
///     Ok(())
/// }
/// ```
pub struct TypedEvent<Args, Answer = ()> {
    name: &'static str,
    types: PhantomData<fn(Args) -> Answer>,
}

impl<Args, Answer> TypedEvent<Args, Answer> {
    /// Returns the typed event of this name, for a constant.
    pub const fn new(name: &'static str) -> Self {
        Self { name, types: PhantomData }
    }

    /// Returns the name of the event, for methods that take a name.
    ///
    /// ```
    /// use socketio_wasm::TypedEvent;
    ///
    /// const TICK: TypedEvent<u32> = TypedEvent::new("tick");
    ///
    /// fn main() {
    ///     assert_eq!(TICK.name(), "tick");
    /// }
    /// ```
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Emits the event, with arguments that the compiler checks. See [`Scope::emit`]. A reference stands for its value, and a `&str` for a `String`, also in a
    /// tuple: see [`SentAs`].
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error, TypedEvent};
    ///
    /// const SAY: TypedEvent<String> = TypedEvent::new("say");
    ///
    /// const MOVE: TypedEvent<(f64, f64)> = TypedEvent::new("move");
    ///
    /// fn example(client: &Client) -> Result<(), Error> {
    ///     SAY.emit(client, "hello")?;
    ///     MOVE.emit(&client.volatile(), (1.5, 2.5))?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// Returns the errors of [`Scope::emit`].
    pub fn emit(self, scope: &Scope, arguments: impl SentAs<Args>) -> Result<(), Error> {
        scope.emit(self.name, arguments)
    }

    /// Emits the event and waits for its answer, whose type the compiler knows. See [`Scope::call`].
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error, TypedEvent};
    ///
    /// const ADD: TypedEvent<(u32, u32), u32> = TypedEvent::new("add");
    ///
    /// async fn example(client: &Client) -> Result<(), Error> {
    ///     assert_eq!(ADD.call(client, (20, 22)).await?, 42);
    ///     Ok(())
    /// }
    /// ```
    pub fn call(self, scope: &Scope, arguments: impl SentAs<Args>) -> Call<Answer>
    where
        Answer: FromAck,
    {
        scope.call(self.name, arguments)
    }
}

impl<Args: DeserializeOwned, Answer> TypedEvent<Args, Answer> {
    /// Registers a handler of the event, whose types the compiler checks. See [`Scope::on`]. It returns the answer, a future of it, or a `Result` of it.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, TypedEvent};
    ///
    /// const ADD: TypedEvent<(u32, u32), u32> = TypedEvent::new("add");
    ///
    /// fn example(client: &Client) {
    ///     ADD.on(client, |_, (a, b)| a + b).keep();
    /// }
    /// ```
    pub fn on<R, Kind>(self, scope: &Scope, handler: impl Fn(Scope, Args) -> R + 'static) -> Subscription
    where
        R: Answers<Answer, Kind>,
    {
        scope.on(self.name, handler)
    }

    /// Registers a handler of the next such event alone. See [`Scope::once`].
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, TypedEvent};
    ///
    /// const WELCOME: TypedEvent<String> = TypedEvent::new("welcome");
    ///
    /// fn example(client: &Client) {
    ///     WELCOME.once(client, |_, name| log!(name)).keep();
    /// }
    /// ```
    pub fn once<R, Kind>(self, scope: &Scope, handler: impl FnOnce(Scope, Args) -> R + 'static) -> Subscription
    where
        R: Answers<Answer, Kind>,
    {
        scope.once(self.name, handler)
    }

    /// Returns a stream of the arguments of all later such events. See [`Scope::arguments_of`].
    ///
    /// ```no_run
    /// use futures::StreamExt;
    /// use socketio_wasm::{Client, TypedEvent};
    ///
    /// const PRICE: TypedEvent<f64> = TypedEvent::new("price");
    ///
    /// async fn example(client: &Client) {
    ///     let first_three: Vec<f64> = PRICE.arguments(client).take(3).collect().await;
    /// }
    /// ```
    pub fn arguments(self, scope: &Scope) -> Arguments<Args> {
        scope.arguments_of(self.name)
    }
}

/// The name of an event in a hook of a framework: a string, or a [`TypedEvent`], whose arguments the hook's function then receives.
///
/// ```ignore
/// use socketio_wasm::TypedEvent;
/// use socketio_wasm::yew::{use_client, use_event};
/// use yew::prelude::*;
///
/// const PRICE: TypedEvent<(String, f64)> = TypedEvent::new("price");
///
/// #[component]
/// fn News() -> Html {
///     let client = use_client();
///     let line = use_state(String::new);
///     let (price, news) = (line.setter(), line.setter());
///     use_event(&client, PRICE, move |(name, value)| price.set(format!("{name} {value}")));
///     use_event(&client, "news", move |text: String| news.set(text));
///     html! { <p>{ line.as_str() }</p> }
/// }
/// ```
#[cfg(feature = "frameworks")]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no event with the arguments `{Args}`",
    label = "neither a string nor a `TypedEvent` of these arguments"
)]
pub trait EventName<Args> {
    #[doc(hidden)]
    fn event_name(&self) -> &str;
}

#[cfg(feature = "frameworks")]
impl<Args> EventName<Args> for &str {
    fn event_name(&self) -> &str {
        self
    }
}

#[cfg(feature = "frameworks")]
impl<Args> EventName<Args> for &String {
    fn event_name(&self) -> &str {
        self
    }
}

#[cfg(feature = "frameworks")]
impl<Args, Answer> EventName<Args> for TypedEvent<Args, Answer> {
    fn event_name(&self) -> &str {
        self.name
    }
}

/// The name of an event in a hook that answers it: a string, with any handler, or a [`TypedEvent`], whose handler returns its answer.
/// [`Answers`] describes that.
///
/// ```ignore
/// use dioxus::prelude::*;
/// use socketio_wasm::TypedEvent;
/// use socketio_wasm::dioxus::{use_client, use_handler};
///
/// const ADD: TypedEvent<(u32, u32), u32> = TypedEvent::new("add");
///
/// #[component]
/// fn Adder() -> Element {
///     use_handler(&use_client(), ADD, |_scope, (a, b)| a + b); // the compiler refuses another type than u32
///     rsx! {}
/// }
/// ```
#[cfg(feature = "frameworks")]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no event with the arguments `{Args}` and the answer `{R}`",
    label = "neither a string nor a `TypedEvent` of these arguments and this answer"
)]
pub trait AnsweredName<Args, R, Kind>: EventName<Args> {}

#[cfg(feature = "frameworks")]
#[diagnostic::do_not_recommend]
impl<Args, R: IntoAck<Kind>, Kind> AnsweredName<Args, R, Kind> for &str {}

#[cfg(feature = "frameworks")]
#[diagnostic::do_not_recommend]
impl<Args, R: IntoAck<Kind>, Kind> AnsweredName<Args, R, Kind> for &String {}

#[cfg(feature = "frameworks")]
impl<Args, Answer, R: Answers<Answer, Kind>, Kind> AnsweredName<Args, R, Kind> for TypedEvent<Args, Answer> {}

// Derived implementations would require the same of the types.

impl<Args, Answer> Clone for TypedEvent<Args, Answer> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Args, Answer> Copy for TypedEvent<Args, Answer> {}

impl<Args, Answer> Debug for TypedEvent<Args, Answer> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TypedEvent").field(&self.name).finish()
    }
}

/// A value that can be sent as the arguments of a [`TypedEvent`]: the arguments themselves, a reference to them, a `&str` for a `String`
/// and a slice for a `Vec`. In a tuple of up to four, a reference stands for its value, and a `&str` for a `String`, as well.
///
/// ```no_run
/// use socketio_wasm::{Client, Error, TypedEvent};
///
/// const PRICE: TypedEvent<(String, f64)> = TypedEvent::new("price");
///
/// fn example(client: &Client, name: &String) -> Result<(), Error> {
///     PRICE.emit(client, ("bread", 2.5))?;
///     PRICE.emit(client, (name, 3.5))
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "the arguments of this event are `{Args}`, not `{Self}`",
    label = "not the arguments of the event",
    note = "a reference stands for its value, and a `&str` for a `String`, alone or in a tuple of up to four; a slice stands for a `Vec`"
)]
pub trait SentAs<Args>: Serialize {}

#[diagnostic::do_not_recommend]
impl<Args: Serialize> SentAs<Args> for Args {}
#[diagnostic::do_not_recommend]
impl<Args: Serialize> SentAs<Args> for &Args {}
#[diagnostic::do_not_recommend]
impl SentAs<String> for &str {}
#[diagnostic::do_not_recommend]
impl<T: Serialize> SentAs<Vec<T>> for &[T] {}

/// Implements [`SentAs`] for the tuples of which at least one item is borrowed: the other tuples are the arguments themselves.
macro_rules! tuples {
    ([$first:ident $($rest:ident)*] $of:tt [$($type:ident)*] [$($sent:tt)*] [$($argument:tt)*]) => {
        tuples!([$($rest)*] $of [$($type)* $first] [$($sent)* $first,] [$($argument)* $first,]);
        tuples!([$($rest)*] borrowed [$($type)* $first] [$($sent)* &$first,] [$($argument)* $first,]);
        tuples!([$($rest)*] borrowed [$($type)*] [$($sent)* &str,] [$($argument)* String,]);
    };
    ([] owned $type:tt $sent:tt $argument:tt) => {};
    ([] borrowed [$($type:ident)*] [$($sent:tt)*] [$($argument:tt)*]) => {
        #[doc(hidden)]
        #[diagnostic::do_not_recommend]
        impl<$($type: Serialize),*> SentAs<($($argument)*)> for ($($sent)*) {}
    };
}

tuples!([A] owned [] [] []);
tuples!([A B] owned [] [] []);
tuples!([A B C] owned [] [] []);
tuples!([A B C D] owned [] [] []);

/// The return type of a handler that answers a [`TypedEvent`]: the answer, a future of it, or a `Result` of it with any error that a
/// handler can return, as [`IntoAck`] says.
#[diagnostic::on_unimplemented(
    message = "the answer of this event is `{Answer}`, but the handler returns `{Self}`",
    label = "not the answer of the event",
    note = "a handler returns the answer, a future of it, or a `Result` of it, whose error is an error type, a `Box<dyn Error>` or a string"
)]
pub trait Answers<Answer, Kind>: IntoAck<Kind> {}

#[diagnostic::do_not_recommend]
impl<Answer, R: OutcomeOf<Answer, Kind>, Kind> Answers<Answer, Now<Kind>> for R {}
#[diagnostic::do_not_recommend]
impl<Answer, F, R, Kind> Answers<Answer, Later<Kind>> for F
where
    F: Future<Output = R> + 'static,
    R: OutcomeOf<Answer, Kind>,
{
}

/// The answer, or a `Result` of it. [`Answers`] describes it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the answer of this event is `{Answer}`, but the handler returns `{Self}`",
    label = "not the answer of the event",
    note = "a handler returns the answer, a future of it, or a `Result` of it, whose error is an error type, a `Box<dyn Error>` or a string"
)]
pub trait OutcomeOf<Answer, Kind>: Outcome<Kind> {}

#[diagnostic::do_not_recommend]
impl<T: Serialize> OutcomeOf<T, Plain> for T {}
#[diagnostic::do_not_recommend]
impl<T: Serialize, E: Serialize> OutcomeOf<T, Plain> for Result<T, E> {}
#[diagnostic::do_not_recommend]
impl<T: Serialize, E: AnyError + 'static> OutcomeOf<T, Try> for Result<T, E> {}
#[diagnostic::do_not_recommend]
impl<T: Serialize> OutcomeOf<T, TryBoxed> for Result<T, Box<dyn AnyError>> {}
#[diagnostic::do_not_recommend]
impl<T: Serialize> OutcomeOf<T, TryBoxed> for Result<T, Box<dyn AnyError + Send + Sync>> {}
