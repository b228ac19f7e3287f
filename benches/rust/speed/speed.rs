//! Emits and parses structs with the crate, and converts the same structs with serde_json. benches/rust/speed.mjs measures it.

use serde::{Deserialize, Serialize};
use socketio_wasm::{Client, Error, Event, serde_json};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[derive(Serialize, Deserialize)]
struct Order {
    id: u32,
    customer: String,
    open: bool,
    total: f64,
    note: Option<String>,
    lines: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    article: String,
    quantity: u32,
    price: f64,
}

fn order(id: u32) -> Order {
    let line = |quantity| Line { article: format!("article {quantity}"), quantity, price: f64::from(quantity) + 9.99 };
    Order {
        id,
        customer: format!("Customer number {id}"),
        open: id.is_multiple_of(2),
        total: f64::from(id) * 0.25,
        note: (id.is_multiple_of(3)).then(|| "\"as soon as possible\", café".to_owned()),
        lines: (0..3).map(line).collect(),
    }
}

/// A connected client, and the event that the server has echoed.
#[wasm_bindgen]
pub struct Speed {
    client: Client,
    orders: Vec<Order>,
    echo: Rc<RefCell<Option<Event>>>,
}

fn thrown(error: Error) -> JsValue {
    error.to_string().into()
}

#[wasm_bindgen]
impl Speed {
    /// Connects, with so many orders.
    pub async fn connect(url: String, count: u32) -> Result<Speed, JsValue> {
        let client = Client::builder(url).connect().await.map_err(thrown)?;
        let echo = Rc::<RefCell<Option<Event>>>::default();
        let received = echo.clone();
        client.on_any(move |_client, event| drop(received.replace(Some(event)))).keep();
        let orders: Vec<Order> = (0..count).map(order).collect();
        client.call::<()>("echo", orders.as_slice()).await.map_err(thrown)?;
        Ok(Self { client, orders, echo })
    }

    pub fn emit(&self) -> Result<(), JsValue> {
        self.client.emit("orders", self.orders.as_slice()).map_err(thrown)
    }

    pub async fn drain(&self) {
        self.client.clone().drain().await;
    }

    /// Parses the echo, and returns the number of its orders.
    pub fn parse(&self) -> Result<usize, JsValue> {
        let echo = self.echo.borrow();
        let event = echo.as_ref().ok_or("there is no echo")?;
        event.parse::<Vec<Order>>().map(|orders| orders.len()).map_err(thrown)
    }

    pub fn echoed(&self) -> JsValue {
        self.echo.borrow().as_ref().map_or(JsValue::UNDEFINED, |event| event.raw(0))
    }

    pub fn write_json(&self) -> String {
        serde_json::to_string(&self.orders).unwrap_or_default()
    }

    pub fn read_json(&self, json: &str) -> usize {
        serde_json::from_str::<Vec<Order>>(json).map_or(0, |orders| orders.len())
    }
}
