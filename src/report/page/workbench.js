// Rows on one side, the report on the other: choosing a row goes to its sentence, choosing a number goes to its row.
// The same bench serves all rows and those to review.

class Workbench {
  constructor(host) {
    this.host = host;
    this.view = "observations";
    this.filter = new Filter();
    this.report = null;
    this.text = new ReportText({
      onStatement: (row) => this.show(row),
      onNumber: (row) => this.showUnused(row),
    });
    this.evidence = new Evidence(this.text, { decided: () => this.decided() });
    this.grid = new Grid({
      id: "rows",
      label: () => t(this.view),
      columns: this.columns(),
      select: (row) => this.follow(row),
      open: () => this.text.focusCurrent(),
    });
    this.build();
  }

  columns() {
    const from = (name) => (row) => statements.get(name, row);
    const published = (row) => documents.get("published", statements.get("report", row));
    return [
      { key: "region", cell: place, by: place },
      { key: "period", cell: from("time_period"), by: from("period_end") },
      { key: "indicator", cell: (row) => this.indicatorCell(row), by: from("indicator_name") },
      { key: "measure", cell: (row) => term("measure", statements.get("measure", row)), by: from("measure") },
      { key: "value", cell: amount, by: from("value"), figure: true },
      { key: "status", cell: (row) => term("status", statements.get("status", row)), by: from("status") },
      { key: "sure", cell: (row) => statements.get("confidence", row).toFixed(2), by: from("confidence"), figure: true },
      { key: "published", cell: published, by: published },
      { key: "marks", cell: (row) => this.marks(row) },
    ];
  }

  indicatorCell(row) {
    const [name, text] = ["indicator_name", "indicator_text"].map((column) => statements.get(column, row));
    const parts = ["breakdown", "entity"].map((column) => statements.get(column, row)).filter(Boolean);
    return [text === name ? name : `${name}（${text}）`, ...parts].join(" · ");
  }

  marks(row) {
    const decision = decisionOf(row);
    const badges = reasonsOf(row).map((reason) => el("span", { class: `badge ${reason}` }, term("review", reason)));
    if (decision) badges.unshift(el("span", { class: isApplied(row) ? "badge decision applied" : "badge decision" }, `✓ ${term("decision", decision.decision)}`));
    return el("span", {}, badges);
  }

  build() {
    this.title = el("h2", { id: "workbench-title" });
    this.counts = el("p", { class: "counts", "aria-live": "polite" });
    this.search = el("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false" });
    this.search.addEventListener("input", afterTyping(() => this.choose(null)));
    this.choices = el("div", { class: "choices" });
    this.exported = el("button", { type: "button", onclick: exportDecisions });
    this.file = el("input", { type: "file", accept: ".jsonl", hidden: true, onchange: () => this.takeFile() });
    this.imported = el("button", { type: "button", onclick: () => this.file.click() });
    this.decider = el("input", { type: "text", autocomplete: "name", value: kept(DECIDER_KEY) ?? "", onchange: () => keep(DECIDER_KEY, this.decider.value.trim()) });
    this.deciderName = el("span");
    this.tools = el("div", { class: "review-tools" }, el("label", {}, this.deciderName, " ", this.decider), this.exported, this.imported, this.file, el("p", { class: "warning" }));
    this.labels = { search: el("span"), filters: el("summary") };
    this.reportHead = el("div", { class: "report-head" });
    this.pane = el("section", { class: "pane" }, this.reportHead, this.text.box, this.evidence.box);
    const filters = el("details", { class: "filters", open: matchMedia("(min-width: 60rem)").matches }, this.labels.filters, this.choices);
    this.host.append(
      el("div", { class: "bench-head" }, this.title, el("label", { class: "search" }, this.labels.search, this.search), this.counts, this.tools),
      filters,
      el("div", { class: "bench" }, this.grid.box, this.pane));
  }

  /** Shows the bench for all rows or those to review. */
  render(view = this.view) {
    this.view = view;
    this.title.textContent = t(view);
    this.labels.search.textContent = t("search");
    this.labels.filters.textContent = t("filters");
    this.search.placeholder = t("search_rows");
    this.pane.setAttribute("aria-label", t("evidence"));
    this.tools.hidden = view !== "review";
    this.filter.decided();
    this.apply();
    if (this.evidence.row !== null) this.evidence.show(this.evidence.row);
    else this.evidence.clear();
    this.drawReportHead();
  }

  within() {
    return this.view === "review" ? (row) => review[row] !== 0 : () => true;
  }

  apply() {
    this.filter.words = this.search.value;
    const { rows, counts } = this.filter.apply(this.within());
    if (this.view === "review") this.byReason(rows);
    const all = this.view === "review" ? review.reduce((sum, bits) => sum + (bits !== 0), 0) : statements.rows;
    this.counts.textContent = t("rows_of", { n: count(rows.length), all: count(all) });
    this.drawChoices(counts);
    this.grid.show(rows);
    this.drawTools();
  }

  /** The gravest reason first; statements that contradict each other one below the other. */
  byReason(rows) {
    const first = new Map(rows.map((row) => [row, Math.min(...sameStatements(row))]));
    rows.sort((a, b) => (review[a] & -review[a]) - (review[b] & -review[b]) || first.get(a) - first.get(b) || a - b);
  }

  drawChoices(counts) {
    const focused = document.activeElement?.dataset?.facet;
    const choices = this.filter.facets.map((facet, number) => {
      const chosen = this.filter.chosen.get(facet.key) ?? "";
      let places = facet.values.map((_, place) => place).filter((place) => counts[number][place] > 0 || facet.values[place] === chosen);
      if (facet.byCount) places = places.sort((a, b) => counts[number][b] - counts[number][a]);
      const options = places.map((place) => el("option", { value: facet.values[place], selected: facet.values[place] === chosen }, `${facet.label(facet.values[place])} (${count(counts[number][place])})`));
      const select = el("select", { "data-facet": facet.key, class: chosen ? "chosen" : null, onchange: (event) => this.choose(facet.key, event.target.value) }, el("option", { value: "" }, t("any")), options);
      return el("label", {}, el("span", {}, t(facet.key)), select);
    });
    const clear = el("button", { type: "button", id: "clear", onclick: () => this.clear() }, t("clear"));
    this.choices.replaceChildren(...choices, clear);
    if (focused) this.choices.querySelector(`[data-facet="${focused}"]`)?.focus();
  }

  /** Takes a choice of a facet, or the words of the search. */
  choose(key, value) {
    if (key !== null) {
      if (value) this.filter.chosen.set(key, value);
      else this.filter.chosen.delete(key);
    }
    this.apply();
    this.grid.box.scrollTop = 0;
    remember({ view: this.view, ...Object.fromEntries(this.filter.chosen), ...(this.search.value ? { q: this.search.value } : {}) });
  }

  /** Sets every facet at once, as a link says. */
  setFilter(choices) {
    this.filter.chosen = new Map(Object.entries(choices).filter(([key]) => this.filter.facets.some((facet) => facet.key === key)));
    this.search.value = choices.q ?? "";
  }

  clear() {
    this.setFilter({});
    this.choose(null);
  }

  /** The text follows the current row. */
  async follow(row) {
    remember({ obs: statements.get("obs_id", row) });
    if (!(await this.open(statements.get("report", row))) || this.grid.current() !== row) return;
    this.text.point(row);
    this.evidence.show(row);
  }

  /** Goes to a row, through all filters that hide it. */
  show(row, { focus = false } = {}) {
    const hidden = !this.grid.rows.includes(row);
    if (hidden) {
      this.setFilter({});
      if (this.view === "review" && review[row] === 0) switchView("observations");
      else this.apply();
    }
    this.grid.select(row);
    if (focus) this.grid.focus();
  }

  async showUnused(row) {
    if (!(await this.open(numbers.get("report", row)))) return;
    this.text.pointUnused(row);
    this.evidence.showUnused(row);
    announce(this.evidence.box.textContent);
  }

  /** Opens a report; true when its text is there. */
  open(report) {
    this.report = report;
    this.drawReportHead();
    return this.text.show(report);
  }

  drawReportHead() {
    if (this.report === null) return this.reportHead.replaceChildren();
    const report = this.report;
    const facts = [
      documents.get("published", report) ?? t("no_date"),
      documents.get("publisher", report),
      documents.get("region_code", report) && regionName(documents.get("region_code", report)),
      documents.get("source_uri", report),
    ].filter(Boolean);
    const legend = ["used", "entity", "unused"].map((kind) => el("span", { class: `key ${kind}` }, t(`legend_${kind}`)));
    this.reportHead.replaceChildren(
      el("h3", {}, el("a", { href: link({ doc: documents.get("doc_id", report) }) }, titleOf(report))),
      el("p", { class: "aside" }, facts.join(" · ")),
      el("p", { class: "legend" }, legend, CAN_PAINT && el("span", { class: "key sentence" }, t("legend_sentence"))));
  }

  /** After a decision. */
  decided() {
    this.filter.decided();
    this.grid.draw(true);
    this.drawTools();
  }

  drawTools() {
    this.exported.textContent = t("export_decisions", { n: count(decidedRows().length) });
    this.imported.textContent = t("import_decisions");
    this.deciderName.textContent = t("decided_by");
    this.tools.querySelector(".warning").textContent = decisionsAreKept ? "" : t("not_kept");
  }

  async takeFile() {
    const [file] = this.file.files;
    this.file.value = "";
    if (!file) return;
    const { taken, bad } = await importDecisions(file);
    this.render();
    announce(t("imported", { n: taken, bad }));
    this.tools.querySelector(".warning").textContent = t("imported", { n: taken, bad });
  }

  /** A key pressed anywhere but where one writes; true when it meant something here. */
  key(key) {
    const acts = {
      j: () => this.step(1),
      k: () => this.step(-1),
      ArrowDown: () => this.step(1),
      ArrowUp: () => this.step(-1),
      Enter: () => this.text.focusCurrent(),
      Escape: () => this.grid.focus(),
      "/": () => this.search.focus(),
      a: () => this.decideAndGoOn("accept"),
      w: () => this.decideAndGoOn("reject"),
      c: () => this.evidence.askCorrection(),
      n: () => this.evidence.askNote(),
      u: () => this.evidence.decide(null),
    };
    acts[key]?.();
    return key in acts;
  }

  /** One key a row where there are many to decide about. */
  decideAndGoOn(decision) {
    this.evidence.decide(decision);
    if (this.view === "review" && this.grid.position + 1 < this.grid.rows.length) this.step(1);
  }

  step(by) {
    this.grid.go(this.grid.position + by);
    this.grid.focus();
  }
}
