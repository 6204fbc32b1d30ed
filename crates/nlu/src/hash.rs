//! One small hash for everything: FNV-1a, the same on every machine.

/// A hash that is fed piece by piece.
#[derive(Clone, Copy, Debug)]
pub struct Hash(u32);

impl Hash {
    /// A hash of its own for each use.
    pub fn new(seed: u32) -> Self {
        Self(0x811c_9dc5 ^ seed.wrapping_mul(0x9E37_79B1))
    }

    /// Takes in one byte.
    #[must_use]
    pub fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }

    /// Takes in text.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        text.bytes().fold(self, Self::byte)
    }

    /// Takes in a number.
    #[must_use]
    pub fn number(self, number: u32) -> Self {
        number.to_le_bytes().into_iter().fold(self, Self::byte)
    }

    /// The hash, with its bits well mixed (the finaliser of MurmurHash3).
    pub fn finish(self) -> u32 {
        let mut h = self.0;
        h ^= h >> 16;
        h = h.wrapping_mul(0x85eb_ca6b);
        h ^= h >> 13;
        h = h.wrapping_mul(0xc2b2_ae35);
        h ^ (h >> 16)
    }
}

/// A deterministic order: the sequence is a function of its seed alone (xorshift32).
#[derive(Clone, Debug)]
pub struct Sequence(u32);

impl Sequence {
    /// Starts a sequence.
    pub fn new(seed: u32) -> Self {
        Self(seed | 1)
    }

    /// The next number.
    pub fn draw(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    /// Brings `items` into the next order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = ((u64::from(self.draw()) * (i as u64 + 1)) >> 32) as usize;
            items.swap(i, j);
        }
    }
}
