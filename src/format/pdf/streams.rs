//! How large the packed streams of a file are, told before any is unpacked at once.

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::source::Reason;

/// Bytes that all streams of a file have when they are unpacked, those packed twice at each step.
const MOST_BYTES: u64 = 256 << 20;

/// What stands before the bytes of a stream.
const START: &[u8] = b"stream";

/// Fails when the streams of `bytes` unpack to more than any report holds.
pub(super) fn check(bytes: &[u8]) -> Result<(), Reason> {
    let mut left = MOST_BYTES;
    for at in starts(bytes) {
        unpack(&bytes[at..], &mut left, 0)?;
    }
    Ok(())
}

/// Where streams start that look like packed ones.
fn starts(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let found = bytes.windows(START.len()).enumerate().filter(|(_, window)| *window == START);
    found.filter_map(|(at, _)| {
        let rest = &bytes[at + START.len()..];
        let gap = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        is_packed(&rest[gap..]).then_some(at + START.len() + gap)
    })
}

/// Whether bytes start as zlib's do.
fn is_packed(bytes: &[u8]) -> bool {
    matches!(bytes, [first, second, ..] if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0)
}

/// Unpacks `bytes` and forgets them, counting down what is left.
fn unpack(bytes: &[u8], left: &mut u64, depth: usize) -> Result<(), Reason> {
    const DEEPEST: usize = 4;
    const HEAD: u64 = 64 << 10;
    let mut unpacked = ZlibDecoder::new(bytes);
    // What is broken is for the parser to judge; as far as it goes it counts.
    let mut head = Vec::new();
    let _ = (&mut unpacked).take(HEAD).read_to_end(&mut head);
    let mut size = head.len() as u64;
    let again = depth < DEEPEST && is_packed(&head);
    let mut buffer = vec![0; 64 << 10];
    while let Ok(read) = unpacked.read(&mut buffer) {
        if read == 0 || size > *left {
            break;
        }
        size += read as u64;
        if again {
            head.extend_from_slice(&buffer[..read]);
        }
    }
    *left = left
        .checked_sub(size)
        .ok_or_else(|| Reason::Excessive(format!("streams that unpack to more than {} MiB", MOST_BYTES >> 20)))?;
    if again { unpack(&head, left, depth + 1) } else { Ok(()) }
}
