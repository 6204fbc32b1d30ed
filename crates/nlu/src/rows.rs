//! Rows of small weights, most of them zero: what classifier and chain are kept in.

use crate::places::get;
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
    /// are columns above 65,535.
    pub fn add(&mut self, column: u32, weight: f32, step: f32) {
        let weight = libm::roundf(weight / step).clamp(-127.0, 127.0) as i8;
        if let (true, Ok(column)) = (weight != 0, u16::try_from(column)) {
            self.columns.push(column);
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

    /// Appends them to a model file: lengths, then columns, then weights, so that like stands beside like.
    pub fn write(&self, out: &mut Writer) {
        let bounds = || self.starts.windows(2).map(|bounds| bounds[0] as usize..bounds[1] as usize);
        bounds().for_each(|own| out.number(own.len() as u32));
        for own in bounds() {
            let mut next = 0;
            for column in &self.columns[own] {
                out.number(u32::from(*column) - next);
                next = u32::from(*column) + 1;
            }
        }
        out.small(&self.weights);
    }

    /// Reads `count` rows of `width` columns.
    pub fn read(bytes: &mut Reader, count: usize, width: usize) -> Self {
        let mut rows = Self::new();
        let mut end = 0u32;
        for _ in 0..count {
            end = end.saturating_add(bytes.number());
            rows.starts.push(end);
        }
        for bounds in rows.starts.windows(2) {
            let mut next = 0u32;
            for _ in bounds[0]..bounds[1] {
                let column = next.saturating_add(bytes.number());
                let makes_sense = (column as usize) < width.min(1 << 16);
                if !bytes.expect(makes_sense) || bytes.is_damaged() {
                    return Self::new();
                }
                rows.columns.push(column as u16);
                next = column + 1;
            }
        }
        rows.weights = bytes.small();
        bytes.expect(rows.weights.len() == rows.columns.len());
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_as_they_were_written() {
        let mut rows = Rows::new();
        for row in [&[(0, 1.0), (7, -2.2), (300, 0.3)][..], &[], &[(2, 900.0), (70_000, 1.0)]] {
            row.iter().for_each(|(column, weight)| rows.add(*column, *weight, 1.0));
            assert_eq!(rows.is_row_empty(), row.is_empty());
            rows.end_row();
        }
        let listed = |rows: &Rows| -> Vec<Vec<_>> { (0..3).map(|r| rows.row(r).collect()).collect() };
        assert_eq!(listed(&rows), [vec![(0, 1.0), (7, -2.0)], vec![], vec![(2, 127.0)]]);
        let mut out = Writer::default();
        rows.write(&mut out);
        let bytes = out.finish();
        let read = |bytes: &[u8], count: usize, width: usize| {
            let mut bytes = Reader::new(bytes);
            let rows = Rows::read(&mut bytes, count, width);
            bytes.sound(rows)
        };
        assert_eq!(read(&bytes, 3, 8), Ok(rows));
        // Columns beyond the width, rows that are missing, weights that are cut off.
        assert!(read(&bytes, 3, 7).is_err());
        assert!(read(&bytes, 40, 8).is_err());
        for cut in 0..bytes.len() {
            assert!(read(&bytes[..cut], 3, 8).is_err(), "cut at {cut}");
        }
    }
}
