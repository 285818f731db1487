// What a reader decides about rows: kept by the browser under the row's id, which outlives this page, exported as lines of
// JSON, and taken into the store by `zhibiao review apply`. What the store has already is shown, and not exported again.

const DECISIONS_KEY = "zhibiao.decisions";
const DECIDER_KEY = "zhibiao.decided_by";

/** What a correction may change: the field of the export, and what the row says there. */
const CORRECTABLE = [
  ["new_indicator", "indicator"],
  ["new_region_code", "region_code"],
  ["new_zone", "zone"],
  ["new_breakdown", "breakdown"],
  ["new_time_period", "time_period"],
  ["new_measure", "measure"],
  ["new_status", "status"],
  ["new_value_text", "value_text"],
  ["new_unit_text", "unit_text"],
];

const VERDICTS = ["accept", "reject", "correct", "note", "undo"];

/** @typedef {{decision: string, note?: string, by?: string, at: string, changes?: Record<string, string>}} Decision */

/** Decisions made in this browser. @type {Map<string, Decision>} */
const decisions = new Map(Object.entries(readDecisions()));
let decisionsAreKept = keepDecisions();

/** Decisions that the store has, the latest of each row. @type {Map<string, Decision>} */
const stored = storedDecisions();

function readDecisions() {
  try {
    return JSON.parse(kept(DECISIONS_KEY) ?? "{}");
  } catch {
    return {};
  }
}

function keepDecisions() {
  return keep(DECISIONS_KEY, JSON.stringify(Object.fromEntries(decisions)));
}

function storedDecisions() {
  const table = more.get("decisions");
  const latest = new Map();
  for (let row = 0; row < table.rows; row++) {
    const get = (name) => table.get(name, row);
    const id = get("obs_id");
    if (isLater(get("decided_at"), latest.get(id)?.at)) {
      const changes = CORRECTABLE.map(([field]) => [field, get(field)]).filter(([, value]) => value !== null);
      latest.set(id, { decision: get("decision"), note: get("note") ?? undefined, by: get("decided_by") ?? undefined, at: get("decided_at"), changes: Object.fromEntries(changes) });
    }
  }
  return latest;
}

function isLater(at, other) {
  return other === undefined || Date.parse(at) > Date.parse(other);
}

/** The decision about a row that holds, wherever it is kept; none where it was taken back. */
function decisionOf(row) {
  const id = statements.get("obs_id", row);
  const [here, there] = [decisions.get(id), stored.get(id)];
  const decision = here && isLater(here.at, there?.at) ? here : there;
  return decision?.decision === "undo" ? undefined : decision;
}

/** Whether the store has the decision about a row that holds. */
function isApplied(row) {
  return decisionOf(row) !== undefined && decisionOf(row) === stored.get(statements.get("obs_id", row));
}

/** Decides about a row; null takes the decision back. */
function decide(row, decision, { note, changes } = {}) {
  const id = statements.get("obs_id", row);
  // What the store has is taken back there too.
  if (decision === null && !stored.has(id)) decisions.delete(id);
  else {
    const by = kept(DECIDER_KEY) || undefined;
    decisions.set(id, { decision: decision ?? "undo", ...(note ? { note } : {}), ...(by ? { by } : {}), ...(changes ? { changes } : {}), at: new Date().toISOString() });
  }
  decisionsAreKept = keepDecisions();
}

/** Rows of this page with a decision that the store does not have yet. */
function decidedRows() {
  const ids = statements.list("obs_id");
  const isNew = (id) => decisions.has(id) && isLater(decisions.get(id).at, stored.get(id)?.at);
  return Array.from({ length: statements.rows }, (_, row) => row).filter((row) => isNew(ids[row]));
}

/** One object a line: the decision, and what it takes to find the row again without this page. */
function decisionLines() {
  const columns = ["char_start", "char_end", "surface", "region_code", "indicator", "measure", "time_period", "value_text", "unit_text"];
  return decidedRows().map((row) => {
    const id = statements.get("obs_id", row);
    const { decision, note = null, by = null, at, changes = {} } = decisions.get(id);
    const report = statements.get("report", row);
    const fields = columns.map((name) => [name, statements.get(name, row)]);
    const from = ["doc_id", "source_uri"].map((name) => [name, documents.get(name, report)]);
    return `${JSON.stringify({ obs_id: id, decided_at: at, decision, decided_by: by, note, ...Object.fromEntries(from), ...Object.fromEntries(fields), ...changes })}\n`;
  });
}

/** Hands the decisions out as a file. */
function exportDecisions() {
  const url = URL.createObjectURL(new Blob(decisionLines(), { type: "application/x-ndjson" }));
  el("a", { href: url, download: "decisions.jsonl" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** Takes the decisions of an exported file; of two about a row the later holds. */
async function importDecisions(file) {
  let taken = 0;
  let bad = 0;
  for (const line of (await file.text()).split("\n").filter((line) => line.trim())) {
    try {
      const { obs_id: id, decision, note, decided_by: by, decided_at: at, ...rest } = JSON.parse(line);
      if (typeof id !== "string" || Number.isNaN(Date.parse(at)) || !VERDICTS.includes(decision)) throw new TypeError(line);
      const changes = CORRECTABLE.map(([field]) => [field, rest[field]]).filter(([, value]) => typeof value === "string");
      if (isLater(at, decisions.get(id)?.at)) {
        const words = [["note", note], ["by", by]].filter(([, value]) => typeof value === "string");
        decisions.set(id, { decision, ...Object.fromEntries(words), ...(changes.length > 0 ? { changes: Object.fromEntries(changes) } : {}), at });
        taken++;
      }
    } catch {
      bad++;
    }
  }
  decisionsAreKept = keepDecisions();
  return { taken, bad };
}
