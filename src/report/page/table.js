// A table of the store, as the page holds it: column by column.

class Table {
  /** @param {{rows: number, columns: [string, any][]}} packed */
  constructor(packed) {
    this.rows = packed.rows;
    this.columns = new Map(packed.columns);
  }

  /** The value of a column in a row; null where it has none. */
  get(name, row) {
    const column = this.columns.get(name);
    if (Array.isArray(column)) return column[row];
    const at = column.at[row];
    return at < 0 ? null : column.words[at];
  }

  /**
   * A column of words as the number of each row's word (-1 where it has none) and the list of words.
   * @returns {{words: string[], at: number[]}}
   */
  codes(name) {
    const column = this.columns.get(name);
    if (!Array.isArray(column)) return column;
    const numbers = new Map();
    const at = column.map((word) => {
      if (word === null) return -1;
      if (!numbers.has(word)) numbers.set(word, numbers.size);
      return numbers.get(word);
    });
    const coded = { words: [...numbers.keys()].map(String), at };
    this.columns.set(name, coded);
    return coded;
  }

  /** All values of a column. */
  list(name) {
    const column = this.columns.get(name);
    return Array.isArray(column) ? column : column.at.map((at) => column.words[at] ?? null);
  }

  /** Rows of each value of a column, in the order in which they first come. */
  tally(name) {
    const tally = new Map();
    for (let row = 0; row < this.rows; row++) {
      const value = this.get(name, row);
      tally.set(value, (tally.get(value) ?? 0) + 1);
    }
    return tally;
  }
}
