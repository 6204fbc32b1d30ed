//! Rows of small weights, most of them zero: what classifier and chain are kept in, and how a model file tells of them.

use crate::places::get;
use crate::range_coder::{Coder, Decoder, Encoder, Numbers};
use crate::wire::{Reader, Writer};

/// Rows of columns and their weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Where each row begins, and where the last one ends.
    starts: Vec<u32>,
    /// Within a row they rise.
    columns: Vec<u16>,
    weights: Vec<i8>,
}

impl Rows {
    /// Without rows.
    pub fn new() -> Self {
        Self { starts: vec![0], columns: Vec::new(), weights: Vec::new() }
    }

    /// Adds a weight to the row that is being made, in units of `step`; what rounds to zero is left out, and so
    /// are columns from [`WIDEST`] on.
    pub fn add(&mut self, column: u32, weight: f32, step: f32) {
        let weight = libm::roundf(weight / step).clamp(-127.0, 127.0) as i8;
        if weight != 0 && column < WIDEST {
            self.columns.push(column as u16);
            self.weights.push(weight);
        }
    }

    /// Ends the row that is being made.
    pub fn end_row(&mut self) {
        self.starts.push(self.columns.len() as u32);
    }

    /// Whether nothing was added to the row that is being made.
    pub fn is_row_empty(&self) -> bool {
        self.starts.last().is_some_and(|start| *start as usize == self.columns.len())
    }

    /// The columns of a row and their weights.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, f32)> {
        let own = get(&self.starts, row) as usize..get(&self.starts, row + 1) as usize;
        let weights = self.weights.get(own.clone()).unwrap_or_default();
        self.columns
            .get(own)
            .unwrap_or_default()
            .iter()
            .zip(weights)
            .map(|(column, weight)| (usize::from(*column), f32::from(*weight)))
    }

    /// One more than the largest column.
    pub fn width(&self) -> usize {
        self.columns.iter().max().map_or(0, |column| usize::from(*column) + 1)
    }

    /// Appends them to a model file. Columns are below `width`; `class` says of which of [`CLASSES`] a row is: the more alike the
    /// rows of a class are, the fewer bytes they take.
    pub fn write(&self, out: &mut Writer, width: usize, class: &dyn Fn(usize) -> usize) {
        let mut numbers = Numbers::new(Encoder::default(), KINDS);
        Self::new().code(&mut numbers, self, self.starts.len() - 1, width, class, usize::MAX);
        let mut bytes = numbers.coder.finish();
        bytes.resize(bytes.len().max(self.weights.len().div_ceil(MOST_A_BYTE)), 0);
        out.bytes(&bytes);
    }

    /// Reads `count` rows that were written with the same width and classes.
    pub fn read(bytes: &mut Reader, count: usize, width: usize, class: &dyn Fn(usize) -> usize) -> Self {
        let coded = bytes.bytes();
        let mut numbers = Numbers::new(Decoder::new(coded), KINDS);
        let mut rows = Self::new();
        rows.code(&mut numbers, &Self::new(), count, width, class, coded.len().saturating_mul(MOST_A_BYTE));
        let sound = rows.starts.len() == count + 1 && !numbers.coder.is_beyond();
        if bytes.expect(sound) { rows } else { Self::new() }
    }

    /// Writes the rows of `given`, or reads them, into rows that are empty: of a row how many weights it has, of each weight how far its
    /// column is from the one before, its sign and its size. Ends early at what makes no sense.
    fn code(
        &mut self,
        numbers: &mut Numbers<impl Coder>,
        given: &Self,
        count: usize,
        width: usize,
        class: &dyn Fn(usize) -> usize,
        most: usize,
    ) {
        let width = width.min(WIDEST as usize);
        for row in 0..count {
            let class = class(row);
            let own = get(&given.starts, row + 1).wrapping_sub(get(&given.starts, row));
            let mut left = numbers.code(COUNTS + class, own);
            let (mut next, mut after_more) = (0, 0);
            while left > 0 {
                let at = self.columns.len();
                // How far it is depends on how many are still to come, and in how much room.
                let room = (8 * (width - next)).checked_div(width).unwrap_or(0);
                let gaps = GAPS + room * ROUGH + (31 - left.leading_zeros() as usize).min(ROUGH - 1);
                let gap = u32::from(get(&given.columns, at)).wrapping_sub(next as u32) & 0xFFFF;
                let column = next + numbers.code(gaps, gap) as usize;
                let weight = get(&given.weights, at);
                let is_more = numbers.code(SIGNS + 2 * class + after_more, u32::from(weight > 0)) as usize;
                if column >= width || is_more > 1 || at >= most {
                    return;
                }
                let size = u32::from(weight.unsigned_abs()).saturating_sub(1);
                let size = numbers.code(SIZES + 2 * class + is_more, size);
                if size >= 127 {
                    return;
                }
                let size = size as i8 + 1;
                self.columns.push(column as u16);
                self.weights.push(if is_more == 1 { size } else { -size });
                next = column + 1;
                left -= 1;
                // After the first weight above zero others are rare.
                after_more |= is_more;
            }
            self.end_row();
        }
    }
}

/// Columns are below this.
pub const WIDEST: u32 = 65_535;

/// So many weights share a byte at most; a file that says more is damaged, before it fills the memory.
const MOST_A_BYTE: usize = 8;

/// Classes of rows.
pub const CLASSES: usize = 33;

/// Kinds of numbers, and where each begins.
const COUNTS: usize = 0;
const SIGNS: usize = COUNTS + CLASSES;
const SIZES: usize = SIGNS + 2 * CLASSES;
const GAPS: usize = SIZES + 2 * CLASSES;
const KINDS: usize = GAPS + 9 * ROUGH;
/// How many sizes of what is left to come are told apart.
const ROUGH: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Damaged;

    fn class(row: usize) -> usize {
        row % CLASSES
    }

    fn written(rows: &Rows, width: usize) -> Vec<u8> {
        let mut out = Writer::default();
        rows.write(&mut out, width, &class);
        out.finish()
    }

    fn read(bytes: &[u8], count: usize, width: usize) -> Result<Rows, Damaged> {
        let mut bytes = Reader::new(bytes);
        let rows = Rows::read(&mut bytes, count, width, &class);
        bytes.sound(rows)
    }

    #[test]
    fn rows_are_read_as_they_were_written() {
        let mut rows = Rows::new();
        for row in
            [&[(0, 1.0), (7, -2.2), (300, 0.3)][..], &[], &[(2, 900.0), (65_534, -200.0), (65_535, 1.0)]]
        {
            row.iter().for_each(|(column, weight)| rows.add(*column, *weight, 1.0));
            assert_eq!(rows.is_row_empty(), row.is_empty());
            rows.end_row();
        }
        let listed = |rows: &Rows| -> Vec<Vec<_>> { (0..3).map(|r| rows.row(r).collect()).collect() };
        assert_eq!(listed(&rows), [vec![(0, 1.0), (7, -2.0)], vec![], vec![(2, 127.0), (65_534, -127.0)]]);
        assert_eq!(rows.width(), 65_535);
        let bytes = written(&rows, rows.width());
        for cut in 0..bytes.len() {
            assert!(read(&bytes[..cut], 3, rows.width()).is_err(), "cut at {cut}");
        }
        // Rows that are missing, and a width that leaves no room for any column.
        assert!(read(&bytes, 3, 0).is_err());
        assert!(read(&bytes, 40, rows.width()).is_err());
        assert_eq!(read(&bytes, 3, rows.width()), Ok(rows));
    }

    #[test]
    fn rows_of_a_kind_take_next_to_nothing() {
        let mut rows = Rows::new();
        for _ in 0..20_000 {
            rows.add(0, 3.0, 1.0);
            rows.add(1, -3.0, 1.0);
            rows.end_row();
        }
        let bytes = written(&rows, 2);
        // As few as readers take for so many weights.
        assert_eq!(bytes.len(), 2 + 40_000 / MOST_A_BYTE);
        assert_eq!(read(&bytes, 20_000, 2), Ok(rows));
    }

    #[test]
    fn whatever_the_bytes_say_what_is_read_makes_sense() {
        let mut sequence = crate::hash::Sequence::new(7);
        let mut rows = Rows::new();
        for _ in 0..50 {
            for column in 0..9 {
                if sequence.draw().is_multiple_of(3) {
                    rows.add(column, (sequence.draw() % 9) as f32 - 4.0, 1.0);
                }
            }
            rows.end_row();
        }
        let sound = written(&rows, 9);
        let (mut read_anyway, mut refused) = (0, 0);
        for at in 1..sound.len() {
            for other in 1..=255 {
                let mut bytes = sound.clone();
                bytes[at] ^= other;
                let Ok(rows) = read(&bytes, 50, 9) else {
                    refused += 1;
                    continue;
                };
                read_anyway += 1;
                assert!(rows.columns.len() <= MOST_A_BYTE * bytes.len() && rows.width() <= 9);
                for row in 0..50 {
                    assert!(rows.row(row).is_sorted_by(|one, other| one.0 < other.0));
                    assert!(rows.row(row).all(|(_, weight)| weight != 0.0 && weight.abs() <= 127.0));
                }
            }
        }
        assert!(read_anyway > 1_000 && refused > 1_000, "{read_anyway} read, {refused} refused");
    }
}
