//! Places in JSON. A conversion knows the offset at which it failed; the path to it is found in the JSON before it, and only then.

use core::fmt::Write;
use js_sys::Uint8Array;

/// The characters of a value or a message, and of a key, that an error shows.
pub(super) const SHOWN: usize = 200;
const KEY_SHOWN: usize = 40;

enum Level<'a> {
    /// The number of an item.
    List(usize),
    /// The key of an entry, as it is written.
    Map(&'a str),
}

/// Returns the path to the value that follows this beginning of JSON, such as `[0].items[3].price`. The numbers of the first level begin
/// that much later.
pub(super) fn path_of(before: &str, skipped: usize) -> String {
    let mut levels = Vec::new();
    let mut last = "";
    let mut characters = before.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '[' => levels.push(Level::List(0)),
            '{' => levels.push(Level::Map("")),
            ']' | '}' => drop(levels.pop()),
            ',' => match levels.last_mut() {
                Some(Level::List(number)) => *number += 1,
                Some(Level::Map(key)) => *key = "",
                None => {}
            },
            ':' => {
                if let Some(Level::Map(key)) = levels.last_mut() {
                    *key = last;
                }
            }
            '"' => {
                while let Some((end, character)) = characters.next() {
                    match character {
                        '\\' => drop(characters.next()),
                        '"' => {
                            last = before.get(at + 1..end).unwrap_or_default();
                            break;
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    let mut path = String::new();
    for (depth, level) in levels.iter().enumerate() {
        let skipped = if depth == 0 { skipped } else { 0 };
        // Writing to a string cannot fail.
        let _ = match level {
            Level::List(number) => write!(path, "[{}]", number.saturating_sub(skipped)),
            // The value at fault is the map itself, or one of its keys.
            Level::Map("") => Ok(()),
            Level::Map(key) if is_name(key) => write!(path, ".{key}"),
            Level::Map(key) => write!(path, "[\"{}\"]", key.chars().take(KEY_SHOWN).collect::<String>()),
        };
    }
    path
}

fn is_name(key: &str) -> bool {
    key.len() <= KEY_SHOWN
        && key.chars().all(|of| of == '_' || of.is_alphanumeric())
        && !key.starts_with(|of: char| of.is_ascii_digit())
}

/// Returns the value at an offset as JSON, with `<3 bytes>` in the place of binary data, and cut.
pub(super) fn shown(json: &str, at: usize, binary: &[Uint8Array]) -> String {
    let mut shown = String::new();
    let (mut level, mut count) = (0_usize, 0);
    let mut characters = json.get(at..).unwrap_or_default().chars().peekable();
    let (mut is_string, mut is_escaped) = (false, false);
    while let Some(character) = characters.next() {
        if !is_string {
            match character {
                ',' | ']' | '}' | ':' if level == 0 => break,
                '[' | '{' => level += 1,
                ']' | '}' => level -= 1,
                // Without binary data it is no JSON, and is shown as it is.
                '@' if !binary.is_empty() => {
                    let mut number = 0_usize;
                    while let Some(digit) = characters.peek().and_then(|digit| digit.to_digit(10)) {
                        number = number.saturating_mul(10).saturating_add(digit as usize);
                        characters.next();
                    }
                    let length = binary.get(number).map_or(0, Uint8Array::length);
                    let _ = write!(shown, "<{length} bytes>");
                    count += 9;
                    continue;
                }
                _ => {}
            }
        }
        if count >= SHOWN {
            shown.push('…');
            break;
        }
        shown.push(character);
        count += 1;
        match character {
            '"' if !is_escaped => is_string = !is_string,
            _ => {}
        }
        is_escaped = character == '\\' && !is_escaped;
        if level == 0 && !is_string && matches!(character, '"' | ']' | '}') {
            break;
        }
    }
    shown
}
