//! Undoes the content codings of a body, up to a limit.

use std::io::Read;

use flate2::read::{MultiGzDecoder, ZlibDecoder};

use super::FetchError;

/// What the request says that can be undone.
pub(super) const ACCEPTED: &str = "gzip, deflate, br, zstd";

/// Largest window that a zstd body may ask for, as a power of two: the 8 MiB of RFC 9659.
const ZSTD_WINDOW: u32 = 23;

/// Size of the pieces in which brotli reads.
const BROTLI_BUFFER: usize = 4096;

/// The body that was packed as `codings`, the value of `Content-Encoding`. No more than `limit` bytes are ever held of
/// any layer, whatever the packed bytes would become.
///
/// # Errors
/// When a coding is not known, its bytes are broken or end early, or there would be more than `limit`.
pub(super) fn unpack(packed: Vec<u8>, codings: &str, limit: u64) -> Result<Vec<u8>, FetchError> {
    let codings = codings.split(',').map(|coding| coding.trim().to_ascii_lowercase());
    codings.rev().try_fold(packed, |bytes, coding| layer(bytes, &coding, limit))
}

fn layer(packed: Vec<u8>, coding: &str, limit: u64) -> Result<Vec<u8>, FetchError> {
    let broken = |error: std::io::Error| FetchError::Packing(format!("{coding}: {error}"));
    let from = packed.as_slice();
    let decoder: Box<dyn Read + '_> = match coding {
        "" | "identity" => return Ok(packed),
        "gzip" | "x-gzip" => Box::new(MultiGzDecoder::new(from)),
        "deflate" => Box::new(ZlibDecoder::new(from)),
        "br" => Box::new(brotli_decompressor::Decompressor::new(from, BROTLI_BUFFER)),
        "zstd" => {
            let mut decoder = zstd::Decoder::new(from).map_err(broken)?;
            decoder.window_log_max(ZSTD_WINDOW).map_err(broken)?;
            Box::new(decoder)
        }
        _ => return Err(FetchError::Packing(format!("expected one of {ACCEPTED}, found {coding:?}"))),
    };
    let mut bytes = Vec::new();
    decoder.take(limit + 1).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > limit { Err(FetchError::TooLarge { limit }) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_coding_that_is_accepted_is_undone() {
        let text = "增长6.6%。".repeat(100).into_bytes();
        let mut deflate = ZlibEncoder::new(Vec::new(), Compression::default());
        deflate.write_all(&text).unwrap();
        let brotli = b"\x1b\x13\x05\xf8\x9d\x09\x76\xec\x0a\x63\x3e\x62\x53\x55\x9e\xde\x25\x2e\x36\xe3\x4a\xd0\xb3\
            \x01\x2b\x45\x7f\x85\x81\xd1\xc0\xc1\x68\xcf\x18";
        assert_eq!(unpack(gzip(&text), "gzip", 2000), Ok(text.clone()));
        assert_eq!(unpack(deflate.finish().unwrap(), "Deflate", 2000), Ok(text.clone()));
        assert_eq!(unpack(zstd::bulk::compress(&text, 0).unwrap(), "zstd", 2000), Ok(text.clone()));
        assert_eq!(unpack(zstd::bulk::compress(&gzip(&text), 0).unwrap(), "gzip, zstd", 2000), Ok(text.clone()));
        assert_eq!(unpack(brotli.to_vec(), "br", 2000), Ok(text.clone()));
        assert_eq!(unpack(text.clone(), "identity", 2000), Ok(text));
    }

    #[test]
    fn a_bomb_stops_at_the_limit_and_half_a_body_is_none() {
        let bomb = gzip(&gzip(&vec![0; 2 << 20]));
        assert_eq!(unpack(bomb.clone(), "gzip, gzip", 1 << 20), Err(FetchError::TooLarge { limit: 1 << 20 }));
        assert!(matches!(unpack(bomb[..bomb.len() - 9].to_vec(), "gzip", 1 << 20), Err(FetchError::Packing(_))));
        assert!(matches!(unpack(bomb, "lzma", 1 << 20), Err(FetchError::Packing(_))));
    }
}
