//! Where a request comes from.

use crate::{http::problem::Failure, state::Server};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use ipnet::IpNet;
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Once,
};

/// The address that a request comes from: the socket's, or what a proxy that we trust says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl Peer {
    /// For counting attempts: an IPv6 subscriber mostly has a /56. Not a /48, as for votes: phones have a /64 each, thousands of
    /// them in one /48, and a shopper would wait for what so many strangers do.
    pub fn subscriber(self) -> IpAddr {
        self.network(56)
    }

    /// For counting votes: a /48 of IPv6 is had for the asking.
    pub fn site(self) -> IpAddr {
        self.network(48)
    }

    /// So many bits of an IPv6 address.
    fn network(self, bits: u32) -> IpAddr {
        match self.0 {
            IpAddr::V6(address) => {
                let mask = u128::MAX << (u128::BITS - bits);
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
            }
            v4 => v4,
        }
    }
}

impl FromRequestParts<Server> for Peer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Failure> {
        let socket = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let socket = socket.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip().to_canonical());
        let (peer, doubt) = behind(&server.configuration.trusted_proxies, socket, &parts.headers);
        if let Some(doubt) = doubt {
            doubt.tell_once(socket);
        }
        Ok(Self(peer))
    }
}

/// Why shoppers may be counted as one: a proxy is taken for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doubt {
    /// What a proxy that we trust says is no address.
    Unreadable,
    /// Somebody near us says where a request comes from, and we do not trust them.
    Untrusted,
}

impl Doubt {
    /// Notes it, for the owner; every request would have the same to say.
    fn tell_once(self, socket: IpAddr) {
        static UNREADABLE: Once = Once::new();
        static UNTRUSTED: Once = Once::new();
        match self {
            Self::Unreadable => UNREADABLE.call_once(|| {
                tracing::warn!(%socket, "a trusted proxy's X-Forwarded-For cannot be read: its shoppers may count as one");
            }),
            Self::Untrusted => UNTRUSTED.call_once(|| {
                tracing::warn!(
                    %socket,
                    "X-Forwarded-For of a proxy nearby is not believed, and all its shoppers count as one: is it to be named by \
                     --trusted-proxy?"
                );
            }),
        }
    }
}

/// Goes back from the socket through the proxies that we trust; the first that we do not trust is the peer.
fn behind(trusted: &[IpNet], socket: IpAddr, headers: &HeaderMap) -> (IpAddr, Option<Doubt>) {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut peer = socket;
    let said = headers.get_all("x-forwarded-for").iter();
    let said: Vec<&[u8]> = said.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).collect();
    if !said.is_empty() && !is_trusted(&socket) {
        return (socket, is_near(socket).then_some(Doubt::Untrusted));
    }
    for hop in said.iter().rev() {
        if !is_trusted(&peer) {
            break;
        }
        let Some(address) = address(hop) else { return (peer, Some(Doubt::Unreadable)) };
        peer = address.to_canonical();
    }
    (peer, None)
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let hop = str::from_utf8(hop).ok()?.trim();
    let in_brackets = || hop.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    let with_port = || hop.parse::<SocketAddr>().ok();
    hop.parse()
        .ok()
        .or_else(|| with_port().map(|address| address.ip()))
        .or_else(|| in_brackets().map(IpAddr::from))
}

/// Whether it is on this machine or in this network, where proxies are.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[track_caller]
    fn check(trusted: &[&str], socket: &str, forwarded: &[&'static str], expected: &str) {
        let trusted: Vec<_> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        let (found, _) = behind(&trusted, socket.parse().unwrap(), &headers);
        assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{socket} {forwarded:?}");
    }

    #[track_caller]
    fn check_doubt(trusted: &str, socket: &str, forwarded: &'static [u8], expected: Option<Doubt>) {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_bytes(forwarded).unwrap());
        let (_, doubt) = behind(&[trusted.parse().unwrap()], socket.parse().unwrap(), &headers);
        assert_eq!(doubt, expected, "{socket} {}", String::from_utf8_lossy(forwarded));
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        check(&[], "203.0.113.9", &["198.51.100.1"], "203.0.113.9");
        check(&["10.0.0.0/8"], "203.0.113.9", &["198.51.100.1"], "203.0.113.9");
        check(&["10.0.0.0/8"], "10.0.0.1", &["198.51.100.1"], "198.51.100.1");
        check(&["10.0.0.0/8"], "10.0.0.1", &[], "10.0.0.1");
        // The shopper wrote 1.2.3.4 there; the proxy added the address that it saw.
        check(&["10.0.0.0/8"], "10.0.0.1", &["1.2.3.4, 198.51.100.1"], "198.51.100.1");
        check(&["10.0.0.0/8"], "10.0.0.1", &["1.2.3.4", "198.51.100.1, 10.0.0.2"], "198.51.100.1");
        check(&["10.0.0.0/8"], "10.0.0.1", &["nonsense"], "10.0.0.1");
        // Some proxies add a port, and brackets.
        for (written, expected) in [
            ("198.51.100.1:51334", "198.51.100.1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[::ffff:198.51.100.1]:80", "198.51.100.1"),
        ] {
            check(&["10.0.0.0/8"], "10.0.0.1", &[written], expected);
            check(&["10.0.0.0/8"], "10.0.0.1", &["1.2.3.4", written, "10.0.0.2:8080"], expected);
        }
    }

    #[test]
    fn a_proxy_that_shoppers_hide_behind_is_noticed() {
        let proxies = "10.0.0.0/8";
        check_doubt(proxies, "10.0.0.1", b"198.51.100.1", None);
        check_doubt(proxies, "10.0.0.1", b"unknown", Some(Doubt::Unreadable));
        check_doubt(proxies, "10.0.0.1", b"198.51.100.1, 10.0.0.2, ", Some(Doubt::Unreadable));
        // What shoppers write themselves is nobody's concern.
        check_doubt(proxies, "10.0.0.1", b"\xff, unknown, 198.51.100.1", None);
        check_doubt(proxies, "203.0.113.9", b"198.51.100.1", None);
        for nearby in ["127.0.0.1", "::1", "172.17.0.1", "192.168.1.4", "fd00::1"] {
            check_doubt(proxies, nearby, b"198.51.100.1", Some(Doubt::Untrusted));
        }
    }

    #[test]
    fn an_ipv6_subscriber_is_a_56_and_a_site_a_48() {
        let peer = |text: &str| Peer(text.parse().unwrap());
        let (subscriber, site) = (|text| peer(text).subscriber(), |text| peer(text).site());
        assert_eq!(subscriber("2001:db8:1:2ff:3::4"), "2001:db8:1:200::".parse::<IpAddr>().unwrap());
        assert_eq!(subscriber("2001:db8:1:2ff:3::4"), subscriber("2001:db8:1:201::"));
        assert_ne!(subscriber("2001:db8:1:200::"), subscriber("2001:db8:1:300::"));
        assert_eq!(site("2001:db8:1:200::"), site("2001:db8:1:300::"));
        assert_ne!(site("2001:db8:1::"), site("2001:db8:2::"));
        assert_eq!((site("192.0.2.7"), subscriber("192.0.2.7")), (peer("192.0.2.7").0, peer("192.0.2.7").0));
    }
}
