//! Questions to the server, one after the other: what an earlier one answers is old once there is a later one.

/// The questions so far.
#[derive(Default)]
pub struct Turns {
    /// Which was asked last.
    begun: u32,
    /// Which was answered last.
    ended: u32,
}

impl Turns {
    /// The number of a new question; not while one waits for its answer, unless it is `urgent`.
    pub fn begin(&mut self, urgent: bool) -> Option<u32> {
        if !urgent && self.begun != self.ended {
            return None;
        }
        self.begun += 1;
        Some(self.begun)
    }

    /// A question is answered; whether it was the last one.
    pub fn end(&mut self, turn: u32) -> bool {
        let last = self.begun == turn;
        if last {
            self.ended = turn;
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_question_counts() {
        let mut turns = Turns::default();
        assert_eq!(turns.begin(false), Some(1));
        assert_eq!(turns.begin(false), None, "one waits");
        assert_eq!(turns.begin(true), Some(2));
        assert!(!turns.end(1), "it is old");
        assert_eq!(turns.begin(false), None);
        assert!(turns.end(2));
        assert_eq!(turns.begin(false), Some(3));
    }
}
