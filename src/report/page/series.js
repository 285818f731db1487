// One indicator of one place through time: its measures side by side, with what other reports said.

/** What the rows of a line share; a series of the store also fixes measure and frequency. */
const LINE = ["region_code", "zone", "indicator", "breakdown", "entity"];

/** The kinds of single periods that follow from cumulative values. */
const SINGLE = ["Q", "M", "S"];

class SeriesView {
  constructor(host) {
    this.host = host;
    this.lines = this.findLines();
    this.derivedRows = Map.groupBy(Array.from({ length: derived.rows }, (_, at) => at), (at) => this.keyOf(derived, at));
    this.line = null;
    this.kind = "";
    this.grid = new Grid({ id: "lines", label: () => t("series"), columns: this.columns(), select: (line) => this.open(line) });
    this.title = el("h2", { id: "series-title" });
    this.search = el("input", { type: "search", autocomplete: "off" });
    this.several = el("input", { type: "checkbox", checked: true });
    this.search.addEventListener("input", afterTyping(() => this.apply()));
    this.several.addEventListener("change", () => this.apply());
    this.words = { search: el("span"), several: el("span") };
    this.counts = el("p", { class: "counts", "aria-live": "polite" });
    this.pane = el("div", { class: "pane line" });
    host.append(
      el("div", { class: "bench-head" }, this.title, el("label", { class: "search" }, this.words.search, this.search),
        el("label", {}, this.several, " ", this.words.several), this.counts),
      el("div", { class: "bench" }, this.grid.box, this.pane));
  }

  findLines() {
    const columns = LINE.map((name) => statements.codes(name).at);
    const lines = new Map();
    for (let row = 0; row < statements.rows; row++) {
      if (statements.get("region_code", row) === null || isRejected(row)) continue;
      const key = columns.map((column) => column[row]).join(" ");
      const line = lines.get(key);
      if (line) line.push(row);
      else lines.set(key, [row]);
    }
    return [...lines.values()].map((rows) => {
      const periods = new Set(rows.map((row) => statements.get("time_period", row)));
      const ends = rows.map((row) => statements.get("period_end", row)).sort();
      return { rows, row: rows[0], periods: periods.size, from: ends[0], to: ends.at(-1) };
    }).sort((a, b) => b.periods - a.periods || b.rows.length - a.rows.length);
  }

  /** Names a line of the store's regions in either table. */
  keyOf(table, row) {
    return LINE.filter((name) => name !== "entity").map((name) => table.get(name, row) ?? "").join("\u0001");
  }

  nameOf({ row }) {
    const parts = ["indicator_name", "breakdown", "entity"].map((name) => statements.get(name, row));
    return parts.filter(Boolean).join(" · ");
  }

  columns() {
    const line = (number) => this.lines[number];
    const measures = (number) => [...new Set(line(number).rows.map((row) => term("measure", statements.get("measure", row))))].join("、");
    return [
      { key: "region", cell: (number) => place(line(number).row), by: (number) => place(line(number).row) },
      { key: "indicator", cell: (number) => this.nameOf(line(number)), by: (number) => this.nameOf(line(number)) },
      { key: "measure", cell: measures },
      { key: "periods_count", cell: (number) => line(number).periods, by: (number) => line(number).periods, figure: true },
      { key: "from_to", cell: (number) => `${line(number).from} – ${line(number).to}`, by: (number) => line(number).to },
    ];
  }

  render() {
    this.title.textContent = t("series");
    this.words.search.textContent = t("search");
    this.words.several.textContent = t("several_periods");
    this.search.placeholder = t("search_series");
    this.apply();
    this.draw();
  }

  apply() {
    const sought = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = this.lines.map((_, number) => number).filter((number) => {
      const line = this.lines[number];
      if (this.several.checked && line.periods < 2) return false;
      const haystack = `${place(line.row)} ${this.nameOf(line)} ${statements.get("indicator", line.row)}`.toLowerCase();
      return sought.every((word) => haystack.includes(word));
    });
    this.counts.textContent = t("rows_of", { n: count(shown.length), all: count(this.lines.length) });
    this.grid.show(shown);
  }

  /** Goes to the line that a series of the store is part of; false where there is none. */
  find(seriesId) {
    const number = this.lines.findIndex(({ rows }) => rows.some((row) => statements.get("series_id", row) === seriesId));
    if (number < 0) return false;
    if (!this.grid.rows.includes(number)) {
      this.search.value = "";
      this.several.checked = false;
      this.apply();
    }
    this.grid.select(number);
    return true;
  }

  open(number) {
    this.line = this.lines[number];
    this.kind = "";
    remember({ series: statements.get("series_id", this.line.row) });
    this.draw();
  }

  draw() {
    if (!this.line) return this.pane.replaceChildren(el("p", { class: "hint" }, t("select_a_series")));
    const groups = this.measures();
    const heading = `${place(this.line.row)} ${this.nameOf(this.line)}`;
    this.pane.replaceChildren(
      el("div", { class: "bench-head" }, el("h3", {}, heading), this.kindChoice()),
      ...this.charted(groups).filter(isMain).map((group) => this.figure(heading, group)),
      ...this.singles(heading),
      ...this.charted(groups).filter((group) => !isMain(group)).map((group) => this.figure(heading, group)),
      el("p", { class: "aside" }, t("chart_note")),
      scroller(heading, this.table(heading, groups)));
  }

  figure(heading, { name, measure, rows }) {
    const of = { measure, unit: statements.get("unit", rows[0]) };
    return el("figure", {}, el("figcaption", {}, name), chart(rows.filter(isSeen).map(point), `${heading} ${name}`, of));
  }

  /** What follows from the cumulative values of the line: rows of the table of derived points, of the kind that is shown. */
  derivedOfLine() {
    if (statements.get("entity", this.line.row) !== null) return [];
    const rows = this.derivedRows.get(this.keyOf(statements, this.line.row)) ?? [];
    return rows.filter((at) => !this.kind || derived.get("freq", at) === this.kind);
  }

  /** A chart each of single quarters, months and half-years, reported and derived ones together, where there are several. */
  singles(heading) {
    const all = this.derivedOfLine();
    return SINGLE.flatMap((freq) => {
      const rows = all.filter((at) => derived.get("freq", at) === freq);
      return [...new Set(rows.map((at) => derived.get("unit", at)))].map((unit) => {
        const reported = this.line.rows.filter((row) => statements.get("measure", row) === "level" && statements.get("freq", row) === freq
          && statements.get("unit", row) === unit && statements.get("scope", row) === null && statements.get("n_reports", row) !== null);
        const points = [...reported.map(point), ...rows.filter((at) => derived.get("unit", at) === unit).map(derivedPoint)];
        const name = t("single_periods", { kind: term("freq", freq) });
        return points.length > 1 && el("figure", { class: "singles" }, el("figcaption", {}, name), chart(points, `${heading} ${name}`, { measure: "level", unit }));
      });
    }).filter(Boolean);
  }

  /** Which kind of periods is shown: a year beside its first months is no trend. */
  kindChoice() {
    const kinds = [...new Set(this.line.rows.map(kindOf))].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
    const name = (kind) => TERMS.freq[kind] ? term("freq", kind) : kind;
    const options = kinds.map((kind) => el("option", { value: kind, selected: kind === this.kind }, name(kind)));
    const choose = (event) => {
      this.kind = event.target.value;
      this.draw();
      document.getElementById("kinds").focus();
    };
    return el("label", {}, el("span", {}, t("period")), el("select", { id: "kinds", onchange: choose }, el("option", { value: "" }, t("any")), options));
  }

  /** The statements of the line by what a chart can show together, levels and growth first. */
  measures() {
    const groups = new Map();
    for (const row of this.line.rows.filter((row) => !this.kind || kindOf(row) === this.kind)) {
      const [measure, scope, unit, status] = ["measure", "scope", "unit", "status"].map((name) => statements.get(name, row));
      const name = [term("measure", measure), scope, unit, status === "target" && term("status", status)].filter(Boolean).join(" · ");
      if (!groups.has(name)) groups.set(name, { name, measure, rows: [] });
      groups.get(name).rows.push(row);
    }
    const order = Object.keys(TERMS.measure);
    return [...groups.values()].sort((a, b) => order.indexOf(a.measure) - order.indexOf(b.measure));
  }

  /** The measures that have something to show over time. */
  charted(groups) {
    const several = groups.filter(({ rows }) => new Set(rows.map((row) => statements.get("time_period", row))).size > 1);
    return several.length > 0 ? several : groups.slice(0, 1);
  }

  table(heading, groups) {
    const value = (row) => el("a", { href: link({ obs: statements.get("obs_id", row) }) }, amount(row));
    const rows = groups.flatMap(({ name, rows }) => rows
      .filter((row) => statements.get("n_reports", row) !== null || sameStatements(row).every((other) => statements.get("n_reports", other) === null))
      .sort((a, b) => (statements.get("period_end", a) < statements.get("period_end", b) ? 1 : -1))
      .map((row) => {
        const others = sameStatements(row).filter((other) => other !== row);
        const marks = ["revised", "conflict"].filter((mark) => statements.get(mark, row));
        return [
          statements.get("time_period", row), name, el("span", { class: "figure" }, value(row)),
          statements.get("n_reports", row) ?? "", statements.get("first_published", row) ?? "",
          el("span", {}, marks.map((mark) => el("span", { class: `badge ${mark}` }, term("review", mark)))),
          el("span", {}, others.map((other) => [value(other), ` (${documents.get("published", statements.get("report", other)) ?? t("no_date")}) `])),
        ];
      }));
    const ofTrends = this.derivedOfLine().toSorted((a, b) => (derived.get("period_end", a) < derived.get("period_end", b) ? 1 : -1)).map((at) => {
      const point = derivedPoint(at);
      const to = el("a", { href: link({ obs: statements.get("obs_id", point.row) }) }, point.amount);
      return [derived.get("time_period", at), term("measure", "level"), el("span", { class: "figure" }, to), "", "",
        el("span", { class: "badge", title: meaning("derivation", point.derivation) }, term("derivation", point.derivation)), ""];
    });
    rows.push(...ofTrends);
    return plainTable(heading, ["period", "measure", "value", "n_reports", "first_published", "marks", "other_values"].map((key) => t(key)), rows);
  }
}

/** What a line is looked at for first. */
function isMain({ measure }) {
  return ["level", "yoy"].includes(measure);
}

/** A row of the table of derived points as a point of a chart. */
function derivedPoint(at) {
  const get = (name) => derived.get(name, at);
  const { factor, prefix } = scaleOf([get("value")], get("unit"));
  const amount = `${short(get("value") / factor)}${prefix}${get("unit")}`;
  const title = `${get("time_period")}: ${amount} (${term("derivation", get("derivation"))})`;
  const [start, end] = ["period_start", "period_end"].map((name) => Date.parse(get(name)));
  return { row: get("rests_on"), start, end, value: get("value"), kind: get("freq"), holds: true, derivation: get("derivation"), title, amount };
}
