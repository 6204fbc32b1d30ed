//! The shell survives any microapp, whatever is wrong with it or its files.

use release::{hash, verify};
use serde_json::{Value, json};
use tests::{
    Fault, Hostile, Key, LONG_DEADLINES, Plain, SHORT_DEADLINES, Server, Shop, TOKEN, altered, environment,
};

/// Where the browser is while the rest of the shop goes on.
const STEADY: &str = "/steady";

/// A shop behind somebody hostile.
struct Stage {
    shop: Shop,
    hostile: Hostile,
}

impl Stage {
    async fn set() -> Self {
        Self::with(&SHORT_DEADLINES).await
    }

    async fn with(flags: &[&str]) -> Self {
        let shop = Shop::specimen_with(flags).await;
        let hostile = Hostile::before(shop.server.origin()).await;
        shop.server.publish(&Plain::new("steady").release()).await;
        Self { shop, hostile }
    }

    /// Opens a path as a page of its own, with nothing in the browser's cache.
    async fn visit(&self, path: &str) {
        self.shop.browser.open("about:blank").await;
        self.shop.browser.forget(self.hostile.origin()).await;
        self.shop.browser.open(&format!("{}/#{path}", self.hostile.origin())).await;
    }

    /// Another app works, and what failed is forgotten.
    async fn go_elsewhere(&self) {
        self.shop.follow(STEADY).await;
        self.shop.at("steady").await;
        assert!(!self.shop.shows("[data-test=slot-failed]").await, "the error is still there");
    }

    async fn retry(&self) {
        self.shop.click("[data-test=retry]").await;
    }

    /// Goes from `steady` to an app, back as soon as that mounts, and then to a path. The page does all of it, so that no
    /// deadline passes between two words with it. The answer is what had gone wrong when `steady` was back.
    async fn leave_while_it_mounts(&self, name: &str, then: &str) -> Value {
        self.visit(STEADY).await;
        self.shop.at("steady").await;
        let script = "const [name, then] = arguments;
            const follow = ({ detail: { app, to } }) => {
                if (app === name && to === 'MOUNTING') location.hash = '#/steady';
                if (app !== 'steady' || to !== 'MOUNTED') return;
                removeEventListener('menagerie:app-state', follow);
                window.whenBack = [...__recorded.problems];
                setTimeout(() => { location.hash = `#${then}`; });
            };
            addEventListener('menagerie:app-state', follow);
            location.hash = `#/${name}`";
        self.shop.eval_with::<()>(script, vec![name.into(), then.into()]).await;
        self.shop.until(&format!("{name} should have been left"), "window.whenBack").await
    }
}

#[tokio::test]
async fn a_damaged_wasm_or_style_is_refused_on_first_load_and_on_retry() {
    let stage = Stage::set().await;
    for (file, fault, code) in [
        ("specimen_bg.wasm", Fault::FlippedByte, "E204"),
        ("specimen.css", Fault::FlippedByte, "E204"),
        ("specimen.js", Fault::FlippedByte, "E204"),
        ("specimen_bg.wasm", Fault::Status(404), "E202"),
        ("specimen.css", Fault::Html, "E203"),
        ("specimen_bg.wasm", Fault::Truncated, "E215"),
        ("specimen_bg.wasm", Fault::Silent, "E201"),
    ] {
        println!("{file} {fault:?}");
        stage.hostile.damage(file, fault);
        stage.visit("/specimen").await;
        stage.shop.see_failure("specimen", code).await;
        let failures = stage.shop.recorded().await.problems.len();
        stage.retry().await;
        stage
            .shop
            .until("it should fail again", &format!("window.__recorded.problems.length > {failures}"))
            .await;
        stage.shop.see_failure("specimen", code).await;
        assert!(!stage.shop.recorded().await.states_of("specimen").contains(&"MOUNTING"), "{file} ran");
        stage.hostile.heal();
        stage.retry().await;
        stage.shop.at("specimen").await;
        stage.shop.see_text("[data-test=ballast]", "8388608 bytes").await;
    }

    // The JavaScript of one release and the wasm of the other do not run together, and each with its own does.
    let before = verify::read(&environment::release("tests/fixtures/specimen")).unwrap();
    let old = verify::read_description(&before).unwrap().version;
    let next = altered(&before, "99.0.0", |files, _| {
        let wasm = files.get_mut("specimen_bg.wasm").unwrap();
        let was = hash::file(wasm).integrity;
        wasm.extend([0, 2, 1, b'x']); // a section with a name and nothing in it
        let is = hash::file(wasm).integrity;
        let entry = String::from_utf8(files["specimen.js"].clone()).unwrap();
        assert!(entry.contains(&was), "the entry knows its wasm by the hash");
        files.insert("specimen.js".to_owned(), entry.replace(&was, &is).into_bytes());
    });
    stage.shop.server.publish(&next).await;
    stage.hostile.send_on_to(&format!("/apps/specimen/{old}/specimen_bg.wasm"));
    stage.hostile.damage("/apps/specimen/99.0.0/specimen_bg.wasm", Fault::OfAnother);
    stage.visit("/specimen").await;
    stage.shop.at("specimen").await;
    let recorded = stage.shop.recorded().await;
    assert!(recorded.problems[0].starts_with("E204 specimen@99.0.0 "), "{recorded:?}");
    let ran: Vec<_> = recorded.states.iter().filter(|state| state.to == "MOUNTING").collect();
    assert!(!ran.is_empty() && ran.iter().all(|state| state.version != "99.0.0"), "{ran:?}");
    stage.hostile.heal();
    stage.visit("/specimen").await;
    stage.shop.at("specimen").await;
    stage.shop.see_text("[data-test=ballast]", "8388608 bytes").await;
    stage.shop.assert_no_complaints().await;
}

/// The bytes are those of the description, and yet it is no microapp.
#[tokio::test]
async fn an_entry_whose_mount_is_no_function_is_none() {
    let stage = Stage::set().await;
    stage.shop.server.publish(&Plain::new("idle").more("mount = 'soon';").release()).await;
    stage.visit("/idle").await;
    stage.shop.see_failure("idle", "E214").await;
    stage.go_elsewhere().await;
}

#[tokio::test]
async fn what_is_slow_but_goes_on_is_waited_for() {
    let stage = Stage::set().await;
    // Four seconds, and the deadline is three without a byte.
    stage.hostile.damage("specimen_bg.wasm", Fault::Slow);
    stage.visit("/specimen").await;
    stage.shop.at("specimen").await;
    stage.shop.assert_no_complaints().await;
}

#[tokio::test]
async fn the_last_good_release_is_mounted_in_place_of_one_that_fails() {
    let stage = Stage::set().await;
    let never = "await new Promise(() => {});";
    let refuse = "throw new Error('not today');";
    let table = [
        ("unloaded", Plain::new("unloaded")),
        ("flipped", Plain::new("flipped")),
        ("unrun", Plain::new("unrun").before(refuse)),
        ("unborn", Plain::new("unborn").bootstrap(refuse)),
        ("sleepy", Plain::new("sleepy").bootstrap(never)),
        ("unmounted", Plain::new("unmounted").mount(refuse)),
        ("hanging", Plain::new("hanging").mount(never)),
        ("stubborn", Plain::new("stubborn").update(refuse)),
    ];
    for (name, bad) in &table {
        stage.shop.server.publish(&Plain::new(name).update("").release()).await;
        stage.shop.server.publish(&bad.clone().version("2.0.0").release()).await;
    }
    stage.hostile.damage("/apps/unloaded/2.0.0/", Fault::Status(404));
    stage.hostile.damage("/apps/flipped/2.0.0/", Fault::FlippedByte);
    for (name, _) in table {
        println!("{name}");
        stage.visit(&format!("/{name}")).await;
        if name == "stubborn" {
            stage.shop.see_text("[data-app] h1", "stubborn@2.0.0").await;
            stage.shop.follow("/stubborn?changed=1").await;
        }
        stage.shop.see_text(&format!("[data-app={name}] h1"), &format!("{name}@1.0.0")).await;
        stage.shop.see_text("[data-test=toasts]", "runs in its last good version").await;
        assert!(!stage.shop.shows("[data-test=slot-failed]").await);
        stage.go_elsewhere().await;
    }
}

#[tokio::test]
async fn a_step_that_throws_or_hangs_is_named_and_the_next_app_comes() {
    let stage = Stage::set().await;
    let never = "if (!localStorage.calm) await new Promise(() => {});";
    let refuse = "if (!localStorage.calm) throw new Error('no mind to');";
    let table = [
        (Plain::new("module-throws").before(refuse), "module-throws", "E217"),
        (Plain::new("module-hangs").before(never), "module-hangs", "E217"),
        (Plain::new("bootstrap-throws").bootstrap(refuse), "bootstrap-throws", "E209"),
        (Plain::new("bootstrap-hangs").bootstrap(never), "bootstrap-hangs", "E208"),
        (
            Plain::new("mount-throws").mount(&format!("{refuse} domElement.innerHTML = '<h1>calm</h1>';")),
            "mount-throws",
            "E206",
        ),
        (
            Plain::new("mount-hangs").mount(&format!("{never} domElement.innerHTML = '<h1>calm</h1>';")),
            "mount-hangs",
            "E205",
        ),
        (Plain::new("update-throws").update(refuse), "update-throws", "E213"),
        (Plain::new("update-hangs").update(never), "update-hangs", "E212"),
    ];
    for (app, _, _) in &table {
        stage.shop.server.publish(&app.release()).await;
    }
    for (_, name, code) in table {
        println!("{name}");
        stage.visit(&format!("/{name}")).await;
        if name.starts_with("update") {
            stage.shop.at(name).await;
            stage.shop.follow(&format!("/{name}?changed=1")).await;
        }
        stage.shop.see_failure(name, code).await;
        let failed = stage.shop.recorded().await;
        assert!(
            failed.problems.iter().any(|problem| problem.starts_with(&format!("{code} {name}@1.0.0 "))),
            "{failed:?}"
        );
        let state = match name.split('-').next() {
            Some("module") => "LOADING",
            Some("bootstrap") => "BOOTSTRAPPING",
            Some("mount") => "MOUNTING",
            _ => "UPDATING",
        };
        assert_eq!(failed.parts, [[code, name, "1.0.0", state]]);
        stage.shop.eval::<()>("localStorage.calm = 'yes'").await;
        stage.retry().await;
        stage.shop.at(name).await;
        stage.go_elsewhere().await;
        stage.shop.eval::<()>("localStorage.removeItem('calm')").await;
    }
}

#[tokio::test]
async fn who_leaves_while_an_update_hangs_waits_for_no_fallback() {
    let stage = Stage::set().await;
    stage.shop.server.publish(&Plain::new("subject").release()).await;
    let hanging = Plain::new("subject").version("2.0.0").update("await new Promise(() => {});");
    stage.shop.server.publish(&hanging.release()).await;
    stage.visit("/subject").await;
    stage.shop.at("subject").await;
    stage.hostile.damage("/apps/subject/1.0.0/", Fault::Held);
    // In one go, before the deadline of the update.
    let leave = "addEventListener('menagerie:app-state', ({ detail }) => {
          if (detail.to === 'UPDATING') location.hash = '#/steady';
        });
        location.hash = '#/subject?changed=1'";
    stage.shop.eval::<()>(leave).await;
    stage.shop.at("steady").await;
    assert!(
        !stage.hostile.take_asked().iter().any(|path| path.contains("/apps/subject/1.0.0/")),
        "nobody wants the release before any more"
    );
}

#[tokio::test]
async fn who_leaves_an_app_that_hangs_is_not_kept_waiting() {
    let stage = Stage::with(&[]).await;
    let never = "await new Promise(() => {});";
    let late =
        "await new Promise((resolve) => setTimeout(resolve, 300)); domElement.innerHTML = '<h1>Late</h1>';";
    stage.shop.server.publish(&Plain::new("with-fallback").release()).await;
    for app in [
        Plain::new("hanging").mount(never),
        Plain::new("late").mount(late),
        Plain::new("with-fallback").version("2.0.0").mount(never),
    ] {
        stage.shop.server.publish(&app.release()).await;
    }
    for (name, said) in [
        ("hanging", Some("E205 hanging@1.0.0")),
        ("late", None),
        ("with-fallback", Some("E205 with-fallback@2.0.0")),
    ] {
        println!("{name}");
        let problems = stage.leave_while_it_mounts(name, STEADY).await;
        assert_eq!(problems, json!([]), "the deadline was waited for");
        // What becomes of it later changes nothing on the page.
        match said {
            Some(said) => {
                let heard = format!("window.__recorded.problems.some((text) => text.startsWith('{said}'))");
                stage.shop.until(&format!("{said} should be noted"), &heard).await;
            }
            None => stage.shop.until_state(name, "NOT_MOUNTED").await,
        }
        stage.shop.at("steady").await;
        assert!(!stage.shop.shows("[data-test=slot-failed]").await, "the error is shown all the same");
        assert_eq!(
            stage.shop.eval::<u32>("return document.querySelector('#slot').childElementCount").await,
            1
        );
        // And it can be wanted again.
        if name != "hanging" {
            stage.shop.follow(&format!("/{name}")).await;
            stage.shop.at(name).await;
        }
    }
}

#[tokio::test]
async fn a_mount_that_fails_because_its_shopper_left_is_no_fault_of_its_release() {
    let stage = Stage::with(&LONG_DEADLINES).await;
    let shop = &stage.shop;
    let careful = "await new Promise((go) => { window.go = go; });
         if (!domElement.isConnected) throw new Error('nowhere to be');
         domElement.innerHTML = `<h1>${release}</h1>`;";
    shop.server.publish(&Plain::new("careful").release()).await;
    shop.server.publish(&Plain::new("careful").version("2.0.0").mount(careful).release()).await;
    stage.visit("/careful").await;
    shop.until("it should mount", "window.go").await;
    stage.go_elsewhere().await;
    shop.eval::<()>("window.go(); window.go = null").await;
    shop.until_state("careful", "NOT_MOUNTED").await;
    assert!(shop.recorded().await.problems.is_empty());
    assert!(!shop.shows(".toast").await, "the shopper is told of it");
    shop.follow("/careful").await;
    shop.until("it should mount again", "window.go").await;
    shop.eval::<()>("window.go()").await;
    shop.see_text("[data-app=careful] h1", "careful@2.0.0").await;
}

#[tokio::test]
async fn who_comes_back_to_a_release_that_hangs_gets_the_last_good_one() {
    let stage = Stage::with(&[]).await;
    stage.shop.server.publish(&Plain::new("twice").release()).await;
    let hangs = Plain::new("twice").version("2.0.0").mount("await new Promise(() => {});");
    stage.shop.server.publish(&hangs.release()).await;
    // Two mounts of the same release wait for the same end.
    let problems = stage.leave_while_it_mounts("twice", "/twice").await;
    assert_eq!(problems, json!([]), "the deadline was waited for");
    stage.shop.at("twice").await;
    // Either clock ends on a tick of its own.
    stage.shop.until("both should be noted", "window.__recorded.problems.length >= 2").await;
    let problems = stage.shop.recorded().await.problems;
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems.iter().all(|text| text.starts_with("E205 twice@2.0.0")), "{problems:?}");
}

#[tokio::test]
async fn an_app_that_will_not_unmount_leaves_an_empty_place() {
    let stage = Stage::set().await;
    let table = [
        ("unmount-throws", "throw new Error('I stay');", "E211"),
        ("unmount-hangs", "await new Promise(() => {});", "E210"),
    ];
    for (name, body, code) in table {
        stage.shop.server.publish(&Plain::new(name).unmount(body).release()).await;
        stage.visit(&format!("/{name}")).await;
        stage.shop.at(name).await;
        stage.go_elsewhere().await;
        assert_eq!(
            stage.shop.eval::<u32>("return document.querySelector('#slot').childElementCount").await,
            1
        );
        let problems = stage.shop.recorded().await.problems;
        assert!(problems.iter().any(|problem| problem.starts_with(code)), "{problems:?}");
        // And it can be mounted again.
        stage.shop.follow(&format!("/{name}")).await;
        stage.shop.at(name).await;
    }
}

#[tokio::test]
async fn a_panic_of_a_wasm_app_is_its_own() {
    let stage = Stage::set().await;
    let shop = &stage.shop;
    println!("on mount");
    stage.visit("/specimen/panic-on-mount").await;
    shop.see_failure("specimen", "E207").await;
    stage.go_elsewhere().await;
    shop.follow("/specimen/panic-on-mount").await;
    shop.see_failure("specimen", "E207").await;
    shop.eval::<()>("localStorage.setItem('specimen/calm', '1')").await;
    stage.retry().await;
    shop.at("specimen").await;

    for (what, button) in [("in a click", "panic"), ("in a task", "panic-later")] {
        println!("{what}");
        shop.click(&format!("[data-test={button}]")).await;
        shop.see_failure("specimen", "E207").await;
        // Which function of the release it was: that has no words of its own.
        shop.see_text("[data-test=problem]", "wasm-function[").await;
        // Whoever was in it by keyboard is at what failed, not at the page's begin.
        shop.until("the focus should be there", "document.activeElement?.closest('main') != null").await;
        stage.retry().await;
        shop.at("specimen").await;
        shop.click("[data-test=add]").await;
    }
    println!("on the way back from elsewhere");
    shop.click("[data-test=panic]").await;
    shop.see_failure("specimen", "E207").await;
    stage.go_elsewhere().await;
    shop.follow("/specimen").await;
    shop.at("specimen").await;

    shop.eval::<()>("localStorage.removeItem('specimen/calm')").await;
    println!("on update");
    shop.follow("/specimen/panic-on-update").await;
    shop.at("specimen").await;
    shop.follow("/specimen/panic-on-update?seen=1").await;
    shop.see_failure("specimen", "E207").await;
    println!("on unmount");
    stage.visit("/specimen/panic-on-unmount").await;
    shop.at("specimen").await;
    stage.go_elsewhere().await;
    shop.follow("/specimen").await;
    shop.at("specimen").await;
    println!("refuses, hangs");
    stage.visit("/specimen/fail-to-mount").await;
    shop.see_failure("specimen", "E206").await;
    shop.see_text("[data-test=problem]", "it has no mind to").await;
    stage.visit("/specimen/hang-on-mount").await;
    shop.see_failure("specimen", "E205").await;
}

#[tokio::test]
async fn a_panic_that_a_plain_app_reports_while_it_mounts_or_is_updated_takes_it_off() {
    let stage = Stage::set().await;
    let shop = &stage.shop;
    let panic = "await host.report({ kind: 'panic', message: 'at once' });";
    // As a library does that draws in a microtask.
    let soon =
        "Promise.resolve().then(() => {}).then(() => host.report({ kind: 'panic', message: 'soon' }));";
    for app in [
        Plain::new("on-mount").mount_also(panic),
        Plain::new("after-mount").mount_also(soon),
        Plain::new("on-update").update(panic),
    ] {
        shop.server.publish(&app.release()).await;
    }
    shop.server.publish(&Plain::new("replaced").release()).await;
    shop.server.publish(&Plain::new("replaced").version("2.0.0").mount_also(panic).release()).await;
    stage.visit("/on-mount").await;
    shop.see_failure("on-mount", "E207").await;
    stage.visit("/after-mount").await;
    shop.see_failure("after-mount", "E207").await;
    stage.visit("/on-update").await;
    shop.at("on-update").await;
    shop.follow("/on-update?changed=1").await;
    shop.see_failure("on-update", "E207").await;
    stage.visit("/replaced").await;
    shop.see_text("[data-app=replaced] h1", "replaced@1.0.0").await;
}

#[tokio::test]
async fn a_panic_of_a_mount_that_is_gone_leaves_the_next_one_alone() {
    let stage = Stage::set().await;
    let shop = &stage.shop;
    shop.server.publish(&Plain::new("twice").mount_also("window.first ??= host;").release()).await;
    stage.visit("/twice").await;
    shop.at("twice").await;
    stage.go_elsewhere().await;
    shop.follow("/twice").await;
    shop.at("twice").await;
    shop.eval::<()>("await first.report({ kind: 'panic', message: 'late' })").await;
    shop.until(
        "it should be noted",
        "window.__recorded.errors.some((text) => text.includes('E207 twice@1.0.0 late'))",
    )
    .await;
    assert!(shop.recorded().await.problems.is_empty());
    shop.at("twice").await;
}

#[tokio::test]
async fn a_panic_while_another_app_loads_is_not_shown_in_its_place() {
    let stage = Stage::with(&LONG_DEADLINES).await;
    let shop = &stage.shop;
    let slow = Plain::new("slow").bootstrap("await new Promise((go) => { window.go = go; });");
    shop.server.publish(&slow.release()).await;
    shop.server.publish(&Plain::new("frail").mount_also("window.frail = host;").release()).await;
    stage.visit("/frail").await;
    shop.at("frail").await;
    shop.follow("/slow").await;
    shop.until("it should load", "window.go").await;
    shop.eval::<()>("await frail.report({ kind: 'panic', message: 'at last' })").await;
    shop.gone("[data-app=frail]").await;
    assert!(!shop.shows("[data-test=slot-failed]").await);
    shop.eval::<()>("window.go()").await;
    shop.at("slow").await;
    shop.until("its heading should have the focus", "document.activeElement?.matches('[data-app=slow] h1')")
        .await;
    assert_eq!(shop.title().await, "Slow · Menagerie");
    shop.until(
        "it should be announced",
        "document.querySelector('[data-test=announcer]').textContent.trim() === 'Slow'",
    )
    .await;
    // Once: who looks after the shop counts them.
    let problems = shop.recorded().await.problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("E207 frail@1.0.0"), "{problems:?}");
}

#[tokio::test]
async fn a_panic_in_a_command_is_an_error_of_the_caller_alone() {
    let stage = Stage::set().await;
    let asking = Plain::new("asking").mount(
        "domElement.innerHTML = '<h1>Asking</h1><p></p><button>Ask</button>';
         domElement.querySelector('button').onclick = () => host.call('specimen.panic')
           .catch((e) => { domElement.querySelector('p').textContent += `${e.code} ${e.message} `; })
           .then(() => host.call('specimen.add', { count: 2 }))
           .then(({ count }) => { domElement.querySelector('p').textContent += `count ${count} `; });",
    );
    stage.shop.server.publish(&asking.release()).await;
    stage.visit("/asking").await;
    stage.shop.click("[data-app=asking] button").await;
    stage.shop.see_text("[data-app=asking] p", "E207 E207 specimen@").await;
    stage.shop.see_text("[data-app=asking] p", "panicked in specimen.panic").await;
    // A fresh instance answers the next one.
    stage.shop.see_text("[data-app=asking] p", "count 2").await;
    stage.go_elsewhere().await;
}

#[tokio::test]
async fn without_a_manifest_the_page_says_so_and_tries_again() {
    let stage = Stage::set().await;
    for (fault, code) in [(Fault::Status(500), "E230"), (Fault::Html, "E231"), (Fault::Truncated, "E230")] {
        println!("{fault:?}");
        stage.hostile.damage("/manifest.json", fault);
        stage.visit(STEADY).await;
        stage.shop.see_text("[data-test=slot-failed] [data-test=problem]", code).await;
        stage.shop.see("header [data-test=brand]").await;
        stage.shop.see_text("[data-test=announcer]", "The shop cannot be reached").await;
        // By keyboard: whether it comes or not, the focus is at what is new.
        let at_heading = "document.activeElement?.matches('main h1')";
        stage.shop.eval::<()>("document.querySelector('[data-test=retry]').focus()").await;
        stage.shop.key(Key::Enter).await;
        stage.shop.until("the focus should be at what failed again", at_heading).await;
        stage.hostile.heal();
        stage.shop.eval::<()>("document.querySelector('[data-test=retry]').focus()").await;
        stage.shop.key(Key::Enter).await;
        stage.shop.at("steady").await;
        stage.shop.until("the focus should be at what came", at_heading).await;
    }
}

#[tokio::test]
async fn a_link_without_a_manifest_asks_for_it_again() {
    let stage = Stage::set().await;
    stage.hostile.damage("/manifest.json", Fault::Status(500));
    stage.visit("/nowhere-yet").await;
    stage.shop.see_text("[data-test=slot-failed] [data-test=problem]", "E230").await;
    // Still none: the page says the same, and not that there is no such page.
    stage.shop.follow(STEADY).await;
    stage.shop.see_text("[data-test=slot-failed] [data-test=problem]", "E230").await;
    assert!(!stage.shop.shows("[data-test=not-found]").await);
    stage.hostile.heal();
    stage.shop.follow(STEADY).await;
    stage.shop.at("steady").await;
}

#[tokio::test]
async fn the_shell_itself_is_checked_and_says_when_it_cannot_start() {
    let stage = Stage::set().await;
    for (file, fault) in [
        ("shell.wasm", Fault::FlippedByte),
        ("shell.wasm", Fault::Status(404)),
        ("shell.wasm", Fault::Html),
        ("shell.js", Fault::FlippedByte),
        ("shell.js", Fault::Status(404)),
    ] {
        println!("{file} {fault:?}");
        stage.hostile.damage(file, fault);
        stage.visit(STEADY).await;
        stage.shop.see_text("#shell-failure", "E240").await;
        stage
            .shop
            .until(
                "a rollout should hear of it",
                "performance.getEntriesByType('resource').some((e) => e.name.endsWith('/health/mounts') && e.responseStatus === 204)",
            )
            .await;
        stage.hostile.heal();
    }
}

#[tokio::test]
async fn a_shell_that_stops_halfway_says_so_and_a_rollout_hears_of_it() {
    // As of an `unreachable` in the first wasm of the page, from when it is told to.
    let breakable = "
        const { Instance } = WebAssembly;
        WebAssembly.Instance = function (module, imports) {
            const { exports } = new Instance(module, imports);
            WebAssembly.Instance = Instance;
            const breaking = (call) => (...values) => {
                if (window.broken) throw new WebAssembly.RuntimeError('unreachable');
                return call(...values);
            };
            const each = ([name, value]) => [name, typeof value === 'function' ? breaking(value) : value];
            return { exports: Object.fromEntries(Object.entries(exports).map(each)) };
        };
        const send = navigator.sendBeacon.bind(navigator);
        window.beacons = [];
        navigator.sendBeacon = (url, body) => { window.beacons.push(body); return send(url, body); };";
    let stage = Stage::set().await;
    let shop = &stage.shop;
    shop.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": breakable })).await;
    stage.visit(STEADY).await;
    shop.at("steady").await;
    shop.eval::<()>("window.broken = true; location.hash = '#/elsewhere'").await;
    shop.see_text("#shell-failure", "E240 unreachable").await;
    let told = "beacons.flatMap((body) => JSON.parse(body).mounts).filter(({ kind }) => kind === 'panicked')";
    shop.until("a rollout should hear of it", &format!("{told}.length")).await;
    let told: Vec<Value> = shop.eval(&format!("return {told}")).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["app"], "shell", "{told:?}");
}

#[tokio::test]
async fn a_release_never_changes_and_bad_ones_are_not_taken() {
    let server = Server::start().await;
    let app = Plain::new("fixed");
    server.publish(&app.release()).await;
    server.publish(&app.release()).await;
    let other = server.try_publish(&app.mount("domElement.textContent = 'other'").release(), TOKEN).await;
    assert_eq!(other.status(), 409);
    let mut damaged = Plain::new("damaged").release();
    damaged.get_mut("damaged.js").unwrap()[40] ^= 1;
    assert_eq!(server.try_publish(&damaged, TOKEN).await.status(), 422);
    assert_eq!(
        server.try_publish(&Plain::new("stranger").release(), "another-token-of-nobody").await.status(),
        401
    );
    let clash = Plain::new("clash").field("routes", json!(["/fixed"])).release();
    assert!(server.try_publish(&clash, TOKEN).await.status().is_client_error(), "two apps on one route");
}
