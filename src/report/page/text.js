// The text of a report with every number in it marked. Line breaks are kept, and tags of HTML are text like any other.

/**
 * @typedef {object} Mark
 * @property {number} start first code point
 * @property {number} end
 * @property {"used" | "entity" | "unused"} kind
 * @property {number} row row of `statements`, or of `numbers` where it is not used
 */

/** Lines from which on only those in view are laid out. */
const MANY_LINES = 2000;

/** Whether the browser can colour words without touching the text. */
const CAN_PAINT = typeof Highlight === "function" && Boolean(globalThis.CSS?.highlights);

class ReportText {
  /**
   * @param {object} options
   * @param {(row: number) => void} options.onStatement a marked number was chosen
   * @param {(row: number) => void} options.onNumber a number that is not used was chosen
   */
  constructor({ onStatement, onNumber }) {
    Object.assign(this, { onStatement, onNumber });
    this.box = el("div", { class: "report", id: "report", role: "document", tabindex: 0 });
    this.box.addEventListener("click", (event) => this.choose(event.target.closest("mark")));
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.shown = null;
    this.current = null;
  }

  /** Shows a report; resolves when its text is there, to false when another was asked for meanwhile. */
  async show(number) {
    if (this.shown === number) return this.ready;
    this.shown = number;
    this.box.setAttribute("aria-label", t("report_text"));
    this.box.replaceChildren(el("p", { class: "hint" }, t("loading")));
    this.ready = openReport(number).then((report) => {
      if (this.shown !== number) return false;
      this.fill(number, report);
      return true;
    }, (error) => {
      if (this.shown === number) this.shown = null;
      this.box.replaceChildren(el("p", { class: "hint", role: "alert" }, error.message));
      return false;
    });
    return this.ready;
  }

  fill(number, report) {
    this.report = report;
    this.firstRow = firstStatement[number];
    /** @type {Map<string, HTMLElement[]>} */
    this.marks = new Map();
    this.nodes = [];
    this.current = null;
    const marks = this.marksOf(number);
    const cuts = new Set([0, report.text.length]);
    for (const { from, to } of marks) cuts.add(from).add(to);
    for (let at = report.text.indexOf("\n"); at >= 0; at = report.text.indexOf("\n", at + 1)) cuts.add(at).add(at + 1);
    const places = [...cuts].sort((a, b) => a - b);
    const lines = [el("p")];
    let next = 0;
    let open = [];
    for (let cut = 0; cut + 1 < places.length; cut++) {
      const [from, to] = [places[cut], places[cut + 1]];
      const words = report.text.slice(from, to);
      if (words === "\n") {
        lines.push(el("p"));
        continue;
      }
      open = open.filter((mark) => mark.to > from);
      while (next < marks.length && marks[next].from <= from) open.push(marks[next++]);
      const node = document.createTextNode(words.replace(/\r/g, ""));
      this.nodes.push({ from, node });
      lines.at(-1).append(open.length > 0 ? this.element(open, node) : node);
    }
    this.box.replaceChildren(...lines);
    this.box.classList.toggle("long", lines.length > MANY_LINES);
    this.box.querySelector("mark")?.setAttribute("tabindex", "0");
    this.box.scrollTop = 0;
  }

  /** The numbers of a report in the order of its text. */
  marksOf(number) {
    const mark = (table, kind) => (row) => {
      const [from, to] = ["char_start", "char_end"].map((name) => unit(this.report, table.get(name, row)));
      return { from, to, row, kind: kind(row) };
    };
    const used = rowsOf(firstStatement, number).filter((row) => !statements.get("misplaced", row));
    return [
      ...used.map(mark(statements, (row) => (statements.get("entity", row) === null ? "used" : "entity"))),
      ...rowsOf(firstNumber, number).map(mark(numbers, () => "unused")),
    ].filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from || b.to - a.to);
  }

  /** A marked piece of the text. */
  element(open, node) {
    const kind = ["used", "entity", "unused"].find((kind) => open.some((mark) => mark.kind === kind));
    const of = open.filter((mark) => mark.kind === kind);
    const element = el("mark", {
      class: kind,
      role: "button",
      tabindex: -1,
      title: this.title(kind, of),
      "data-kind": kind,
      "data-rows": of.map(({ row }) => row).join(" "),
    }, node);
    for (const { row } of of) {
      const key = `${kind === "unused" ? "unused" : "row"} ${row}`;
      this.marks.set(key, [...(this.marks.get(key) ?? []), element]);
    }
    return element;
  }

  title(kind, marks) {
    const [{ row }] = marks;
    if (kind === "unused") return t("number_not_used", { reason: term("reason", numbers.get("reason", row)) });
    const what = marks.map(({ row }) => `${place(row)} ${statements.get("time_period", row)} ${statements.get("indicator_name", row)} ${term("measure", statements.get("measure", row))}`);
    const entity = statements.get("entity", row);
    return [...what, ...(entity ? [t("number_of_entity", { name: entity })] : [])].join("\n");
  }

  /** Goes on to the next of several rows that one number is stated by. */
  choose(mark) {
    if (!mark) return;
    const rows = mark.dataset.rows.split(" ").map(Number);
    const row = rows[(rows.indexOf(this.current) + 1) % rows.length];
    if (mark.dataset.kind === "unused") this.onNumber(row);
    else this.onStatement(row);
  }

  key(event) {
    const mark = event.target.closest("mark");
    if (!mark || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") this.choose(mark);
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const all = [...this.box.querySelectorAll("mark")];
      const next = all[all.indexOf(mark) + (event.key === "ArrowRight" ? 1 : -1)];
      if (next) this.focusOn(next);
    } else return;
    event.preventDefault();
  }

  focusOn(mark) {
    for (const other of this.box.querySelectorAll("mark[tabindex='0']")) other.setAttribute("tabindex", "-1");
    mark.setAttribute("tabindex", "0");
    mark.focus();
  }

  /** Shows where a statement stands: its number, its sentence and the words of its indicator in that. */
  point(row) {
    const { from, to } = this.sentence(row);
    const [start, end] = ["char_start", "char_end"].map((name) => unit(this.report, statements.get(name, row)));
    // Painted words lie over the colours of a mark, so the number itself is left out.
    this.paint("sentence", [{ from, to: start }, { from: end, to }]);
    this.paint("words", this.indicatorWords(row).filter((piece) => piece.from >= 0));
    this.mark(`row ${row}`, row, from);
  }

  /** Shows where a number stands that is not used. */
  pointUnused(row) {
    this.paint("sentence", []);
    this.paint("words", []);
    this.mark(`unused ${row}`, row, unit(this.report, numbers.get("char_start", row)));
  }

  mark(key, row, otherwise) {
    for (const mark of this.box.querySelectorAll("mark[aria-current]")) mark.removeAttribute("aria-current");
    const marks = this.marks.get(key) ?? [];
    this.current = row;
    for (const mark of marks) mark.setAttribute("aria-current", "true");
    for (const mark of this.box.querySelectorAll("mark[tabindex='0']")) mark.setAttribute("tabindex", "-1");
    marks[0]?.setAttribute("tabindex", "0");
    this.scrollTo(marks[0] ?? this.nodeAt(otherwise)?.parentElement);
  }

  /** Brings an element or a range into the middle of the text, without moving the page. */
  scrollTo(wanted) {
    if (!wanted) return;
    const go = () => {
      const [box, target] = [this.box.getBoundingClientRect(), wanted.getBoundingClientRect()];
      this.box.scrollTop += target.top - box.top - (box.height - target.height) / 2;
    };
    go();
    // What was not laid out before may turn out to be higher or lower than was thought.
    if (this.box.classList.contains("long")) requestAnimationFrame(go);
  }

  focusCurrent() {
    const mark = this.box.querySelector("mark[aria-current]");
    if (mark) this.focusOn(mark);
    else this.box.focus();
  }

  sentence(row) {
    const at = 2 * (row - this.firstRow);
    const [from, to] = [0, 1].map((end) => unit(this.report, this.report.sentences[at + end]));
    return { from, to };
  }

  /**
   * The words of a statement's indicator, cut into what stands before its number in the sentence and what does not.
   * @returns {{words: string, from: number, to: number}[]} in the text; `from` is -1 where they are not there
   */
  indicatorWords(row) {
    const { from } = this.sentence(row);
    const to = unit(this.report, statements.get("char_start", row));
    const before = this.report.text.slice(from, to);
    const wanted = statements.get("indicator_text", row);
    const pieces = [];
    let missing = "";
    const flush = () => {
      if (missing) pieces.push({ words: missing, from: -1, to: -1 });
      missing = "";
    };
    for (let at = 0; at < wanted.length;) {
      let end = wanted.length;
      while (end > at && before.lastIndexOf(wanted.slice(at, end)) < 0) end--;
      if (end - at < Math.min(2, wanted.length)) {
        missing += wanted[at++];
        continue;
      }
      flush();
      const words = wanted.slice(at, end);
      const found = from + before.lastIndexOf(words);
      pieces.push({ words, from: found, to: found + words.length });
      at = end;
    }
    flush();
    return pieces;
  }

  /** The last place of `words` before the unit `at`; -1 where there is none. */
  lastBefore(words, at) {
    return at > 0 ? this.report.text.lastIndexOf(words, at - 1) : -1;
  }

  /** The nearest line above a statement that looks like a heading: short, and no sentence. */
  headingAbove(row) {
    const lines = this.report.text.slice(0, this.sentence(row).from).split("\n");
    for (let number = lines.length - 2; number >= 0; number--) {
      const line = lines[number].trim();
      if (line && line.length <= 40 && !/[。；，;]/.test(line) && !line.startsWith("<")) return line;
    }
    return null;
  }

  nodeAt(at) {
    return this.nodes[Math.max(0, this.nodes.findLastIndex(({ from }) => from <= at))]?.node;
  }

  /** Colours places of the text. */
  paint(name, places) {
    if (CAN_PAINT) CSS.highlights.set(name, new Highlight(...this.ranges(places)));
  }

  /** Places of the text as ranges of the page. */
  ranges(places) {
    const ranges = [];
    for (const { from, to } of places) {
      for (const { from: start, node } of this.nodes) {
        if (start + node.data.length <= from || start >= to) continue;
        const range = new Range();
        range.setStart(node, Math.max(0, from - start));
        range.setEnd(node, Math.min(node.data.length, to - start));
        ranges.push(range);
      }
    }
    return ranges;
  }

  /** Brings a place of the text into view for a moment. */
  glance(from, to) {
    const [range] = this.ranges([{ from, to }]);
    if (CAN_PAINT) CSS.highlights.set("glance", new Highlight(range));
    this.scrollTo(range);
  }
}
