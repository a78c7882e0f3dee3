//! Which addresses may be connected to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far requests reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// Addresses of the public internet alone.
    #[default]
    Public,
    /// These and the very machine that we run on: for tests and for developers.
    Loopback,
}

/// Networks of version 4 that are not public, each with the length of its prefix.
const RESERVED_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// All that was ever given out of version 6. Unique local, link-local, multicast, mapped, compatible and translated (NAT64)
/// addresses lie outside it.
const GLOBAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What of it is no host of the internet, or leads to one of version 4: Teredo and other protocols, 6to4, documentation.
const RESERVED_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

impl Reach {
    /// Whether an address may be connected to. It is asked about what a name was resolved to, never about the name.
    pub fn admits(self, address: IpAddr) -> bool {
        is_public(address) || (self == Self::Loopback && address.is_loopback())
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !RESERVED_V4.iter().any(|network| is_in_v4(address, *network)),
        IpAddr::V6(address) => {
            let is_reserved = RESERVED_V6.iter().any(|network| is_in_v6(address, *network));
            is_in_v6(address, GLOBAL_V6) && !is_reserved
        }
    }
}

fn is_in_v4(address: Ipv4Addr, (network, length): (Ipv4Addr, u32)) -> bool {
    (address.to_bits() ^ network.to_bits()) >> (u32::BITS - length) == 0
}

fn is_in_v6(address: Ipv6Addr, (network, length): (Ipv6Addr, u32)) -> bool {
    (address.to_bits() ^ network.to_bits()) >> (u128::BITS - length) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_admitted(reach: Reach, address: &str) -> bool {
        reach.admits(address.parse().unwrap())
    }

    #[test]
    fn hosts_of_the_internet_are_admitted() {
        for address in ["1.1.1.1", "100.128.0.1", "172.32.0.1", "192.0.1.1", "198.20.0.1", "223.255.255.255"]
        {
            assert!(is_admitted(Reach::Public, address), "{address}");
        }
        for address in ["2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450::1", "3ffe::1"] {
            assert!(is_admitted(Reach::Public, address), "{address}");
        }
    }

    #[test]
    fn addresses_of_version_4_that_are_not_public_are_refused() {
        let refused = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
        ];
        for address in refused {
            assert!(!is_admitted(Reach::Public, address), "{address}");
        }
    }

    #[test]
    fn addresses_of_version_6_that_are_not_public_or_hide_one_of_version_4_are_refused() {
        let refused = [
            "::",
            "::1",
            "::7f00:1",
            "::1.1.1.1",
            "::ffff:127.0.0.1",
            "::ffff:1.1.1.1",
            "64:ff9b::7f00:1",
            "64:ff9b::101:101",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:0:4136:e378::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:101:101::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for address in refused {
            assert!(!is_admitted(Reach::Public, address), "{address}");
        }
    }

    #[test]
    fn this_very_machine_is_admitted_to_who_reaches_it_and_its_network_is_not() {
        for address in ["127.0.0.1", "127.0.0.2", "::1", "1.1.1.1"] {
            assert!(is_admitted(Reach::Loopback, address), "{address}");
        }
        for address in ["10.0.0.1", "169.254.169.254", "0.0.0.0", "::ffff:127.0.0.1", "fe80::1"] {
            assert!(!is_admitted(Reach::Loopback, address), "{address}");
        }
    }
}
