//! How long a navigation takes, from the change of the hash until the next microapp's first view stands:
//! `cargo xtask bench navigation`. Times are printed as medians of five runs, and fail nothing.

// A bench ends at what goes wrong, with a sentence.
#![allow(clippy::expect_used, clippy::print_stdout, missing_docs)]

use std::process::ExitCode;
use tests::{Browser, Plain, Server, Shop, folders_of_the_shop};

const RUNS: usize = 5;
/// Mounts of each kind in a run: of what is on the page already, and of what takes a page of its own.
const MOUNTS: usize = 40;
const PAGES: usize = 5;
/// How many times as long an app may take while another one hangs.
const BESIDE_ONE_THAT_HANGS: f64 = 1.2;

/// The microapps and a path of each; home is where every page begins.
const APPS: [(&str, &str); 4] = [
    ("product", "/product/1"),
    ("cart", "/cart"),
    ("checkout", "/checkout/address"),
    ("contact", "/contact"),
];

/// Else Chromium holds back the navigations of a page that makes more than 200 in 10 s.
const UNTHROTTLED: &str = "--disable-ipc-flooding-protection";

/// `go(hash, app)`: milliseconds until the app is mounted; with `by = click` a link is clicked, with `by = told` they begin when
/// the browser says that the hash has changed. `load(address)`: the same for a bare `import()`. `settled()`: when the page
/// has been drawn and has nothing more to do, as it is when somebody clicks.
const CLOCK: &str = "
    const settled = () => new Promise((resolve) =>
      requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(resolve))));
    const type = (hash) => { location.hash = hash; };
    const told = (hash) => new Promise((resolve) => {
      addEventListener('popstate', ({ timeStamp }) => resolve(timeStamp), { once: true });
      location.hash = hash;
    });
    const click = (hash) => {
      const link = document.createElement('a');
      link.href = hash;
      document.body.append(link);
      link.click();
      link.remove();
    };
    const mounted = (app) => new Promise((resolve) => {
      const heard = ({ detail }) => {
        if (detail.app !== app || detail.to !== 'MOUNTED') return;
        removeEventListener('menagerie:app-state', heard);
        resolve(performance.now());
      };
      addEventListener('menagerie:app-state', heard);
    });
    const go = async (hash, app, by = type) => {
      const stands = mounted(app);
      const begun = performance.now();
      const beganLater = by(hash);
      return (await stands) - ((await beganLater) ?? begun);
    };
    const load = async (address) => {
      const begun = performance.now();
      await import(address);
      return performance.now() - begun;
    };";

/// The middle and the 95th of 100, in milliseconds.
#[derive(Clone, Copy)]
struct Times {
    p50: f64,
    p95: f64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut folders = folders_of_the_shop();
    folders.retain(|folder| folder != "microapps/bot");
    let (server, browser) = tokio::join!(Server::whole(&folders), Browser::with(&[UNTHROTTLED]));
    server.publish(&Plain::new("trivial").release()).await;
    let shop = Shop { server, browser };
    println!(
        "Milliseconds from the change of the hash until the first view stands, p50 / p95, medians of {RUNS} runs\n"
    );
    println!(
        "{:<24} {:>16} {:>16} {:>16} {:>16} {:>16}",
        "", "cold", "from cache", "mounted before", "… since popstate", "… by a link"
    );
    for (app, path) in APPS {
        let go = format!("go('#{path}', '{app}')");
        let (mut cold, mut cached) = <(Vec<_>, Vec<_>)>::default();
        let (mut before, mut told, mut clicked) = <(Vec<_>, Vec<_>, Vec<_>)>::default();
        for _ in 0..RUNS {
            cold.push(pages(&shop, &go, Cache::Emptied).await);
            cached.push(pages(&shop, &go, Cache::Kept).await);
            before.push(mounted_before(&shop, app, path, "type").await);
            told.push(mounted_before(&shop, app, path, "told").await);
            clicked.push(mounted_before(&shop, app, path, "click").await);
        }
        row(app, &[cold, cached, before, told, clicked]);
    }
    let (mut cold, mut cached) = (Vec::new(), Vec::new());
    let import = "load('/apps/trivial/1.0.0/trivial.js')";
    for _ in 0..RUNS {
        cold.push(pages(&shop, import, Cache::Emptied).await);
        cached.push(pages(&shop, import, Cache::Kept).await);
    }
    row("a bare import()", &[cold, cached]);
    println!("\nwanted: from cache 40 (p95), mounted before 8 (p95)");
    beside_one_that_hangs(&shop).await
}

/// Whether an app that hangs keeps the next one waiting.
async fn beside_one_that_hangs(shop: &Shop) -> ExitCode {
    shop.server.publish(&Plain::new("hanging").mount("await new Promise(() => {});").release()).await;
    let mut ratios = Vec::new();
    for _ in 0..RUNS {
        let usual = mounted_after(shop, "await go('#/', 'home')").await;
        let hanging = "await new Promise((resolve) => {
               const heard = ({ detail }) => {
                 if (detail.app !== 'hanging' || detail.to !== 'MOUNTING') return;
                 removeEventListener('menagerie:app-state', heard);
                 resolve();
               };
               addEventListener('menagerie:app-state', heard);
               location.hash = '#/hanging';
             })";
        ratios.push(mounted_after(shop, hanging).await.p50 / usual.p50);
    }
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios[RUNS / 2];
    println!(
        "while another hangs, contact takes {ratio:.2} times its usual time (at most {BESIDE_ONE_THAT_HANGS})"
    );
    if ratio > BESIDE_ONE_THAT_HANGS { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Goes to contact again and again, each time after `step`.
async fn mounted_after(shop: &Shop, step: &str) -> Times {
    shop.visit("/").await;
    shop.at("home").await;
    let script = format!(
        "{CLOCK} return (async () => {{
            const times = [];
            for (let i = 0; i <= {MOUNTS}; i += 1) {{
              {step};
              await settled();
              times.push(await go('#/contact', 'contact'));
            }}
            return times.slice(1);
         }})()"
    );
    Times::of(shop.eval(&script).await)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cache {
    Emptied,
    Kept,
}

/// Measures on pages that begin at home, each anew.
async fn pages(shop: &Shop, measured: &str, cache: Cache) -> Times {
    let mut times = Vec::new();
    let script = format!("{CLOCK} return settled().then(() => {measured})");
    // With a cache that is kept, the first page fills it.
    for number in 0..PAGES + usize::from(cache == Cache::Kept) {
        if cache == Cache::Emptied {
            shop.open("about:blank").await;
            shop.forget(shop.server.origin()).await;
        }
        shop.visit("/").await;
        shop.at("home").await;
        shop.until_loaded().await;
        let time: f64 = shop.eval(&script).await;
        if cache == Cache::Emptied || number > 0 {
            times.push(time);
        }
    }
    Times::of(times)
}

/// Goes to and fro on one page.
async fn mounted_before(shop: &Shop, app: &str, path: &str, by: &str) -> Times {
    shop.visit("/").await;
    shop.at("home").await;
    let script = format!(
        "{CLOCK} return (async () => {{
            const times = [];
            for (let i = 0; i <= {MOUNTS}; i += 1) {{
              await settled();
              times.push(await go('#{path}', '{app}', {by}));
              await settled();
              await go('#/', 'home');
            }}
            return times.slice(1);
         }})()"
    );
    Times::of(shop.eval(&script).await)
}

impl Times {
    fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        // The nearest rank: of 40 the 38th is the 95th of 100.
        let at = |share: f64| times[(times.len() as f64 * share).ceil() as usize - 1];
        Self { p50: at(0.5), p95: at(0.95) }
    }
}

fn row(what: &str, kinds: &[Vec<Times>]) {
    let median = |times: &[Times], of: fn(&Times) -> f64| {
        let mut figures: Vec<f64> = times.iter().map(of).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    let cells = kinds
        .iter()
        .map(|times| format!("{:>8.1} /{:>6.1}", median(times, |t| t.p50), median(times, |t| t.p95)));
    println!("{what:<24} {}", cells.collect::<Vec<_>>().join(" "));
}
