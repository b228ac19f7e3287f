//! A message of the applications that a server renders. Both halves of an application use this type.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub id: usize,
    pub name: String,
    pub text: String,
}
