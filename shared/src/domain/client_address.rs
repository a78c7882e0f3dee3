//! Where a client is, as far as we may believe it.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// The address that a request or a socket comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// A client that its edge did not name. All of them count as one, and none is taken for a neighbour.
    pub const UNNAMED: Self = Self(IpAddr::V6(Ipv6Addr::UNSPECIFIED));

    /// An address; one of version 4 that is written as one of version 6 is one of version 4.
    pub fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// Reads an address, without a port; none if the text isn't one.
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(Self::new)
    }

    /// Whether it is the very machine that we run on.
    pub fn is_this_machine(&self) -> bool {
        self.0.is_loopback()
    }

    /// By what a limit counts: the address itself, or of version 6 its network of 64 bits, since a single customer has
    /// all of one.
    pub fn limit_key(&self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let network = address.to_bits() >> 64 << 64;
                format!("{}/64", Ipv6Addr::from_bits(network))
            }
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_are_read_and_written_in_one_way() {
        let table = [
            ("192.0.2.7", "192.0.2.7"),
            (" 192.0.2.7 ", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:DB8:0:0::1", "2001:db8::1"),
        ];
        for (text, written) in table {
            assert_eq!(ClientAddress::parse(text).unwrap().to_string(), written, "{text}");
        }
    }

    #[test]
    fn what_is_more_or_less_than_an_address_is_none() {
        for text in ["", "localhost", "192.0.2.7:443", "[2001:db8::1]", "192.0.2.7, 192.0.2.8", "192.0.2.256"]
        {
            assert_eq!(ClientAddress::parse(text), None, "{text}");
        }
    }

    #[test]
    fn this_machine_is_known_in_both_versions() {
        let is_here = |text| ClientAddress::parse(text).unwrap().is_this_machine();
        assert!(
            is_here("127.0.0.1") && is_here("127.9.9.9") && is_here("::1") && is_here("::ffff:127.0.0.1")
        );
        assert!(!is_here("192.0.2.7") && !is_here("10.0.0.1") && !is_here("2001:db8::1"));
    }

    #[test]
    fn a_client_that_nobody_named_is_not_this_machine_and_counts_by_itself() {
        assert!(!ClientAddress::UNNAMED.is_this_machine());
        assert_ne!(
            ClientAddress::UNNAMED.limit_key(),
            ClientAddress::parse("::1:0:0:0:1").unwrap().limit_key()
        );
    }

    #[test]
    fn a_limit_counts_addresses_or_networks_of_64_bits() {
        let key = |text| ClientAddress::parse(text).unwrap().limit_key();
        assert_eq!(key("192.0.2.7"), "192.0.2.7");
        assert_eq!(key("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(key("2001:db8:1:2:ffff::"), key("2001:db8:1:2::1"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
    }
}
