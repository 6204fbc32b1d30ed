//! Reviews: what the shop knows of them, and what is going on with one's own.

mod form;
mod list;
mod own;
mod section;

pub use section::{section, under_the_title};

use crate::visit::Visit;
use contract::{
    code,
    shop::review::{ReviewPage, WriteReview},
};
use microapp::{
    SessionInfo, Watched,
    api::{self, ApiError, Method},
    element::follow,
    page::{focus_from, run},
    prelude::*,
};
use std::sync::Arc;

/// How it stands with what the shop was asked for.
#[derive(Clone, Default, PartialEq)]
enum Stand {
    /// The first answer is waited for.
    #[default]
    Waiting,
    /// It is there.
    Ready,
    /// Why it is not.
    Failed(ApiError),
}

/// What the shopper does with their own review.
#[derive(Clone, Copy, Default, PartialEq)]
enum Doing {
    /// Nothing.
    #[default]
    Nothing,
    /// They write it.
    Writing,
    /// They are asked whether it is to go.
    Deleting,
    /// They were told that reviews are by buyers.
    Refused,
}

/// What is shown.
#[derive(Clone, Default)]
struct Shown {
    /// Whose reviews they are; none without a product.
    product: Option<i64>,
    /// Rises with every answer.
    answers: u32,
    stand: Stand,
    page: ReviewPage,
    doing: Doing,
    /// Rises with every change of that: what comes late is not about what is done now.
    steps: u32,
}

/// The reviews of the product that the visit shows. Copied into closures freely.
#[derive(Clone, Copy)]
pub struct Reviews {
    visit: Visit,
    person: Watched<Option<SessionInfo>>,
    shown: Watched<Arc<Shown>>,
    /// The product that more of them are on their way of.
    more: Watched<Option<i64>>,
}

impl Reviews {
    /// Begins, and follows the product and whoever is signed in.
    pub fn begin(visit: Visit) -> Self {
        let person = visit.host.session();
        let reviews = Self { visit, person, shown: Watched::default(), more: Watched::default() };
        let mut before = None;
        follow(move || {
            let page = visit.page_number();
            let person = reviews.person.get().map(|person| person.email);
            let product = visit.product().map(|product| product.id);
            let now = Some((page, person));
            if before == now {
                return;
            }
            before = now;
            untrack(|| reviews.open(product));
        });
        reviews
    }

    fn open(self, product: Option<i64>) {
        let mut shown = self.now();
        if shown.product != product {
            let (answers, steps) = (shown.answers + 1, shown.steps + 1);
            shown = Shown { product, answers, steps, ..Shown::default() };
        } else if self.person.get_untracked().is_none() {
            // What somebody was about to do is theirs.
            shown.doing = Doing::Nothing;
        }
        self.show(shown);
        if product.is_some() {
            run(async move { self.ask().await });
        }
    }

    #[inline(never)]
    fn shown(self) -> Arc<Shown> {
        self.shown.get()
    }

    /// A copy to change.
    #[inline(never)]
    fn now(self) -> Shown {
        (*self.shown.get_untracked()).clone()
    }

    #[inline(never)]
    fn show(self, shown: Shown) {
        self.shown.set(Arc::new(shown));
    }

    fn is_signed_in(self) -> bool {
        self.person.get_untracked().is_some()
    }

    /// Goes on to something else, with the focus of whoever has not left for another part of the page.
    fn go(self, doing: Doing, then: &str) {
        let mut shown = self.now();
        shown.doing = doing;
        shown.steps += 1;
        self.show(shown);
        focus_from(".own", then);
    }

    /// Asks for the first page.
    async fn ask(self) {
        let Some(product) = self.now().product else { return };
        let answer = api::get(self.visit.host, &path(product, "")).await;
        let mut shown = self.now();
        if shown.product != Some(product) {
            return;
        }
        shown.answers += 1;
        match answer {
            Ok(page) => {
                shown.page = page;
                shown.stand = Stand::Ready;
            }
            Err(error) => shown.stand = Stand::Failed(error),
        }
        self.show(shown);
    }

    /// Asks anew after a failure.
    fn retry(self) {
        let mut shown = self.now();
        shown.stand = Stand::Waiting;
        self.show(shown);
        run(async move {
            self.ask().await;
            focus_from(".summary", section::HEADING);
        });
    }

    /// Whether more of those that are shown are on their way.
    #[inline(never)]
    fn more_come(self) -> bool {
        let more = self.more.get();
        more.is_some() && more == self.shown().product
    }

    /// Shows more of them.
    fn show_more(self) {
        let before = self.now();
        let (Some(product), Some(next), false) =
            (before.product, before.page.next, untrack(|| self.more_come()))
        else {
            return;
        };
        self.more.set(Some(product));
        run(async move {
            let after = ["?after=", &next].concat();
            let answer = api::get::<ReviewPage>(self.visit.host, &path(product, &after)).await;
            if self.more.get_untracked() == Some(product) {
                self.more.set(None);
            }
            let mut shown = self.now();
            // Another product, or asked anew meanwhile.
            if shown.product != Some(product) || shown.page.next.as_ref() != Some(&next) {
                return;
            }
            match answer {
                Ok(page) => {
                    let first = page.items.first().map(|review| list::id(review.id));
                    shown.page.items.extend(page.items);
                    shown.page.next = page.next;
                    shown.answers += 1;
                    self.show(shown);
                    focus_from(".listed", first.as_deref().unwrap_or(section::HEADING));
                }
                Err(error) => self.tell(&error),
            }
        });
    }

    /// Opens the form, or says why not; whoever is not signed in is asked to first. It is about the product that is shown
    /// now: whoever goes on to another one meanwhile finds nothing opened there.
    fn write(self) {
        let Some(product) = self.now().product else { return };
        run(async move {
            // Whoever may not write may have signed out elsewhere: the shell looks, and then asks them to sign in.
            if !self.is_signed_in() || !self.now().page.may_write {
                // The dialog closed without a sign-in: nothing changes.
                if self.visit.host.sign_in().await.is_err() {
                    return;
                }
            }
            // They may have bought it since, or be somebody else.
            if self.shows(product) && !self.now().page.may_write {
                self.ask().await;
            }
            let shown = self.now();
            if shown.product != Some(product) {
                return;
            }
            match (shown.stand, shown.page.may_write) {
                (Stand::Ready, true) => self.go(Doing::Writing, form::FIRST),
                (Stand::Ready, false) => self.go(Doing::Refused, own::REFUSED),
                _ => {}
            }
        });
    }

    /// Sends a review; what is wrong with it, where something is.
    async fn send(self, review: WriteReview) -> Option<ApiError> {
        let product = self.now().product?;
        let step = self.step();
        let answer = api::send(self.visit.host, Method::PUT, &path(product, "/mine"), &review).await;
        match answer {
            Ok(()) => {
                self.done(product, step, t("Thank you: your review is saved.")).await;
                None
            }
            Err(_) if self.step() != step => None,
            Err(error) if error.is(code::REVIEW_NOT_BOUGHT) => {
                self.go(Doing::Refused, own::REFUSED);
                None
            }
            Err(error) => Some(error),
        }
    }

    fn delete(self) {
        let Some(product) = self.now().product else { return };
        let step = self.step();
        run(async move {
            match api::send(self.visit.host, Method::DELETE, &path(product, "/mine"), &()).await {
                Ok(()) => self.done(product, step, t("Your review is deleted.")).await,
                Err(error) => self.tell(&error),
            }
        });
    }

    /// Whether the page still shows this product.
    fn shows(self, product: i64) -> bool {
        self.shown.with_untracked(|shown| shown.product == Some(product))
    }

    /// Which of the things that are done on this page it is.
    fn step(self) -> u32 {
        self.shown.with_untracked(|shown| shown.steps)
    }

    /// Says that something was done, and shows what came of it where the product is still shown. What was begun meanwhile
    /// goes on.
    async fn done(self, product: i64, step: u32, text: String) {
        if self.shows(product) {
            self.ask().await;
        }
        if self.step() == step {
            self.go(Doing::Nothing, own::FIRST);
        }
        self.visit.host.notify(Notice::new(Level::Success, text));
    }

    fn tell(self, error: &ApiError) {
        self.visit.host.notify(Notice::new(Level::Error, error.numbered()));
    }
}

fn path(product: i64, rest: &str) -> String {
    ["/catalogue/products/", &product.to_string(), "/reviews", rest].concat()
}
