//! Readers of single flags and variables: a value that can be used, or what is wrong with it.

use super::{Deadlines, Invalid, OPERATOR_TOKEN, STRIPE_ADDRESS, STRIPE_KEY, STRIPE_WEBHOOK_SECRET};
use crate::{bot::settings::Environment, orders::Credentials, pricing::BasisPoints};
use axum::http::{Uri, uri::Scheme};
use ipnet::IpNet;
use std::{net::IpAddr, time::Duration};

pub(super) fn invalid(flag: &'static str, message: String) -> Invalid {
    Invalid { flag, message }
}

pub(super) fn seconds(flag: &'static str, seconds: u32) -> Result<Duration, Invalid> {
    if seconds == 0 {
        return Err(invalid(flag, "must be at least 1 second".to_owned()));
    }
    Ok(Duration::from_secs(seconds.into()))
}

pub(super) fn deadlines(text: &str) -> Result<Deadlines, Invalid> {
    let numbers = text.split(',').map(|number| number.trim().parse::<u32>().ok().filter(|ms| *ms > 0));
    match numbers.collect::<Option<Vec<_>>>().as_deref() {
        Some(&[load, bootstrap, mount, update, unmount]) => {
            Ok(Deadlines { load, bootstrap, mount, update, unmount })
        }
        _ => Err(invalid(
            "--deadlines",
            format!("`{text}` is not five numbers of milliseconds above 0, with commas"),
        )),
    }
}

pub(super) fn origin(flag: &'static str, text: &str) -> Result<String, Invalid> {
    let wrong = || invalid(flag, format!("`{text}` is not an origin such as https://shop.example"));
    let text = text.trim_end_matches('/');
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let web = uri.scheme() == Some(&Scheme::HTTP) || uri.scheme() == Some(&Scheme::HTTPS);
    // It goes into headers, where some of what an address may have means something else.
    let plain = uri.authority().is_some_and(|host| {
        host.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b))
    });
    if !web || !plain || uri.path() != "/" || uri.query().is_some() {
        return Err(wrong());
    }
    // Browsers leave the scheme's own port out.
    let own_port = if uri.scheme() == Some(&Scheme::HTTPS) { ":443" } else { ":80" };
    let text = text.to_ascii_lowercase();
    Ok(text.strip_suffix(own_port).unwrap_or(&text).to_owned())
}

pub(super) fn webhook(text: String) -> Result<String, Invalid> {
    let uri: Option<Uri> = text.parse().ok();
    let scheme = uri.as_ref().and_then(Uri::scheme);
    if scheme == Some(&Scheme::HTTP) || scheme == Some(&Scheme::HTTPS) {
        return Ok(text);
    }
    // Not repeated in the message: such addresses often carry a secret.
    Err(invalid("--webhook", "is not an address such as https://chat.example/hooks/rollouts".to_owned()))
}

pub(super) fn network(text: &str) -> Result<IpNet, Invalid> {
    let text = text.trim();
    let single = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse::<IpNet>().or_else(|_| single()).map_err(|_| {
        invalid("--trusted-proxy", format!("`{text}` is not an address or a network such as 10.0.0.0/8"))
    })
}

pub(super) fn tax(text: &str) -> Result<BasisPoints, Invalid> {
    let wrong =
        || invalid("--tax", format!("`{text}` is not a percentage from 0 to 100 with at most two decimals"));
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || decimals.len() > 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err(wrong());
    }
    let points: i64 = format!("{whole}{decimals:0<2}").parse().map_err(|_| wrong())?;
    if points > 10_000 { Err(wrong()) } else { Ok(BasisPoints(points)) }
}

pub(super) fn stripe(environment: Environment, shop: Option<&str>) -> Result<Option<Credentials>, Invalid> {
    let secret = |name: &str| environment(name).filter(|value| !value.is_empty());
    let (key, webhook_secret) = match (secret(STRIPE_KEY), secret(STRIPE_WEBHOOK_SECRET)) {
        (Some(key), Some(webhook_secret)) => (key, webhook_secret),
        (None, None) => return Ok(None),
        _ => {
            let message = format!("it and {STRIPE_WEBHOOK_SECRET} belong together: set both or none");
            return Err(invalid(STRIPE_KEY, message));
        }
    };
    if shop.is_none() {
        return Err(invalid(
            "--origin",
            "Stripe sends shoppers back to it: set it to the shop's address".to_owned(),
        ));
    }
    let address = secret(STRIPE_ADDRESS).unwrap_or_else(|| "https://api.stripe.com".to_owned());
    Ok(Some(Credentials { key, webhook_secret, address: origin(STRIPE_ADDRESS, &address)? }))
}

pub(super) fn operator_token(token: String) -> Result<String, Invalid> {
    if token.len() < 16 || !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(invalid(OPERATOR_TOKEN, "must be at least 16 visible characters".to_owned()));
    }
    Ok(token)
}
