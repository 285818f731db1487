// Filters over the statements: which rows fit all of them, and how many rows each choice would leave.

/**
 * @typedef {object} Facet
 * @property {string} key its word, and its name in a link
 * @property {string[]} values the choices
 * @property {ArrayLike<number>} at each row's choice, -1 for none; of a facet with `bits` a bit a choice
 * @property {boolean} [bits]
 * @property {(value: string) => string} label
 * @property {boolean} [byCount] the commonest first instead of the order of `values`
 */

/** @returns {Facet[]} */
function makeFacets() {
  const coded = (key, column, label, options = {}) => {
    const { words, at } = statements.codes(column);
    return { key, values: words, at, label, ...options };
  };
  const computed = (key, values, at, label) => ({ key, values, at, label });
  const each = (place) => Int8Array.from({ length: statements.rows }, (_, row) => place(row));
  const names = indicatorNames();
  const SURE = [0, 0.6, 0.8, 0.9];
  const sure = each((row) => SURE.findLastIndex((least) => statements.get("confidence", row) >= least));
  return [
    coded("region", "region_code", regionName, { byCount: true }),
    coded("indicator", "indicator", (id) => names.get(id) ?? id, { byCount: true }),
    inOrder({ key: "year", ...yearsOf(statements.codes("period_end")), label: (year) => year }),
    inOrder(coded("period", "time_period", (code) => code)),
    coded("measure", "measure", (word) => term("measure", word), { byCount: true }),
    coded("status", "status", (word) => term("status", word), { byCount: true }),
    {
      key: "report",
      values: Array.from({ length: documents.rows }, (_, report) => String(report)),
      at: statements.list("report"),
      label: (report) => `${documents.get("published", report) ?? t("no_date")} ${titleOf(report)}`,
    },
    computed("confidence", SURE.map(String), sure, (least) => {
      const next = SURE[SURE.indexOf(Number(least)) + 1];
      return next ? `${least} – ${next}` : `≥ ${least}`;
    }),
    computed("about", ["regions", "entities"], each((row) => statements.get("entity", row) === null ? 0 : 1), (word) => term("about", word)),
    { key: "reason", values: REVIEW, at: review, bits: true, label: (word) => term("review", word) },
    computed("decision", ["none", "accept", "reject", "correct", "note"], each(() => 0), (word) => term("decision", word)),
  ];
}

/** The values of a facet with the latest first. */
function inOrder(facet) {
  const order = facet.values.map((_, number) => number).sort((a, b) => (facet.values[a] < facet.values[b] ? 1 : -1));
  const places = new Int32Array(order.length);
  order.forEach((number, position) => places[number] = position);
  return { ...facet, values: order.map((number) => facet.values[number]), at: Array.from(facet.at, (number) => places[number]) };
}

/** A column of days as years. */
function yearsOf({ words, at }) {
  const years = words.map((day) => day.slice(0, 4));
  const values = [...new Set(years)];
  return { values, at: Array.from(at, (number) => values.indexOf(years[number])) };
}

function indicatorNames() {
  const ids = statements.codes("indicator");
  const names = new Map();
  for (let row = 0; row < statements.rows; row++) {
    const id = ids.words[ids.at[row]];
    if (!names.has(id)) names.set(id, statements.get("indicator_name", row));
  }
  return names;
}

class Filter {
  constructor() {
    this.facets = makeFacets();
    /** @type {Map<string, string>} */
    this.chosen = new Map();
    this.words = "";
    this.haystacks = null;
  }

  /** Takes over what was decided since. */
  decided() {
    const facet = this.facets.find(({ key }) => key === "decision");
    for (let row = 0; row < statements.rows; row++) {
      facet.at[row] = Math.max(0, facet.values.indexOf(decisionOf(row)?.decision ?? "none"));
    }
  }

  /**
   * The rows of `within` that fit, and for each facet how many rows each choice leaves, the other facets being as they are.
   * @param {(row: number) => boolean} within
   */
  apply(within) {
    const active = this.facets.map((facet) => facet.values.indexOf(this.chosen.get(facet.key) ?? ""));
    const fits = (facet, choice, row) => (facet.bits ? facet.at[row] & (1 << choice) : facet.at[row] === choice);
    const counts = this.facets.map((facet) => new Int32Array(facet.values.length));
    const sought = this.words.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [];
    for (let row = 0; row < statements.rows; row++) {
      if (!within(row) || !sought.every((word) => this.haystack(row).includes(word))) continue;
      let missed = -1;
      let misses = 0;
      for (let number = 0; number < active.length && misses < 2; number++) {
        if (active[number] >= 0 && !fits(this.facets[number], active[number], row)) {
          missed = number;
          misses++;
        }
      }
      if (misses > 1) continue;
      if (misses === 0) rows.push(row);
      this.facets.forEach((facet, number) => {
        if (misses === 1 && number !== missed) return;
        if (!facet.bits) {
          if (facet.at[row] >= 0) counts[number][facet.at[row]]++;
          return;
        }
        for (let choice = 0; choice < facet.values.length; choice++) if (fits(facet, choice, row)) counts[number][choice]++;
      });
    }
    return { rows, counts };
  }

  /** What a row is searched in. */
  haystack(row) {
    this.haystacks ??= new Array(statements.rows);
    return this.haystacks[row] ??= [
      ...["indicator_name", "indicator_text", "indicator", "breakdown", "surface", "scope", "entity", "region_code", "time_period"].map((name) => statements.get(name, row)),
      place(row),
      titleOf(statements.get("report", row)),
    ].join("\u0001").toLowerCase();
  }
}
