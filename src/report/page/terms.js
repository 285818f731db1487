// The closed vocabularies of the tables: name and meaning of each word, in Chinese and English.

/** @type {Record<string, Record<string, [string, string, string?, string?]>>} */
const TERMS = {
  measure: {
    level: ["数值", "level", "总量、个数、价格，或本身就是指标的比率：产值30.1亿元", "an amount, count, price, or a ratio that is itself the indicator"],
    yoy: ["同比", "yoy", "与上年同期相比的增长率", "rate of change against the same period of the year before"],
    mom: ["环比", "mom", "与上月或上季相比的增长率", "rate against the month or quarter before"],
    vs_prior: ["比前期", "vs prior", "与文中另一时期相比：较年初增长", "rate against another named earlier period"],
    avg_annual: ["年均", "avg annual", "多年的年均增长率", "compound rate over several years"],
    change: ["增减", "change", "数值的增减量：比上年末增加0.1万人", "absolute change of a level"],
    accel: ["增速变动", "accel", "增速的升降，百分点", "change of a growth rate, in percentage points"],
    gap: ["差距", "gap", "与别处、别组或计划的差距：高于全省1.5个百分点", "distance from another place, group or plan"],
    share: ["占比", "share", "占整体的百分比", "part of a whole, in percent"],
    rank: ["位次", "rank", "排位：居全市第7位", "position"],
    rank_move: ["位次变动", "rank move", "位次的升降，前移为正", "change of position, up is positive"],
    contribution: ["贡献", "contribution", "对另一指标增长的贡献或拉动", "contribution to another indicator's growth"],
    progress: ["进度", "progress", "完成计划或预算的百分比", "completion of a plan or budget, in percent"],
    multiple: ["倍数", "multiple", "是前期的几倍", "ratio to an earlier level"],
    streak: ["持续", "streak", "连续几个时期", "for how many periods something has held"],
  },
  status: {
    actual: ["实际", "actual", "已经发生并统计", "measured"],
    estimate: ["预计", "estimate", "对已结束或将结束时期的估计", "an estimate of a period that is over or nearly so"],
    target: ["目标", "target", "目标、计划、预算", "an aim, plan or budget"],
  },
  bound: {
    exact: ["等于", "exact", "如数", "as stated"],
    approx: ["约", "about", "约、左右", "about"],
    gt: ["超", "more than", "超、突破、多、余", "more than"],
    ge: ["不低于", "at least", "以上、至少", "at least"],
    lt: ["不到", "less than", "近、不足", "nearly, less than"],
    le: ["不超过", "at most", "以内、前三", "at most"],
    range: ["区间", "range", "两值之间", "between two values"],
  },
  reason: {
    date: ["日期", "date", "日期、年份、时刻的一部分", "part of a date, year or time of day"],
    period: ["时期", "period", "时期的一部分", "part of a period expression"],
    label: ["编号", "label", "标题、序号、脚注、文号", "number of a heading, list, footnote or document"],
    name: ["名称", "name", "名称或固定说法的一部分：第三产业、500强", "part of a name or fixed expression"],
    threshold: ["界线", "threshold", "划定类别的界线：亿元以上项目", "a threshold that defines a class"],
    duration: ["期限", "duration", "计划或工作的期限：三年行动", "duration of a plan or of work"],
    base: ["基数", "base", "本身不是一句话的基数或参照", "a base or benchmark that is no statement of its own"],
    no_indicator: ["无指标", "no indicator", "找不到它说的是什么指标", "no indicator could be found for it"],
    no_unit: ["无单位", "no unit", "没有单位，也看不出量的是什么", "no unit, and nothing else that tells what it measures"],
    table: ["表格", "table", "表头不确定的表格", "a table whose header is not certain"],
    unreadable: ["不可读", "unreadable", "写法不能读作一个数", "cannot be read as one number"],
    contact: ["联系方式", "contact", "地址、电话、网址、邮编", "address, telephone, web address, postal code"],
  },
  freq: {
    A: ["年", "year", "日历年", "calendar year"],
    S: ["半年", "half-year", "半年", "half-year"],
    Q: ["季", "quarter", "季度", "quarter"],
    M: ["月", "month", "月", "month"],
    D: ["日", "day", "一天", "one day"],
    I: ["时点", "instant", "某日的时点数", "the value of a stock on a day"],
    R: ["其他", "other", "其他时段，如1—7月", "any other range, such as January to July"],
  },
  flag: {
    repaired: ["修正了笔误", "misprint repaired"],
    region_inferred: ["地区由发布者推定", "region taken from the publisher"],
    indicator_inherited: ["指标由上文分句带来", "indicator carried over from an earlier clause"],
    period_from_title: ["时期取自标题或发布日", "period taken from title or date of publication"],
    table: ["读自表格", "read from a table"],
    sign_in_number: ["符号与动词不一致", "sign of the number and its verb disagree"],
    unknown_unit: ["单位不在词表", "unit is not in the catalogue"],
    accepted: ["核对无误", "found right"],
    rejected: ["核对有误，不计入序列", "found wrong, and counts no more"],
    corrected: ["核对后更正", "put right"],
  },
  review: {
    misplaced: ["位置不符", "misplaced", "原文在所指的位置没有这个数字", "the text does not hold the number where the row says"],
    conflict: ["矛盾", "conflict", "同一天的报告数值不同", "reports of one day state different values"],
    revised: ["修订", "revised", "后来的报告数值不同", "a later report states another value"],
    low: ["置信度低", "low confidence", "置信度低于 0.6", "confidence below 0.6"],
    inferred: ["时期推定", "period inferred", "时期不在本分句，且置信度低于 0.8", "the period is not in the number's clause, and confidence is below 0.8"],
    outside: ["目录外", "not in catalogue", "指标不在目录里", "the indicator is not in the catalogue"],
  },
  derivation: {
    month_from_cumulative: ["推算单月", "derived month", "两个累计数之差", "the difference of two cumulative values"],
    quarter_from_cumulative: ["推算单季", "derived quarter", "两个累计数之差", "the difference of two cumulative values"],
    half_from_cumulative: ["推算下半年", "derived half-year", "全年减上半年", "the year less its first half"],
  },
  price: {
    current: ["现价", "current"],
    constant: ["可比价", "constant"],
  },
  decision: {
    accept: ["对", "accepted"],
    reject: ["错", "wrong"],
    correct: ["更正", "corrected"],
    note: ["有附注", "noted"],
    none: ["未定", "undecided"],
  },
  about: {
    regions: ["地区", "regions"],
    entities: ["企业、项目", "entities"],
  },
};

/** The name of `word` of a vocabulary; the word itself where the page does not know it. */
function term(vocabulary, word) {
  return TERMS[vocabulary][word]?.[language] ?? word;
}

/** What `word` of a vocabulary means. */
function meaning(vocabulary, word) {
  return TERMS[vocabulary][word]?.[language + 2] ?? "";
}
