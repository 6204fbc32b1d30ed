//! Home: search and browse. The whole state is in the address.
//!
//! 1. [`filters`] is what is looked for and its address; [`browse`] keeps it, the address and what
//!    the shop answered in step.
//! 2. Everything else draws a part of the page from [`browse::Browse`] and calls `choose`.

mod browse;
mod card;
mod categories;
mod echo;
mod filters;
mod focus;
mod icon;
mod narrow;
mod pages;
mod paging;
mod prices;
mod results;
mod search;
mod shelf;

use browse::Browse;
use microapp::prelude::*;
use shelf::Shelf;

const C: &str = microapp::class!();

struct Home;

impl Microapp for Home {
    type State = Shelf;

    fn render(context: Context<Shelf>) -> impl IntoView {
        let browse = Browse::begin(context);
        let browsing = Memo::new(move |_| browse.filters.with(filters::Filters::browsing));
        Effect::new(move || {
            browse.host.set_title(&if browsing.get() { browse.title() } else { "Home".to_owned() });
        });
        view! { class = C,
            <div class="page" class:browsing=move || browsing.get()>
                <div class="head" class:compact=move || browsing.get()>
                    <div class="words">
                        <h1 node_ref=browse.heading tabindex="-1">
                            {move || if browsing.get() { browse.title() } else { "Good things for good animals".to_owned() }}
                        </h1>
                        <p class="lead" hidden=move || browsing.get()>
                            "Beds, bowls, toys and treats for everyone who sheds, chirps, swims or purrs."
                        </p>
                        {search::field(browse)}
                    </div>
                    {move || (!browsing.get()).then(hero)}
                </div>
                {categories::links(browse, browsing)}
                {results::section(browse, browsing)}
            </div>
        }
    }
}

fn hero() -> AnyView {
    view! { class = C,
        <img class="hero" src="/pictures/hero/default.svg" alt="" width="800" height="400" fetchpriority="high" />
    }
    .into_any()
}

microapp::export!(Home);
