//! Removes secrets from URLs and names, because anybody may see an error or a log. The user and the password of a URL
//! and the values of its query are secrets. A string that may be anything is described, not shown.

use super::address::Url;

/// Describes a string without showing it.
pub(super) fn kind_of(text: &str) -> String {
    match text.chars().count() {
        0 => "an empty string".to_owned(),
        1 => "a string of 1 character".to_owned(),
        length => format!("a string of {length} characters"),
    }
}

/// Returns a URL without its user, its password and the values of its query. A string that is not the URL of a server
/// is described.
pub(super) fn url_shown(text: &str) -> String {
    let Some(url) = Url::new(text, None).ok().filter(is_of_server) else { return kind_of(text) };
    let (search, path) = (url.search(), url.pathname());
    let names: Vec<String> =
        search.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()).map(name).collect();
    let path = if path == "/" { "" } else { &path };
    let query = if names.is_empty() { String::new() } else { format!("?{}", names.join("&")) };
    format!("{}//{}{path}{query}", url.protocol(), url.host())
}

fn is_of_server(url: &Url) -> bool {
    ["http:", "https:", "ws:", "wss:"].contains(&url.protocol().as_str())
}

/// Returns the name in a pair of a query. A pair without `=` may be a value, and is not shown.
fn name(pair: &str) -> String {
    pair.split_once('=').map_or_else(|| "…".to_owned(), |(name, _)| format!("{name}=…"))
}

/// Returns a platform's message, each URL in it as [`url_shown`] returns it.
pub(super) fn redacted(text: &str) -> String {
    let is_between = |character: char| character.is_whitespace() || matches!(character, '"' | '<' | '>');
    text.split_inclusive(is_between).map(|word| redacted_word(word, is_between)).collect()
}

fn redacted_word(word: &str, is_between: impl Fn(char) -> bool) -> String {
    let begin = ["http://", "https://", "ws://", "wss://"].iter().filter_map(|scheme| word.find(scheme)).min();
    let Some((before, rest)) = begin.and_then(|at| word.split_at_checked(at)) else { return word.to_owned() };
    let is_tail = |character: char| is_between(character) || ")]}.,;:!?'`".contains(character);
    let url = rest.trim_end_matches(is_tail);
    let tail = rest.strip_prefix(url).unwrap_or_default();
    format!("{before}{}{tail}", url_shown(url))
}
