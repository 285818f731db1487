//! Which pieces of a page are the report.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use scraper::Html;
use scraper::node::Element;

use super::pieces::Piece;

/// Ids and classes that the systems of public bodies give the element with the text.
const CONTAINERS: [&str; 14] = [
    "zoom",
    "ucapcontent",
    "trs_editor",
    "trs_ueditor",
    "view",
    "article-content",
    "article_content",
    "pages_content",
    "xxgk_content",
    "news_content",
    "content_text",
    "art_con",
    "maintextzoom",
    "textcontent",
];

/// Elements of navigation and the like.
const ASIDE_ELEMENTS: [&str; 3] = ["aside", "footer", "nav"];

/// Words in ids and classes of what stands around a report.
const ASIDE_WORDS: [&str; 32] = [
    "ad",
    "ads",
    "banner",
    "bdsharebuttonbox",
    "breadcrumb",
    "breadcrumbs",
    "comment",
    "comments",
    "copyright",
    "crumb",
    "crumbs",
    "foot",
    "footer",
    "friendlink",
    "links",
    "location",
    "menu",
    "nav",
    "navbar",
    "navigation",
    "pager",
    "pagination",
    "position",
    "qrcode",
    "recommend",
    "related",
    "relevant",
    "share",
    "sidebar",
    "sidenav",
    "toolbar",
    "topbar",
];

/// What stands in an element.
#[derive(Clone, Copy, Default)]
struct Sum {
    chars: usize,
    linked: usize,
    links: usize,
    /// Characters of the pieces that may state something.
    stating: usize,
}

impl Sum {
    fn add(&mut self, piece: &Piece) {
        self.chars += piece.chars();
        self.linked += piece.linked;
        self.links += piece.links;
        self.stating += if may_state(piece) { piece.chars() } else { 0 };
    }

    /// Whether a share of what the page states stands here, in hundredths.
    fn holds(&self, percent: usize, page: &Sum) -> bool {
        self.stating > 0 && self.stating * 100 >= page.stating * percent
    }
}

/// The pieces of the report, in order.
pub(super) fn report<'p>(page: &Html, pieces: &'p [Piece]) -> Vec<&'p Piece> {
    let (mut whole, mut sums) = (Sum::default(), HashMap::<NodeId, Sum>::new());
    for piece in pieces {
        whole.add(piece);
        piece.inside.iter().for_each(|id| sums.entry(*id).or_default().add(piece));
    }
    let element = |id: &NodeId| page.tree.get(*id).and_then(|node| node.value().as_element());
    let aside: HashSet<NodeId> = sums
        .iter()
        .filter(|(id, sum)| element(id).is_some_and(|element| is_aside(element, sum, &whole)))
        .map(|(id, _)| *id)
        .collect();
    let is_kept = |piece: &&Piece| !is_remark(piece) && !piece.inside.iter().any(|id| aside.contains(id));
    let kept: Vec<&Piece> = pieces.iter().filter(is_kept).collect();

    let stating: Vec<&&Piece> = kept.iter().filter(|piece| may_state(piece)).collect();
    let (mut holds, mut left) = (HashMap::<NodeId, usize>::new(), Sum::default());
    for piece in &stating {
        left.add(piece);
        piece.inside.iter().for_each(|id| *holds.entry(*id).or_default() += 1);
    }
    // The innermost element that holds all that may state something; one that says that it holds the text may leave
    // out a little, such as a line about the site. The lines beside a table belong to it.
    let frames = stating.iter().max_by_key(|piece| piece.chars()).map_or(&[][..], |piece| &piece.inside);
    let is_frame = |id: &&NodeId| {
        let container =
            element(id).is_some_and(|element| names(element).any(|name| CONTAINERS.contains(&name.as_str())));
        let is_table = element(id).is_some_and(|element| element.name() == "table");
        !is_table && (holds[*id] == stating.len() || container && sums[*id].holds(90, &left))
    };
    match frames.iter().rev().find(is_frame) {
        Some(frame) => kept.into_iter().filter(|piece| piece.inside.contains(frame)).collect(),
        None => kept,
    }
}

/// Whether an element stands around the report: by its kind or name, or because it is a list of links. What holds a good
/// part of what the page states is none, whatever it is called.
fn is_aside(element: &Element, sum: &Sum, page: &Sum) -> bool {
    let words = |name: String| name.split(['-', '_', ' ']).map(str::to_owned).collect::<Vec<_>>();
    let called = ASIDE_ELEMENTS.contains(&element.name())
        || names(element).flat_map(words).any(|word| ASIDE_WORDS.contains(&word.as_str()));
    let is_list = sum.links >= 3 && sum.linked * 10 > sum.chars * 6;
    called && !sum.holds(30, page) || is_list && !sum.holds(10, page)
}

/// Id and classes, in lower case.
fn names(element: &Element) -> impl Iterator<Item = String> + '_ {
    element.id().into_iter().chain(element.classes()).map(str::to_ascii_lowercase)
}

/// Whether a piece may be part of what a report states: it has a figure or a sentence, or a unit that holds for others.
fn may_state(piece: &Piece) -> bool {
    let text = &piece.text;
    piece.linked * 2 <= piece.chars()
        && !is_remark(piece)
        && (text.contains(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c))
            || text.contains(['。', '；', '，'])
            || text.contains("单位"))
}

/// Characters of the longest remark.
const LONGEST_REMARK: usize = 90;

/// Characters of the longest button.
const LONGEST_BUTTON: usize = 20;

/// What remarks of the site start with.
const STARTS: [&str; 17] = [
    "上一篇",
    "下一篇",
    "上一条",
    "下一条",
    "上一页",
    "下一页",
    "当前位置",
    "您的位置",
    "您现在的位置",
    "你的位置",
    "现在位置",
    "责任编辑",
    "编辑：",
    "相关链接",
    "相关新闻",
    "相关文章",
    "扫一扫",
];

/// What buttons start with; sentences may too.
const BUTTONS: [&str; 8] = ["首页", "打印", "关闭", "返回", "分享", "字体", "字号", "无障碍"];

/// What stands in remarks of the site, wherever.
const MARKS: [&str; 14] = [
    "打印本页",
    "关闭窗口",
    "分享到",
    "扫一扫",
    "ICP备",
    "ICP证",
    "公网安备",
    "版权所有",
    "网站标识码",
    "技术支持",
    "网站地图",
    "Copyright",
    "【打印】",
    "【关闭】",
];

/// Labels of what a site says about a page; a colon stands behind them.
const LABELS: [&str; 17] = [
    "发布时间",
    "发布日期",
    "发稿时间",
    "信息来源",
    "文章来源",
    "来源",
    "浏览次数",
    "点击次数",
    "点击数",
    "阅读次数",
    "访问次数",
    "浏览量",
    "阅读量",
    "点击量",
    "访问量",
    "索引号",
    "发布机构",
];

/// Whether a piece is a remark of the site: how often the page was read, what comes before and after, who runs the site.
/// A sentence is none.
fn is_remark(piece: &Piece) -> bool {
    let text = piece.text.trim_start_matches(['【', '[', '(', '（', ' ', '　', '|', '·', '>', '»']);
    let length = text.chars().count();
    if piece.is_table() || length > LONGEST_REMARK || text.contains(['，', '。', '；']) {
        return false;
    }
    let starts_with = |words: &[&str]| words.iter().any(|start| text.starts_with(start));
    let is_labelled = |label: &&str| {
        let mut behind = text.match_indices(*label).map(|(at, label)| text[at + label.len()..].trim_start());
        behind.any(|behind| behind.starts_with(['：', ':']))
    };
    let is_button =
        || length <= LONGEST_BUTTON && !text.contains(|c: char| c.is_ascii_digit()) && starts_with(&BUTTONS);
    starts_with(&STARTS)
        || is_button()
        || MARKS.iter().any(|mark| text.contains(mark))
        || LABELS.iter().any(is_labelled)
}
