//! The blocks of IPv6 that IANA has given to the regional registries. No line of anybody's has an address outside of them.

use std::net::Ipv6Addr;

/// The first 32 bits of each block, and the length of its prefix. Source: IANA's registry "IPv6 Global Unicast Address
/// Assignments", as of its last addition, `2410::/12` of 2024-11-01. Not in it: `2001::/23` and `2002::/16`, which IANA
/// keeps for protocols, and what was returned, such as `3ffe::/16`. To be looked at again before each release.
const ALLOCATED: [(u32, u32); 33] = [
    (0x2001_0200, 23),
    (0x2001_0400, 23),
    (0x2001_0600, 23),
    (0x2001_0800, 22),
    (0x2001_0c00, 23),
    (0x2001_0e00, 23),
    (0x2001_1200, 23),
    (0x2001_1400, 22),
    (0x2001_1800, 23),
    (0x2001_1a00, 23),
    (0x2001_1c00, 22),
    (0x2001_2000, 19),
    (0x2001_4000, 23),
    (0x2001_4200, 23),
    (0x2001_4400, 23),
    (0x2001_4600, 23),
    (0x2001_4800, 23),
    (0x2001_4a00, 23),
    (0x2001_4c00, 23),
    (0x2001_5000, 20),
    (0x2001_8000, 19),
    (0x2001_a000, 20),
    (0x2001_b000, 20),
    (0x2003_0000, 18),
    (0x2400_0000, 12),
    (0x2410_0000, 12),
    (0x2600_0000, 12),
    (0x2610_0000, 23),
    (0x2620_0000, 23),
    (0x2630_0000, 12),
    (0x2800_0000, 12),
    (0x2a00_0000, 11),
    (0x2c00_0000, 12),
];

/// True if `address` lies in a block that was given to a regional registry.
pub(super) fn is_allocated(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let start = u32::from(a) << 16 | u32::from(b);
    ALLOCATED.iter().any(|(block, length)| (start ^ block) >> (32 - length) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_each_block_is_allocated_from_its_first_address_to_its_last() {
        assert!(ALLOCATED.is_sorted());
        for (block, length) in ALLOCATED {
            let rest = u32::MAX >> length;
            assert_eq!(block & rest, 0, "{block:x}/{length}");
            let address = |start: u32| Ipv6Addr::from_bits(u128::from(start) << 96 | 7);
            for (start, expected) in [
                (block, true),
                (block | rest, true),
                (block - 1, ALLOCATED.iter().any(|(other, l)| other + (u32::MAX >> l) == block - 1)),
                (block + rest + 1, ALLOCATED.iter().any(|(other, _)| *other == block + rest + 1)),
            ] {
                assert_eq!(is_allocated(address(start)), expected, "{}", address(start));
            }
        }
    }
}
