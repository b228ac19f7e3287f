//! Servers of Socket.IO 2, which speak an older version of the protocol.

use crate::support::{ALL, SECONDS, old_url};
use serde_bytes::ByteBuf;
use socketio_wasm::{Client, ProtocolVersion};
use wasm_bindgen_test::wasm_bindgen_test;

// [D10]
#[wasm_bindgen_test]
async fn a_server_of_socket_io_2_is_recognised_and_can_be_set_by_the_builder() {
    for transports in ALL {
        for revision in [None, Some(ProtocolVersion::V3)] {
            let builder = Client::builder(old_url()).transports(transports).wait_timeout(SECONDS);
            let builder = if let Some(revision) = revision { builder.revision(revision) } else { builder };
            let client = builder.connect().await.expect("connects");
            let sent = ("é🦀".to_owned(), ByteBuf::from(vec![0, 255]));
            assert_eq!(client.call("echo", &sent).await, Ok(sent), "{transports:?}, {revision:?}");
            client.disconnect().await;
        }
    }
}
