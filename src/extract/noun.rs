//! Names: the noun behind a number, thresholds in it, and what is taken off the ends of a name.

use compact_str::CompactString;

use super::token::{Kind, Shape, Tokens};
use crate::lexicon::{Affix, Class, Entry, Lexicon, UnitKind};

/// The noun directly behind a quantity: `规模以上工业企业` of 92户规模以上工业企业. Ends at a verb, a mark or a number.
pub(crate) fn following_noun(
    lexicon: &Lexicon,
    tokens: &Tokens<'_>,
    text: &str,
    from: usize,
    to: usize,
) -> CompactString {
    let mut noun = CompactString::default();
    for index in from..to {
        let token = &tokens.all[index];
        if let Kind::Word(_) = token.kind
            && let Some((before, _)) = token.text(text).split_once("完成")
        {
            // 25个省重点工业项目完成投资35.9亿元: the noun ends before the verb, also inside a word of the lexicon.
            noun.push_str(before.trim_end_matches("累计").trim_end_matches('已'));
            break;
        }
        let belongs = match token.kind {
            Kind::Text => true,
            // 30个亿元以上项目
            Kind::Quantity(q) => is_threshold(tokens, index, to) || tokens.quantities[q as usize].shape == Shape::Bare,
            Kind::Word(entry) => is_of_noun(entry, noun.is_empty()),
            // 12家“小巨人”企业
            Kind::Mark('“' | '”') => continue,
            _ => false,
        };
        if !belongs {
            break;
        }
        noun.push_str(token.text(text));
    }
    trimmed(lexicon, noun)
}

/// Whether a word of the lexicon can be part of the noun behind a number; `first` tells that the noun begins with it.
fn is_of_noun(entry: &Entry, first: bool) -> bool {
    match entry.class {
        // 500万元以上项目: 以上 is part of a threshold, and no noun begins with it.
        Some(Class::AfterGe | Class::AfterLe) => !first,
        Some(
            Class::Name
            | Class::Group_
            | Class::Head
            | Class::Company
            | Class::Project
            | Class::Site
            | Class::School
            | Class::Person
            | Class::Nation
            | Class::Group,
        ) => true,
        Some(_) => false,
        None => entry.indicator.is_some() || !entry.regions.is_empty(),
    }
}

/// Whether the quantity at `index` is a threshold that defines a class: `500万元以上` before a noun.
pub(crate) fn is_threshold(tokens: &Tokens<'_>, index: usize, to: usize) -> bool {
    let Some(quantity) = tokens.quantity(index) else { return false };
    if matches!(quantity.unit_kind, Some(UnitKind::Points | UnitKind::Rank | UnitKind::Multiple)) {
        return false;
    }
    let behind = |offset: usize| tokens.all[..to].get(index + offset);
    if quantity.unit_kind == Some(UnitKind::Percent) {
        // 产值增幅达10%以上企业351家: a rate defines a class only where the class is counted.
        return behind(1).is_some_and(|bound| bound.class() == Some(Class::AfterGe))
            && behind(2).is_some_and(|noun| noun.class() == Some(Class::Group_))
            && tokens.quantity(index + 3).is_some();
    }
    if quantity.high.is_some() && quantity.unit_kind == Some(UnitKind::Money) {
        // 5亿元至10亿元项目18个
        let counted = tokens.quantity(index + 2).is_some_and(|count| count.unit_kind == Some(UnitKind::Count));
        return counted && behind(1).is_some_and(|noun| matches!(noun.class(), Some(Class::Group_ | Class::Project)));
    }
    if !behind(1).is_some_and(|bound| matches!(bound.class(), Some(Class::AfterGe | Class::AfterLe))) {
        return false;
    }
    behind(2).is_some_and(|noun| match noun.kind {
        Kind::Text => true,
        Kind::Word(entry) => entry.indicator.is_some() || entry.class.is_none_or(starts_noun),
        // 政府投资5000万元以上、企业投资亿元以上重大项目27项: one size or the other
        Kind::Mark('、') => {
            let more = index + 3..to.min(index + 3 + MOST_WORDS_BETWEEN);
            more.into_iter().any(|next| {
                let bare = tokens.quantity(next).is_some_and(|next| next.shape == Shape::Bare);
                bare || is_threshold(tokens, next, to)
            })
        }
        Kind::Mark(mark) => mark == '(' || mark == '“',
        _ => false,
    })
}

/// Words between the sizes of one class: 企业投资 of 政府投资5000万元以上、企业投资亿元以上.
const MOST_WORDS_BETWEEN: usize = 4;

/// The bound of a size at `index`, where those of that size are counted before `to`: 超 of 产值超10亿元的11家 and 超10亿元项目10个.
pub(crate) fn size_of_counted<'t>(tokens: &Tokens<'_>, text: &'t str, index: usize, to: usize) -> Option<&'t str> {
    let bound = tokens.all.get(index.checked_sub(1)?)?;
    let behind = tokens.all.get(index + 1..to)?;
    let first = behind.first()?;
    // 超10亿元项目10个
    let of_class = first.text(text) == "的" || matches!(first.class(), Some(Class::Group_ | Class::Project));
    let counts = of_class && matches!(behind.get(1)?.kind, Kind::Quantity(_));
    (bound.class() == Some(Class::BoundGt) && counts).then(|| bound.text(text))
}

/// Classes of words that the noun behind a threshold can start with.
fn starts_noun(class: Class) -> bool {
    matches!(
        class,
        Class::Group_ | Class::Project | Class::Head | Class::Name | Class::Company | Class::Act | Class::Nation
    )
}

/// A name that is kept, without the particles at its ends.
pub(super) fn trimmed(lexicon: &Lexicon, name: CompactString) -> CompactString {
    if name.is_empty() {
        return name;
    }
    let rest = trim(lexicon, &name);
    if rest.len() == name.len() { name } else { rest.into() }
}

/// Takes off particles that belong to no name: `的`, `了`, conjunctions and marks at the ends.
pub(crate) fn trim<'w>(lexicon: &Lexicon, words: &'w str) -> &'w str {
    let mut words = words.trim();
    loop {
        // 中小企业, 上市公司 start like a particle, 目的 and 普及 end like one.
        let start = lexicon.affix_of(words, Affix::ParticleStart).filter(|particle| {
            let alone = particle.len() == words.len();
            (!alone || lexicon.affix_of(words, Affix::ParticleAlone) == Some(particle))
                && lexicon.affix_of(words, Affix::WordStart).is_none()
        });
        let inner = &words[start.map_or(0, str::len)..];
        let end = lexicon.affix_of(inner, Affix::ParticleEnd).filter(|_| !lexicon.ends_with(inner, Affix::WordEnd));
        let inner = &inner[..inner.len() - end.map_or(0, str::len)];
        if inner.len() == words.len() {
            return words;
        }
        words = inner;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_are_no_part_of_a_name() {
        let lexicon = Lexicon::bundled().expect("the bundled tables are sound");
        for (words, name) in [
            ("的地区生产总值", "地区生产总值"),
            ("和中小企业", "中小企业"),
            ("上市公司的", "上市公司"),
            ("、工业投资、", "工业投资"),
            ("高中", "高中"),
            ("也", ""),
        ] {
            assert_eq!(trim(&lexicon, words), name, "{words}");
        }
    }
}
