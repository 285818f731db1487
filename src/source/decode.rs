//! From bytes to characters.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use super::Reason;

/// Largest share of control characters (other than white space) that a text may have.
const MAX_CONTROL_SHARE: f64 = 0.02;

/// Largest share of characters that cannot be read in a page: sites cut the titles of their links in mid-character.
const MAX_BROKEN_SHARE: f64 = 0.001;

/// Bytes at the start of a page in which it says its encoding.
const DECLARATION: usize = 4096;

/// The text that `bytes` encode, and the name of the encoding.
///
/// A byte order mark decides; then valid UTF-8; then `charset`, the name that came with the bytes; then a guess among
/// the encodings of Chinese text. A text is only taken when every byte of it is: a replacement character would be a
/// number misread.
///
/// # Errors
/// When the bytes are empty, are no text, or are not valid in the encoding that they look like.
pub fn decode(bytes: &[u8], charset: Option<&str>) -> Result<(String, &'static str), Reason> {
    let (encoding, content) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        // Before the guess: archives and images have NULs, reports have none but in UTF-16.
        None if bytes.contains(&0) => (utf16(bytes).ok_or(Reason::Binary("NUL bytes"))?, bytes),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, bytes),
        None => (stated(bytes, charset).map_or_else(|| guess(bytes), Ok)?, bytes),
    };
    let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(content) else {
        return Err(Reason::Encoding(format!("not valid as {}", encoding.name())));
    };
    Ok((checked(text.into_owned())?, encoding.name()))
}

/// The text of a page. `charset`, the name that came with it, and what the page says of its encoding come before a guess, and few characters that cannot be read
/// are let pass: none of the encodings takes a digit into a broken character.
///
/// # Errors
/// When the bytes are empty, are no text, or more than a few are not valid in the encoding that they look like.
pub fn decode_page(bytes: &[u8], charset: Option<&str>) -> Result<(String, &'static str), Reason> {
    let strict = decode(bytes, charset);
    let declared = declared(bytes);
    // A declaration is older than the last conversion of a page: valid UTF-8 is UTF-8.
    if let Ok((_, name)) = &strict
        && (declared.is_none() || name.starts_with("UTF") || stated(bytes, charset).is_some())
    {
        return strict;
    }
    let Some(encoding) = declared.or_else(|| damaged_utf8(bytes).then_some(UTF_8)) else { return strict };
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let broken = text.matches('\u{fffd}').count();
    if broken as f64 > MAX_BROKEN_SHARE * text.chars().count() as f64 + 1.0 {
        return strict.map_err(|_| Reason::Encoding(format!("not valid as {}", encoding.name())));
    }
    Ok((checked(text.into_owned())?, encoding.name()))
}

/// The encoding that `charset` names, if it can be true of `bytes`.
fn stated(bytes: &[u8], charset: Option<&str>) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(charset?.as_bytes())?;
    // GB18030 holds all of GBK, and of the GB2312 that is often said of it.
    let encoding = if encoding == GBK { GB18030 } else { encoding };
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(|_| encoding)
}

/// `text`, when there is something in it to read.
fn checked(text: String) -> Result<String, Reason> {
    if text.trim().is_empty() {
        return Err(Reason::Empty);
    }
    let controls = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    if controls as f64 > MAX_CONTROL_SHARE * text.chars().count() as f64 {
        return Err(Reason::Binary("control characters"));
    }
    Ok(text)
}

/// The encoding that a page names: `<meta charset=gb2312>`, `content="text/html; charset=gbk"`, `encoding="utf-8"`.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION)]).to_ascii_lowercase();
    let named = ["charset", "encoding"].into_iter().find_map(|key| {
        head.match_indices(key).find_map(|(at, _)| {
            let value = head[at + key.len()..].trim_start().strip_prefix('=')?.trim_start_matches(['"', '\'', ' ']);
            let end = value.find(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c)).unwrap_or(value.len());
            Encoding::for_label(&value.as_bytes()[..end])
        })
    })?;
    // GB18030 holds all of GBK and decodes it alike. A declaration in ASCII is none of UTF-16.
    match named {
        named if named == GBK => Some(GB18030),
        named if named == UTF_16LE || named == UTF_16BE => None,
        named => Some(named),
    }
}

/// UTF-16 without a byte order mark: as such the bytes are Chinese and ASCII text, and nothing else.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let is_text = |c: char| {
        matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..='\u{ff}' | '\u{2000}'..='\u{206f}')
            || matches!(c, '\u{2100}'..='\u{2bff}' | '\u{3000}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}')
            || matches!(c, '\u{ff00}'..='\u{ffef}')
    };
    [UTF_16LE, UTF_16BE].into_iter().find(|encoding| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
        text.is_some_and(|text| !text.is_empty() && text.chars().all(is_text))
    })
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
            (utf16([0xff, 0xfe], u16::to_le_bytes)[2..].to_vec(), "UTF-16LE"),
            (utf16([0xfe, 0xff], u16::to_be_bytes)[2..].to_vec(), "UTF-16BE"),
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

    #[test]
    fn a_page_is_read_as_it_says() {
        let big5 = "<meta charset=big5><p>2022年1至7月,工業增加值增長6.6%。</p>";
        let traditional = BIG5.encode(big5).0;
        assert_eq!(decode_page(&traditional, None), Ok((big5.to_owned(), "Big5")));
        let gbk = format!("<META http-equiv=Content-Type content='text/html; charset=gb2312'><p>{TEXT}</p>");
        assert_eq!(decode_page(&GB18030.encode(&gbk).0, None), Ok((gbk.clone(), "gb18030")));
        // What it says is out of date.
        assert_eq!(decode_page(gbk.as_bytes(), None), Ok((gbk.clone(), "UTF-8")));
    }

    #[test]
    fn half_a_character_in_a_link_does_not_cost_the_page() {
        let page = format!("<meta charset=gbk><p>{TEXT}</p><a>");
        let mut bytes = GB18030.encode(&page).0.into_owned();
        bytes.push(0xb9);
        bytes.extend_from_slice(b"</a>");
        let (text, name) = decode_page(&bytes, None).unwrap();
        assert!(text.contains(TEXT) && name == "gb18030");
    }
}
