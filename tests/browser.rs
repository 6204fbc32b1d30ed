//! A Chromium of its own, driven through chromedriver. It waits for conditions, never for time.

use crate::{chromedriver::Chromedriver, environment};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{
    thread,
    time::{Duration, Instant},
};
use thirtyfour::action_chain::ActionChain;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, ChromeCapabilities, ChromiumLikeCapabilities, WebDriver, WebElement, WindowHandle};

pub use thirtyfour::Key;

/// How long a condition may take to come true. Most are much faster; but pages ask again every ten seconds, and a busy machine is
/// slow, not wrong.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(25);

/// What runs in every page before anything of its own: remembers what would otherwise be gone.
const RECORDER: &str = r#"(() => {
  if (window.__recorded) return;
  const recorded = (window.__recorded = { states: [], problems: [], parts: [], errors: [] });
  addEventListener("menagerie:app-state", ({ detail }) => recorded.states.push({ ...detail }));
  addEventListener("menagerie:app-problem", ({ detail }) => {
    recorded.problems.push(String(detail?.message ?? detail));
    recorded.parts.push(["code", "app", "version", "state"].map((part) => String(detail?.[part])));
  });
  addEventListener("error", ({ message }) => message && recorded.errors.push(message));
  addEventListener("unhandledrejection", ({ reason }) => recorded.errors.push(`unhandled: ${reason?.message ?? reason}`));
  addEventListener("securitypolicyviolation", (event) => recorded.errors.push(`CSP ${event.violatedDirective}: ${event.blockedURI}`));
  const { error } = console;
  console.error = (...said) => {
    recorded.errors.push(said.map((part) => part?.message ?? String(part)).join(" "));
    error.apply(console, said);
  };
})()"#;

/// A change of an app's state, as the page announced it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct State {
    /// The microapp.
    pub app: String,
    /// Its release.
    pub version: String,
    /// The state before.
    pub from: String,
    /// The state since.
    pub to: String,
}

/// What happened on the page since it was loaded.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Recorded {
    /// `menagerie:app-state`, in order.
    pub states: Vec<State>,
    /// `menagerie:app-problem`.
    pub problems: Vec<String>,
    /// The same in parts: number, app, release, state.
    pub parts: Vec<[String; 4]>,
    /// `console.error`, errors that nobody caught, refusals by the content security policy.
    pub errors: Vec<String>,
}

impl Recorded {
    /// The states that one app went through: `["LOADING", …]`.
    pub fn states_of(&self, app: &str) -> Vec<&str> {
        self.states.iter().filter(|state| state.app == app).map(|state| state.to.as_str()).collect()
    }
}

/// A browser with a profile of its own. It ends when this is dropped.
pub struct Browser {
    driver: Option<WebDriver>,
    chromedriver: Chromedriver,
    session: String,
}

impl Browser {
    /// Starts one.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Starts one with more of Chromium's flags.
    pub async fn with(flags: &[&str]) -> Self {
        let chromedriver = Chromedriver::start();
        let mut capabilities = ChromeCapabilities::new();
        capabilities.set_binary(&environment::chromium().to_string_lossy()).expect("a path");
        let usual = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-features=Translate,OptimizationHints,MediaRouter",
            "--hide-scrollbars",
            "--lang=en-GB",
            "--window-size=1280,900",
        ];
        for flag in usual.iter().chain(flags) {
            capabilities.add_arg(flag).expect("a flag");
        }
        let driver = WebDriver::new(chromedriver.address(), capabilities)
            .await
            .unwrap_or_else(|error| panic!("Chromium does not start: {error}"));
        let session = driver.session_id().to_string();
        let browser = Self { driver: Some(driver), chromedriver, session };
        browser.record().await;
        browser
    }

    fn driver(&self) -> &WebDriver {
        self.driver.as_ref().expect("the browser runs")
    }

    fn actions(&self) -> ActionChain {
        self.driver().action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO))
    }

    async fn record(&self) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": RECORDER })).await;
    }

    /// Opens an address.
    pub async fn open(&self, address: &str) {
        self.driver()
            .goto(address)
            .await
            .unwrap_or_else(|error| panic!("{address} cannot be opened: {error}"));
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.driver().refresh().await.expect("the page can be reloaded");
    }

    /// Back in the history.
    pub async fn back(&self) {
        self.eval::<()>("history.back()").await;
    }

    /// Forward in the history.
    pub async fn forward(&self) {
        self.eval::<()>("history.forward()").await;
    }

    /// The page's address.
    pub async fn address(&self) -> String {
        self.eval("return location.href").await
    }

    /// The page's title.
    pub async fn title(&self) -> String {
        self.eval("return document.title").await
    }

    /// Runs a function body in the page. A promise is waited for.
    pub async fn eval<T: DeserializeOwned>(&self, script: &str) -> T {
        self.eval_with(script, Vec::new()).await
    }

    /// The same with arguments.
    pub async fn eval_with<T: DeserializeOwned>(&self, script: &str, arguments: Vec<Value>) -> T {
        let answer = self.driver().execute(script, arguments).await;
        let answer = answer.unwrap_or_else(|error| panic!("the page cannot run {script}: {error}"));
        let json = answer.json().clone();
        serde_json::from_value(json.clone()).unwrap_or_else(|error| panic!("{script} gave {json}: {error}"))
    }

    /// Waits until an expression in the page is true, and gives back what it is.
    pub async fn until(&self, what: &str, expression: &str) -> Value {
        let script = format!("return ({expression})");
        let began = Instant::now();
        loop {
            // While a page is being replaced there may be nothing that answers.
            let answer = self.driver().execute(script.as_str(), Vec::new()).await;
            let last = match answer {
                Ok(answer) => {
                    let value = answer.json().clone();
                    if !matches!(value, Value::Null | Value::Bool(false))
                        && value != json!(0)
                        && value != json!("")
                    {
                        return value;
                    }
                    String::new()
                }
                Err(error) => error.to_string(),
            };
            if began.elapsed() > PATIENCE {
                panic!("{what}: not within {PATIENCE:?} ({expression}) {last}\n{}", self.situation().await);
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits until an element shows. It is not handed out: what chromedriver knows, it keeps alive.
    pub async fn see(&self, css: &str) {
        self.until(&format!("{css} should show"), &format!("Boolean({})", visible(css))).await;
    }

    /// Waits until an element shows that has a text in it.
    pub async fn see_text(&self, css: &str, text: &str) {
        let expression = format!(
            "[...document.querySelectorAll({})].some((e) => e.checkVisibility() && {})",
            quoted(css),
            says(text)
        );
        self.until(&format!("{css} should say {text}"), &expression).await;
    }

    /// Waits until no such element shows.
    pub async fn gone(&self, css: &str) {
        self.until(&format!("{css} should be gone"), &format!("!({})", visible(css))).await;
    }

    /// Whether an element shows now.
    pub async fn shows(&self, css: &str) -> bool {
        self.eval(&format!("return Boolean({})", visible(css))).await
    }

    /// The text of an element, once it shows.
    pub async fn text(&self, css: &str) -> String {
        // In one look, for it may be drawn anew at any time. In a list, for an empty text is one, too.
        let read = format!("((e) => e && [e.innerText])({})", visible(css));
        let found = self.until(&format!("{css} should show"), &read).await;
        found[0].as_str().unwrap_or_default().to_owned()
    }

    /// Clicks the first element that shows, as soon as nothing moves or covers it.
    pub async fn click(&self, css: &str) {
        self.with_element(css, &visible(css), async |element| element.click().await).await;
    }

    /// Clicks the first element of a kind that has a text in it.
    pub async fn click_text(&self, css: &str, text: &str) {
        let what = format!("{css} with {text}");
        let found = visible_that(css, &says(text));
        self.with_element(&what, &found, async |element| element.click().await).await;
    }

    /// Does something with the element that an expression finds, as soon as it can be done. It is looked for each time, for it may be
    /// drawn anew at any time.
    async fn with_element(
        &self,
        what: &str,
        found: &str,
        act: impl AsyncFn(&WebElement) -> WebDriverResult<()>,
    ) {
        let mark = format!(
            "((found) => {{
               document.querySelectorAll('[data-meant]').forEach((e) => e.removeAttribute('data-meant'));
               found?.setAttribute('data-meant', ''); found?.scrollIntoView({{ block: 'center', behavior: 'instant' }});
               return Boolean(found);
             }})({found})"
        );
        let began = Instant::now();
        loop {
            self.until(&format!("{what} should show"), &mark).await;
            let done = match self.driver().find(By::Css("[data-meant]")).await {
                Ok(element) => act(&element).await,
                Err(error) => Err(error),
            };
            match done {
                Ok(()) => return,
                Err(error) if began.elapsed() > PATIENCE => {
                    panic!("{what} cannot be reached: {error}\n{}", self.situation().await)
                }
                Err(_) => tokio::time::sleep(POLL).await,
            }
        }
    }

    /// Puts a text into a field in place of what is there. It is typed again where something took the focus meanwhile.
    pub async fn fill(&self, css: &str, text: &str) {
        let focus = format!(
            "((field) => {{ field?.focus(); field?.select?.(); return field?.localName }})({})",
            visible(css)
        );
        // Fields put blanks into numbers and write codes large. What is no number at all, one for numbers keeps to itself; one that
        // may only be read takes nothing.
        let holds = format!(
            "const bare = (text) => text.toLowerCase().replace(/[^\\p{{L}}\\p{{N}}]/gu, '');
             const field = {};
             return Boolean(field) && (field.readOnly || Boolean(field.validity?.badInput) || bare(field.value) === bare({}))",
            visible(css),
            quoted(text)
        );
        let typed = if text.is_empty() { String::from(Key::Delete.value()) } else { text.to_owned() };
        let began = Instant::now();
        loop {
            if self.until(&format!("{css} should show"), &focus).await == "select" {
                return self.choose(css, text).await;
            }
            self.press(&typed).await;
            if self.eval::<bool>(&holds).await {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{css} does not hold {text}\n{}", self.situation().await);
            tokio::time::sleep(POLL).await;
        }
    }

    /// Chooses what a select offers under a label.
    async fn choose(&self, css: &str, label: &str) {
        let choose = format!(
            "((field) => {{
               const option = [...(field?.options ?? [])].find((o) => o.label.includes({}));
               if (!option) return false;
               field.value = option.value;
               field.dispatchEvent(new Event('input', {{ bubbles: true }}));
               field.dispatchEvent(new Event('change', {{ bubbles: true }}));
               return true;
             }})({})",
            quoted(label),
            visible(css)
        );
        self.until(&format!("{css} should offer {label}"), &choose).await;
    }

    /// Presses keys, wherever the focus is.
    pub async fn press(&self, keys: &str) {
        let chain = self.actions().send_keys(keys);
        chain.perform().await.unwrap_or_else(|error| panic!("keys cannot be pressed: {error}"));
    }

    /// Presses one key.
    pub async fn key(&self, key: Key) {
        self.press(&key.value().to_string()).await;
    }

    /// Moves the pointer onto an element.
    pub async fn point_at(&self, css: &str) {
        self.with_element(css, &visible(css), async |element| {
            self.actions().move_to_element_center(element).perform().await
        })
        .await;
    }

    /// Asks Chromium's DevTools.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let answer = self.driver().cdp().send_raw(command, parameters).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// What happened on this page.
    pub async fn recorded(&self) -> Recorded {
        self.eval("return window.__recorded ?? { states: [], problems: [], parts: [], errors: [] }").await
    }

    /// Waits until an app is in a state: `MOUNTED`.
    pub async fn until_state(&self, app: &str, state: &str) {
        let expression = format!(
            "window.__recorded?.states.filter((s) => s.app === {}).at(-1)?.to === {}",
            quoted(app),
            quoted(state)
        );
        self.until(&format!("{app} should be {state}"), &expression).await;
    }

    /// Nothing on this page went wrong.
    pub async fn assert_no_complaints(&self) {
        let recorded = self.recorded().await;
        assert!(
            recorded.errors.is_empty() && recorded.problems.is_empty(),
            "the page complained: {:?} {:?}",
            recorded.errors,
            recorded.problems
        );
    }

    /// A second tab of the same browser; the answers are the old one and the new one, which is shown.
    pub async fn new_tab(&self) -> (WindowHandle, WindowHandle) {
        let old = self.driver().window().await.expect("a tab");
        let new = self.driver().new_tab().await.expect("a new tab");
        self.show_tab(&new).await;
        self.record().await;
        (old, new)
    }

    /// Goes to a tab.
    pub async fn show_tab(&self, tab: &WindowHandle) {
        self.driver().switch_to_window(tab.clone()).await.expect("the tab is there");
    }

    /// Forgets cookies and everything stored for an origin.
    pub async fn forget(&self, origin: &str) {
        self.devtools("Network.clearBrowserCookies", json!({})).await;
        self.devtools("Storage.clearDataForOrigin", json!({ "origin": origin, "storageTypes": "all" })).await;
        self.devtools("Network.clearBrowserCache", json!({})).await;
    }

    /// Cuts the network, or gives it back.
    pub async fn set_offline(&self, offline: bool) {
        self.devtools("Network.enable", json!({})).await;
        let conditions =
            json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.devtools("Network.emulateNetworkConditions", conditions).await;
    }

    /// What a person would tell about the page when something does not come.
    pub async fn situation(&self) -> String {
        let script = "return [location.href, document.title, 'focus: ' + document.activeElement?.outerHTML.slice(0, 150),
            '---', document.body?.innerText.replace(/\\n+/g, '\\n').slice(0, 1200) ?? '', '---',
            JSON.stringify(window.__recorded?.states.map((s) => `${s.app} ${s.to}`) ?? []),
            ...(window.__recorded?.problems ?? []), ...(window.__recorded?.errors ?? [])].join('\\n')";
        match self.driver().execute(script, Vec::new()).await {
            Ok(answer) => answer.json().as_str().unwrap_or_default().to_owned(),
            Err(error) => format!("the page does not answer: {error}"),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if thread::panicking() {
            self.keep_picture();
        }
        // Dropping must not wait for an async runtime that may be gone: chromedriver is told directly.
        if let Some(driver) = self.driver.take() {
            let _ = driver.leak();
        }
        // Chromium ends with its session, chromedriver as it is dropped.
        let _ = self.chromedriver.ask("DELETE", &format!("/session/{}", self.session));
    }
}

impl Browser {
    /// Leaves a picture of the page on which a test failed.
    fn keep_picture(&self) {
        use base64::Engine;
        let answer = self.chromedriver.ask("GET", &format!("/session/{}/screenshot", self.session));
        let picture = answer.and_then(|body| serde_json::from_str::<Value>(&body).ok()).and_then(|answer| {
            base64::engine::general_purpose::STANDARD.decode(answer["value"].as_str()?).ok()
        });
        let test = thread::current().name().unwrap_or("test").replace("::", "-");
        if let Some(picture) = picture {
            let file = environment::screenshots().join(format!("failed-{test}.png"));
            if std::fs::write(&file, picture).is_ok() {
                println!("the page as it was: {}", file.display());
            }
        }
    }
}

/// The first visible element of a selector, as an expression.
fn visible(css: &str) -> String {
    visible_that(css, "true")
}

/// The first that a condition on it, `e`, is true of.
fn visible_that(css: &str, condition: &str) -> String {
    format!(
        "[...document.querySelectorAll({})].find((e) => e.checkVisibility({{ visibilityProperty: true, opacityProperty: true }}) && e.getClientRects().length > 0 && {condition})",
        quoted(css)
    )
}

/// That `e` has a text in it, however it is broken into lines.
fn says(text: &str) -> String {
    format!("e.innerText.replace(/\\s+/g, ' ').includes({})", quoted(text))
}

/// A text as a JavaScript literal.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}
