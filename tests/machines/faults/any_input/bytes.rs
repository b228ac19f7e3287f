//! Reads values from the bytes of a schedule.

/// Takes the name of a namespace.
pub fn name(bytes: &mut &[u8]) -> String {
    ["/", "/a", "/", "/b"][usize::from(byte(bytes) % 4)].to_owned()
}

/// Takes the next byte; 0 at the end.
pub fn byte(bytes: &mut &[u8]) -> u8 {
    bytes.split_off_first().copied().unwrap_or(0)
}

/// Takes some bytes as a string.
pub fn text(bytes: &mut &[u8]) -> String {
    let length = usize::from(byte(bytes) % 64).min(bytes.len());
    String::from_utf8_lossy(bytes.split_off(..length).unwrap_or_default()).into_owned()
}

/// Makes a packet that a server is likely to send, or any string.
pub fn packet(bytes: &mut &[u8]) -> String {
    match byte(bytes) % 20 {
        0 | 1 => {
            r#"0{"sid":"S","upgrades":["websocket"],"pingInterval":2000,"pingTimeout":1000,"maxPayload":90}"#.to_owned()
        }
        2 => r#"0{"sid":"+&","upgrades":[],"pingInterval":20000,"pingTimeout":9000}"#.to_owned(),
        3 => r#"64:0{"sid":"S","upgrades":[],"pingInterval":300,"pingTimeout":200}"#.to_owned(),
        4 => r#"40{"sid":"x"}"#.to_owned(),
        5 => "40\u{1e}40/a,".to_owned(),
        6 => r#"40/a,{"sid":"y"}"#.to_owned(),
        7 => r#"44/a,{"message":"no"}"#.to_owned(),
        8 => "3probe".to_owned(),
        9 => format!("43{}[]", byte(bytes)),
        10 => format!("4{}", text(bytes)),
        11 => format!("42/a,{}[1]\u{1e}2\u{1e}451-[0]\u{1e}bAAAA", byte(bytes)),
        12 => "6".to_owned(),
        13 => ["ok", "OK", "Session ID unknown"][usize::from(byte(bytes) % 3)].to_owned(),
        14 => ["41", "41/a,", "1", "2", "1:1", "1:6"][usize::from(byte(bytes) % 6)].to_owned(),
        15 => format!("42{}[\"x\"]", byte(bytes)),
        _ => text(bytes),
    }
}
