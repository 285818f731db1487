//! From bytes to text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8};

use super::Reason;

/// Largest share of control characters (other than white space) that a text may have.
const MAX_CONTROL_SHARE: f64 = 0.02;

/// The text that `bytes` encode, and the name of the encoding.
///
/// A byte order mark decides; then valid UTF-8; then `charset`, the name that came with the bytes; then a guess among
/// the encodings of Chinese text. A text is only taken
/// when every byte of it is: a replacement character would be a number misread.
///
/// # Errors
/// When the bytes are empty, are no text, or are not valid in the encoding that they look like.
pub fn decode(bytes: &[u8], charset: Option<&str>) -> Result<(String, &'static str), Reason> {
    let (encoding, content) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        // Before the guess: UTF-16 without a mark, archives and images all have NULs, reports have none.
        None if bytes.contains(&0) => return Err(Reason::Binary("NUL bytes")),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, bytes),
        None => (stated(bytes, charset).map_or_else(|| guess(bytes), Ok)?, bytes),
    };
    let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(content) else {
        return Err(Reason::Encoding(format!("not valid as {}", encoding.name())));
    };
    if text.trim().is_empty() {
        return Err(Reason::Empty);
    }
    let controls = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    if controls as f64 > MAX_CONTROL_SHARE * text.chars().count() as f64 {
        return Err(Reason::Binary("control characters"));
    }
    Ok((text.into_owned(), encoding.name()))
}

/// The encoding that `charset` names, if it can be true of `bytes`.
fn stated(bytes: &[u8], charset: Option<&str>) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(charset?.as_bytes())?;
    // GB18030 holds all of GBK, and of the GB2312 that is often said of it.
    let encoding = if encoding == GBK { GB18030 } else { encoding };
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(|_| encoding)
}

/// The encoding that bytes which are not UTF-8 look like.
fn guess(bytes: &[u8]) -> Result<&'static Encoding, Reason> {
    if damaged_utf8(bytes) {
        return Err(Reason::Encoding("broken UTF-8, such as half a character".to_owned()));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    match detector.guess(Some(b"cn"), Utf8Detection::Deny) {
        // GB18030 holds all of GBK and decodes it alike.
        encoding if encoding == GBK || encoding == GB18030 => Ok(GB18030),
        encoding if encoding == BIG5 => Ok(BIG5),
        encoding => Err(Reason::Encoding(format!("looks like {}", encoding.name()))),
    }
}

/// Whether most of what is not ASCII is well-formed UTF-8. Such a file was UTF-8 before it was cut or spliced; read as
/// GB18030 it would be valid nonsense.
fn damaged_utf8(bytes: &[u8]) -> bool {
    let (mut well_formed, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        well_formed += chunk.valid().bytes().filter(|byte| !byte.is_ascii()).count();
        broken += chunk.invalid().len();
    }
    well_formed > broken
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "2022年1—7月,衢州市规上工业增加值282.7亿元,增长6.6%。";

    fn utf16(bom: [u8; 2], unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        bom.into_iter().chain(TEXT.encode_utf16().flat_map(unit)).collect()
    }

    #[test]
    fn every_encoding_of_a_report_gives_the_same_text() {
        let with_mark = [b"\xef\xbb\xbf", TEXT.as_bytes()].concat();
        for (bytes, name) in [
            (TEXT.as_bytes().to_vec(), "UTF-8"),
            (with_mark, "UTF-8"),
            (utf16([0xff, 0xfe], u16::to_le_bytes), "UTF-16LE"),
            (utf16([0xfe, 0xff], u16::to_be_bytes), "UTF-16BE"),
            (GB18030.encode(TEXT).0.into_owned(), "gb18030"),
        ] {
            assert_eq!(decode(&bytes, None), Ok((TEXT.to_owned(), name)));
        }
    }

    #[test]
    fn what_is_no_text_is_rejected() {
        let half = &TEXT.as_bytes()[..TEXT.len() - 1];
        let gbk = GB18030.encode(TEXT).0;
        for (bytes, reason) in [
            (&b""[..], "empty"),
            (b" \r\n\t", "empty"),
            ("\u{feff}".as_bytes(), "empty"),
            (b"PK\x03\x04\x00\x00\x08", "binary"),
            (b"\x01\x02\x03\x04\x05\x06", "binary"),
            (half, "encoding"),
            (&gbk[..gbk.len() - 1], "encoding"),
            (b"\xff\xfe\x00", "encoding"),
        ] {
            assert_eq!(decode(bytes, None).map_err(|reason| reason.as_str()), Err(reason), "{bytes:?}");
        }
    }
}
