//! Neighbours with bad manners: page-wide style sheets that an app must not feel.

use crate::Browser;
use serde_json::{Map, Value};

/// Everything that a neighbour's ordinary style sheet could do to elements that are not its own.
/// `classes` are the names that the app itself uses.
pub fn neighbour(classes: &[String], keyframes: &[String]) -> String {
    let elements = "a,abbr,article,aside,button,code,dd,dialog,div,dl,dt,em,fieldset,figcaption,figure,footer,form,h1,h2,h3,h4,header,\
                    img,input,label,legend,li,main,nav,ol,option,p,picture,section,select,small,span,strong,sub,summary,svg,table,td,textarea,th,time,tr,ul";
    let rule = "color:#ff00ff;background:#00ff00;font:italic 900 33px/3 cursive;letter-spacing:9px;text-transform:uppercase;\
                text-align:right;text-indent:17px;word-spacing:11px;border:7px dotted #f00;padding:13px;margin:19px;display:inline-block;\
                position:relative;opacity:.3;cursor:wait;box-shadow:0 0 9px red;border-radius:3px;list-style:square;visibility:visible;width:77px";
    // What the app stands in is the shell's: rules for it would move the app without reaching into it.
    let elsewhere = ":where(:not([data-ancestor]))";
    let named: String = classes.iter().map(|class| format!(".{class}{elsewhere}{{{rule}}}\n")).collect();
    let moving: String = keyframes
        .iter()
        .map(|name| format!("@keyframes {name}{{from,to{{transform:rotate(45deg)}}}}\n"))
        .collect();
    let elements: String =
        elements.split(',').map(|element| format!("{element}{elsewhere}{{{rule}}}\n")).collect();
    format!("{elements}*{elsewhere}{{{rule};--space-1:99px;--space-4:99px}}\n{named}{moving}")
}

/// Marks what `root` stands in, up to the page itself, as nobody's business.
pub async fn mark_ancestors(browser: &Browser, root: &str) {
    let script = "for (let e = document.querySelector(arguments[0]).parentElement; e; e = e.parentElement) e.dataset.ancestor = ''";
    browser.eval_with::<()>(script, vec![root.into()]).await;
}

/// Lets a neighbour write style elements, which the shop's content security policy would refuse: an
/// app has to hold out on pages with weaker ones. Counts from the next page on.
pub async fn open_doors(browser: &Browser) {
    browser.devtools("Page.setBypassCSP", serde_json::json!({ "enabled": true })).await;
}

/// Puts a style sheet onto the page, before everything else or after it, and sees that it works.
pub async fn move_in(browser: &Browser, css: &str, place: Place) {
    let script = match place {
        Place::Before => {
            "const s = document.createElement('style'); s.dataset.neighbour = ''; s.textContent = arguments[0]; document.head.prepend(s)"
        }
        Place::After => {
            "const s = document.createElement('style'); s.dataset.neighbour = ''; s.textContent = arguments[0]; document.body.append(s)"
        }
        Place::Adopted => {
            "const s = new CSSStyleSheet(); s.replaceSync(arguments[0]); document.adoptedStyleSheets = [...document.adoptedStyleSheets, s]"
        }
    };
    browser.eval_with::<()>(script, vec![css.into()]).await;
    let control = "const p = document.createElement('p'); p.id = 'neighbour'; p.textContent = 'x'; document.body.append(p);
        const { letterSpacing } = getComputedStyle(p); p.remove(); return letterSpacing";
    assert_eq!(browser.eval::<String>(control).await, "9px", "the neighbour's own style does not apply");
}

/// Where a neighbour's sheet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// First in the head.
    Before,
    /// Last in the body.
    After,
    /// Adopted by the document, after the app's own.
    Adopted,
}

/// The computed style of every element below `root`, pseudo-elements included, by its place in the tree.
pub async fn computed(browser: &Browser, root: &str) -> Map<String, Value> {
    let script = r#"// Of what is taken out of the flow, these say where it came to stand on the page, not its style.
      const placed = (element) => ["absolute", "fixed"].includes(getComputedStyle(element).position);
      const root = document.querySelector(arguments[0]), styles = {};
      const style = (element, pseudo) => Object.fromEntries([...getComputedStyle(element, pseudo)]
        .filter((name) => !name.startsWith("--") && !(placed(element) && /^(top|right|bottom|left|inset)/.test(name))).map((name) => [name, getComputedStyle(element, pseudo).getPropertyValue(name)]));
      const walk = (element, path) => {
        styles[path] = style(element);
        for (const pseudo of ["::before", "::after", "::placeholder"]) {
          const content = getComputedStyle(element, pseudo).content;
          if (content !== "none" && content !== "normal") styles[path + pseudo] = style(element, pseudo);
        }
        [...element.children].forEach((child, i) => walk(child, `${path} > ${child.localName}.${child.classList[0] ?? ""}:${i}`));
      };
      walk(root, root.localName);
      return styles"#;
    browser.eval_with(script, vec![root.into()]).await
}

/// What is not as it was, as `element property: before → after`.
pub fn differences(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    for (element, style) in before {
        let Some(now) = after.get(element) else {
            found.push(format!("{element} is gone"));
            continue;
        };
        let (style, now) = (style.as_object().expect("a style"), now.as_object().expect("a style"));
        for (property, value) in style {
            if now.get(property) != Some(value) {
                found.push(format!(
                    "{element} {property}: {value} → {}",
                    now.get(property).unwrap_or(&Value::Null)
                ));
            }
        }
    }
    found
}
