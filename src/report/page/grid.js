// A table of any length: only the rows in view are in the page. Focus stays on the table, which names its current row.

/**
 * @typedef {object} GridColumn
 * @property {string} key its word, and the class of its cells
 * @property {string} [label] in place of the word
 * @property {(row: number) => Node | string | number | null} cell
 * @property {(row: number) => number | string | null} [by] what it is sorted by; without it, it is not
 * @property {boolean} [figure] stands right
 */

/** Rows that are printed at most: a longer list is no use on paper. */
const MOST_PRINTED = 2000;

class Grid {
  /**
   * @param {object} options
   * @param {string} options.id
   * @param {() => string} options.label
   * @param {GridColumn[]} options.columns
   * @param {(row: number) => void} [options.select] a row has become the current one
   * @param {(row: number) => void} [options.open] Enter, or a double click
   */
  constructor({ id, label, columns, select = () => {}, open = () => {} }) {
    Object.assign(this, { id, label, columns, onSelect: select, onOpen: open });
    this.rows = [];
    this.given = [];
    this.position = -1;
    this.sorted = null;
    this.head = el("thead", { role: "rowgroup" });
    this.body = el("tbody", { role: "rowgroup" });
    this.table = el("table", { id, role: "grid", tabindex: 0, class: "grid" }, this.head, this.body);
    this.box = el("div", { class: "grid-box" }, this.table);
    this.box.addEventListener("scroll", () => this.draw(), { passive: true });
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.body.addEventListener("click", (event) => this.click(event));
    this.body.addEventListener("dblclick", () => this.position >= 0 && this.onOpen(this.rows[this.position]));
    new ResizeObserver(() => this.draw(true)).observe(this.box);
    addEventListener("beforeprint", () => { this.printing = true; this.draw(true); });
    addEventListener("afterprint", () => { this.printing = false; this.draw(true); });
  }

  /** Shows `rows`; the current row stays current if it is among them. */
  show(rows) {
    const current = this.current();
    this.given = rows;
    this.rows = this.inOrder(rows);
    this.position = current === null ? -1 : this.rows.indexOf(current);
    this.table.setAttribute("aria-rowcount", String(rows.length + 1));
    this.table.setAttribute("aria-label", this.label());
    this.drawHead();
    this.draw(true);
  }

  current() {
    return this.rows[this.position] ?? null;
  }

  /** Makes `row` the current one, and brings it into view; false where it is not shown. */
  select(row) {
    const position = this.rows.indexOf(row);
    if (position < 0) return false;
    this.go(position);
    return true;
  }

  /** Makes the row at `position` the current one, or the nearest that there is. */
  go(position) {
    if (this.rows.length === 0) return;
    this.position = Math.max(0, Math.min(position, this.rows.length - 1));
    const height = this.rowHeight();
    const top = this.position * height;
    const room = this.box.clientHeight - this.head.offsetHeight;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + height > this.box.scrollTop + room) this.box.scrollTop = top + height - room;
    this.draw(true);
    this.onSelect(this.rows[this.position]);
  }

  focus() {
    this.table.focus({ preventScroll: true });
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.box.clientHeight / this.rowHeight()) - 2);
    const moves = {
      ArrowDown: this.position + 1,
      ArrowUp: this.position - 1,
      PageDown: this.position + page,
      PageUp: this.position - page,
      Home: 0,
      End: this.rows.length - 1,
    };
    if (event.target !== this.table || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves) this.go(moves[event.key]);
    else if (event.key === "Enter" && this.position >= 0) this.onOpen(this.rows[this.position]);
    else return;
    event.preventDefault();
  }

  click(event) {
    const row = event.target.closest("tr[data-at]");
    if (!row || event.target.closest("a, button")) return;
    this.focus();
    this.go(Number(row.dataset.at));
  }

  sort(key) {
    const down = this.sorted?.key === key && !this.sorted.down;
    this.sorted = this.sorted?.key === key && this.sorted.down ? null : { key, down };
    this.show(this.given);
    this.head.querySelector(`[data-key="${key}"]`)?.focus();
  }

  inOrder(rows) {
    const by = this.sorted && this.columns.find(({ key }) => key === this.sorted.key)?.by;
    if (!by) return rows;
    const sign = this.sorted.down ? -1 : 1;
    const keys = new Map(rows.map((row) => [row, by(row)]));
    const collator = new Intl.Collator("zh-CN");
    return [...rows].sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      if (x === null || y === null) return (x === null) - (y === null);
      return sign * (typeof x === "number" ? x - y : collator.compare(x, y));
    });
  }

  drawHead() {
    const headers = this.columns.map((column) => {
      const sorted = this.sorted?.key === column.key ? (this.sorted.down ? "descending" : "ascending") : null;
      const word = column.label ?? t(column.key);
      const arrow = { ascending: " ▲", descending: " ▼" }[sorted] ?? "";
      const content = column.by
        ? el("button", { type: "button", "data-key": column.key, onclick: () => this.sort(column.key) }, word + arrow)
        : word;
      return el("th", { role: "columnheader", scope: "col", class: `c-${column.key}`, "aria-sort": sorted }, content);
    });
    this.head.replaceChildren(el("tr", { role: "row", "aria-rowindex": 1 }, headers));
  }

  rowHeight() {
    return parseFloat(getComputedStyle(this.table).getPropertyValue("--row")) || 30;
  }

  /** Puts the rows in view into the page, with room for the others above and below. */
  draw(always = false) {
    const height = this.rowHeight();
    const room = Math.ceil(this.box.clientHeight / height);
    let first = Math.max(0, Math.floor(this.box.scrollTop / height) - 10);
    let last = Math.min(this.rows.length, first + room + 20);
    if (this.printing) [first, last] = [0, Math.min(this.rows.length, MOST_PRINTED)];
    if (!always && first === this.first && last === this.last) return;
    [this.first, this.last] = [first, last];
    const shown = this.rows.slice(first, last).map((row, number) => this.row(row, first + number));
    this.body.replaceChildren(this.gap(first * height), ...shown, this.gap((this.rows.length - last) * height));
    if (this.rows.length === 0) this.body.replaceChildren(el("tr", { role: "row" }, el("td", { role: "gridcell", class: "nothing", colspan: this.columns.length }, t("no_rows"))));
    this.table.setAttribute("aria-activedescendant", this.position >= first && this.position < last ? `${this.id}-${this.position}` : "");
  }

  row(row, position) {
    const cells = this.columns.map((column) => {
      const content = column.cell(row);
      return el("td", { role: "gridcell", class: `c-${column.key}${column.figure ? " figure" : ""}`, title: typeof content === "string" ? content : null }, content);
    });
    const attributes = { role: "row", id: `${this.id}-${position}`, "data-at": position, "aria-rowindex": position + 2, "aria-selected": position === this.position };
    return el("tr", attributes, cells);
  }

  gap(height) {
    const gap = el("tr", { class: "gap", role: "presentation" }, el("td", { role: "presentation" }));
    gap.firstChild.style.height = this.printing ? "0" : `${height}px`;
    return gap;
  }
}
