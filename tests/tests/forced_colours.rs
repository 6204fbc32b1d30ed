//! With the few colours that somebody chose for everything: where the focus is and what is chosen can be seen, on
//! every page and in every state.

use tests::{Key, Screen, Shop, Theme, states::STATES};

/// Backgrounds and shadows are gone with forced colours; what is left to tell things apart are lines, weights, shapes
/// and the system's own colours. What an element looks like by them: itself, its label, what is in them.
const LOOK: &str = "
    const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
    const own = (e, pseudo) => {
        const s = getComputedStyle(e, pseudo);
        if (pseudo && s.content === 'none') return '';
        return [s.backgroundColor, s.color, s.fill, s.borderTopColor, s.borderTopStyle, s.borderTopWidth, s.borderBottomColor,
            s.borderBottomWidth, s.outlineStyle, s.outlineWidth, s.outlineColor, s.fontWeight, s.textDecorationLine, s.content].join(' ');
    };
    const look = (e) => {
        const of = e.labels?.length ? [e, ...e.labels] : [e];
        const all = of.flatMap((e) => [e, ...e.querySelectorAll('*')]).filter((part) => part === e || seen(part));
        return all.map((part) => [null, '::before', '::after'].map((pseudo) => own(part, pseudo)).join('|')).join('\\n');
    };
    const name = (e) => (e.dataset.test ?? '') + ' ' + e.outerHTML.slice(0, 120);
";

/// What is chosen and looks like what is not.
const CHOSEN: &str = "
    const chosen = [...document.querySelectorAll('[aria-current]:not([aria-current=false]), [aria-selected=true], [aria-pressed=true], input:checked')];
    const twin = (e) => {
        const others = e.localName === 'input'
            ? [...document.getElementsByName(e.name)].filter((other) => other.type === e.type && !other.checked)
            : e.hasAttribute('aria-pressed') ? []
            : [...(e.closest('ul, ol, nav, [role=listbox], [role=tablist], .small, p') ?? e.parentElement).querySelectorAll(e.localName)]
                .filter((other) => !other.matches('[aria-current]:not([aria-current=false]), [aria-selected=true]'));
        return others.find((other) => !other.disabled && (seen(other) || [...(other.labels ?? [])].some(seen)));
    };
    // A box or a circle of the system is filled.
    const native = (e) => e.localName === 'input' && seen(e) && getComputedStyle(e).appearance !== 'none'
        && parseFloat(getComputedStyle(e).opacity) > 0 && e.getBoundingClientRect().width > 8;
    return chosen
        .filter((e) => (seen(e) || [...(e.labels ?? [])].some(seen)) && !native(e))
        .filter((e) => {
            if (e.hasAttribute('aria-pressed')) {
                const before = look(e);
                e.setAttribute('aria-pressed', 'false');
                const after = look(e);
                e.setAttribute('aria-pressed', 'true');
                return before === after;
            }
            const other = twin(e);
            return other && own(other) === own(e) && look(other) === look(e);
        })
        .map(name);
";

/// What can be reached by Tab and shows no focus. The last key was Tab, so a focus that is given shows as if by it.
const FOCUS: &str = "
    const line = (s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1;
    const dialog = [...document.querySelectorAll('dialog[open]')].at(-1);
    const all = [...(dialog ?? document).querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex=\"0\"]')];
    const hidden = [];
    const was = document.activeElement;
    for (const e of all.filter((e) => seen(e) && !e.disabled && !e.closest('[inert]'))) {
        e.focus({ preventScroll: true });
        if (document.activeElement !== e || !e.matches(':focus-visible')) continue;
        const near = [e, e.parentElement, ...(e.nextElementSibling ? [e.nextElementSibling] : []), ...(e.labels ?? [])];
        const lines = near.some((n) => line(getComputedStyle(n))) || ['::before', '::after'].some((p) => line(getComputedStyle(e, p)));
        if (!lines) hidden.push(name(e));
    }
    was?.focus?.({ preventScroll: true });
    return hidden;
";

#[tokio::test]
async fn focus_and_choice_are_seen_with_forced_colours() {
    let shop = Shop::with_a_broken_app().await;
    shop.screen(Screen::Desktop).await;
    shop.forced_colours(Theme::Light).await;
    let mut found = Vec::new();
    for state in STATES {
        println!("{state}");
        shop.reach(state).await;
        assert!(shop.eval::<bool>("return matchMedia('(forced-colors: active)').matches").await);
        let same: Vec<String> = shop.eval(&format!("{LOOK}{CHOSEN}")).await;
        found.extend(
            same.into_iter().map(|element| format!("{state}: chosen, and looks like the rest: {element}")),
        );
        // Suggestions go when the focus does.
        if state == "home-suggestions" {
            continue;
        }
        shop.key(Key::Tab).await;
        let hidden: Vec<String> = shop.eval(&format!("{LOOK}{FOCUS}")).await;
        found.extend(hidden.into_iter().map(|element| format!("{state}: its focus is not seen: {element}")));
    }
    assert!(found.is_empty(), "{} findings\n{}", found.len(), found.join("\n"));
}

#[tokio::test]
async fn what_cannot_be_told_apart_is_found() {
    let shop = Shop::open().await;
    shop.forced_colours(Theme::Light).await;
    shop.visit("/").await;
    shop.at("home").await;
    // By colour alone: a background, a shadow.
    shop.eval::<()>(
        "const sheet = new CSSStyleSheet();
         sheet.replaceSync('.bare { all: revert; outline: none !important; box-shadow: 0 0 0 3px red } .bare[aria-current] { background: red; color: white }');
         document.adoptedStyleSheets.push(sheet);
         const list = document.createElement('ul');
         for (const current of [true, false]) {
             const button = document.createElement('button');
             button.className = 'bare';
             button.textContent = 'bare';
             if (current) button.setAttribute('aria-current', 'true');
             list.append(button);
         }
         document.querySelector('main').prepend(list)",
    )
    .await;
    shop.key(Key::Tab).await;
    for script in [CHOSEN, FOCUS] {
        let found: Vec<String> = shop.eval(&format!("{LOOK}{script}")).await;
        assert!(found.iter().any(|element| element.contains("bare")), "{found:?}");
    }
}
