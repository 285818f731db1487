//! A quick no: which characters, alone or in pairs, something may begin with.

/// Sets of characters and of pairs of them, a bit each. A no is certain; a yes may be wrong, and a closer look follows.
///
/// Eight KiB, so that it stays in the first-level cache beside what it spares a look at.
pub(crate) struct Filter {
    bits: Box<[u64; Filter::WORDS]>,
}

impl Filter {
    const WORDS: usize = 1 << 10;

    /// The filter that says yes to `chars`.
    pub(crate) fn of_chars(chars: impl IntoIterator<Item = char>) -> Self {
        Filter::of(chars.into_iter().map(|c| Bit::of(code_of(c))))
    }

    /// The filter that says yes to `bits`.
    pub(super) fn of(bits: impl Iterator<Item = Bit>) -> Self {
        let mut filter = Filter { bits: Box::new([0; Filter::WORDS]) };
        for Bit(bit) in bits {
            filter.bits[bit as usize / 64] |= 1 << (bit % 64);
        }
        filter
    }

    /// Whether `c` may be one of the characters.
    #[cfg(test)]
    pub(crate) fn may_hold(&self, c: char) -> bool {
        self.has(Bit::of(code_of(c)))
    }

    #[inline]
    pub(super) fn has(&self, Bit(bit): Bit) -> bool {
        self.bits[bit as usize / 64] >> (bit % 64) & 1 != 0
    }
}

/// The bit of a character or a pair, below 2¹⁶: the upper half of a product with the golden ratio.
#[derive(Clone, Copy)]
pub(super) struct Bit(u32);

impl Bit {
    #[inline]
    pub(super) fn of(code: u32) -> Bit {
        Bit(code.wrapping_mul(0x9E37_79B1) >> 16)
    }

    #[inline]
    pub(super) fn of_pair(first: u32, second: u32) -> Bit {
        Bit::of(first.wrapping_mul(0x9E37_79B1) ^ second)
    }
}

/// The code of the character that valid UTF-8 starts with, and its length: its bytes as one number, which costs less
/// to know than the character.
#[inline]
pub(super) fn first_code(bytes: &[u8]) -> Option<(u32, usize)> {
    match *bytes {
        [a, b, c, ..] if a >> 4 == 0b1110 => Some((u32::from_le_bytes([a, b, c, 0]), 3)),
        [a, ..] if a < 0x80 => Some((u32::from(a), 1)),
        [a, b, ..] if a < 0xE0 => Some((u32::from_le_bytes([a, b, 0, 0]), 2)),
        [a, b, c, d, ..] => Some((u32::from_le_bytes([a, b, c, d]), 4)),
        _ => None,
    }
}

fn code_of(c: char) -> u32 {
    let mut bytes = [0; 4];
    c.encode_utf8(&mut bytes);
    u32::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_where_its_character_is() {
        for c in ['a', 'é', '一', '〇', '\u{20000}'] {
            let text = format!("{c}业");
            assert_eq!(first_code(text.as_bytes()), Some((code_of(c), c.len_utf8())), "{c}");
        }
        assert_eq!(first_code(b""), None);
    }
}
