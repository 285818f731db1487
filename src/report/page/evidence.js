// The card of one statement: what the row says, and for each part of it where the report says so.

class Evidence {
  /**
   * @param {ReportText} text where the evidence stands
   * @param {{go: (row: number) => void, decided: (row: number) => void}} actions
   */
  constructor(text, { go, decided }) {
    Object.assign(this, { text, go, decided });
    this.box = el("div", { class: "evidence" });
    this.clear();
  }

  clear() {
    this.row = null;
    this.box.replaceChildren(el("p", { class: "hint" }, t("select_a_row")));
  }

  /** Shows a statement whose report the text shows. */
  show(row) {
    this.row = row;
    const facts = [
      [t("indicator"), this.indicator(row)],
      [t("region"), this.region(row)],
      [t("period"), this.period(row)],
      [t("value"), this.value(row)],
      [t("measure"), `${term("measure", statements.get("measure", row))} — ${meaning("measure", statements.get("measure", row))}`],
      [t("status"), term("status", statements.get("status", row))],
      ...["breakdown", "scope", "entity"].map((name) => [t(name), statements.get(name, row)]),
      [t("price_basis"), statements.get("price_basis", row) && term("price", statements.get("price_basis", row))],
      [t("confidence"), this.confidence(row)],
      [t("flags"), statements.get("flags", row)?.split(";").map((flag) => term("flag", flag)).join("；")],
      [t("decision"), this.decision(row)],
      [t("why_review"), reasonsOf(row).map((reason) => term("review", reason)).join("、")],
      [t("vintages"), this.vintages(row)],
    ];
    const list = el("dl", {}, facts.filter(([, fact]) => fact).map(([name, fact]) => [el("dt", {}, name), el("dd", {}, fact)]));
    this.box.replaceChildren(this.head(row), list);
  }

  /** Says of a number why it is not used. */
  showUnused(row) {
    this.row = null;
    const reason = numbers.get("reason", row);
    this.box.replaceChildren(
      el("h3", {}, numbers.get("surface", row)),
      el("p", {}, t("number_not_used", { reason: term("reason", reason) }), " — ", meaning("reason", reason)));
  }

  head(row) {
    const decision = decisionOf(row);
    const button = (kind, key, word) => el("button", {
      type: "button",
      "data-decision": kind,
      "aria-pressed": decision?.decision === kind,
      "aria-keyshortcuts": key,
      onclick: () => this.act(kind),
    }, t(word), " ", el("kbd", {}, key));
    return el("div", { class: "evidence-head" },
      el("h3", {}, `${place(row)} ${statements.get("time_period", row)} ${statements.get("indicator_name", row)} ${amount(row)}`),
      el("div", { class: "decide", role: "group", "aria-label": t("decision") },
        button("accept", "a", "accept"),
        button("reject", "w", "reject"),
        button("correct", "c", "correct"),
        button("note", "n", "note"),
        decision && el("button", { type: "button", onclick: () => this.decide(null) }, t("undo"), " ", el("kbd", {}, "u")),
        statements.get("region_code", row) !== null && el("a", { href: link({ series: statements.get("series_id", row) }) }, t("open_series")),
        el("a", { href: link({ obs: statements.get("obs_id", row) }) }, t("link_to_row"))),
      decision?.note && el("p", { class: "note" }, `${t("note")}: ${decision.note}`));
  }

  /** What a button or its key does. */
  act(kind) {
    if (kind === "note") this.askNote();
    else if (kind === "correct") this.askCorrection();
    else this.decide(kind);
  }

  /** Decides about the row shown. */
  decide(decision, { note = decisionOf(this.row)?.note, changes } = {}) {
    const row = this.row;
    if (row === null) return;
    decide(row, decision, { note, changes });
    this.show(row);
    announce(t("decided_as", { row: amount(row), decision: term("decision", decision ?? "none") }));
    this.decided(row);
  }

  /** Asks for words about the row shown. */
  askNote() {
    if (this.row === null) return;
    const row = this.row;
    const before = decisionOf(row);
    const input = el("input", { type: "text", "aria-label": t("note"), value: before?.note ?? "" });
    const form = el("form", { class: "note-form" }, input, el("button", { type: "submit" }, t("note")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const note = input.value.trim();
      if (note) this.decide(before?.decision ?? "note", { note, changes: before?.changes });
    });
    this.ask(form, row);
  }

  /** Asks what the row shown should say. */
  askCorrection() {
    if (this.row === null) return;
    const row = this.row;
    const before = decisionOf(row)?.changes ?? {};
    const said = (column) => statements.get(column, row) ?? "";
    const fields = CORRECTABLE.map(([field, column]) => {
      const value = before[field] ?? said(column);
      return [field, column, TERMS[column]
        ? el("select", { "aria-label": t(column), name: field }, Object.keys(TERMS[column]).map((word) => el("option", { value: word, selected: word === value }, term(column, word))))
        : el("input", { type: "text", "aria-label": t(column), name: field, value, list: column === "indicator" ? "indicator-ids" : null, autocomplete: "off", spellcheck: "false" })];
    });
    const ids = el("datalist", { id: "indicator-ids" }, Array.from({ length: indicators.rows }, (_, at) => el("option", { value: indicators.get("indicator", at) }, indicators.get("indicator_name", at))));
    const form = el("form", { class: "correct-form", "aria-label": t("correct") },
      fields.map(([, column, input]) => el("label", {}, el("span", {}, t(column)), input)), ids,
      el("button", { type: "submit" }, t("correct")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const changed = fields.filter(([, column, input]) => input.value.trim() !== said(column));
      if (changed.length > 0) this.decide("correct", { changes: Object.fromEntries(changed.map(([field, , input]) => [field, input.value.trim()])) });
    });
    this.ask(form, row);
  }

  /** Shows a form below the head until it is sent or left. */
  ask(form, row) {
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.show(row);
    });
    this.box.querySelector("form")?.remove();
    this.box.querySelector(".evidence-head").append(form);
    form.querySelector("input").focus();
  }

  /** What was decided, by whom, and whether the store knows. */
  decision(row) {
    const decision = decisionOf(row);
    if (!decision) return null;
    const changes = Object.entries(decision.changes ?? {}).map(([field, value]) => `${t(CORRECTABLE.find(([name]) => name === field)[1])} → ${value || t("nothing_here")}`);
    const words = [decision.by, decision.at.slice(0, 10), t(isApplied(row) ? "applied" : "not_applied")].filter(Boolean);
    return [el("b", {}, term("decision", decision.decision)), " ", changes.join("；"), " ", el("span", { class: "aside" }, words.join(" · "))];
  }

  indicator(row) {
    const id = statements.get("indicator", row);
    const pieces = this.text.indicatorWords(row);
    const { from } = this.text.sentence(row);
    const words = pieces.map((piece) => (piece.from < 0
      ? el("span", { class: "inherited" }, piece.words)
      : this.lead(piece.words, piece.from, "said")));
    const missing = pieces.filter((piece) => piece.from < 0 && piece.words.length > 1);
    const before = missing.map(({ words }) => [words, this.text.lastBefore(words, from)]).filter(([, at]) => at >= 0);
    return [
      el("div", {}, el("b", {}, statements.get("indicator_name", row)), " ", el("code", {}, id)),
      el("div", {}, ...words),
      missing.length > 0 && el("div", { class: "aside" }, t("inherited_words"),
        before.map(([words, at]) => [" · ", t("nearest_before"), " ", this.lead(words, at)])),
    ];
  }

  region(row) {
    const name = statements.get("region_name", row);
    const code = statements.get("region_code", row);
    const facts = [el("b", {}, place(row)), " ", code && el("code", {}, code)];
    if (!name) return facts;
    const { from, to } = this.text.sentence(row);
    const short = name.length > 2 ? name.slice(0, -1) : name;
    const at = this.text.report.text.slice(from, to).indexOf(short);
    if (at >= 0) return [...facts, " ", el("span", { class: "aside" }, t("in_sentence"), " ", this.lead(short, from + at))];
    const before = this.text.lastBefore(short, from);
    return [...facts, " ", el("span", { class: "aside" }, t("region_not_in_sentence"), before >= 0 && [" · ", t("nearest_before"), " ", this.lead(short, before)])];
  }

  period(row) {
    const [start, end] = ["period_start", "period_end"].map((name) => statements.get(name, row));
    const inferred = statements.get("period_inferred", row) === 1;
    const heading = inferred ? this.text.headingAbove(row) : null;
    return [
      el("b", {}, statements.get("time_period", row)), ` ${start === end ? end : `${start} – ${end}`} `,
      el("span", { class: inferred ? "aside inherited-mark" : "aside" }, t(inferred ? "not_in_clause" : "in_clause")),
      heading && el("span", { class: "aside" }, ` · ${t("heading_above")} “${heading}”`),
    ];
  }

  value(row) {
    const high = statements.get("value_high", row);
    const base = [statements.get("value", row), high].filter((value) => value !== null).map((value) => value.toLocaleString("en-GB", { maximumFractionDigits: 6 }));
    return [
      el("b", {}, amount(row)), " ",
      el("span", { class: "aside" }, `${t("stated")} “${statements.get("surface", row)}” · ${t("base_value")} ${base.join(" – ")} ${statements.get("unit", row)}`),
    ];
  }

  confidence(row) {
    const confidence = statements.get("confidence", row);
    return [el("meter", { min: 0, max: 1, low: LOW, high: 0.9, optimum: 1, value: confidence, "aria-hidden": true }), ` ${confidence.toFixed(2)} `,
      el("span", { class: "aside" }, `${t("rule")} `, el("code", {}, statements.get("rule", row)))];
  }

  /** Every statement of the same series and period, where there are several. */
  vintages(row) {
    const same = sameStatements(row);
    if (same.length < 2) return null;
    return el("ul", { class: "vintages" }, same.map((other) => {
      const report = statements.get("report", other);
      const words = `${documents.get("published", report) ?? t("no_date")} ${amount(other)} ${titleOf(report)}`;
      const holds = statements.get("n_reports", other) !== null;
      return el("li", {},
        other === row ? el("b", {}, words) : el("a", { href: link({ obs: statements.get("obs_id", other) }) }, words),
        holds && [" ", el("span", { class: "badge" }, t("holds"))]);
    }));
  }

  /** Words that lead to their place in the text. */
  lead(words, at, kind = "") {
    return el("button", { type: "button", class: `lead ${kind}`, onclick: () => this.text.glance(at, at + words.length) }, words);
  }
}
