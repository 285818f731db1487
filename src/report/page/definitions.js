// What the words of the page mean, and which versions made the rows.

class DefinitionsView {
  constructor(host) {
    this.host = host;
  }

  render() {
    const vocabulary = (caption, name) => plainTable(t(caption), [t("term"), t("name"), t("meaning")],
      Object.keys(TERMS[name]).map((word) => [el("code", {}, word), term(name, word), meaning(name, word)]));
    const flags = Object.keys(TERMS.flag).map((word) => [el("code", {}, word), term("flag", word)]);
    this.host.replaceChildren(
      el("h2", { id: "definitions-title" }, t("definitions")),
      el("div", { class: "definitions" },
        this.versions(),
        vocabulary("measures", "measure"),
        vocabulary("statuses", "status"),
        vocabulary("bounds", "bound"),
        vocabulary("frequencies", "freq"),
        vocabulary("reasons", "reason"),
        vocabulary("review_reasons", "review"),
        plainTable(t("flags"), [t("term"), t("meaning")], flags)),
      scroller(t("used_indicators"), this.catalogue()));
  }

  versions() {
    const all = (name) => documents.codes(name).words.join("、");
    return plainTable(t("versions"), [t("term"), t("versions")], [
      [t("version_page"), PACKED.version],
      [t("version_rules"), all("extractor_version")],
      [t("version_lexicon"), all("lexicon_version")],
    ]);
  }

  catalogue() {
    const tally = statements.tally("indicator");
    const columns = ["indicator_name", "indicator", "english_name", "unit", "kind", "theme", "synonyms"];
    const rows = Array.from({ length: indicators.rows }, (_, row) => row)
      .sort((a, b) => tally.get(indicators.get("indicator", b)) - tally.get(indicators.get("indicator", a)))
      .map((row) => {
        const [name, id, ...rest] = columns.map((column) => indicators.get(column, row));
        const to = link({ view: "observations", indicator: id });
        return [el("a", { href: to }, name), tally.get(id), el("code", {}, id), ...rest.map((value) => value?.replaceAll(";", "、"))];
      });
    return plainTable(t("used_indicators"), ["name", "rows", "term", "english_name", "unit", "kind", "theme", "synonyms"].map((key) => t(key)), rows);
  }
}
