//! Notices stay until the shopper acts on their line or leaves. The server says them at each look, but only until the
//! next change, which may be one of another line.

use contract::shop::cart::Notice;

/// The notices to show: those of before, less what `touched` and `new` make out of date, and `new`.
pub fn merge(before: &[Notice], new: Vec<Notice>, touched: Option<i64>) -> Vec<Notice> {
    let stays = |notice: &&Notice| {
        let acted_on = notice.variant_id.is_some() && notice.variant_id == touched;
        let replaced = new.iter().any(|newer| match newer.variant_id {
            Some(_) => newer.variant_id == notice.variant_id,
            None => newer.message == notice.message,
        });
        !acted_on && !replaced
    };
    let mut notices: Vec<Notice> = before.iter().filter(stays).cloned().collect();
    notices.extend(new);
    notices
}

#[cfg(test)]
mod tests {
    use super::*;

    type Said<'a> = &'a [(i64, &'a str)];

    /// 0 stands for the whole cart.
    fn notices(said: Said) -> Vec<Notice> {
        said.iter()
            .map(|(id, message)| Notice {
                variant_id: (*id > 0).then_some(*id),
                message: (*message).to_owned(),
            })
            .collect()
    }

    fn check(before: Said, new: Said, touched: Option<i64>, expected: Said) {
        assert_eq!(merge(&notices(before), notices(new), touched), notices(expected));
    }

    #[test]
    fn merging() {
        check(&[(1, "a")], &[], None, &[(1, "a")]);
        check(&[(1, "a"), (2, "b")], &[], Some(1), &[(2, "b")]);
        check(&[(1, "a")], &[(1, "c")], None, &[(1, "c")]);
        check(&[(0, "a")], &[(0, "a")], None, &[(0, "a")]);
        check(&[(0, "a")], &[(0, "b")], Some(1), &[(0, "a"), (0, "b")]);
        check(&[], &[(1, "a")], Some(1), &[(1, "a")]);
    }
}
