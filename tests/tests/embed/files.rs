//! What is served for it: the loader, and the description of the element.

use super::embedded::{EVERY_KIND, Embedded, bot_server};
use release::compress;
use serde_json::{Value, json};

#[tokio::test]
async fn custom_elements_json_describes_the_real_element() {
    let listen = "<script>window.told = new Set(); const { dispatchEvent } = EventTarget.prototype;
        EventTarget.prototype.dispatchEvent = function (event) { if (this.localName === 'menagerie-bot') told.add(event.type); return dispatchEvent.call(this, event) };
        addEventListener('click', (event) => event.composedPath()[0].closest('a') && event.preventDefault());</script>";
    let embedded = Embedded::free(listen, "<menagerie-bot intent=\"\" expand></menagerie-bot>").await;
    let base = embedded.base().await;
    let described: Value =
        embedded.server.get(&format!("{base}custom-elements.json")).await.json().await.unwrap();
    let element = &described["modules"][0]["declarations"][0];
    let names = |list: &str| -> Vec<String> {
        element[list].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let mut observed: Vec<String> =
        embedded.run("return [...customElements.get('menagerie-bot').observedAttributes, 'wait-open']").await;
    let mut attributes = names("attributes");
    observed.sort();
    attributes.sort();
    assert_eq!(attributes, observed);
    let mut real: Vec<String> = embedded.run("return Object.getOwnPropertyNames(bot.constructor.prototype).filter((name) => !/^constructor$|Callback$/.test(name))").await;
    let mut members = names("members");
    real.sort();
    members.sort();
    assert_eq!(members, real);
    // Everything that there is, once.
    embedded.until("it opens", "$('[data-test=bot-panel]')?.checkVisibility()").await;
    embedded.run::<()>(&format!("bot.renderCustomCard({EVERY_KIND})")).await;
    embedded.until("the card shows", "$('[data-test=info]')").await;
    let parts: Vec<String> =
        embedded.run("return [...new Set($$('[part]').flatMap((e) => [...e.part]))]").await;
    let known = names("cssParts");
    let unknown: Vec<_> = parts.iter().filter(|part| !known.contains(part)).collect();
    assert!(unknown.is_empty(), "not described: {unknown:?}");
    // All events that there are are told, and no others.
    let click = "for (const name of ['info', 'list-item', 'rich-button', 'accordion', 'chip']) $(`[data-test=${name}]`).click();
        const broken = document.createElement('menagerie-bot'); broken.setAttribute('agent-id', 'nobody'); document.body.append(broken); broken.sendQuery('hi'); return null";
    embedded.run::<()>(click).await;
    let mut events = names("events");
    events.sort();
    let told = format!("JSON.stringify([...told].sort()) === {:?}", json!(events).to_string());
    embedded.until(&format!("these should be told: {events:?}"), &told).await;
    let style: String = embedded.server.get(&format!("{base}bot.css")).await.text().await.unwrap();
    let mut used: Vec<&str> = style
        .match_indices("--df-messenger-")
        .map(|(at, _)| {
            let rest = &style[at..];
            &rest[..rest.find([',', ')', ':', ';', '}']).unwrap()]
        })
        .collect();
    used.sort_unstable();
    used.dedup();
    let mut properties = names("cssProperties");
    properties.sort();
    assert_eq!(properties, used);
}

#[tokio::test]
async fn the_loader_is_small_kept_for_minutes_and_open_to_everybody() {
    let server = bot_server().await;
    let response = server.get("/embed/bot.js").await;
    let header = |name: &str| {
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    assert_eq!(header("access-control-allow-origin"), "*");
    assert_eq!(header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(header("content-type"), "text/javascript; charset=utf-8");
    assert!(header("cache-control").starts_with("public, max-age=300"), "{}", header("cache-control"));
    let loader = response.bytes().await.unwrap();
    let manifest: Value = server.get("/manifest.json").await.json().await.unwrap();
    let placed = &manifest["apps"][0]["releases"][0];
    let mut first_answer = vec![("embed.js".to_owned(), compress::brotli(&loader).len())];
    for file in ["bot.js", "bot_bg.wasm", "bot.css", "tokens.css", "petstore.en.agent"] {
        let response = server.get(&format!("{}{file}", placed["base"].as_str().unwrap())).await;
        assert_eq!(response.status(), 200, "{file}");
        let bytes = response.bytes().await.unwrap();
        first_answer.push((file.to_owned(), compress::brotli(&bytes).len()));
    }
    let total: usize = first_answer.iter().map(|file| file.1).sum();
    println!("{}", json!({ "files": first_answer, "total": total }));
    assert!(first_answer[0].1 <= 5_000, "the loader has {} bytes", first_answer[0].1);
    assert!(total <= 180_000, "up to the first answer {total} bytes are fetched");
    let base = placed["base"].as_str().unwrap();
    let release: Value = server.get(&format!("{base}microapp.json")).await.json().await.unwrap();
    let mut names = release["files"].as_object().unwrap().keys();
    let vectors = names.find(|name| name.ends_with(".vectors")).unwrap();
    // As it travels: this client unpacks nothing.
    let vectors = reqwest::Client::new().get(format!("{}{base}{vectors}", server.origin()));
    let vectors = vectors.header("accept-encoding", "br").send().await.unwrap();
    assert_eq!(vectors.headers()["content-encoding"], "br");
    let vectors = vectors.bytes().await.unwrap().len();
    assert!(vectors <= 760_000, "vectors have {vectors} bytes");
    assert_eq!(server.get("/embed/nobody.js").await.status(), 404);
    assert_eq!(server.get("/embed/index.html").await.status(), 200);
}
