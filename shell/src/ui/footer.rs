//! What every page ends with.

use super::C;
use leptos::prelude::*;

pub fn view() -> AnyView {
    view! { class = C,
        <footer class="footer">
            <div class="foot">
                <p class="promise">"Good things for small animals, and large ones."</p>
                <nav class="links" aria-label="Footer">
                    <a class="link" href="#/">"Shop"</a>
                    <a class="link" href="#/cart">"Cart"</a>
                    <a class="link" href="#/contact">"Contact"</a>
                </nav>
                <p class="hint">"A reference shop: nothing here is really sold. Made of microapps in Rust and WebAssembly."</p>
            </div>
        </footer>
    }
    .into_any()
}
