// What the store holds, and what its last runs brought.

class OverviewView {
  constructor(host) {
    this.host = host;
    const from = (name) => (report) => documents.get(name, report);
    const region = (report) => (documents.get("region_code", report) ? regionName(documents.get("region_code", report)) : null);
    this.grid = new Grid({
      id: "reports",
      label: () => t("reports"),
      open: (report) => go({ doc: documents.get("doc_id", report) }),
      columns: [
        { key: "published", cell: from("published"), by: from("published") },
        { key: "title", cell: (report) => el("a", { href: link({ doc: documents.get("doc_id", report) }) }, titleOf(report)), by: titleOf },
        { key: "region", cell: region, by: region },
        { key: "publisher", cell: from("publisher"), by: from("publisher") },
        { key: "statements", cell: (report) => count(documents.get("n_observations", report) + documents.get("n_entities", report)), by: from("n_observations"), figure: true },
        { key: "numbers_unused", cell: (report) => count(documents.get("n_numbers", report)), by: from("n_numbers"), figure: true },
        { key: "source", cell: from("source_uri"), by: from("source_uri") },
      ],
    });
  }

  render() {
    const distinct = (name) => statements.codes(name).words.length;
    const entities = statements.rows - (statements.tally("entity").get(null) ?? 0);
    const toReview = review.reduce((sum, bits) => sum + (bits !== 0), 0);
    const tiles = [
      ["reports", documents.rows, null, this.range(documents, "published", "published", "published_from_to")],
      ["statements", statements.rows, { view: "observations" }, this.range(statements, "period_start", "period_end", "periods_from_to")],
      ["about_entities", entities, { view: "observations", about: "entities" }],
      ["series_count", distinct("series_id"), { view: "series" }],
      ["regions", distinct("region_code"), { view: "coverage" }],
      ["indicators", distinct("indicator"), { view: "definitions" }],
      ["periods", distinct("time_period"), { view: "coverage" }],
      ["to_review", toReview, { view: "review" }, `${t("decided")} ${count(decidedRows().length)}`],
      ["numbers_unused", numbers.rows, { view: "unused" }],
      ["rejects", rejects.rows, { view: "unused" }],
    ];
    const misplaced = statements.tally("misplaced").get(1) ?? 0;
    this.host.replaceChildren(
      el("h2", { id: "overview-title" }, t("overview")),
      el("p", { class: misplaced ? "proof warning" : "proof" }, misplaced ? `✗ ${t("some_misplaced", { n: count(misplaced) })}` : `✓ ${t("all_in_place", { n: count(statements.rows) })}`),
      el("ul", { class: "tiles" }, tiles.map(([key, number, to, more]) => el("li", {},
        to ? el("a", { href: link(to) }, el("b", {}, count(number)), " ", t(key)) : [el("b", {}, count(number)), " ", t(key)],
        more && el("span", { class: "aside" }, more)))),
      el("div", { class: "beside" }, this.runs(), this.confidence(), this.reasons()),
      el("h3", {}, t("reports")),
      this.grid.box);
    this.grid.show(Array.from({ length: documents.rows }, (_, report) => report));
  }

  range(table, first, last, words) {
    const days = (name) => table.codes(name).words.filter(Boolean).toSorted();
    const [from, to] = [days(first)[0], days(last).at(-1)];
    return from && to ? t(words, { from, to }) : null;
  }

  /** The runs whose rows the store holds, the latest first. */
  runs() {
    const runs = new Map();
    for (let report = 0; report < documents.rows; report++) {
      const id = documents.get("run_id", report);
      const run = runs.get(id) ?? { began: documents.get("ingested_at", report), job: documents.get("pipeline", report), reports: 0, rows: 0, unused: 0 };
      run.reports++;
      run.rows += documents.get("n_observations", report) + documents.get("n_entities", report);
      run.unused += documents.get("n_numbers", report);
      runs.set(id, run);
    }
    const latest = [...runs.values()].sort((a, b) => (a.began < b.began ? 1 : -1)).slice(0, 10);
    const rows = latest.map((run, number) => [
      `${run.began.slice(0, 16).replace("T", " ")}Z${number === 0 ? `（${t("last_run")}）` : ""}`, run.job, run.reports, run.rows, run.unused,
    ]);
    return scroller(t("runs"), plainTable(t("runs"), ["began", "pipeline", "reports", "statements", "unused"].map((key) => t(key)), rows));
  }

  confidence() {
    const facet = workbench.filter.facets.find(({ key }) => key === "confidence");
    const tally = new Int32Array(facet.values.length);
    for (const choice of facet.at) tally[choice]++;
    return this.bars("confidence_of_rows", "confidence", "observations", [...tally].map((rows, choice) => [facet.values[choice], facet.label(facet.values[choice]), rows]).reverse());
  }

  reasons() {
    const tally = REVIEW.map((reason, number) => [reason, term("review", reason), review.reduce((sum, bits) => sum + ((bits >> number) & 1), 0)]);
    return this.bars("to_review", "reason", "review", tally.filter(([, , rows]) => rows > 0));
  }

  /** A short table with a bar a row, each leading to its rows. */
  bars(caption, facet, view, tally) {
    const rows = tally.map(([value, label, rows]) => [
      el("a", { href: link({ view, [facet]: value }) }, label), rows,
      el("meter", { min: 0, max: Math.max(1, statements.rows), value: rows, "aria-hidden": true }),
      `${((100 * rows) / Math.max(1, statements.rows)).toFixed(1)} %`,
    ]);
    return scroller(t(caption), plainTable(t(caption), [t(facet), t("rows"), "", t("share")], rows));
  }
}
