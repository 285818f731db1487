// How many rows there are of each region and period.

/** Columns up to which periods are shown one by one unless asked otherwise. */
const FEW_PERIODS = 24;

class CoverageView {
  constructor(host) {
    this.host = host;
    this.indicator = "";
    this.byPeriod = statements.codes("time_period").words.length <= FEW_PERIODS;
  }

  render() {
    const columnOf = this.byPeriod
      ? (row) => statements.get("time_period", row)
      : (row) => statements.get("period_end", row).slice(0, 4);
    const cells = new Map();
    const columns = new Map();
    for (let row = 0; row < statements.rows; row++) {
      if (this.indicator && statements.get("indicator", row) !== this.indicator) continue;
      const region = statements.get("region_code", row);
      const column = columnOf(row);
      const end = statements.get("period_end", row);
      if (!(columns.get(column) >= end)) columns.set(column, end);
      if (!cells.has(region)) cells.set(region, new Map());
      const of = cells.get(region);
      of.set(column, (of.get(column) ?? 0) + 1);
    }
    const order = [...columns.keys()].sort((a, b) => (columns.get(a) === columns.get(b) ? (a < b ? -1 : 1) : columns.get(a) < columns.get(b) ? -1 : 1));
    const regions = [...cells.keys()].sort((a, b) => (a === null) - (b === null) || (a < b ? -1 : 1));
    const most = Math.max(1, ...regions.flatMap((region) => [...cells.get(region).values()]));
    const caption = t("coverage_note");
    const table = el("table", { class: "plain matrix" },
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("region")), order.map((column) => el("th", { scope: "col" }, column)), el("th", { scope: "col" }, t("total")))),
      el("tbody", {}, regions.map((region) => this.row(region, cells.get(region), order, most))));
    this.host.replaceChildren(
      el("div", { class: "bench-head" }, el("h2", { id: "coverage-title" }, t("coverage")), this.indicatorChoice(), this.columnChoice()),
      scroller(caption, table));
  }

  row(region, of, order, most) {
    const cells = order.map((column) => {
      const rows = of.get(column) ?? 0;
      if (rows === 0) return el("td", { class: "figure none" }, "·");
      const shade = Math.ceil(5 * Math.sqrt(rows / most));
      const filter = { view: "observations", ...(region ? { region } : {}), ...(this.indicator ? { indicator: this.indicator } : {}), [this.byPeriod ? "period" : "year"]: column };
      const name = `${regionName(region)} ${column}: ${rows}`;
      return el("td", { class: `figure shade-${shade}` }, region ? el("a", { href: link(filter), "aria-label": name }, count(rows)) : count(rows));
    });
    const total = [...of.values()].reduce((sum, rows) => sum + rows, 0);
    return el("tr", {}, el("th", { scope: "row" }, regionName(region)), cells, el("td", { class: "figure" }, count(total)));
  }

  indicatorChoice() {
    const names = indicatorNames();
    const tally = [...statements.tally("indicator")].sort((a, b) => b[1] - a[1]);
    const options = tally.map(([id, rows]) => el("option", { value: id, selected: id === this.indicator }, `${names.get(id)} (${count(rows)})`));
    const select = el("select", { id: "coverage-indicator", onchange: (event) => this.choose({ indicator: event.target.value }, "coverage-indicator") }, el("option", { value: "" }, t("any")), options);
    return el("label", {}, el("span", {}, t("indicator")), select);
  }

  columnChoice() {
    const option = (value, word) => el("option", { value, selected: (value === "period") === this.byPeriod }, t(word));
    const select = el("select", { id: "coverage-columns", onchange: (event) => this.choose({ byPeriod: event.target.value === "period" }, "coverage-columns") }, option("year", "by_year"), option("period", "by_period"));
    return el("label", {}, el("span", {}, t("columns")), select);
  }

  choose(choice, focus) {
    Object.assign(this, choice);
    this.render();
    document.getElementById(focus).focus();
  }
}
