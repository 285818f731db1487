// The chart of one measure of a series. Each value is a bar over the time that it covers with a dot at its end. Only
// neighbouring periods of one kind are joined, so that a gap is seen as one. What no report states is a hollow dot.

const DAY = 86_400_000;

/** Frequencies whose periods follow each other; a range has its neighbour in the year before. */
const REGULAR = ["A", "S", "Q", "M"];

/** Kind of a period, by which values can be compared: its frequency, and of a range the months and its length. */
function kindOf(row) {
  const freq = statements.get("freq", row);
  return freq === "R" ? statements.get("time_period", row).slice(5) : freq;
}

/**
 * @typedef {object} Point
 * @property {number} row the statement that it is, or the first of those that it is derived from
 * @property {number} start first day, as a time
 * @property {number} end last day
 * @property {number} value in the base unit
 * @property {string} kind of its period
 * @property {boolean} holds whether no other value stands in its place
 * @property {string} [derivation] how it follows from others, where no report states it
 * @property {string} title what it says when pointed at
 */

/**
 * @param {Point[]} all points of one measure and unit
 * @param {string} name of what is shown
 * @param {{measure: string, unit: string}} of it
 */
function chart(all, name, { measure, unit }) {
  const points = all.toSorted((a, b) => a.holds - b.holds || a.end - b.end || a.start - b.start);
  const [width, height] = [640, 220];
  const [left, right, top, bottom] = [64, 16, 16, 34];
  const first = Math.min(...points.map(({ start }) => start));
  const last = Math.max(...points.map(({ end }) => end));
  const values = points.map(({ value }) => value);
  const isRate = ["yoy", "mom", "vs_prior", "avg_annual", "change", "accel", "gap", "contribution"].includes(measure);
  const ticks = steps(isRate ? Math.min(0, ...values) : Math.min(...values), isRate ? Math.max(0, ...values) : Math.max(...values));
  const x = (time) => left + ((time - first) / Math.max(last - first, DAY)) * (width - left - right);
  const y = (value) => height - bottom - ((value - ticks[0]) / (ticks.at(-1) - ticks[0])) * (height - top - bottom);
  const scale = scaleOf(values, unit);

  const years = [];
  for (let year = new Date(first).getUTCFullYear(); year <= new Date(last).getUTCFullYear() + 1; year++) {
    const at = Date.UTC(year, 0, 1);
    if (at >= first && at <= last + DAY) years.push([year, x(at)]);
  }
  const everyNth = Math.ceil(years.length / 10);
  const label = t("chart_of", { name, n: points.length, from: new Date(first).toISOString().slice(0, 10), to: new Date(last).toISOString().slice(0, 10) });
  return svg("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    ticks.map((tick) => [
      svg("line", { class: tick === 0 && isRate ? "zero" : "rule", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
      svg("text", { class: "tick", x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, short(tick / scale.factor)),
    ]),
    years.map(([year, at], number) => [
      svg("line", { class: "rule", x1: at, x2: at, y1: top, y2: height - bottom }),
      number % everyNth === 0 && svg("text", { class: "tick", x: at, y: height - bottom + 16, "text-anchor": "middle" }, String(year)),
    ]),
    svg("text", { class: "tick", x: left, y: height - 4 }, `${scale.prefix}${unit}`),
    neighbours(points).map(([a, b]) => svg("line", { class: "join", x1: x(a.end), y1: y(a.value), x2: x(b.end), y2: y(b.value) })),
    points.map((point) => dot(point, x, y)));
}

/** Whether a chart shows a statement: it holds, or says something else than the one that does. */
function isSeen(row) {
  return sameStatements(row).every((other) => other === row || statements.get("n_reports", other) === null || statements.get("value", other) !== statements.get("value", row));
}

function point(row) {
  const [start, end] = ["period_start", "period_end"].map((name) => Date.parse(statements.get(name, row)));
  const title = `${statements.get("time_period", row)}: ${amount(row)} (${documents.get("published", statements.get("report", row)) ?? t("no_date")})`;
  return { row, start, end, value: statements.get("value", row), kind: kindOf(row), holds: statements.get("n_reports", row) !== null, title };
}

function dot(point, x, y) {
  const at = y(point.value);
  return svg("a", { href: link({ obs: statements.get("obs_id", point.row) }), class: point.derivation ? "dot derived" : point.holds ? "dot" : "dot old" },
    svg("title", {}, point.title),
    point.holds && point.start < point.end && svg("line", { class: "span", x1: x(point.start), x2: x(point.end), y1: at, y2: at }),
    svg("circle", { cx: x(point.end), cy: at, r: 3.5 }));
}

/** Pairs of values that hold, of two periods of one kind with none between them. */
function neighbours(points) {
  const pairs = [];
  for (const b of points.filter(({ holds }) => holds)) {
    const end = REGULAR.includes(b.kind) ? b.start - DAY : yearBefore(b.end);
    const a = points.find((a) => a.holds && a.kind === b.kind && a.end === end);
    if (a) pairs.push([a, b]);
  }
  return pairs;
}

/** The same day of the year before; of a month's last day the last. */
function yearBefore(time) {
  const next = new Date(time + DAY);
  return Date.UTC(next.getUTCFullYear() - 1, next.getUTCMonth(), next.getUTCDate()) - DAY;
}

/** Four to seven round numbers from below `low` to above `high`. */
function steps(low, high) {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, number) => (first + number) * step);
}

/** The power of ten that values are read in, and its word. */
function scaleOf(values, unit) {
  const largest = Math.max(...values.map(Math.abs));
  if (unit === "" || unit.startsWith("%") || unit.startsWith("百")) return { factor: 1, prefix: "" };
  if (largest >= 1e8) return { factor: 1e8, prefix: "亿" };
  if (largest >= 1e5) return { factor: 1e4, prefix: "万" };
  return { factor: 1, prefix: "" };
}

function short(value) {
  return String(Number(value.toPrecision(6)));
}
