//! From features to numbers: term frequency times inverse document frequency, each block as long as its share.
//!
//! The hashes of a block are folded into a fixed number of buckets; a bucket that no training phrase fills
//! counts towards the length of its block but carries no weight.

use super::features::{BLOCKS, FAR, Feature, SHARES};
use crate::places::{add, get, put};
use crate::rows::CLASSES;
use crate::wire::{Reader, Writer};

/// A sparse vector: row and value, by rising row.
pub type Sparse = Vec<(u32, f32)>;

/// Inverse document frequencies are kept in 255 steps between these.
const IDF_LOWEST: f32 = 1.0;
const IDF_STEP: f32 = 0.0125;

/// The space in which sentences are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Space {
    /// Buckets a block.
    buckets: u32,
    /// The buckets in use, rising; the position is the row.
    rows: Vec<u32>,
    /// Weight of each row.
    idf: Vec<u8>,
    /// Row of each bucket, or `NONE`: made from `rows`.
    index: Vec<u32>,
}

/// Steps grow with this power of a feature's rarity.
const COARSENESS: f32 = 0.3;

const NONE: u32 = u32::MAX;

/// Buckets a block: each is looked up in a list that a file of few bytes must not make long.
const MOST_BUCKETS: u32 = 1 << 14;

fn idf_of(step: u8) -> f32 {
    IDF_LOWEST + IDF_STEP * f32::from(step)
}

impl Space {
    /// Learns which buckets are in use, and how telling each is.
    #[inline(never)]
    pub fn learn<'f>(documents: impl ExactSizeIterator<Item = &'f [Feature]>, buckets: u32) -> Self {
        let mut counts = vec![0u32; buckets as usize * BLOCKS];
        let mut seen = vec![NONE; counts.len()];
        let total = documents.len() as f32 + 1.0;
        for (i, document) in documents.enumerate() {
            for feature in document {
                let bucket = bucket(*feature, buckets) as usize;
                if get(&seen, bucket) != i as u32 {
                    put(&mut seen, bucket, i as u32);
                    add(&mut counts, bucket, 1);
                }
            }
        }
        let rows: Vec<u32> = (0..counts.len() as u32).filter(|&b| get(&counts, b as usize) > 0).collect();
        let idf = rows
            .iter()
            .map(|&b| {
                // The square root of the usual form: rare words count less than it would have them.
                let weight = (libm::logf(total / (get(&counts, b as usize) as f32 + 1.0)) + 1.0).sqrt();
                ((weight - IDF_LOWEST) / IDF_STEP + 0.5) as u8
            })
            .collect();
        Self::new(buckets, rows, idf)
    }

    fn new(buckets: u32, rows: Vec<u32>, idf: Vec<u8>) -> Self {
        let mut index = vec![NONE; buckets as usize * BLOCKS];
        for (row, &bucket) in rows.iter().enumerate() {
            put(&mut index, bucket as usize, row as u32);
        }
        Self { buckets, rows, idf, index }
    }

    /// How coarsely the weights of a row may be rounded: what is wrong with them harms as often as the feature
    /// comes, and as much as its block counts. Rows behind those of features have fine steps.
    pub fn coarseness(&self, row: usize) -> f32 {
        let idf = self.idf.get(row).map_or(IDF_LOWEST, |step| idf_of(*step));
        libm::expf(COARSENESS * (idf * idf - 1.0))
            / self.rows.get(row).map_or(1.0, |bucket| self.share(*bucket))
    }

    /// The class of a row by how rare its feature is, one more for those behind the features; see [`Rows::write`](crate::rows::Rows::write).
    pub fn class(&self, row: usize) -> usize {
        self.idf.get(row).map_or(CLASSES - 1, |step| usize::from(*step) / 8)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The vector of a sentence, and how much of it is known (0 nothing … 1 all of it).
    pub fn project(&self, features: &[Feature]) -> (Sparse, f32) {
        let mut buckets: Vec<u32> = features.iter().map(|&f| bucket(f, self.buckets)).collect();
        crate::order::sort_by(&mut buckets, u32::cmp);
        let rarest = idf_of(self.idf.iter().copied().max().unwrap_or(0));
        let mut lengths = [0f32; BLOCKS];
        let mut known = [0f32; BLOCKS];
        let mut sparse = Sparse::with_capacity(buckets.len());
        for same in buckets.chunk_by(|a, b| a == b) {
            let bucket = get(same, 0);
            let block = self.block(bucket);
            let frequency = 1.0 + libm::logf(same.len() as f32);
            let row = get(&self.index, bucket as usize);
            let idf = if row == NONE { rarest } else { idf_of(get(&self.idf, row as usize)) };
            let value = frequency * idf;
            add(&mut lengths, block, value * value);
            if row != NONE {
                add(&mut known, block, value * value);
                sparse.push((row, value));
            }
        }
        let scale = lengths.map(|l| if l > 0.0 { 1.0 / l.sqrt() } else { 0.0 });
        for (row, value) in &mut sparse {
            let bucket = get(&self.rows, *row as usize);
            *value *= get(&scale, self.block(bucket)) * self.share(bucket);
        }
        // Pairs that stand far apart are nearly all unknown, in any sentence.
        let mut coverage = 0.0;
        for (known, length) in known.iter().zip(lengths).take(usize::from(FAR)) {
            if length > 0.0 {
                coverage += known / length;
            }
        }
        (sparse, coverage / f32::from(FAR))
    }

    fn share(&self, bucket: u32) -> f32 {
        get(&SHARES, self.block(bucket))
    }

    fn block(&self, bucket: u32) -> usize {
        bucket.checked_div(self.buckets).unwrap_or(0) as usize
    }

    /// Appends the space to a model file.
    pub fn write(&self, out: &mut Writer) {
        out.number(self.buckets);
        out.rising(&self.rows);
        out.bytes(&self.idf);
    }

    /// Reads what [`Space::write`] wrote.
    pub fn read(bytes: &mut Reader) -> Self {
        let (buckets, rows, idf) = (bytes.number(), bytes.rising(), bytes.bytes().to_vec());
        let sound = (1..=MOST_BUCKETS).contains(&buckets)
            && idf.len() == rows.len()
            && rows.windows(2).all(|w| w[0] < w[1])
            && rows.last().is_none_or(|&last| (last as usize) < buckets as usize * BLOCKS);
        if bytes.expect(sound) { Self::new(buckets, rows, idf) } else { Self::new(1, Vec::new(), Vec::new()) }
    }
}

fn bucket((block, hash): Feature, buckets: u32) -> u32 {
    u32::from(block) * buckets + ((u64::from(hash) * u64::from(buckets)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_bytes_ask_for_little_memory() {
        let read = |buckets: u32| {
            let mut out = Writer::default();
            Space::new(buckets, vec![3, 7], vec![0, 9]).write(&mut out);
            let bytes = out.finish();
            let mut bytes = Reader::new(&bytes);
            let space = Space::read(&mut bytes);
            bytes.sound(space).map(|space| space.index.len())
        };
        assert_eq!(read(MOST_BUCKETS), Ok(MOST_BUCKETS as usize * BLOCKS));
        assert!(read(MOST_BUCKETS + 1).is_err());
        assert!(read(1).is_err());
    }
}
