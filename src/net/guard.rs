//! The address guard: an address that came out of a record, a page or a feed may not reach
//! loopback, private or otherwise special networks, nor odd ports.
//!
//! Names are judged after they are resolved, by the resolver that the connection itself uses, so
//! that what was judged is what is connected to.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::NetError;

/// A stand-in for the system's resolver, for tests: a host name's addresses.
pub type Lookup = Arc<dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync>;

/// Whether an address is on the public internet (IANA's special-purpose registries, RFC 6890).
/// IPv6 addresses that carry an IPv4 address (mapped, NAT64, 6to4, Teredo) are judged by it.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = a == 0
        || a == 10
        || a == 127
        || (a == 100 && (64..128).contains(&b))
        || (a == 169 && b == 254)
        || (a == 172 && (16..32).contains(&b))
        || (a == 192 && b == 168)
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || (a == 198 && b == 51 && c == 100)
        || (a == 203 && b == 0 && c == 113)
        || a >= 224;
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let v4 = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match parts {
        // IPv4-mapped and the deprecated IPv4-compatible form; `::` and `::1` fall in here too.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => parts[5] == 0xffff && is_public_v4(v4(high, low)),
        // IPv4-translated (RFC 2765).
        [0, 0, 0, 0, 0xffff, 0, high, low] => is_public_v4(v4(high, low)),
        // NAT64, the well-known prefix (RFC 6052); the local-use one (RFC 8215) is private.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(v4(high, low)),
        [0x64, 0xff9b, ..] => false,
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => is_public_v4(v4(high, low)),
        // Teredo, ORCHID, benchmarking and the rest of 2001::/23; documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // Only 2000::/3 is global unicast: unique local, link-local, multicast and discard are not in it.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Judges what can be judged before resolving: scheme, port, and a host that is an address.
///
/// # Errors
/// [`NetError::Blocked`], saying what is wrong with the address.
pub fn check(url: &Url) -> Result<(), NetError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(NetError::Blocked(format!("'{}' is no web address", url.scheme())));
    }
    if let Some(port) = url.port_or_known_default().filter(|port| !matches!(port, 80 | 443)) {
        return Err(NetError::Blocked(format!("port {port} is neither 80 nor 443")));
    }
    let address = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        Some(Host::Domain(_)) => return Ok(()),
        None => return Err(NetError::Blocked("the address names no host".into())),
    };
    if is_public(address) { Ok(()) } else { Err(blocked(&address.to_string(), address)) }
}

fn blocked(host: &str, address: IpAddr) -> NetError {
    NetError::Blocked(if host == address.to_string() {
        format!("{address} is no public address")
    } else {
        format!("{host} is at {address}, which is no public address")
    })
}

/// What a refused name comes back as from within reqwest.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Refused(pub(super) NetError);

/// Resolves names: stand-in hosts first, then the system (or the test's stand-in for it).
#[derive(Clone)]
pub(super) struct Resolver {
    pub(super) hosts: Arc<HashMap<String, SocketAddr>>,
    pub(super) lookup: Option<Lookup>,
    /// Whether only public addresses are let through.
    pub(super) guarded: bool,
}

impl Resolver {
    async fn addresses(self, name: String) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        if let Some(address) = self.hosts.get(&name.to_lowercase()) {
            return Ok(vec![*address]);
        }
        let found: Vec<IpAddr> = match &self.lookup {
            Some(lookup) => lookup(&name)?,
            None => tokio::net::lookup_host((name.as_str(), 0)).await?.map(|address| address.ip()).collect(),
        };
        let let_through: Vec<SocketAddr> = found
            .iter()
            .filter(|address| !self.guarded || is_public(**address))
            .map(|address| SocketAddr::new(*address, 0))
            .collect();
        match (let_through.is_empty(), found.first()) {
            (true, Some(address)) => Err(Box::new(Refused(blocked(&name, *address)))),
            (true, None) => Err("the name has no address".into()),
            _ => Ok(let_through),
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, name) = (self.clone(), name.as_str().to_owned());
        Box::pin(async move {
            let addresses = resolver.addresses(name).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_networks_are_not_public() {
        let special = [
            "0.1.2.3",
            "10.0.0.1",
            "127.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.5",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
        ];
        for text in special {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in [
            "8.8.8.8",
            "100.128.0.1",
            "172.32.0.1",
            "193.62.193.80",
            "::ffff:8.8.8.8",
            "2a00:1450::1",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn odd_spellings_of_addresses_are_seen_through() {
        for text in [
            "http://127.1/",
            "http://0x7f.0.0.1/",
            "http://2130706433/",
            "http://[::ffff:7f00:1]/",
            "http://0/",
            "http://example.org:8080/",
            "http://example.org:22/",
            "ftp://example.org/",
            "file:///etc/passwd",
        ] {
            let url = Url::parse(text).unwrap();
            assert!(check(&url).is_err(), "{text}");
        }
        for text in ["http://example.org/", "https://example.org:443/x", "https://example.org:80/", "http://8.8.8.8/"] {
            assert_eq!(check(&Url::parse(text).unwrap()), Ok(()), "{text}");
        }
    }
}
