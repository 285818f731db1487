// The words of the page in Chinese and English, and which of the two is shown.

/** @type {Record<string, [string, string]>} */
const WORDS = {
  skip: ["跳到正文", "Skip to content"],
  sections: ["部分", "Sections"],
  keys: ["按键", "Keys"],
  close: ["关闭", "Close"],
  other_language: ["English", "中文"],
  switch_language: ["Switch to English", "切换到中文"],

  overview: ["概览", "Overview"],
  review: ["待核", "Review"],
  observations: ["数据", "Observations"],
  series: ["序列", "Series"],
  coverage: ["覆盖", "Coverage"],
  unused: ["未采用", "Not used"],
  checks: ["校验", "Checks"],
  decisions: ["结论", "Decisions"],
  definitions: ["说明", "Definitions"],

  reports: ["报告", "Reports"],
  statements: ["数据", "Observations"],
  about_entities: ["企业、项目", "About entities"],
  series_count: ["序列", "Series"],
  regions: ["地区", "Regions"],
  indicators: ["指标", "Indicators"],
  periods: ["时期", "Periods"],
  numbers_unused: ["未采用的数字", "Numbers not used"],
  rejects: ["未读入", "Rejects"],
  to_review: ["待核", "To review"],
  decided: ["已核", "Decided"],
  published_from_to: ["发布日 {from} 至 {to}", "published {from} to {to}"],
  periods_from_to: ["时期 {from} 至 {to}", "periods {from} to {to}"],
  all_in_place: ["{n} 行的数字都在原文所指的位置", "All {n} rows: the text holds the number where the row says"],
  some_misplaced: ["{n} 行的数字不在原文所指的位置", "{n} rows: the text does not hold the number where the row says"],
  runs: ["运行", "Runs"],
  last_run: ["最近一次", "last"],
  began: ["开始", "Began"],
  pipeline: ["任务", "Job"],
  confidence_of_rows: ["置信度分布", "How sure the rows are"],
  rows: ["行", "Rows"],
  share: ["占比", "Share"],
  nothing_here: ["没有", "Nothing"],

  report: ["报告", "Report"],
  region: ["地区", "Region"],
  period: ["时期", "Period"],
  indicator: ["指标", "Indicator"],
  measure: ["口径", "Measure"],
  value: ["数值", "Value"],
  status: ["性质", "Status"],
  confidence: ["置信度", "Confidence"],
  sure: ["置信", "Conf."],
  published: ["发布日", "Published"],
  publisher: ["发布者", "Publisher"],
  title: ["标题", "Title"],
  source: ["来源", "Source"],
  marks: ["标记", "Marks"],
  about: ["对象", "About"],
  reason: ["原因", "Reason"],
  decision: ["结论", "Decision"],
  search: ["查找", "Search"],
  search_rows: ["指标、地区、原文、标题…", "indicator, region, words, title…"],
  any: ["全部", "Any"],
  clear: ["清除", "Clear"],
  filters: ["筛选", "Filters"],
  rows_of: ["{n} 行，共 {all} 行", "{n} of {all} rows"],
  no_rows: ["没有符合的行", "No row fits"],
  no_code: ["无代码", "no code"],
  no_date: ["无日期", "no date"],
  select_a_row: ["选一行，或点原文里的数字。", "Choose a row, or a number in the text."],
  loading: ["正在打开…", "Opening…"],
  file_missing: ["找不到 {file}：它应当和这一页放在一起。", "{file} is not there: it belongs beside this page."],
  not_found: ["这里没有 {id}。", "There is no {id} here."],

  report_text: ["原文", "Text of the report"],
  evidence: ["依据", "Evidence"],
  legend_used: ["已采用", "used"],
  legend_entity: ["企业、项目", "entity"],
  legend_unused: ["未采用", "not used"],
  legend_sentence: ["所在句", "its sentence"],
  number_not_used: ["未采用：{reason}", "not used: {reason}"],
  number_of_entity: ["企业、项目：{name}", "entity: {name}"],
  stated: ["原文写作", "As written"],
  base_value: ["基本单位", "In the base unit"],
  in_sentence: ["句中写明", "in the sentence"],
  not_in_clause: ["不在本分句，由上文得来", "not in its clause: taken from before"],
  in_clause: ["本分句写明", "in its clause"],
  inherited_words: ["虚线下的字不在数字之前的句子里，由上文补全", "dotted words do not stand before the number in its sentence: completed from before"],
  nearest_before: ["上文最近处", "nearest before"],
  heading_above: ["上面的标题行", "heading line above"],
  region_not_in_sentence: ["句中没有地名", "not named in the sentence"],
  region_code: ["地区代码", "Region code"],
  zone: ["园区、乡镇", "Zone"],
  time_period: ["时期代码", "Period code"],
  value_text: ["数字", "Number"],
  unit_text: ["单位", "Unit as written"],
  breakdown: ["其中", "Breakdown"],
  scope: ["比较对象", "Compared with"],
  bound: ["界限", "Bound"],
  price_basis: ["价格", "Prices"],
  entity: ["企业、项目", "Entity"],
  rule: ["规则", "Rule"],
  flags: ["备注", "Flags"],
  vintages: ["各报告的说法", "What reports say"],
  holds: ["现行", "holds"],
  why_review: ["待核原因", "Why to review"],
  open_series: ["看序列", "Series"],
  link_to_row: ["链接", "Link"],
  accept: ["对", "Accept"],
  reject: ["错", "Wrong"],
  correct: ["更正", "Correct"],
  note: ["附注", "Note"],
  undo: ["撤销", "Undo"],
  decided_as: ["{row}：{decision}", "{row}: {decision}"],
  export_decisions: ["导出结论 ({n})", "Export decisions ({n})"],
  import_decisions: ["导入结论", "Import decisions"],
  imported: ["导入了 {n} 条，{bad} 行不能读", "{n} decisions imported, {bad} lines could not be read"],
  decided_by: ["核对人", "Your name"],
  applied: ["已入库", "in the store"],
  not_applied: ["未入库", "not in the store yet"],
  not_kept: ["浏览器不保存：离开前请导出", "The browser keeps nothing here: export before you leave"],

  search_series: ["地区、指标…", "region, indicator…"],
  several_periods: ["只看两个以上时期", "with two periods or more"],
  periods_count: ["时期数", "Periods"],
  from_to: ["起止", "From – to"],
  select_a_series: ["选一个序列。", "Choose a series."],
  n_reports: ["报告数", "Reports"],
  first_published: ["首次发布", "First published"],
  other_values: ["其他说法", "Other values"],
  single_periods: ["单{kind}，含推算", "single {kind}s, with derived ones"],
  chart_of: ["{name}，{n} 个时期，{from} 至 {to}", "{name}, {n} periods, {from} to {to}"],
  chart_note: [
    "横线是所覆盖的时期，圆点在期末；只连接同类时期里相邻的，缺的不补。空心点没有报告写明：虚线的是后来改了的说法，实线的由累计数推算。",
    "A bar is the time that a value covers, with a dot at its end. Only neighbouring periods of one kind are joined; a gap stays a gap. Hollow dots do not stand in a report as they are: dashed ones no longer hold, others follow from cumulative values.",
  ],

  by_year: ["按年", "By year"],
  by_period: ["按时期", "By period"],
  columns: ["列", "Columns"],
  coverage_note: ["每格是数据的行数；点开看这些行。", "Rows in each cell; a cell leads to them."],
  year: ["年", "Year"],
  total: ["合计", "Total"],

  stage: ["环节", "Stage"],
  detail: ["详情", "Detail"],
  number: ["数字", "Number"],
  unused_note: ["原文里的每个数字要么成为一行，要么列在这里。", "Every number of a text is a row, or is listed here."],

  used_indicators: ["用到的指标", "Indicators in use"],
  name: ["名称", "Name"],
  english_name: ["英文名", "English name"],
  synonyms: ["别名", "Other names"],
  unit: ["单位", "Unit"],
  kind: ["类型", "Kind"],
  theme: ["专题", "Theme"],
  measures: ["口径", "Measures"],
  statuses: ["性质", "Status"],
  bounds: ["界限", "Bounds"],
  reasons: ["未采用的原因", "Reasons not to use a number"],
  frequencies: ["频率", "Frequencies"],
  review_reasons: ["待核的原因", "Reasons to review"],
  versions: ["版本", "Versions"],
  version_page: ["本页", "This page"],
  version_rules: ["规则", "Rules"],
  version_lexicon: ["词表", "Lexicon"],
  term: ["词", "Term"],
  meaning: ["含义", "Meaning"],

  key_next: ["下一行、上一行；原文跟着走", "next row, row before; the text follows"],
  key_open: ["到原文里的数字", "to the number in the text"],
  key_back: ["回到表", "back to the table"],
  key_search: ["查找", "search"],
  key_decide: ["对、错、更正、附注、撤销", "accept, wrong, correct, note, undo"],
  key_marks: ["在原文里：上一个、下一个数字", "in the text: number before, next number"],
  key_help: ["这张表", "this list"],
};

const LANGUAGE_KEY = "zhibiao.language";

/** Place of the language shown in each entry: 0 Chinese, 1 English. */
let language = startLanguage();

function startLanguage() {
  const chosen = kept(LANGUAGE_KEY);
  const wanted = chosen ?? navigator.languages?.[0] ?? navigator.language ?? "zh";
  return wanted.toLowerCase().startsWith("zh") ? 0 : 1;
}

/** The word for `key`, with `{name}` replaced by the value of that name. */
function t(key, values = {}) {
  const words = WORDS[key][language];
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

function toggleLanguage() {
  language = 1 - language;
  keep(LANGUAGE_KEY, language === 0 ? "zh" : "en");
}

/** What the browser keeps under `key`; null where it keeps nothing, or is not allowed to. */
function kept(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Whether the browser keeps `value` under `key` from now on. */
function keep(key, value) {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/** A count with its thousands apart. */
function count(number) {
  return number.toLocaleString(language === 0 ? "zh-CN" : "en-GB");
}
