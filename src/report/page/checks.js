// A table that the page shows as it is: what the job found out by holding the rows against each other.

/** Columns for programs: ids and times. */
const FOR_PROGRAMS = /(_ids?|_at)$/;

class TableView {
  /** @param {string} name of the table, and of its section */
  constructor(host, name) {
    Object.assign(this, { host, name });
    this.table = more.get(name);
    const columns = [...this.table.columns.keys()];
    const shown = columns.filter((column) => !FOR_PROGRAMS.test(column));
    this.grid = new Grid({
      id: `table-${name}`,
      label: () => t(name),
      open: (row) => this.idsOf(row).length > 0 && go({ obs: this.idsOf(row)[0] }),
      columns: [
        ...shown.map((column) => ({ key: column, label: column, cell: (row) => this.word(column, row), by: (row) => this.table.get(column, row) })),
        { key: "rows", cell: (row) => this.links(row) },
      ],
    });
  }

  word(column, row) {
    const value = this.table.get(column, row);
    return typeof value === "number" ? value.toLocaleString("en-GB", { maximumFractionDigits: 6 }) : value;
  }

  /** The statements that a row is about. */
  idsOf(row) {
    const columns = ["obs_id", "obs_ids"].filter((column) => this.table.columns.has(column));
    return columns.flatMap((column) => this.table.get(column, row)?.split(";") ?? []);
  }

  links(row) {
    return el("span", {}, this.idsOf(row).map((id, number) => [el("a", { href: link({ obs: id }) }, String(number + 1)), " "]));
  }

  render() {
    this.host.replaceChildren(el("h2", { id: `${this.name}-title` }, t(this.name)), this.grid.box);
    this.grid.show(Array.from({ length: this.table.rows }, (_, row) => row));
  }
}
