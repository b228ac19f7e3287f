//! Checks a pickle before the library reads it. The library allocates whatever length a string claims to have, copies
//! referenced values, accepts classes, and recurses as deep as lists are nested.

use super::SerializerError;
use super::value::MAX_DEPTH;

/// Checks each opcode: it must be one of plain data, its argument must be there, and no value may be nested too deeply.
pub(super) fn check(bytes: &[u8]) -> Result<(), SerializerError> {
    let mut reader = Guard { bytes, stack: Vec::new(), marks: Vec::new() };
    while reader.step()? {}
    Ok(())
}

struct Guard<'a> {
    /// The bytes that are not checked yet.
    bytes: &'a [u8],
    /// The depth of each value on the stack. A value of the memo counts as 0 there and when it is referred to.
    stack: Vec<u32>,
    marks: Vec<usize>,
}

impl Guard<'_> {
    /// Checks one opcode. Returns false at the end.
    fn step(&mut self) -> Result<bool, SerializerError> {
        let [opcode] = self.take()?;
        match opcode {
            b'.' => return Ok(false),
            // PROTO; FRAME
            0x80 => drop(self.skip(1)?),
            0x95 => drop(self.skip(8)?),
            b'(' => self.marks.push(self.stack.len()),
            // None, True, False, empty tuple
            b'N' | 0x88 | 0x89 | b')' => self.stack.push(0),
            // INT, LONG, FLOAT, STRING, UNICODE: a line
            b'I' | b'L' | b'F' | b'S' | b'V' => {
                self.line()?;
                self.stack.push(0);
            }
            // BININT1, BININT2, BININT, BINFLOAT
            b'K' => self.scalar(1)?,
            b'M' => self.scalar(2)?,
            b'J' => self.scalar(4)?,
            b'G' => self.scalar(8)?,
            // LONG1, SHORT_BINBYTES, SHORT_BINSTRING, SHORT_BINUNICODE
            0x8a | b'C' | b'U' | 0x8c => {
                let [length] = self.take()?;
                self.scalar(usize::from(length))?;
            }
            // LONG4, BINBYTES, BINSTRING, BINUNICODE
            0x8b | b'B' | b'T' | b'X' => {
                let length = u32::from_le_bytes(self.take()?);
                self.scalar(usize::try_from(length)?)?;
            }
            // BINBYTES8, BINUNICODE8, BYTEARRAY8
            0x8e | 0x8d | 0x96 => {
                let length = u64::from_le_bytes(self.take()?);
                self.scalar(usize::try_from(length)?)?;
            }
            // PUT, BINPUT, LONG_BINPUT, MEMOIZE: a reference stays
            b'p' => {
                self.line()?;
                self.moved()?;
            }
            b'q' => {
                self.skip(1)?;
                self.moved()?;
            }
            b'r' => {
                self.skip(4)?;
                self.moved()?;
            }
            0x94 => self.moved()?,
            // GET, BINGET, LONG_BINGET
            b'g' => {
                self.line()?;
                self.stack.push(0);
            }
            b'h' => self.scalar(1)?,
            b'j' => self.scalar(4)?,
            // Empty list, dict, set
            b']' | b'}' | 0x8f => self.stack.push(1),
            // TUPLE1 to TUPLE3
            0x85..=0x87 => {
                let items = self.stack.len().checked_sub(usize::from(opcode) - 0x84).ok_or(UNDERFLOW)?;
                let depth = self.deepest(items)?;
                self.stack.push(depth);
            }
            // TUPLE, LIST, DICT, FROZENSET
            b't' | b'l' | b'd' | 0x91 => {
                let depth = self.deepest_of_mark()?;
                self.stack.push(depth);
            }
            // APPEND, SETITEM
            b'a' => self.put_into_container(1)?,
            b's' => self.put_into_container(2)?,
            // APPENDS, SETITEMS, ADDITEMS
            b'e' | b'u' | 0x90 => {
                let depth = self.deepest_of_mark()?;
                self.contains(depth)?;
            }
            _ => return Err(format!("the opcode {opcode:#04x} of a pickle is not of plain data").into()),
        }
        Ok(true)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], SerializerError> {
        let (taken, left) = self.bytes.split_first_chunk::<N>().ok_or(TOO_SHORT)?;
        self.bytes = left;
        Ok(*taken)
    }

    fn skip(&mut self, length: usize) -> Result<(), SerializerError> {
        self.bytes = self.bytes.get(length..).ok_or(TOO_SHORT)?;
        Ok(())
    }

    fn line(&mut self) -> Result<(), SerializerError> {
        let end = self.bytes.iter().position(|byte| *byte == b'\n').ok_or(TOO_SHORT)?;
        self.skip(end.saturating_add(1))
    }

    /// Skips a value of this length that is no container, and pushes its depth.
    fn scalar(&mut self, length: usize) -> Result<(), SerializerError> {
        self.skip(length)?;
        self.stack.push(0);
        Ok(())
    }

    fn moved(&mut self) -> Result<(), SerializerError> {
        *self.stack.last_mut().ok_or(UNDERFLOW)? = 0;
        Ok(())
    }

    /// Pops the values from this index on. Returns the depth of a container of them.
    fn deepest(&mut self, from: usize) -> Result<u32, SerializerError> {
        if self.marks.last().is_some_and(|mark| *mark > from) || from > self.stack.len() {
            return Err(UNDERFLOW.into());
        }
        let depth = self.stack.drain(from..).max().unwrap_or(0).saturating_add(1);
        if depth > MAX_DEPTH { Err("values are nested too deeply".into()) } else { Ok(depth) }
    }

    fn deepest_of_mark(&mut self) -> Result<u32, SerializerError> {
        let mark = self.marks.pop().ok_or(UNDERFLOW)?;
        self.deepest(mark)
    }

    fn put_into_container(&mut self, items: usize) -> Result<(), SerializerError> {
        let from = self.stack.len().checked_sub(items).ok_or(UNDERFLOW)?;
        let depth = self.deepest(from)?;
        self.contains(depth)
    }

    /// Raises the depth of the container on the stack to this one.
    fn contains(&mut self, depth: u32) -> Result<(), SerializerError> {
        let container = self.stack.last_mut().ok_or(UNDERFLOW)?;
        *container = depth.max(*container);
        Ok(())
    }
}

const TOO_SHORT: &str = "a pickle that ends too early";
const UNDERFLOW: &str = "a pickle that uses values that are not there";
