//! The words that headers of tables are written with.

/// What stands over the names of the rows.
const STUBS: [&str; 22] = [
    "指标", "项目", "名称", "地区", "县", "市", "区", "品名", "类别", "产品", "行业", "分组", "品种", "单位", "科目",
    "年份", "种类", "分类", "内容", "部门", "产业", "乡镇",
];

/// What stands over figures, and over no names.
const FIGURES: [&str; 14] =
    ["增", "比", "%", "数", "额", "总", "累计", "本月", "产值", "本年", "月", "季度", "位次", "率"];

/// Whether a cell of the header stands over names: 指标名称, 县（市、区）.
pub(super) fn is_stub(cell: &str) -> bool {
    cell.is_empty() || STUBS.iter().any(|stub| cell.contains(stub)) && !heads_figures(cell)
}

/// Whether a cell of the header stands over figures: 增速（%）, 1-7月累计, 2022年.
pub(super) fn heads_figures(cell: &str) -> bool {
    FIGURES.iter().any(|word| cell.contains(word)) || cell.ends_with('年')
}

/// A year without the word for it.
pub(super) fn is_year(cell: &str) -> bool {
    cell.len() == 4 && (cell.starts_with("19") || cell.starts_with("20")) && cell.bytes().all(|b| b.is_ascii_digit())
}

/// The first of `words` that stands in `text`, taken out.
pub(super) fn take(text: &mut String, words: &[&str]) -> bool {
    let found = words.iter().find_map(|word| text.find(word).map(|at| at..at + word.len()));
    if let Some(range) = &found {
        text.replace_range(range.clone(), "");
    }
    found.is_some()
}

/// The first of `words` that `text` ends with, taken off: 增减 of 财政收入增减, but not of 增加值.
pub(super) fn take_end(text: &mut String, words: &[&str]) -> bool {
    let found = words.iter().find_map(|word| text.strip_suffix(word)).map(str::len);
    if let Some(len) = found {
        text.truncate(len);
    }
    found.is_some()
}

/// Numbers of rows, and remarks.
pub(super) const NO_FIGURES: [&str; 6] = ["序号", "代码", "行次", "编号", "备注", "说明"];

/// From January to the end of the period that the report is about.
pub(super) const SINCE_JANUARY: [&str; 11] = [
    "本月止累计",
    "本月末累计",
    "至本月累计",
    "1至本月累计",
    "1-本月累计",
    "1至本月",
    "1-本月",
    "本年累计",
    "自年初累计",
    "年初累计",
    "累计",
];

/// Against the month or quarter before.
pub(super) const AGAINST_LAST: [&str; 5] = ["环比", "比上月", "较上月", "比上季度", "比上季"];

/// Against another day or month.
pub(super) const AGAINST_START: [&str; 8] =
    ["比上年末", "较上年末", "比上年底", "较上年底", "比年初", "较年初", "比去年底", "较年末"];

/// Against the year before.
pub(super) const AGAINST_YEAR: [&str; 15] = [
    "比上年同期",
    "较上年同期",
    "比去年同期",
    "较去年同期",
    "比上年同月",
    "比去年同月",
    "比上年实绩",
    "比上年决算数",
    "比上年",
    "较上年",
    "比去年",
    "较去年",
    "上年同期比",
    "比同期",
    "同比",
];

/// A mean over years.
pub(super) const MEAN: [&str; 4] = ["两年平均", "年平均", "年均", "平均每年"];

/// Rates of change.
pub(super) const GROWTH: [&str; 14] = [
    "增长速度",
    "增长幅度",
    "增长率",
    "增减幅度",
    "增减幅",
    "涨跌幅度",
    "涨跌幅",
    "增幅",
    "增速",
    "增长",
    "涨幅",
    "增减率",
    "±",
    "+-",
];

/// Rates of change or amounts: the unit tells which.
pub(super) const CHANGE: [&str; 9] = ["增减额", "增加额", "增收额", "增减", "增加", "变动", "升降", "涨跌", "增收"];

/// Parts of a whole.
pub(super) const SHARE: [&str; 5] = ["所占比重", "比重", "占比", "构成", "份额"];

/// Positions.
pub(super) const RANK: [&str; 5] = ["位次", "名次", "排名", "排位", "居位"];

/// Contributions to growth.
pub(super) const CONTRIBUTION: [&str; 3] = ["贡献率", "拉动点数", "拉动"];

/// What was planned.
pub(super) const PLAN: [&str; 14] = [
    "目标值",
    "计划值",
    "年初预算数",
    "调整预算数",
    "年初预算",
    "调整预算",
    "预算数",
    "预算",
    "年度计划",
    "计划数",
    "计划",
    "目标任务",
    "目标",
    "任务",
];

/// Amounts, without saying of what.
pub(super) const AMOUNT: [&str; 27] = [
    "实际值",
    "绝对数",
    "绝对量",
    "绝对值",
    "绝对额",
    "总量",
    "数值",
    "数量",
    "实绩",
    "完成数",
    "完成额",
    "完成",
    "执行数",
    "决算数",
    "指标值",
    "合计",
    "总计",
    "实际数",
    "实际",
    "本期",
    "数据",
    "金额",
    "总数",
    "年末数",
    "期末数",
    "当年",
    "数",
];

/// Names of rows and columns that stand for the region of the report.
pub(super) const WHOLE_REGION: [&str; 4] = ["合计", "总计", "全部", "总数"];

/// What the names of rates of change end with.
const GROWTH_ENDS: [&str; 6] = ["增长速度", "增长率", "增长", "增速", "增幅", "同比"];

/// Whether the name of a row says that its figures are rates of change: 固定资产投资增速.
pub(super) fn is_growth(name: &str) -> bool {
    without_growth(name).len() < name.len()
}

/// The name of what grows.
pub(super) fn without_growth(name: &str) -> &str {
    let plain = GROWTH_ENDS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let plain = plain.strip_suffix("同比").unwrap_or(plain);
    if plain.is_empty() { name } else { plain }
}

/// Whether the name of a row is that of a development zone or a town.
pub(super) fn is_zone(name: &str) -> bool {
    const ENDS: [&str; 12] =
        ["开发区", "高新区", "经开区", "新区", "园区", "工业园", "集聚区", "示范区", "街道", "镇", "乡", "管委会"];
    ENDS.iter().any(|end| name.ends_with(end)) && name.chars().count() > 2
}
