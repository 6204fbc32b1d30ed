//! The bytes of a model file: little-endian numbers, lengths before lists. Reading never trusts a length.

use crate::json::{Map, Value};

/// Values inside values inside values: more than this is refused.
const DEEPEST: u32 = 128;

/// Writes values one after another.
#[derive(Default, Debug)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// The bytes that were written.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// Raw bytes, with their length before them.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u32);
        self.bytes.extend_from_slice(bytes);
    }

    /// Text, with its length before it.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// An unsigned number, seven bits a byte.
    pub fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// A number whose bits are all alike to come.
    pub fn hash(&mut self, hash: u32) {
        self.bytes.extend_from_slice(&hash.to_le_bytes());
    }

    /// A number that may be negative.
    pub fn whole(&mut self, number: i64) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    /// Up to eight answers of yes or no, in one byte.
    pub fn flags<const N: usize>(&mut self, flags: [bool; N]) {
        self.bytes.push(flags.iter().rev().fold(0, |byte, &flag| byte << 1 | u8::from(flag)));
    }

    /// A JSON value.
    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.bytes.push(0),
            Value::Bool(truth) => self.bytes.push(1 + u8::from(*truth)),
            Value::Integer(n) => {
                self.bytes.push(3);
                self.whole(*n);
            }
            Value::Fraction(n) => {
                self.bytes.push(4);
                self.whole(n.to_bits() as i64);
            }
            Value::String(text) => {
                self.bytes.push(5);
                self.text(text);
            }
            Value::Array(list) => {
                self.bytes.push(6);
                self.number(list.len() as u32);
                list.iter().for_each(|item| self.value(item));
            }
            Value::Object(map) => {
                self.bytes.push(7);
                self.map(map);
            }
        }
    }

    /// The fields of a JSON object.
    pub fn map(&mut self, map: &Map) {
        self.number(map.len() as u32);
        for (key, value) in map.iter() {
            self.text(key);
            self.value(value);
        }
    }

    /// A fraction.
    pub fn fraction(&mut self, number: f32) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    /// Rising numbers, as the steps between them.
    pub fn rising(&mut self, numbers: &[u32]) {
        self.number(numbers.len() as u32);
        let mut last = 0;
        for &number in numbers {
            self.number(number.wrapping_sub(last));
            last = number;
        }
    }

    /// Whole small numbers, one byte each.
    pub fn small(&mut self, numbers: &[i8]) {
        self.number(numbers.len() as u32);
        self.bytes.extend(numbers.iter().map(|&n| n as u8));
    }
}

/// Why bytes could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged {
    /// The byte at which reading stopped.
    pub at: usize,
}

/// Reads what a [`Writer`] wrote.
#[derive(Debug)]
pub struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    /// Starts at the first byte.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn damaged(&self) -> Damaged {
        Damaged { at: self.at }
    }

    /// The fault for a value that was read but makes no sense.
    pub fn refuse<T>(&self) -> Result<T, Damaged> {
        Err(self.damaged())
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], Damaged> {
        let end = self.at.checked_add(length).ok_or(self.damaged())?;
        let taken = self.bytes.get(self.at..end).ok_or(self.damaged())?;
        self.at = end;
        Ok(taken)
    }

    /// See [`Writer::bytes`].
    pub fn bytes(&mut self) -> Result<&'b [u8], Damaged> {
        let length = self.number()? as usize;
        self.take(length)
    }

    /// See [`Writer::text`].
    pub fn text(&mut self) -> Result<&'b str, Damaged> {
        let bytes = self.bytes()?;
        core::str::from_utf8(bytes).map_err(|_| self.damaged())
    }

    /// See [`Writer::text`].
    pub fn string(&mut self) -> Result<String, Damaged> {
        self.text().map(str::to_owned)
    }

    /// See [`Writer::hash`].
    pub fn hash(&mut self) -> Result<u32, Damaged> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// See [`Writer::whole`].
    pub fn whole(&mut self) -> Result<i64, Damaged> {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(self.take(8)?);
        Ok(i64::from_le_bytes(bytes))
    }

    /// See [`Writer::flags`].
    pub fn flags<const N: usize>(&mut self) -> Result<[bool; N], Damaged> {
        let byte = self.take(1)?[0];
        if byte >> (N - 1) > 1 {
            return self.refuse();
        }
        let mut flags = [false; N];
        for (i, flag) in flags.iter_mut().enumerate() {
            *flag = byte >> i & 1 == 1;
        }
        Ok(flags)
    }

    /// See [`Writer::value`].
    pub fn value(&mut self) -> Result<Value, Damaged> {
        self.value_within(DEEPEST)
    }

    /// See [`Writer::map`].
    pub fn map(&mut self) -> Result<Map, Damaged> {
        self.map_within(DEEPEST)
    }

    fn value_within(&mut self, depth: u32) -> Result<Value, Damaged> {
        let Some(inner) = depth.checked_sub(1) else { return self.refuse() };
        Ok(match self.take(1)?[0] {
            0 => Value::Null,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => Value::Integer(self.whole()?),
            4 => Value::Fraction(f64::from_bits(self.whole()? as u64)),
            5 => Value::String(self.string()?),
            6 => {
                let mut list = Vec::new();
                for _ in 0..self.count()? {
                    list.push(self.value_within(inner)?);
                }
                Value::Array(list)
            }
            7 => Value::Object(self.map_within(inner)?),
            _ => return self.refuse(),
        })
    }

    fn map_within(&mut self, depth: u32) -> Result<Map, Damaged> {
        let mut fields = Vec::new();
        for _ in 0..self.count()? {
            fields.push((self.string()?, self.value_within(depth)?));
        }
        Ok(fields.into_iter().collect())
    }

    /// See [`Writer::number`].
    pub fn number(&mut self) -> Result<u32, Damaged> {
        let mut number = 0u32;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.take(1)?[0];
            number |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(self.damaged())
    }

    /// A number that counts things of at least one byte each, so that it can be trusted for an allocation.
    pub fn count(&mut self) -> Result<usize, Damaged> {
        let count = self.number()? as usize;
        if count > self.bytes.len() - self.at { Err(self.damaged()) } else { Ok(count) }
    }

    /// See [`Writer::fraction`].
    pub fn fraction(&mut self) -> Result<f32, Damaged> {
        let bytes = self.take(4)?;
        let number = f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        if number.is_finite() { Ok(number) } else { Err(self.damaged()) }
    }

    /// See [`Writer::rising`].
    pub fn rising(&mut self) -> Result<Vec<u32>, Damaged> {
        let count = self.count()?;
        let mut numbers = Vec::with_capacity(count);
        let mut last = 0u32;
        for _ in 0..count {
            last = last.wrapping_add(self.number()?);
            numbers.push(last);
        }
        Ok(numbers)
    }

    /// See [`Writer::small`].
    pub fn small(&mut self) -> Result<Vec<i8>, Damaged> {
        Ok(self.bytes()?.iter().map(|&b| b as i8).collect())
    }
}
