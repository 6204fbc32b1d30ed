//! Numbers in as little room as their odds leave: an adaptive binary range coder.
//!
//! Martin, "Range encoding: an algorithm for removing redundancy from a digitised message", 1979; without carries as in
//! Mahoney, "Adaptive weighing of context models for lossless data compression", 2005.

use crate::places::{get, put};

/// What writes bits, or reads them: a format is written down once, for both.
pub trait Coder {
    /// Writes `bit`; or reads the bit that was written, whatever `bit` is. It is 1 with odds of `one` in 65,536.
    fn bit(&mut self, one: u16, bit: bool) -> bool;
}

/// How likely a bit is 1, by those before it that were told in its place.
#[derive(Debug, Clone, Copy)]
struct Odds {
    /// Of 65,536.
    one: u16,
    seen: u8,
}

impl Default for Odds {
    fn default() -> Self {
        Self { one: 1 << 15, seen: 0 }
    }
}

/// Neither bit is ever less likely than this, of 65,536.
const LEAST: i32 = 64;

impl Odds {
    /// The mean of what was seen, beside half a bit that is as much 1 as 0; of the last hundreds when there were more.
    fn learn(&mut self, bit: bool) {
        let one = i32::from(self.one);
        let miss = i32::from(bit) * 0xFFFF - one;
        self.one = (one + 2 * miss / (2 * i32::from(self.seen) + 3)).clamp(LEAST, 0xFFFF - LEAST) as u16;
        self.seen = self.seen.saturating_add(1).min(254);
    }
}

/// Writes or reads numbers of several kinds; those of a kind are told by odds that are learnt from them.
#[derive(Debug)]
pub struct Numbers<C> {
    /// What the bits go to, or come from.
    pub coder: C,
    odds: Vec<Odds>,
}

/// Numbers have this many bits at most.
const LONGEST: usize = 16;
/// Bits of a kind that have odds of their own: those that say how long a number is, then those of each length.
const PLACES: usize = (LONGEST + 1) * (LONGEST + 2);

impl<C: Coder> Numbers<C> {
    /// For so many kinds.
    pub fn new(coder: C, kinds: usize) -> Self {
        Self { coder, odds: vec![Odds::default(); kinds * PLACES] }
    }

    /// Writes or reads a number of 0 … 65,535: how many bits it has (Elias, "Universal codeword sets", 1975), then those. What was never
    /// written may read as up to 131,070.
    #[inline(never)]
    pub fn code(&mut self, kind: usize, number: u32) -> u32 {
        let (first, given) = (kind * PLACES, number + 1);
        let mut length = 0;
        while length < LONGEST && self.bit(first + length, given >> length > 1) {
            length += 1;
        }
        let first = first + (length + 1) * (LONGEST + 1);
        let mut found = 1;
        for place in (0..length).rev() {
            found = found << 1 | u32::from(self.bit(first + place, given >> place & 1 == 1));
        }
        found - 1
    }

    #[inline(never)]
    fn bit(&mut self, place: usize, bit: bool) -> bool {
        let mut odds = get(&self.odds, place);
        let bit = self.coder.bit(odds.one, bit);
        odds.learn(bit);
        put(&mut self.odds, place, odds);
        bit
    }
}

/// What is left of the range of all numbers of 32 bits.
#[derive(Debug)]
struct Span {
    low: u32,
    high: u32,
}

impl Span {
    const ALL: Self = Self { low: 0, high: u32::MAX };

    /// The last number that says 1.
    fn middle(&self, one: u16) -> u32 {
        let (width, one) = (self.high - self.low, u32::from(one));
        self.low + (width >> 16) * one + (((width & 0xFFFF) * one) >> 16)
    }

    fn narrow(&mut self, middle: u32, bit: bool) {
        if bit { self.high = middle } else { self.low = middle + 1 }
    }

    /// Takes off the first byte where both ends have the same.
    fn settled(&mut self) -> Option<u8> {
        let byte = (self.high >> 24) as u8;
        (self.low >> 24 == self.high >> 24).then(|| {
            self.low <<= 8;
            self.high = self.high << 8 | 0xFF;
            byte
        })
    }
}

/// Writes bits.
#[derive(Debug)]
pub struct Encoder {
    span: Span,
    bytes: Vec<u8>,
}

impl Default for Encoder {
    fn default() -> Self {
        Self { span: Span::ALL, bytes: Vec::new() }
    }
}

impl Encoder {
    /// The bytes that say all of it.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.push((self.span.high >> 24) as u8);
        self.bytes
    }
}

impl Coder for Encoder {
    fn bit(&mut self, one: u16, bit: bool) -> bool {
        let middle = self.span.middle(one);
        self.span.narrow(middle, bit);
        while let Some(byte) = self.span.settled() {
            self.bytes.push(byte);
        }
        bit
    }
}

/// Reads what an [`Encoder`] wrote; behind its end it reads zeros.
#[derive(Debug)]
pub struct Decoder<'b> {
    span: Span,
    code: u32,
    bytes: &'b [u8],
    next: usize,
}

impl<'b> Decoder<'b> {
    /// Starts at the first byte.
    pub fn new(bytes: &'b [u8]) -> Self {
        let mut decoder = Self { span: Span::ALL, code: 0, bytes, next: 0 };
        (0..4).for_each(|_| decoder.take());
        decoder
    }

    /// Whether it read more than was written.
    pub fn is_beyond(&self) -> bool {
        // It is three bytes ahead of what the bits before them needed.
        self.next > self.bytes.len() + 3
    }

    fn take(&mut self) {
        self.code = self.code << 8 | u32::from(get(self.bytes, self.next));
        self.next += 1;
    }
}

impl Coder for Decoder<'_> {
    fn bit(&mut self, one: u16, _: bool) -> bool {
        let middle = self.span.middle(one);
        let bit = self.code <= middle;
        self.span.narrow(middle, bit);
        while self.span.settled().is_some() {
            self.take();
        }
        bit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Sequence;

    /// Numbers that are written and read; how many bytes they took.
    fn check(numbers: &[u32]) -> usize {
        let mut encoder = Numbers::new(Encoder::default(), 2);
        for number in numbers {
            assert_eq!(encoder.code(1, *number), *number);
        }
        let bytes = encoder.coder.finish();
        let mut decoder = Numbers::new(Decoder::new(&bytes), 2);
        for (i, number) in numbers.iter().enumerate() {
            assert_eq!(decoder.code(1, 0), *number, "number {i}");
        }
        assert!(!decoder.coder.is_beyond());
        // Whatever stands there, reading ends.
        for _ in 0..100_000 {
            decoder.code(0, 0);
        }
        assert!(decoder.coder.is_beyond());
        bytes.len()
    }

    #[test]
    fn numbers_are_read_as_they_were_written() {
        assert_eq!(check(&[]), 1);
        for bits in 0..=16 {
            check(&[(1 << bits) - 1]);
            check(&[0, (1 << bits) - 1, 65_535.min(1 << bits)]);
        }
        check(&(0..1_000).collect::<Vec<_>>());
    }

    #[test]
    fn they_take_the_room_that_their_odds_leave() {
        // 80,000 answers of yes or no: their entropy in bytes, and a hundredth more.
        for (rare, entropy) in [(1, 0), (2, 10_000), (4, 8_113), (16, 3_373), (256, 370)] {
            let mut sequence = Sequence::new(rare);
            let bits: Vec<u32> =
                (0..80_000).map(|_| u32::from(sequence.draw().is_multiple_of(rare))).collect();
            let bytes = check(&bits);
            assert!(bytes <= entropy + entropy / 100 + 120, "1 of {rare}: {bytes} for {entropy}");
        }
    }
}
