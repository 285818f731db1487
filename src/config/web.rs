//! A source of `kind = "web"`: which pages it asks for.

use std::ops::Range;

use glob::Pattern;
use jiff::civil::Date;
use scraper::Selector;
use toml::Spanned;
use url::Url;

use super::error::Place;
use super::manners::whole;
use super::{ConfigError, Day, raw};

/// What a source of the web reads.
#[derive(Clone, Debug)]
pub struct Web {
    /// Pages that are asked for again in every run.
    pub urls: Vec<Url>,
    /// Lists of links to pages.
    pub list: Option<List>,
    /// RSS and Atom feeds.
    pub feeds: Vec<Url>,
    /// Sitemaps and indexes of them.
    pub sitemaps: Vec<Url>,
    /// Which links are taken; where there are none, those to the host that they were found on.
    pub include: Vec<Pattern>,
    /// Which of these are left out.
    pub exclude: Vec<Pattern>,
    /// Pages that are listed with an earlier day are left out.
    pub since: Option<Date>,
    /// Pages that were published so many days ago, or later, are asked for again; 0 for none.
    pub recheck_days: i64,
}

/// `[source.list]`: HTML pages with links to the pages that are meant.
#[derive(Clone, Debug)]
pub struct List {
    /// Where to begin.
    pub urls: Vec<Template>,
    /// The links to the pages that are meant.
    pub links: Selector,
    /// The elements that hold their days; without it the first day written near a link is its day.
    pub date: Option<Selector>,
    /// Links to further pages of the list.
    pub next: Option<Selector>,
    /// Address of the further pages by their number, for a list that has no such links.
    pub pages: Option<Template>,
    /// Number of the page behind the first one.
    pub first_page: u32,
    /// Most pages of the list that are read from one beginning.
    pub max_pages: usize,
    /// For addresses with a day in them: how many days before today are asked for too.
    pub days_back: i64,
}

/// An address with places for a day, `{yyyy}` `{mm}` `{dd}`, or for the number of a page, `{page}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(String);

impl Template {
    /// Whether it names another address each day.
    pub fn has_day(&self) -> bool {
        ["{yyyy}", "{mm}", "{dd}"].into_iter().any(|place| self.0.contains(place))
    }

    /// The address for a day; `None` when it is none.
    pub fn on(&self, day: Date) -> Option<Url> {
        let text = self.0.replace("{yyyy}", &format!("{:04}", day.year()));
        let text = text.replace("{mm}", &format!("{:02}", day.month())).replace("{dd}", &format!("{:02}", day.day()));
        Url::parse(&text).ok()
    }

    /// The address of page number `page`; `None` when it is none.
    pub fn page(&self, page: u32) -> Option<Url> {
        Url::parse(&self.0.replace("{page}", &page.to_string())).ok()
    }
}

impl Web {
    pub(super) fn check(place: Place<'_>, span: Range<usize>, source: raw::Source) -> Result<Web, ConfigError> {
        let all = |key, urls: Vec<Spanned<String>>| -> Result<Vec<Url>, ConfigError> {
            urls.into_iter().map(|text| url(place, key, &text, text.get_ref())).collect()
        };
        let globs = |key, globs: Option<Spanned<Vec<Spanned<String>>>>| -> Result<Vec<Pattern>, ConfigError> {
            globs.map(Spanned::into_inner).unwrap_or_default().into_iter().map(|text| glob(place, key, &text)).collect()
        };
        let index = |index: Option<Spanned<raw::Index>>| index.map(|index| index.into_inner().urls).unwrap_or_default();
        let web = Web {
            urls: all("urls", source.urls.map(Spanned::into_inner).unwrap_or_default())?,
            list: source.list.map(|list| List::check(place, list)).transpose()?,
            feeds: all("feed.urls", index(source.feed))?,
            sitemaps: all("sitemap.urls", index(source.sitemap))?,
            include: globs("include", source.include)?,
            exclude: globs("exclude", source.exclude)?,
            since: source.since.map(|since| day(place, since)).transpose()?,
            recheck_days: whole(place, "recheck_days", source.recheck_days, 0..=3650, 0)?,
        };
        if web.urls.is_empty() && web.list.is_none() && web.feeds.is_empty() && web.sitemaps.is_empty() {
            let message = "kind = \"web\" expects urls, [source.list], [source.feed] or [source.sitemap]";
            return Err(place.invalid(span, "urls", message));
        }
        Ok(web)
    }
}

impl List {
    fn check(place: Place<'_>, list: Spanned<raw::List>) -> Result<List, ConfigError> {
        let span = list.span();
        let raw::List { urls, links, date, next, pages, first_page, max_pages, days_back } = list.into_inner();
        if urls.is_empty() {
            return Err(place.invalid(span, "list.urls", "expected at least one address"));
        }
        let sample = Date::constant(2022, 8, 19);
        let templates = urls.into_iter().map(|text| {
            let template = Template(text.get_ref().clone());
            let filled = template.on(sample).map_or_else(|| text.get_ref().clone(), |url| url.to_string());
            url(place, "list.urls", &text, &filled).map(|_| template)
        });
        let pages = pages.map(|text| {
            if !text.get_ref().contains("{page}") {
                let message = format!("expected an address with {{page}} in it, found {:?}", text.get_ref());
                return Err(place.invalid(text.span(), "list.pages", message));
            }
            url(place, "list.pages", &text, &text.get_ref().replace("{page}", "2"))?;
            Ok(Template(text.into_inner()))
        });
        let optional = |key, css: Option<Spanned<String>>| css.map(|css| selector(place, key, &css)).transpose();
        let list = List {
            urls: templates.collect::<Result<_, _>>()?,
            links: selector(place, "list.links", &links)?,
            date: optional("list.date", date)?,
            next: optional("list.next", next)?,
            pages: pages.transpose()?,
            first_page: first_page.unwrap_or(2),
            max_pages: whole(place, "list.max_pages", max_pages, 1..=10_000, 20)?,
            days_back: whole(place, "list.days_back", days_back.clone(), 0..=3650, 0)?,
        };
        match days_back {
            Some(days) if !list.urls.iter().any(Template::has_day) => {
                Err(place.invalid(days.span(), "list.days_back", "expected {yyyy}, {mm} and {dd} in list.urls"))
            }
            _ => Ok(list),
        }
    }
}

/// `text`, written at `at`, as an address that can be asked.
fn url(place: Place<'_>, key: &str, at: &Spanned<String>, text: &str) -> Result<Url, ConfigError> {
    let invalid = |message: String| {
        place.invalid(at.span(), key, format!("expected an address such as \"https://example.org/a\", {message}"))
    };
    let url = Url::parse(text).map_err(|error| invalid(format!("found {text:?}: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid(format!("found the scheme {:?}", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("found one with a user name: it would be stored with every row".to_owned()));
    }
    if url.fragment().is_some() {
        return Err(invalid("found one with a fragment, which no server is told of".to_owned()));
    }
    Ok(url)
}

fn glob(place: Place<'_>, key: &str, text: &Spanned<String>) -> Result<Pattern, ConfigError> {
    Pattern::new(text.get_ref()).map_err(|error| {
        let message =
            format!("expected a glob such as \"https://example.org/*.html\", found {:?}: {error}", text.get_ref());
        place.invalid(text.span(), key, message)
    })
}

fn selector(place: Place<'_>, key: &str, css: &Spanned<String>) -> Result<Selector, ConfigError> {
    Selector::parse(css.get_ref()).map_err(|error| {
        let message = format!("expected a CSS selector such as \"ul.list a\", found {:?}: {error}", css.get_ref());
        place.invalid(css.span(), key, message)
    })
}

fn day(place: Place<'_>, day: Spanned<Day>) -> Result<Date, ConfigError> {
    let span = day.span();
    day.into_inner().date().map_err(|message| place.invalid(span, "since", message))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Pipeline;

    const GOOD: &str = "name = \"a\"\nstore = \"s\"\n[web]\ncontact = \"data@example.org\"\n[[source]]\nkind = \"web\"\n\
                        [source.list]\nurls = [\"https://example.org/\"]\nlinks = \"li a\"\n";

    #[test]
    fn a_template_names_an_address_each_day() {
        let template = Template("https://paper.example/{yyyy}-{mm}/{dd}/node_1.htm".to_owned());
        assert!(template.has_day());
        let url = template.on(Date::constant(2022, 8, 9)).unwrap();
        assert_eq!(url.as_str(), "https://paper.example/2022-08/09/node_1.htm");
        let template = Template("https://bureau.example/index_{page}.html".to_owned());
        assert_eq!(template.page(3).unwrap().as_str(), "https://bureau.example/index_3.html");
    }

    #[test]
    fn an_error_names_line_key_and_what_was_expected() {
        assert!(Pipeline::parse(Path::new("job.toml"), GOOD).is_ok());
        let contact = "contact = \"data@example.org\"";
        let without_web = GOOD.replace(&format!("[web]\n{contact}\n"), "");
        for (text, words) in [
            (without_web, ["job.toml:1: web", "contact"]),
            (GOOD.replace(contact, ""), ["job.toml:3: [web]", "missing field `contact`"]),
            (GOOD.replace("data@", " "), ["job.toml:4: web.contact", "plain ASCII"]),
            (GOOD.replace(contact, "contact = \"\""), ["job.toml:4: web.contact", "not empty"]),
            (
                GOOD.replace(contact, &format!("{contact}\ndelay = \"1 fortnight\"")),
                ["job.toml:5: web.delay", "\"10s\""],
            ),
            (GOOD.replace(contact, &format!("{contact}\nper_host = 0")), ["job.toml:5: web.per_host", "from 1 to 64"]),
            (GOOD.replace(contact, &format!("{contact}\nrobot = false")), ["job.toml:5: robot", "`robots`"]),
            (
                GOOD.replace(contact, &format!("{contact}\nallow_private = [\"http://a\"]")),
                ["job.toml:5: web.allow_private", "a host"],
            ),
            (
                GOOD.replace(contact, &format!("{contact}\ntimeouts = {{ idle = \"x\" }}")),
                ["job.toml:5: web.timeouts.idle", "a time"],
            ),
            (GOOD.replace("https:", "ftp:"), ["job.toml:8: list.urls", "the scheme \"ftp\""]),
            (GOOD.replace("https://", "https://me:word@"), ["job.toml:8: list.urls", "user name"]),
            (GOOD.replace("org/", "org/#top"), ["job.toml:8: list.urls", "fragment"]),
            (GOOD.replace("https://example.org/", "index.html"), ["job.toml:8: list.urls", "relative URL"]),
            (GOOD.replace("[\"https://example.org/\"]", "[]"), ["job.toml:7: list.urls", "at least one"]),
            (GOOD.replace("li a", "li >"), ["job.toml:9: list.links", "CSS selector"]),
            (GOOD.replace("links", "link"), ["job.toml:9: link", "`links`"]),
            (format!("{GOOD}max_pages = 0\n"), ["job.toml:10: list.max_pages", "from 1 to"]),
            (format!("{GOOD}days_back = 3\n"), ["job.toml:10: list.days_back", "{yyyy}"]),
            (format!("{GOOD}pages = \"https://example.org/2.html\"\n"), ["job.toml:10: list.pages", "{page}"]),
            (GOOD.replace("kind = \"web\"", "kind = \"web\"\nsince = \"soon\""), ["job.toml:7: since", "a day"]),
            (
                GOOD.replace("kind = \"web\"", "kind = \"web\"\nrecheck_days = -1"),
                ["job.toml:7: recheck_days", "from 0"],
            ),
            (GOOD.replace("kind = \"web\"", "kind = \"web\"\ninclude = [\"[\"]"), ["job.toml:7: include", "a glob"]),
            (
                GOOD.replace("kind = \"web\"", "kind = \"web\"\npath = \"a\""),
                ["job.toml:7: path", "which expects urls"],
            ),
            (GOOD.split("[source.list]").next().unwrap().to_owned(), ["job.toml:5: urls", "[source.list]"]),
        ] {
            let error = Pipeline::parse(Path::new("job.toml"), &text).unwrap_err().to_string();
            assert!(words.iter().all(|word| error.contains(word)), "{words:?} not in {error}\n{text}");
        }
    }
}
