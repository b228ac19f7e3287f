//! Numbers in JSON. The formatting and the parsing of floats in Rust's core would be 12 kB of a frontend, so only short ones are done
//! here, and the others by the JS engine.

/// The largest integer up to which every integer is a number of JavaScript: 2^53.
pub(super) const EXACT: u64 = 1 << 53;

/// Powers of ten, exact as floats.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Decimals of fewer digits are different floats, if they are different.
const UNIQUE: f64 = 1e15;

#[cfg(target_arch = "wasm32")]
mod engine {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_name = String)]
        pub fn written(number: f64) -> String;
        #[wasm_bindgen(js_name = parseFloat)]
        pub fn read(text: &str) -> f64;
    }
}

/// For native tests.
#[cfg(not(target_arch = "wasm32"))]
mod engine {
    pub fn written(number: f64) -> String {
        serde_json::to_string(&number).unwrap_or_default()
    }

    pub fn read(text: &str) -> f64 {
        text.parse().unwrap_or(f64::NAN)
    }
}

/// Writes the digits of an integer.
pub(super) fn write_integer(out: &mut Vec<u8>, is_negative: bool, value: u64) {
    if is_negative {
        out.push(b'-');
    }
    write_digits(out, value, 1);
}

/// Writes the digits of a number, and so many at least.
fn write_digits(out: &mut Vec<u8>, mut value: u64, least: usize) {
    let from = out.len();
    while value > 0 || out.len() < from + least {
        out.push(b'0' + (value % 10) as u8);
        value /= 10;
    }
    if let Some(digits) = out.get_mut(from..) {
        digits.reverse();
    }
}

/// Writes a float as `JSON.stringify` writes it.
pub(super) fn write_float(out: &mut Vec<u8>, value: f64) {
    if !value.is_finite() {
        return out.extend_from_slice(b"null");
    }
    let size = value.abs();
    // -0 is 0.
    let is_negative = value < 0.0;
    if size <= EXACT as f64 && size as u64 as f64 == size {
        return write_integer(out, is_negative, size as u64);
    }
    if size >= 1e-6 {
        for (places, power) in POWERS.iter().enumerate().skip(1) {
            let scaled = size * power;
            if scaled >= UNIQUE {
                break;
            }
            // Of two exact floats the quotient is the one nearest to the decimal.
            let digits = (scaled + 0.5) as u64;
            if digits as f64 / power == size {
                let unit = *power as u64;
                write_integer(out, is_negative, digits / unit);
                out.push(b'.');
                return write_digits(out, digits % unit, places);
            }
        }
    }
    out.extend_from_slice(engine::written(value).as_bytes());
}

/// Integers of so many digits are below 2^64.
const DIGITS: u32 = 19;

/// A number that was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    /// Not negative.
    Positive(u64),
    /// Negative.
    Negative(i64),
    Float(f64),
}

/// Reads the number with which a string begins, and returns its length. An integer of more than 19 digits is a float.
pub(super) fn read_number(text: &str) -> Option<(Number, usize)> {
    let bytes = text.as_bytes();
    let is_negative = bytes.first() == Some(&b'-');
    let begin = usize::from(is_negative);
    let (mut value, mut at) = (0_u64, begin);
    let mut exponent = 0_i32;
    let mut count = 0_u32;
    let mut take_digits = |at: &mut usize, is_fraction: bool| {
        let from = *at;
        while let Some(digit) = bytes.get(*at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            count += u32::from(count > 0 || digit > 0);
            if count <= DIGITS {
                value = value * 10 + u64::from(digit);
            }
            exponent -= i32::from(is_fraction);
            *at += 1;
        }
        *at > from
    };
    if !take_digits(&mut at, false) || (bytes.get(begin) == Some(&b'0') && at > begin + 1) {
        return None;
    }
    let integer_end = at;
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        if !take_digits(&mut at, true) {
            return None;
        }
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        let sign = bytes.get(at).copied().filter(|sign| matches!(sign, b'+' | b'-'));
        at += usize::from(sign.is_some());
        let (from, mut power) = (at, 0_i32);
        while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            power = power.saturating_mul(10).saturating_add(i32::from(digit));
            at += 1;
        }
        if at == from {
            return None;
        }
        exponent = exponent.saturating_add(if sign == Some(b'-') { -power } else { power });
    }
    let is_long = count > DIGITS;
    let is_integer = at == integer_end && !is_long;
    let negative = || i64::try_from(value).ok().map(|value| -value).or_else(|| (value == 1 << 63).then_some(i64::MIN));
    let number = match is_integer {
        true if !is_negative => Number::Positive(value),
        true if value > 0 && negative().is_some() => Number::Negative(negative()?),
        _ => Number::Float(
            float(value, exponent, is_negative, is_long)
                .unwrap_or_else(|| engine::read(text.get(..at).unwrap_or_default())),
        ),
    };
    Some((number, at))
}

/// Returns the float of a decimal, if one operation with exact floats gives it.
fn float(value: u64, exponent: i32, is_negative: bool, is_long: bool) -> Option<f64> {
    if is_long || value > EXACT {
        return None;
    }
    let power = POWERS.get(usize::try_from(exponent.unsigned_abs()).ok()?)?;
    let size = if exponent < 0 { value as f64 / power } else { value as f64 * power };
    Some(if is_negative { -size } else { size })
}
