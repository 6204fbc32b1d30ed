//! After an app is taken off, nothing of it is left in memory or on the page.

use tests::{Plain, SHORT_DEADLINES, Shop, memory};

#[tokio::test]
async fn twenty_mounts_of_a_wasm_app_leave_no_memory_behind() {
    let shop = Shop::specimen().await;
    shop.server.publish(&Plain::new("steady").release()).await;
    shop.visit("/#/steady").await;
    shop.at("steady").await;
    let shell_alone = memory::wasm_memories(&shop).await;
    assert_eq!(shell_alone, 1, "the shell has one memory");

    for round in 0..20 {
        shop.follow("/specimen").await;
        shop.at("specimen").await;
        if round == 0 {
            assert_eq!(memory::wasm_memories(&shop).await, shell_alone + 1, "the count sees a mounted app");
        }
        // Used, so that there is something to leave behind: listeners, a store, an event, a toast.
        shop.click("[data-test=add]").await;
        shop.follow("/steady").await;
        shop.at("steady").await;
    }
    memory::until_wasm_memories(&shop, shell_alone, "after 20 mounts").await;
    let left: Vec<String> = shop
        .eval("return [...document.adoptedStyleSheets.map(() => 'style sheet'), ...document.querySelectorAll('[data-app=specimen], .m-specimen')].map(String)")
        .await;
    assert!(left.is_empty(), "left on the page: {left:?}");
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn a_command_on_a_short_lived_instance_leaves_none_either() {
    let shop = Shop::specimen().await;
    let asking = Plain::new("asking").mount(
        "domElement.innerHTML = '<h1>Asking</h1><p></p>';
         for (let i = 0; i < 10; i += 1) await host.call('specimen.add', { count: 1 });
         domElement.querySelector('p').textContent = `count ${(await host.call('specimen.add', { count: 1 })).count}`;",
    );
    shop.server.publish(&asking.release()).await;
    shop.visit("/#/asking").await;
    // Its store outlives each of them.
    shop.see_text("[data-app=asking] p", "count 11").await;
    memory::until_wasm_memories(&shop, 1, "after 11 commands").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn a_mount_that_comes_too_late_leaves_none_either() {
    let shop = Shop::specimen_with(&SHORT_DEADLINES).await;
    shop.visit("/#/specimen/late-to-mount").await;
    shop.see_failure("specimen", "E205").await;
    // It goes on where it waited, with nobody there any more.
    shop.eval::<()>("localStorage.setItem('specimen/calm', 'yes')").await;
    memory::until_wasm_memories(&shop, 1, "after a mount that came too late").await;
}

#[tokio::test]
async fn a_mount_that_never_ends_leaves_none_either() {
    let shop = Shop::specimen_with(&SHORT_DEADLINES).await;
    shop.visit("/#/specimen/hang-on-mount").await;
    shop.see_failure("specimen", "E205").await;
    memory::until_wasm_memories(&shop, 1, "after a mount that never ended").await;
}

#[tokio::test]
async fn an_instance_that_panicked_is_given_back() {
    let shop = Shop::specimen().await;
    shop.visit("/#/specimen").await;
    for _ in 0..3 {
        shop.at("specimen").await;
        shop.click("[data-test=panic]").await;
        shop.see_failure("specimen", "E207").await;
        shop.click("[data-test=retry]").await;
    }
    shop.at("specimen").await;
    memory::until_wasm_memories(&shop, 2, "the shell's and that of the last mount").await;
}
