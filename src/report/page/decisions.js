// What a reader decides about rows: kept by the browser under the row's id, which outlives this page, and exported.

const DECISIONS_KEY = "zhibiao.decisions";

/** @typedef {{decision: "accept" | "wrong" | "note", note?: string, at: string}} Decision */

/** @type {Map<string, Decision>} */
const decisions = new Map(Object.entries(readDecisions()));
let decisionsAreKept = keep(DECISIONS_KEY, JSON.stringify(Object.fromEntries(decisions)));

function readDecisions() {
  try {
    return JSON.parse(kept(DECISIONS_KEY) ?? "{}");
  } catch {
    return {};
  }
}

function decisionOf(row) {
  return decisions.get(statements.get("obs_id", row));
}

/** Decides about a row; null takes the decision back. */
function decide(row, decision, note) {
  const id = statements.get("obs_id", row);
  if (decision === null) decisions.delete(id);
  else decisions.set(id, { decision, ...(note ? { note } : {}), at: new Date().toISOString() });
  decisionsAreKept = keep(DECISIONS_KEY, JSON.stringify(Object.fromEntries(decisions)));
}

/** Rows of this page that something was decided about. */
function decidedRows() {
  const ids = statements.list("obs_id");
  return Array.from({ length: statements.rows }, (_, row) => row).filter((row) => decisions.has(ids[row]));
}

/** One object a line: the decision, and enough of the row to find it again without this page. */
function decisionLines() {
  const columns = ["obs_id", "region_code", "indicator", "measure", "time_period", "value_text", "unit_text", "char_start", "char_end", "surface"];
  return decidedRows().map((row) => {
    const { decision, note = null, at } = decisionOf(row);
    const report = statements.get("report", row);
    const fields = columns.map((name) => [name, statements.get(name, row)]);
    const from = ["doc_id", "source_uri"].map((name) => [name, documents.get(name, report)]);
    return `${JSON.stringify({ ...Object.fromEntries(fields), ...Object.fromEntries(from), decision, note, decided_at: at })}\n`;
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
      const { obs_id: id, decision, note, decided_at: at } = JSON.parse(line);
      if (typeof id !== "string" || typeof at !== "string" || !["accept", "wrong", "note"].includes(decision)) throw new TypeError(line);
      if (at > (decisions.get(id)?.at ?? "")) {
        decisions.set(id, { decision, ...(typeof note === "string" ? { note } : {}), at });
        taken++;
      }
    } catch {
      bad++;
    }
  }
  decisionsAreKept = keep(DECISIONS_KEY, JSON.stringify(Object.fromEntries(decisions)));
  return { taken, bad };
}
