// What became no row: numbers with the reason, inputs with the stage that they failed at.

class UnusedView {
  constructor(host) {
    this.host = host;
    this.reason = "";
    const from = (name) => (row) => numbers.get(name, row);
    const reason = (row) => term("reason", numbers.get("reason", row));
    const title = (row) => titleOf(numbers.get("report", row));
    const to = (row) => ({ doc: documents.get("doc_id", numbers.get("report", row)), at: numbers.get("char_start", row) });
    this.grid = new Grid({
      id: "numbers",
      label: () => t("numbers_unused"),
      open: (row) => go(to(row)),
      columns: [
        { key: "number", cell: (row) => el("a", { href: link(to(row)) }, numbers.get("surface", row)), by: from("surface") },
        { key: "reason", cell: reason, by: reason },
        { key: "published", cell: (row) => documents.get("published", numbers.get("report", row)), by: (row) => documents.get("published", numbers.get("report", row)) },
        { key: "report", cell: title, by: title },
      ],
    });
  }

  render() {
    const tally = [...numbers.tally("reason")].sort((a, b) => b[1] - a[1]);
    const button = (reason, label) => el("button", { type: "button", "data-reason": reason, "aria-pressed": this.reason === reason, onclick: () => this.choose(reason) }, label);
    const rows = tally.map(([reason, rows]) => [button(reason, term("reason", reason)), rows, meaning("reason", reason)]);
    this.host.replaceChildren(
      el("h2", { id: "unused-title" }, t("unused")),
      el("h3", {}, t("rejects")),
      rejects.rows === 0 ? el("p", { class: "aside" }, t("nothing_here")) : scroller(t("rejects"), this.rejects()),
      el("h3", {}, t("numbers_unused")),
      el("p", { class: "aside" }, t("unused_note")),
      scroller(t("reasons"), plainTable(t("reasons"), ["reason", "rows", "meaning"].map((key) => t(key)), [[button("", t("any")), numbers.rows, ""], ...rows])),
      this.grid.box);
    const shown = Array.from({ length: numbers.rows }, (_, row) => row).filter((row) => !this.reason || numbers.get("reason", row) === this.reason);
    this.grid.show(shown);
  }

  choose(reason) {
    this.reason = reason;
    this.render();
    this.host.querySelector(`[data-reason="${reason}"]`).focus();
    announce(t("rows_of", { n: count(this.grid.rows.length), all: count(numbers.rows) }));
  }

  rejects() {
    const columns = ["source_uri", "pipeline", "stage", "reason", "detail"];
    const rows = Array.from({ length: rejects.rows }, (_, row) => columns.map((name) => rejects.get(name, row)));
    return plainTable(t("rejects"), ["source", "pipeline", "stage", "reason", "detail"].map((key) => t(key)), rows);
  }
}
