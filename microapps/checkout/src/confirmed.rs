//! The order that the confirmation shows.

use crate::{
    order::is_payable,
    visit::{Sheet, Visit, read_order},
};
use contract::shop::order::{Order, OrderStatus};
use microapp::{api::ApiError, page, page::run, prelude::*};
use std::sync::Arc;

/// So often it is asked whether an order is paid, in milliseconds.
const ASK_AGAIN: i32 = 5_000;
/// So many times at most. What does not get its payment in time is given up, which mostly ends it sooner.
const MOST_ASKS: u32 = 400;

impl Visit {
    /// Reads the order of the confirmation.
    pub fn load_order(self, key: String) {
        self.context.host.set_title(&t("Your order"));
        self.show(|sheet| {
            sheet.order = None;
            sheet.opened += 1;
        });
        run(self.follow_order(key));
    }

    /// Reads it, and again while it waits for its payment: of what is paid elsewhere the server hears, not this page.
    async fn follow_order(self, key: String) {
        let shows = |opened| {
            let now = untrack(|| self.sheet(|sheet| sheet.opened));
            self.is_open() && now == opened && untrack(|| self.order_key()) == key
        };
        let opened = untrack(|| self.sheet(|sheet| sheet.opened));
        for asked in 0..MOST_ASKS {
            let order = read_order(self.context.host, &key).await;
            if !shows(opened) {
                return;
            }
            let is_settled = match &order {
                Ok(order) => order.status != OrderStatus::PaymentPending,
                // What shows stays while the shop cannot be reached.
                Err(_) => asked == 0,
            };
            if asked == 0 || order.is_ok() {
                self.show_order(order);
            }
            if is_settled {
                return;
            }
            page::pause(ASK_AGAIN).await;
        }
    }

    /// Shows an order, unless it shows already.
    pub fn show_order(self, order: Result<Order, ApiError>) {
        let known = |sheet: &Sheet| match (&sheet.order, &order) {
            (Some(Ok(before)), Ok(now)) => {
                (before.status, before.payment_underway, &before.key)
                    == (now.status, now.payment_underway, &now.key)
            }
            _ => false,
        };
        // It was paid elsewhere, or given up: what was filled in for it is nobody's any more.
        let is_done = order.as_ref().is_ok_and(|order| {
            !is_payable(order) && untrack(|| self.draft(|draft| draft.unpaid.as_ref() == Some(&order.key)))
        });
        if is_done {
            self.finish();
        }
        if !untrack(|| self.sheet(known)) {
            self.show(|sheet| {
                sheet.order = Some(order.map(Arc::new));
                sheet.checked = false;
                sheet.answers += 1;
            });
        }
    }
}
