//! Where a request comes from.

use crate::{http::problem::Failure, state::Server};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The address that a request comes from: the socket's, or what a proxy that we trust says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl Peer {
    /// For counting attempts: an IPv6 subscriber has a whole /64.
    pub fn subscriber(self) -> IpAddr {
        self.network(4)
    }

    /// For counting votes: who has one network of IPv6 mostly has a /56, and a /48 is had for the asking.
    pub fn site(self) -> IpAddr {
        self.network(3)
    }

    /// So many groups of an IPv6 address.
    fn network(self, groups: usize) -> IpAddr {
        match self.0 {
            IpAddr::V6(address) => {
                let mut segments = address.segments();
                segments[groups..].fill(0);
                IpAddr::V6(Ipv6Addr::from(segments))
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
        Ok(Self(behind(&server.configuration.trusted_proxies, socket, &parts.headers)))
    }
}

/// Goes back from the socket through the proxies that we trust; the first that we do not trust is the peer.
fn behind(trusted: &[IpNet], socket: IpAddr, headers: &HeaderMap) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut peer = socket;
    let said: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in said.iter().rev() {
        if !is_trusted(&peer) {
            break;
        }
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        peer = address.to_canonical();
    }
    peer
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
        let found = behind(&trusted, socket.parse().unwrap(), &headers);
        assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{socket} {forwarded:?}");
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
    }

    #[test]
    fn an_ipv6_subscriber_is_a_64_and_a_site_a_48() {
        let peer = |text: &str| Peer(text.parse().unwrap());
        let (subscriber, site) = (|text| peer(text).subscriber(), |text| peer(text).site());
        assert_eq!(subscriber("2001:db8:1:2:3::4"), subscriber("2001:db8:1:2::"));
        assert_ne!(subscriber("2001:db8:1:2::"), subscriber("2001:db8:1:3::"));
        assert_eq!(site("2001:db8:1:2::"), site("2001:db8:1:3::"));
        assert_ne!(site("2001:db8:1::"), site("2001:db8:2::"));
        assert_eq!(site("192.0.2.7"), peer("192.0.2.7").0);
    }
}
