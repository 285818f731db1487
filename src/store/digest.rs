//! Ids of documents in a quarter of the space: the bytes that their digits stand for.

/// What the 64 digits of a document's id stand for.
pub(super) type Digest = [u8; 32];

/// The bytes of `id`; `None` when it is no SHA-256 in lower-case hexadecimal.
pub(super) fn digest(id: &str) -> Option<Digest> {
    let mut digest = [0; 32];
    let digits = id.as_bytes();
    if digits.len() != 2 * digest.len() {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(digest)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_are_taken() {
        let id = "00ff".to_owned() + &"a0".repeat(30);
        assert_eq!(digest(&id).unwrap()[..3], [0x00, 0xff, 0xa0]);
        assert_eq!(digest(&id.to_uppercase()), None);
        assert_eq!(digest(&id[2..]), None);
    }
}
