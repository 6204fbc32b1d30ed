//! A team tries its own build inside the shop: `?override=`.

use tests::{Browser, Fault, Hostile, Plain, Screen, Server, Shop, Theme, axe};

/// A shop with greeter 1.0.0, and a team whose own server has a greeter 2.0.0 and somebody hostile before it.
struct Trial {
    shop: Shop,
    team: Hostile,
    _builds: Server,
}

impl Trial {
    async fn set() -> Self {
        let builds = Server::start().await;
        builds.publish(&Plain::new("greeter").version("2.0.0").release()).await;
        builds.publish(&Plain::new("newcomer").version("0.1.0").release()).await;
        let team = Hostile::before(builds.origin()).await;
        let flags = ["--override-origin", team.origin()];
        let shell = ["shell".to_owned()];
        let (server, browser) = tokio::join!(Server::holding_with(&shell, &flags), Browser::start());
        server.publish(&Plain::new("greeter").release()).await;
        Self { shop: Shop { server, browser }, team, _builds: builds }
    }

    fn build(&self, app: &str, version: &str) -> String {
        format!("{app}@{}/apps/{app}/{version}/microapp.json", self.team.origin())
    }

    async fn see_version(&self, version: &str) {
        self.shop.see_text("[data-app=greeter] h1", &format!("greeter@{version}")).await;
    }
}

#[tokio::test]
async fn a_listed_build_takes_the_place_of_what_is_live_until_it_is_ended() {
    let trial = Trial::set().await;
    let (shop, build) = (&trial.shop, trial.build("greeter", "2.0.0"));
    shop.visit(&format!("/?utm=1&override={build}#/greeter")).await;
    trial.see_version("2.0.0").await;
    shop.see_text("[data-test=overrides]", "greeter 2.0.0 from 127.0.0.1:").await;
    shop.follow("/nowhere").await;
    shop.see("[data-test=not-found]").await;
    shop.back().await;
    trial.see_version("2.0.0").await;
    shop.reload().await;
    trial.see_version("2.0.0").await;
    shop.assert_no_complaints().await;
    for (screen, theme) in [(Screen::Phone, Theme::Dark), (Screen::Desktop, Theme::Light)] {
        shop.screen(screen).await;
        shop.theme(theme).await;
        let violations = axe::violations(shop).await;
        assert!(violations.is_empty(), "{violations:#?}");
        assert_eq!(shop.wider_than_the_screen().await, Vec::<String>::new());
        shop.keep_screen("override", screen, theme).await;
    }

    shop.click("[data-test=overrides-end]").await;
    trial.see_version("1.0.0").await;
    shop.gone("[data-test=overrides]").await;
    assert_eq!(shop.address().await, format!("{}/?utm=1#/greeter", shop.server.origin()));
}

#[tokio::test]
async fn several_builds_and_new_apps_can_be_tried_and_old_addresses_keep_them() {
    let trial = Trial::set().await;
    let builds = format!("{}&override={}", trial.build("greeter", "2.0.0"), trial.build("newcomer", "0.1.0"));
    trial.shop.visit(&format!("/?override={builds}#greeter")).await;
    trial.see_version("2.0.0").await;
    let address = trial.shop.address().await;
    assert_eq!(address, format!("{}/?override={builds}#/greeter", trial.shop.server.origin()));
    trial.shop.follow("/newcomer").await;
    trial.shop.see_text("[data-app=newcomer] h1", "newcomer@0.1.0").await;
}

#[tokio::test]
async fn what_is_not_listed_is_refused_and_never_fetched() {
    let trial = Trial::set().await;
    let elsewhere = Hostile::before(trial.team.origin()).await;
    let foreign = format!("greeter@{}/apps/greeter/2.0.0/microapp.json", elsewhere.origin());
    let wrong = trial.build("greeter", "2.0.0").replace("greeter@", "newcomer@");
    let gone = trial.build("greeter", "9.9.9");
    for (asked, said) in [
        (foreign, "does not list its origin"),
        (wrong, "it describes greeter"),
        (gone, "answered 404"),
        ("greeter".to_owned(), "it is not NAME@ADDRESS"),
    ] {
        println!("{asked}");
        trial.shop.visit(&format!("/?override={asked}#/greeter")).await;
        trial.see_version("1.0.0").await;
        trial.shop.see_text("[data-test=toasts]", "E233").await;
        trial.shop.see_text("[data-test=toasts]", said).await;
        assert!(!trial.shop.shows("[data-test=overrides]").await, "nothing is tried");
    }
    assert_eq!(elsewhere.take_asked(), Vec::<String>::new());

    // A shop that lists nothing tries nothing.
    let plain = Shop::empty().await;
    plain.server.publish(&Plain::new("greeter").release()).await;
    trial.team.take_asked();
    plain.visit(&format!("/?override={}#/greeter", trial.build("greeter", "2.0.0"))).await;
    plain.see_text("[data-test=toasts]", "E233").await;
    assert_eq!(trial.team.take_asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_build_that_fails_says_so_and_damage_is_never_run() {
    let trial = Trial::set().await;
    trial.team.damage("/apps/greeter/2.0.0/greeter.js", Fault::FlippedByte);
    trial.shop.visit(&format!("/?override={}#/greeter", trial.build("greeter", "2.0.0"))).await;
    trial.shop.see_failure("greeter", "E204").await;
    trial.team.heal();
    trial.shop.click("[data-test=retry]").await;
    trial.see_version("2.0.0").await;
}
