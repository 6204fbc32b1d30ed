//! One microapp, mounted by the shell from the registry, and taken off again.

use serde_json::json;
use tests::{Plain, SHORT_DEADLINES, Shop, Theme};

/// The states from nothing to mounted.
const UP: [&str; 6] = ["LOADING", "NOT_BOOTSTRAPPED", "BOOTSTRAPPING", "NOT_MOUNTED", "MOUNTING", "MOUNTED"];

#[tokio::test]
async fn a_plain_javascript_app_is_mounted_from_the_registry_and_leaves_nothing() {
    let shop = Shop::empty().await;
    shop.server.publish(&Plain::new("greeter").field("title", json!("Greeter")).release()).await;
    shop.server.publish(&Plain::new("other").release()).await;
    shop.visit("/#/greeter/7").await;
    shop.at("greeter").await;
    assert_eq!(shop.text("[data-app=greeter] h1").await, "greeter@1.0.0");
    assert_eq!(shop.text("[data-test=path]").await, "/greeter/7");
    assert_eq!(shop.title().await, "Greeter · Menagerie");
    assert_eq!(shop.recorded().await.states_of("greeter"), UP);

    shop.follow("/other").await;
    shop.at("other").await;
    let recorded = shop.recorded().await;
    assert_eq!(recorded.states_of("greeter")[UP.len()..], ["UNMOUNTING", "NOT_MOUNTED"]);
    let measured = "return performance.getEntriesByType('measure').map(({ detail }) => detail).filter((detail) => detail?.app === 'greeter').map(({ to }) => to)";
    assert_eq!(shop.eval::<Vec<String>>(measured).await, recorded.states_of("greeter"));
    assert!(!shop.shows("[data-app=greeter]").await, "its element is still on the page");
    // All unmounts of a navigation finish before its first mount.
    let order: Vec<_> = recorded.states.iter().map(|s| format!("{} {}", s.app, s.to)).collect();
    let place = |what: &str| order.iter().position(|state| state == what).unwrap();
    assert!(place("greeter UNMOUNTING") < place("other MOUNTING"), "{order:?}");
    // While the next app loads, the old one stays.
    assert!(place("other NOT_MOUNTED") < place("greeter UNMOUNTING"), "{order:?}");
    for (before, after) in recorded.states.iter().zip(recorded.states.iter().skip(1)) {
        if before.app == after.app {
            assert_eq!(before.to, after.from, "states follow one another");
        }
    }
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn a_second_mount_loads_and_bootstraps_nothing_again() {
    let shop = Shop::empty().await;
    let counting = Plain::new("counting")
        .before("let bootstraps = 0, mounts = 0;")
        .bootstrap("bootstraps += 1;")
        .mount("mounts += 1; domElement.innerHTML = `<h1>${bootstraps} ${mounts}</h1>`;");
    shop.server.publish(&counting.release()).await;
    shop.server.publish(&Plain::new("other").release()).await;
    shop.visit("/#/counting").await;
    shop.see_text("[data-app=counting] h1", "1 1").await;
    shop.follow("/other").await;
    shop.at("other").await;
    shop.follow("/counting").await;
    shop.see_text("[data-app=counting] h1", "1 2").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn a_change_of_the_query_alone_is_an_update_of_the_mounted_app() {
    let shop = Shop::empty().await;
    let listing = Plain::new("listing").update(
        "domElement.querySelector('p').textContent = `${route.path} ${JSON.stringify(route.query)} ${JSON.stringify(route.params)}`;",
    );
    shop.server.publish(&listing.release()).await;
    shop.visit("/#/listing").await;
    shop.at("listing").await;
    shop.eval::<()>("document.querySelector('[data-app=listing]').dataset.same = 'yes'").await;
    shop.follow("/listing?sort=title").await;
    shop.see_text("[data-same=yes] p", r#"/listing {"sort":"title"} {}"#).await;
    shop.follow("/listing/9?sort=title").await;
    shop.see_text("[data-same=yes] p", r#"/listing/9 {"sort":"title"} {"id":"9"}"#).await;
    assert!(!shop.recorded().await.states_of("listing").contains(&"UNMOUNTING"));
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn what_was_fetched_ahead_is_made_ready_and_not_fetched_again() {
    let shop = Shop::empty().await;
    shop.server.publish(&Plain::new("here").release()).await;
    shop.server.publish(&Plain::new("there").field("load", json!("idle")).release()).await;
    shop.visit("/#/here").await;
    shop.at("here").await;
    let fetched = "performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('/there.js') && entry.initiatorType === 'fetch').length";
    shop.until("it should be fetched when the page is idle", &format!("{fetched} === 1")).await;
    // It is made ready too, so that only the mount is left.
    shop.until_state("there", "NOT_MOUNTED").await;
    shop.follow("/there").await;
    shop.at("there").await;
    assert_eq!(shop.recorded().await.states_of("there"), UP);
    assert_eq!(shop.eval::<u32>(&format!("return {fetched}")).await, 1);
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn what_is_always_needed_is_fetched_though_the_page_is_never_idle() {
    let shop = Shop::empty().await;
    let busy = "window.requestIdleCallback = () => 0";
    shop.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": busy })).await;
    for load in ["eager", "idle", "lazy"] {
        shop.server.publish(&Plain::new(load).field("load", json!(load)).release()).await;
    }
    shop.server.publish(&Plain::new("here").release()).await;
    shop.visit("/#/here").await;
    shop.at("here").await;
    let fetched = "[...new Set(performance.getEntriesByType('resource').map(({ name }) => name.match(/apps.(eager|idle|lazy)/)?.[1]).filter(Boolean))].join()";
    shop.until("the eager one should be fetched, and no other", &format!("{fetched} === 'eager'")).await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn an_app_is_told_who_is_here_in_which_language_and_whether_the_page_begins_with_it() {
    let shop = Shop::empty().await;
    let curious = Plain::new("curious").update("").mount(
        "domElement.innerHTML = '<h1></h1>';
         const tell = (who) => {
           domElement.firstChild.textContent = `first ${props.first}, in ${host.locale}, ${who ? `${who.name} ${who.email}` : 'nobody'}`;
         };
         tell(await host.session.get());
         host.session.subscribe(tell);
         window.host = host;",
    );
    shop.server.publish(&curious.release()).await;
    shop.server.publish(&Plain::new("other").release()).await;
    shop.visit("/#/curious").await;
    shop.at("curious").await;
    shop.see_text("[data-app=curious] h1", "first true, in en-GB, nobody").await;
    shop.sign_up("Ada", "ada@example.org", "correct horse").await;
    shop.see_text("[data-app=curious] h1", "first true, in en-GB, Ada ada@example.org").await;
    shop.follow("/other").await;
    shop.at("other").await;
    shop.follow("/curious").await;
    shop.see_text("[data-app=curious] h1", "first false, in en-GB, Ada ada@example.org").await;
    shop.click("[data-test=language-de]").await;
    shop.see_text("[data-app=curious] h1", "first true, in de, Ada ada@example.org").await;
    // Five are more than a page shows.
    let notes = "window.pressed = []; for (const n of [1, 2, 3, 4, 5])
        host.notify({ level: 'error', text: `Note ${n}` }).then((answer) => pressed.push(n, answer))";
    shop.eval::<()>(notes).await;
    let shown = "[...document.querySelectorAll('.toast .text')].map((text) => text.textContent).join()";
    let four = format!("{shown} === 'Note 2,Note 3,Note 4,Note 5' && pressed.join() === '1,false'");
    shop.until("the last four should show", &four).await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn lifecycles_may_be_arrays_of_functions_as_single_spa_helpers_export_them() {
    let shop = Shop::empty().await;
    let helper = Plain::new("helper").more(
        "const steps = [];
         export default {
           bootstrap: [async () => steps.push('a'), async () => steps.push('b')],
           mount: [async () => steps.push('c'), async ({ domElement }) => { domElement.innerHTML = `<h1>${steps.join('')}</h1>`; }],
           unmount: [async ({ domElement }) => domElement.replaceChildren()],
         };",
    );
    // The named exports win, so they are arrays too.
    let mut files = helper.release();
    let entry = String::from_utf8(files["helper.js"].clone()).unwrap();
    let (head, default) = entry.split_once("const steps").unwrap();
    let named = format!(
        "const steps{}\nconst {{ bootstrap, mount, unmount }} = app;\nexport {{ bootstrap, mount, unmount }};",
        default.replace("export default", "const app =")
    );
    assert!(head.contains("export async function mount"));
    files = tests::altered(&files, "1.0.1", |files, _| {
        files.insert("helper.js".to_owned(), named.into_bytes());
    });
    shop.server.publish(&files).await;
    shop.visit("/#/helper").await;
    shop.see_text("[data-app=helper] h1", "abc").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn a_command_runs_in_an_app_that_was_never_mounted() {
    let shop = Shop::empty().await;
    let adder = Plain::new("adder")
        .field("commands", json!(["adder.add", "adder.refuse"]))
        .more("export async function command(name, payload) {
                 if (name === 'adder.refuse') throw Object.assign(new Error('there is none left'), { code: 'E403' });
                 return { sum: payload.a + payload.b };
               }");
    let asking = Plain::new("asking").mount(
        "const say = (text) => domElement.append(Object.assign(document.createElement('p'), { textContent: text }));
         domElement.innerHTML = '<h1>Asking</h1>';
         host.call('adder.add', { a: 2, b: 3 }).then(({ sum }) => say(`sum ${sum}`));
         host.call('adder.refuse').catch((e) => say(`${e.code} ${e.message}`));
         host.call('nobody.knows').catch((e) => say(`${e.message}: ${e.code} ${e.app} ${e.version} ${e.state}`));",
    );
    shop.server.publish(&adder.release()).await;
    shop.server.publish(&asking.release()).await;
    shop.visit("/#/asking").await;
    shop.see_text("[data-app=asking] p", "sum 5").await;
    shop.see_text("[data-app=asking] p", "E403 there is none left").await;
    let refused = "E220 nobody@none is not there to run nobody.knows: E220 nobody none NOT_LOADED";
    shop.see_text("[data-app=asking] p", refused).await;
    assert!(!shop.recorded().await.states_of("adder").contains(&"MOUNTING"));
    assert!(!shop.shows("[data-app=adder]").await);
}

#[tokio::test]
async fn events_reach_those_who_listen_and_only_published_ones_are_sent() {
    let shop = Shop::empty().await;
    let bell = Plain::new("bell").field("events", json!(["bell.rung"])).mount(
        "domElement.innerHTML = '<h1>Bell</h1><p></p>';
         const say = (text) => (domElement.querySelector('p').textContent += text);
         const off = await host.on('bell.rung', ({ times }) => { say(`heard ${times} `); });
         await host.emit('bell.rung', { times: 1 });
         off();
         await host.emit('bell.rung', { times: 2 });
         await host.emit('cart.changed', { pieces: 99 }).catch((e) => say(e.code));",
    );
    shop.server.publish(&bell.release()).await;
    shop.visit("/#/bell").await;
    shop.see_text("[data-app=bell] p", "heard 1 E223").await;
    assert!(!shop.text("[data-app=bell] p").await.contains("heard 2"));
    // Nobody else speaks for the cart.
    assert!(!shop.shows("[data-test=cart-badge]").await);
}

#[tokio::test]
async fn a_change_of_theme_is_an_update_of_what_is_mounted() {
    let shop = Shop::empty().await;
    shop.theme(Theme::Light).await;
    let tell = "domElement.querySelector('p').textContent = `${host.theme} ${route.path}`;";
    let painted = Plain::new("painted").update(tell);
    let always = Plain::new("always")
        .field("slot", json!("overlay"))
        .field("routes", json!([]))
        .mount(&format!("domElement.innerHTML = '<p></p>'; {tell}"))
        .update(tell);
    shop.server.publish(&painted.release()).await;
    shop.server.publish(&always.release()).await;
    shop.visit("/#/painted").await;
    shop.at("painted").await;
    shop.see_text("[data-app=always] p", "light /painted").await;
    shop.open_account_menu().await;
    shop.eval::<()>("document.querySelector('[data-test=theme-dark]').click()").await;
    shop.see_text("[data-app=painted] p", "dark /painted").await;
    shop.see_text("[data-app=always] p", "dark /painted").await;
    shop.eval::<()>("document.querySelector('[data-test=theme-system]').click()").await;
    shop.see_text("[data-app=painted] p", "light").await;
    shop.theme(Theme::Dark).await;
    shop.see_text("[data-app=painted] p", "dark").await;
    // What is always there is told of other routes too, and stays through them.
    shop.follow("/painted/7").await;
    shop.see_text("[data-app=always] p", "dark /painted/7").await;
    assert!(!shop.recorded().await.states_of("always").contains(&"UNMOUNTING"));
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn an_overlay_that_fails_leaves_its_place_empty_and_the_page_whole() {
    let shop = Shop::empty().await;
    let overlay = |name: &str| Plain::new(name).field("slot", json!("overlay")).field("routes", json!([]));
    shop.server.publish(&overlay("unborn").mount("throw new Error('not today');").release()).await;
    shop.server.publish(&overlay("frail").update("throw new Error('no more');").release()).await;
    shop.server.publish(&Plain::new("steady").release()).await;
    shop.visit("/#/steady").await;
    shop.at("steady").await;
    shop.see_text("[data-app=frail] h1", "frail@1.0.0").await;
    shop.follow("/steady/7").await;
    shop.gone("[data-app=frail]").await;
    shop.at("steady").await;
    for start in ["E206 unborn@1.0.0", "E213 frail@1.0.0"] {
        let noted = format!("window.__recorded.problems.some((problem) => problem.startsWith('{start}'))");
        shop.until(&format!("{start} should be noted"), &noted).await;
    }
    assert!(!shop.shows("[data-app=unborn]").await);
}

#[tokio::test]
async fn what_an_app_says_after_its_end_moves_nobody() {
    let shop = Shop::empty().await;
    let late = Plain::new("late").mount_also(
        "window.late = host; host.setBusy(true); host.setTitle('Late');
         host.notify({ level: 'info', text: 'Removed.', action: 'Undo' }).then((pressed) => { window.pressed = pressed; });
         host.notify({ level: 'success', text: 'Added.', action: 'View', path: '/other/7' });",
    );
    shop.server.publish(&late.release()).await;
    shop.server.publish(&Plain::new("other").release()).await;
    shop.visit("/#/late").await;
    shop.at("late").await;
    shop.see_text("[data-test=toasts]", "Removed.").await;
    shop.see(".progress.on").await;
    shop.follow("/other").await;
    shop.at("other").await;
    // Nobody is left who could undo; a link still leads somewhere.
    shop.until("the toast with a button is gone", "window.pressed === false").await;
    shop.gone(".progress.on").await;
    shop.eval::<()>("late.setTitle('Still late'); late.setBusy(true); late.navigate('/late')").await;
    let refused = "return [await late.session.signIn().catch(({ code }) => code),
        await late.notify({ level: 'info', text: 'Removed late.', action: 'Undo' })]";
    assert_eq!(shop.eval::<serde_json::Value>(refused).await, json!(["E413", false]));
    assert!(!shop.shows("[data-test=sign-in-dialog]").await, "nobody is left who would wait for it");
    shop.see_text("[data-test=toasts]", "Added.").await;
    assert_eq!(shop.title().await, "Other · Menagerie");
    assert!(!shop.shows(".progress.on").await);
    shop.click("[data-test=toast-link]").await;
    shop.see_text("[data-test=path]", "/other/7").await;
    shop.until("nothing is left to lead here", "!document.querySelector('.toast')").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn what_went_wrong_stays_until_somebody_goes_on() {
    let shop = Shop::empty().await;
    let unlucky = Plain::new("unlucky").mount_also(
        "host.notify({ level: 'error', text: 'It failed.' }).then(() => { window.gone = true; });
         host.notify({ level: 'info', text: 'Something else.' });",
    );
    shop.server.publish(&unlucky.release()).await;
    shop.server.publish(&Plain::new("other").release()).await;
    // What is said while a page comes is not of the one before.
    shop.visit("/#/other").await;
    shop.at("other").await;
    shop.follow("/unlucky").await;
    shop.at("unlucky").await;
    shop.see_text("[data-test=toasts]", "Something else.").await;
    shop.until("what came later goes by itself", "!document.querySelector('.toast[data-level=info]')").await;
    assert!(shop.shows("[data-test=toasts] [data-level=error]").await);
    shop.follow("/other").await;
    shop.at("other").await;
    shop.until("on the next page it goes", "window.gone === true").await;
}

#[tokio::test]
async fn no_deadline_runs_while_the_page_is_hidden() {
    let shop = Shop::empty_with(&SHORT_DEADLINES).await;
    // Twice the deadline, then it is done.
    let slow = Plain::new("slow").mount(
        "await new Promise((done) => setTimeout(done, 2 * deadlines.mount)); domElement.innerHTML = '<h1>slow</h1>';",
    );
    let slow = slow.before(
        "const deadlines = JSON.parse(document.querySelector('[name=menagerie-config]').content).deadlines;",
    );
    shop.server.publish(&slow.release()).await;
    shop.server.publish(&Plain::new("other").release()).await;
    shop.visit("/#/slow").await;
    shop.see_failure("slow", "E205").await;
    shop.follow("/other").await;
    shop.at("other").await;
    shop.eval::<()>("Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })").await;
    shop.follow("/slow").await;
    shop.see_text("[data-app=slow] h1", "slow").await;
}

#[tokio::test]
async fn apps_that_answer_one_another_lose_no_event() {
    let shop = Shop::empty().await;
    let talks = |own: &str, other: &str| {
        Plain::new(own).field("events", json!([format!("{own}.said")])).mount_also(&format!(
            "window.{own} = host; host.on('{other}.said', ({{ n }}) => {{
               (window.heard ??= []).push(n); if (n < 6) host.emit('{own}.said', {{ n: n + 1 }}); }});"
        ))
    };
    let overlay = talks("pong", "ping").field("slot", json!("overlay")).field("routes", json!([]));
    shop.server.publish(&overlay.release()).await;
    shop.server.publish(&talks("ping", "pong").release()).await;
    shop.visit("/#/ping").await;
    shop.at("ping").await;
    shop.until("the overlay should be there", "window.pong").await;
    shop.eval::<()>("await ping.emit('ping.said', { n: 1 })").await;
    shop.until("all of it should be heard", "window.heard?.join() === '1,2,3,4,5,6'").await;
    shop.assert_no_complaints().await;
}
