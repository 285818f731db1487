//! Which addresses may be asked. A page must not lead the job into the network that it runs in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::FetchError;

/// Refuses hosts with an address that is not public, save those that the pipeline names.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    allowed: Arc<[String]>,
}

impl Guard {
    pub fn new(allowed: &[String]) -> Guard {
        Guard { allowed: allowed.into() }
    }

    /// Checks a host that is written as an address; names are checked as they are resolved.
    ///
    /// # Errors
    /// When the address is not public.
    pub fn check(&self, url: &Url) -> Result<(), FetchError> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        let host = url.host_str().unwrap_or_default();
        if is_public(address) || self.allows(host) { Ok(()) } else { Err(refused(host, address)) }
    }

    fn allows(&self, host: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == host)
    }
}

/// The connection is made to exactly the addresses that were checked: nothing is resolved a second time.
impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
            let is_allowed = guard.allows(host);
            let (open, closed): (Vec<SocketAddr>, Vec<SocketAddr>) =
                found.into_iter().partition(|address| is_allowed || is_public(address.ip()));
            match closed.first() {
                Some(address) if open.is_empty() => Err(refused(host, address.ip()).into()),
                _ => Ok(Box::new(open.into_iter()) as Addrs),
            }
        })
    }
}

fn refused(host: &str, address: IpAddr) -> FetchError {
    FetchError::Address { host: host.to_owned(), address }
}

/// Whether an address belongs to the public internet, by the special-purpose registries of IANA.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => embedded_v4(address).map_or_else(|| is_public_v6(address), is_public_v4),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        [0 | 10 | 127, ..] => true,                  // this network, private, loopback
        [100, 64..=127, ..] => true,                 // shared by carriers (CGNAT)
        [169, 254, ..] => true,                      // link-local
        [172, 16..=31, ..] | [192, 168, ..] => true, // private
        [192, 0, 0, _] | [192, 88, 99, _] => true,   // protocol assignments, 6to4 relays
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => true, // documentation
        [198, 18..=19, ..] => true,                  // benchmarks
        [224..=255, ..] => true,                     // multicast, reserved, broadcast
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        [0x2001, 0x0000..=0x01ff, ..] => false, // protocol assignments, Teredo
        [0x2001, 0x0db8, ..] | [0x3fff, 0x0000..=0x0fff, ..] => false, // documentation
        // All that was ever assigned; loopback, link-local, unique local and multicast lie outside.
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

/// The IPv4 address that an IPv6 address stands for: mapped, compatible, translated (NAT64) or carried (6to4).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => Some(from(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(from(high, low)),
        [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_pass() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "3fff::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "223.5.5.5",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2400:3200::1",
            "2001:4860:4860::8888",
            "2606:4700::1111",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn an_address_in_disguise_is_seen() {
        let guard = Guard::new(&["10.0.0.7".to_owned()]);
        for url in
            ["http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/", "http://017700000001/", "http://[::1]/"]
        {
            assert!(guard.check(&Url::parse(url).unwrap()).is_err(), "{url}");
        }
        assert!(guard.check(&Url::parse("http://10.0.0.7:8080/").unwrap()).is_ok());
        assert!(guard.check(&Url::parse("http://10.0.0.8/").unwrap()).is_err());
    }
}
