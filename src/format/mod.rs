//! From the bytes of an input, whatever they came in, to the text of a report and what the file says about itself.
//!
//! What comes out is a text as the next stage reads it: a paragraph a line, and tables as the few tags of HTML that hold
//! what a cell spans. Navigation, page numbers and the like are gone; no paragraph and no table is. A text that came as
//! one stays exactly as it was.

mod day;
mod detect;
mod docx;
mod html;
mod pdf;
mod table;
mod workbook;

pub(crate) use day::first_day;

use jiff::civil::Date;

use crate::model::{Document, Format, Origin, Stated};
use crate::source::{Content, Declared, Input, Limits, Reason, Reject, decode, decode_page};

/// What a file holds.
#[derive(Debug, Default, PartialEq, Eq)]
struct Body {
    text: String,
    facts: Facts,
}

/// What a file says about itself.
#[derive(Debug, Default, PartialEq, Eq)]
struct Facts {
    title: Option<String>,
    published: Option<Date>,
    publisher: Option<String>,
}

/// Reads `input` to a document that holds the facts that came with it or stand marked in the file, and no other.
///
/// # Errors
/// The input as a reject when there is no text in it, or when it cannot be read.
pub fn document(input: Input) -> Result<Document, Reject> {
    let (format, encoding, body) = read(&input).map_err(|reason| input.reject(reason))?;
    let Declared { title, published, region, publisher, origin } = input.declared;
    let page = body.facts;
    Ok(Document {
        id: input.id,
        uri: input.uri,
        name: input.name,
        title: better(title, origin, page.title),
        published: better(published, origin, page.published),
        region: region.map(|code| Stated::new(code, origin)),
        publisher: better(publisher, origin, page.publisher),
        format,
        text: body.text,
        fetched: input.fetched,
        encoding,
    })
}

/// The fact with the better origin: what was declared at `origin`, or what the page says.
fn better<T>(declared: Option<T>, origin: Origin, page: Option<T>) -> Option<Stated<T>> {
    let declared = declared.map(|value| Stated::new(value, origin));
    let page = page.map(|value| Stated::new(value, Origin::Page));
    declared.into_iter().chain(page).min_by_key(|stated| stated.origin)
}

/// The format of `input`, the encoding if it is a text, and what it holds.
fn read(input: &Input) -> Result<(Format, Option<&'static str>, Body), Reason> {
    let bytes = match &input.content {
        Content::Line { text, .. } if text.trim().is_empty() => return Err(Reason::Empty),
        Content::Line { text, .. } => return Ok((Format::Text, Some("UTF-8"), plain(text.clone()))),
        Content::Bytes(bytes) => bytes,
    };
    let fetched = input.fetched.as_ref();
    let media_type = fetched.and_then(|fetched| fetched.media_type.as_deref());
    let charset = fetched.and_then(|fetched| fetched.charset.as_deref());
    let format = detect::format(bytes, &input.uri, media_type)?;
    let (encoding, body) = match format {
        Format::Text => decode(bytes, charset).map(|(text, encoding)| (Some(encoding), plain(text)))?,
        Format::Html => {
            let (source, encoding) = decode_page(bytes, charset)?;
            (Some(encoding), html::read(&source)?)
        }
        Format::Pdf => (None, pdf::read(bytes)?),
        Format::Docx => (None, plain(docx::read(bytes, Limits::default())?)),
        Format::Xlsx => (None, plain(workbook::read_xlsx(bytes, Limits::default())?)),
        Format::Xls => (None, plain(workbook::read_xls(bytes)?)),
    };
    if body.text.trim().is_empty() {
        return Err(Reason::Empty);
    }
    Ok((format, encoding, body))
}

fn plain(text: String) -> Body {
    Body { text, facts: Facts::default() }
}
