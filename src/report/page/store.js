// The data of the page: tables at once, the text of a report when it is opened.

const PACKED = JSON.parse(document.getElementById("tables").textContent);
const documents = new Table(PACKED.documents);
const statements = new Table(PACKED.statements);
const numbers = new Table(PACKED.numbers);
const rejects = new Table(PACKED.rejects);
const indicators = new Table(PACKED.indicators);
/** Single periods that no report states and that follow from others. */
const derived = new Table(PACKED.derived);
const more = new Map(PACKED.more.map(([name, packed]) => [name, new Table(packed)]));

const firstStatement = firstRows(statements);
const firstNumber = firstRows(numbers);

/** Where the rows of each report begin, and the end; rows are in the order of the reports. */
function firstRows(table) {
  const first = new Int32Array(documents.rows + 1);
  for (let row = 0; row < table.rows; row++) first[table.get("report", row) + 1]++;
  for (let report = 0; report < documents.rows; report++) first[report + 1] += first[report];
  return first;
}

/** The rows of `report` in a table with these beginnings. */
function rowsOf(first, report) {
  return Array.from({ length: first[report + 1] - first[report] }, (_, row) => first[report] + row);
}

/** The folder beside the page and the name of each report's file there; null where reports are in the page. */
const FILES = JSON.parse(document.getElementById("files")?.textContent ?? "null");

/** @type {Map<number, Promise<Report>>} */
const opened = new Map();
/** @type {Map<string, (report: object) => void>} */
const awaited = new Map();

// What the files beside the page call.
globalThis.zhibiao = { take: (key, report) => awaited.get(key)?.(report) };

/**
 * @typedef {object} Report
 * @property {string} text
 * @property {number[]} sentences first and end of the sentence of each statement, two numbers a statement
 * @property {Int32Array | null} units place in the text of each code point; null where every code point is one unit
 */

/** The text of `report`. */
function openReport(report) {
  if (!opened.has(report)) opened.set(report, (FILES ? fetchFile(report) : readBlock(report)).then(prepared));
  return opened.get(report);
}

async function readBlock(report) {
  return JSON.parse(document.getElementById(`report-${report}`).textContent);
}

/** Loads a file as a script: a page that was opened from the disk may read no other. */
function fetchFile(report) {
  const [folder, keys] = FILES;
  const file = `${folder}/${keys[report]}.js`;
  return new Promise((resolve, reject) => {
    awaited.set(keys[report], resolve);
    const src = `${encodeURIComponent(folder)}/${keys[report]}.js`;
    document.head.append(el("script", { src, onerror: () => {
      opened.delete(report);
      reject(new Error(t("file_missing", { file })));
    } }));
  });
}

function prepared({ text, sentences }) {
  return { text, sentences, units: unitsOf(text) };
}

/** The tables count code points, strings of the browser UTF-16 units: 𠮷 is one of those and two of these. */
function unitsOf(text) {
  if (!/[\ud800-\udfff]/.test(text)) return null;
  const units = [];
  let at = 0;
  for (const point of text) {
    units.push(at);
    at += point.length;
  }
  units.push(at);
  return Int32Array.from(units);
}

/** Place in `report.text` of the code point `at`. */
function unit(report, at) {
  if (!report.units) return Math.min(at, report.text.length);
  return report.units[Math.min(at, report.units.length - 1)];
}

/** The region of a statement as it is read: name, and the part of it. */
function place(row) {
  const name = statements.get("region_name", row) ?? statements.get("region_code", row) ?? t("no_code");
  const zone = statements.get("zone", row);
  return zone ? `${name} · ${zone}` : name;
}

/** The number of a statement as it is read: bound, figures, unit. */
function amount(row) {
  const bound = statements.get("bound", row);
  const figures = `${statements.get("value_text", row)}${statements.get("unit_text", row)}`;
  return bound === "exact" ? figures : `${term("bound", bound)} ${figures}`;
}

function titleOf(report) {
  return documents.get("title", report) ?? documents.get("name", report) ?? documents.get("source_uri", report);
}

/** The name of a region by its code, as some statement has it. */
const regionNames = new Map();
for (let row = statements.rows - 1; row >= 0; row--) {
  regionNames.set(statements.get("region_code", row), statements.get("region_name", row));
}

function regionName(code) {
  return regionNames.get(code) ?? code ?? t("no_code");
}

/** Rows that state the same series and period, each list in the order of publication. */
const sameStatements = (() => {
  const series = statements.codes("series_id").at;
  const periods = statements.codes("time_period");
  const groups = new Map();
  for (let row = statements.rows - 1; row >= 0; row--) {
    if (statements.get("region_code", row) === null || isRejected(row)) continue;
    const key = series[row] * periods.words.length + periods.at[row];
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return (row) => groups.get(series[row] * periods.words.length + periods.at[row]) ?? [row];
})();

/** Whether the store has a decision on whether a statement is right. */
function isSettled(row) {
  return /accepted|rejected|corrected/.test(statements.get("flags", row) ?? "");
}

/** Whether somebody found a statement wrong: it counts no more. */
function isRejected(row) {
  return statements.get("flags", row)?.split(";").includes("rejected") ?? false;
}

const REVIEW = Object.keys(TERMS.review);
const LOW = 0.6;
const LOW_WHEN_INFERRED = 0.8;

/** Reasons to review each statement: a bit a word of REVIEW. */
const review = (() => {
  const bits = new Uint8Array(statements.rows);
  const bit = (name) => 1 << REVIEW.indexOf(name);
  for (let row = 0; row < statements.rows; row++) {
    const confidence = statements.get("confidence", row);
    if (statements.get("misplaced", row)) bits[row] |= bit("misplaced");
    if (confidence < LOW) bits[row] |= bit("low");
    if (statements.get("period_inferred", row) && confidence < LOW_WHEN_INFERRED) bits[row] |= bit("inferred");
    if (statements.get("indicator", row).startsWith("x.")) bits[row] |= bit("outside");
    // What somebody decided about is settled, but not where it stands.
    if (isSettled(row)) {
      bits[row] &= bit("misplaced");
      continue;
    }
    for (const name of ["conflict", "revised"]) {
      if (statements.get(name, row)) for (const other of sameStatements(row)) if (!isSettled(other)) bits[other] |= bit(name);
    }
  }
  return bits;
})();

/** The words of REVIEW that hold of a row. */
function reasonsOf(row) {
  return REVIEW.filter((_, number) => review[row] & (1 << number));
}
