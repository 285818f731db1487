//! Lists of names, and names that stand for several.

use std::borrow::Cow;

use compact_str::{CompactString, format_compact};

use super::naming::Naming;

impl Naming<'_> {
    /// The items of `A、B和C产量`, each completed with the head that the last one carries; `None` unless there are `count`.
    pub(super) fn list(&self, name: &str, count: usize) -> Option<Vec<CompactString>> {
        if let Some(items) = expand(name, count) {
            return Some(items);
        }
        let mut plain = self.without_class(name);
        if let Some(of) = plain.strip_suffix("的价格") {
            // 食品、居住、烟酒及用品的价格分别上涨…
            plain = Cow::Owned([of, "价格"].concat());
        }
        // 衣着、居住、生活用品及服务价格 of three: 及 parts nothing where the marks alone give as many.
        let marked = plain.matches('、').count() + 1 == count;
        let items = if marked { plain.split('、').collect() } else { split(&plain) };
        let mut items: Vec<CompactString> = items.into_iter().map(CompactString::from).collect();
        if items.len() != count || items.iter().any(|item| item.is_empty()) {
            return None;
        }
        let last = items.last()?.clone();
        if let Some(items) = first_characters(&items, &last) {
            return Some(items);
        }
        if let Some((group, rest)) = last.split_once("地区")
            && is_part_of_nation(group)
            && items[..count - 1].iter().all(|item| is_part_of_nation(item))
        {
            // 东部、中部、西部地区实际使用外资: each of the three.
            let whole = |item: &CompactString| format_compact!("{}地区{rest}", item.trim_end_matches("地区"));
            return Some(items.iter().map(|item| if *item == last { last.clone() } else { whole(item) }).collect());
        }
        let head = match last.find("人均") {
            Some(at) if at > 0 => Some(&last[at..]),
            _ => self.head(&last).filter(|head| head.len() < last.len() || self.row(&last).is_none()),
        };
        let first = items[0].clone();
        let modifier = self.modifier(&first).to_owned();
        for (index, item) in items.iter_mut().enumerate() {
            if self.is_whole(item) {
                // 生产安全事故起数、死亡人数: the later item is the head only.
                let bare = self.head(item) == Some(item.as_str()) && self.row(item).is_none();
                if index > 0 && bare && !modifier.is_empty() && self.same_family(item, &first) {
                    *item = format_compact!("{modifier}{item}");
                }
            } else if let Some(head) = head {
                item.push_str(head);
            }
        }
        Some(items)
    }

    /// A list without the class that sums it up: 拉美、非洲、中亚出口 of 拉美、非洲、中亚等新兴市场出口.
    fn without_class<'n>(&self, name: &'n str) -> Cow<'n, str> {
        match name.split_once('等') {
            Some((list, class)) if list.contains('、') && !class.is_empty() => {
                Cow::Owned(format!("{list}{}", self.head(class).unwrap_or_default()))
            }
            _ => Cow::Borrowed(name),
        }
    }
}

/// 轻、重工业; 猪、牛、羊肉产量: items of which only the first character is said, the last completes them.
fn first_characters(items: &[CompactString], last: &str) -> Option<Vec<CompactString>> {
    let (short, _) = items.split_at(items.len() - 1);
    let rest = &last[last.chars().next()?.len_utf8()..];
    let single = !short.is_empty() && short.iter().all(|item| item.chars().count() == 1) && rest.chars().count() > 1;
    let rest = ["占比", "比重", "比例", "之比"].iter().find_map(|end| rest.strip_suffix(end)).unwrap_or(rest);
    single.then(|| items.iter().filter_map(|item| item.chars().next()).map(|c| format_compact!("{c}{rest}")).collect())
}

/// Whether words name one of the parts that the nation is reported in, with or without 地区 behind.
pub(super) fn is_part_of_nation(words: &str) -> bool {
    matches!(words.trim_end_matches("地区"), "东部" | "中部" | "西部" | "东北")
}

/// Splits a list at 、 and at the last 和, 与, 及.
fn split(name: &str) -> Vec<&str> {
    let mut items: Vec<&str> = name.split('、').collect();
    if let Some(last) = items.pop() {
        // 生活用品及服务和食品烟酒: 及 stands inside names, 和 between them.
        let cut = ["以及", "和", "与", "及"].iter().find_map(|and| last.rfind(and).map(|at| (at, and.len())));
        match cut {
            Some((at, len)) if at > 0 && at + len < last.len() => items.extend([&last[..at], &last[at + len..]]),
            _ => items.push(last),
        }
    }
    items
}

/// Names that stand for several: 第一、二、三产业, 三次产业, 城乡.
fn expand(name: &str, count: usize) -> Option<Vec<CompactString>> {
    if let Some(at) = name.find("产业") {
        let ordinals: Vec<char> = name[..at].chars().filter(|c| "一二三".contains(*c)).collect();
        let plain = name[..at].chars().all(|c| "第一二三、和次".contains(c));
        let rest = name[at + "产业".len()..].trim_start_matches('的');
        if plain && ordinals == ['三'] && count == 3 {
            return Some(["一", "二", "三"].iter().map(|o| format_compact!("第{o}产业{rest}")).collect());
        }
        if plain && ordinals.len() == count {
            return Some(ordinals.iter().map(|o| format_compact!("第{o}产业{rest}")).collect());
        }
    }
    if let Some(metals) = name.strip_suffix('牌').filter(|metals| metals.ends_with(['金', '银', '铜'])) {
        // 获金、银、铜牌分别为12枚、9枚和15枚
        let medals: Vec<char> = metals.chars().filter(|c| "金银铜".contains(*c)).collect();
        return (medals.len() == count).then(|| medals.iter().map(|metal| format_compact!("{metal}牌")).collect());
    }
    if count == 2
        && let Some(rest) = name.strip_prefix("城乡")
    {
        // 城乡低保标准 is that of towns and that of the country; the town's word is 城镇 for residents.
        let town = if rest.starts_with("居民") { "城镇" } else { "城市" };
        return Some(vec![format_compact!("{town}{rest}"), format_compact!("农村{rest}")]);
    }
    None
}
