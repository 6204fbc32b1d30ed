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

    /// Texts, with their number before them.
    pub fn texts(&mut self, texts: &[String]) {
        self.number(texts.len() as u32);
        texts.iter().for_each(|text| self.text(text));
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
}

/// Why bytes could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged {
    /// The byte at which reading stopped.
    pub at: usize,
}

/// Reads what a [`Writer`] wrote. What is damaged reads as nothing: no bytes are left, every value from there on
/// is empty, and [`Reader::sound`] tells of it in the end. A way out after each value would be some kilobytes in a wasm.
#[derive(Debug)]
pub struct Reader<'b> {
    /// What is left.
    bytes: &'b [u8],
    /// The length of all.
    length: usize,
    damaged: Option<Damaged>,
}

impl<'b> Reader<'b> {
    /// Starts at the first byte.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, length: bytes.len(), damaged: None }
    }

    /// Refuses a value that was read but makes no sense, and all that follows.
    pub fn refuse(&mut self) {
        let at = self.length - self.bytes.len();
        self.damaged.get_or_insert(Damaged { at });
        self.bytes = &[];
    }

    /// Refuses what was read if it makes no sense; whether it does.
    pub fn expect(&mut self, makes_sense: bool) -> bool {
        if !makes_sense {
            self.refuse();
        }
        makes_sense
    }

    /// Whether something was damaged or refused.
    pub fn is_damaged(&self) -> bool {
        self.damaged.is_some()
    }

    /// Gives back what was read, if all of it could be read so far.
    pub fn sound<T>(&self, read: T) -> Result<T, Damaged> {
        self.damaged.map_or(Ok(read), Err)
    }

    fn take(&mut self, length: usize) -> &'b [u8] {
        let bytes = self.bytes;
        if length > bytes.len() {
            self.refuse();
            return &[];
        }
        let (taken, left) = bytes.split_at(length);
        self.bytes = left;
        taken
    }

    fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    /// Bytes as a number, the lowest first.
    fn little_endian(&mut self, bytes: usize) -> u64 {
        self.take(bytes).iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// See [`Writer::bytes`].
    pub fn bytes(&mut self) -> &'b [u8] {
        let length = self.number() as usize;
        self.take(length)
    }

    /// See [`Writer::text`].
    pub fn string(&mut self) -> String {
        match core::str::from_utf8(self.bytes()) {
            Ok(text) => text.to_owned(),
            Err(_) => {
                self.refuse();
                String::new()
            }
        }
    }

    /// See [`Writer::hash`].
    pub fn hash(&mut self) -> u32 {
        self.little_endian(4) as u32
    }

    /// See [`Writer::whole`].
    pub fn whole(&mut self) -> i64 {
        self.little_endian(8) as i64
    }

    /// See [`Writer::flags`].
    pub fn flags<const N: usize>(&mut self) -> [bool; N] {
        let byte = self.byte();
        self.expect(byte >> (N - 1) <= 1);
        core::array::from_fn(|i| byte >> i & 1 == 1)
    }

    /// See [`Writer::value`].
    pub fn value(&mut self) -> Value {
        self.value_within(DEEPEST)
    }

    /// See [`Writer::map`].
    pub fn map(&mut self) -> Map {
        self.map_within(DEEPEST)
    }

    fn value_within(&mut self, depth: u32) -> Value {
        let kind = if depth == 0 { u8::MAX } else { self.byte() };
        match kind {
            0 => Value::Null,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => Value::Integer(self.whole()),
            4 => Value::Fraction(f64::from_bits(self.whole() as u64)),
            5 => Value::String(self.string()),
            6 => Value::Array(self.list(|bytes| bytes.value_within(depth - 1))),
            7 => Value::Object(self.map_within(depth - 1)),
            _ => {
                self.refuse();
                Value::Null
            }
        }
    }

    fn map_within(&mut self, depth: u32) -> Map {
        self.list(|bytes| (bytes.string(), bytes.value_within(depth))).into_iter().collect()
    }

    /// See [`Writer::number`].
    pub fn number(&mut self) -> u32 {
        let mut number = 0u32;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte();
            number |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return number;
            }
        }
        self.refuse();
        0
    }

    /// A number that counts things of at least one byte each, so that it can be trusted for an allocation.
    pub fn count(&mut self) -> usize {
        let count = self.number() as usize;
        if self.expect(count <= self.bytes.len()) { count } else { 0 }
    }

    /// As many things as a count says; none behind damage, where a file could count millions.
    pub fn list<T>(&mut self, read: impl Fn(&mut Self) -> T) -> Vec<T> {
        let mut list = Vec::new();
        let mut left = self.count();
        while left > 0 && !self.is_damaged() {
            list.push(read(self));
            left -= 1;
        }
        list
    }

    /// See [`Writer::texts`].
    pub fn strings(&mut self) -> Vec<String> {
        self.list(Self::string)
    }

    /// See [`Writer::fraction`].
    pub fn fraction(&mut self) -> f32 {
        let number = f32::from_bits(self.hash());
        if self.expect(number.is_finite()) { number } else { 0.0 }
    }

    /// See [`Writer::rising`].
    pub fn rising(&mut self) -> Vec<u32> {
        let count = self.count();
        let mut numbers = Vec::with_capacity(count);
        let mut last = 0u32;
        for _ in 0..count {
            last = last.wrapping_add(self.number());
            numbers.push(last);
        }
        numbers
    }
}
