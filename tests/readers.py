#!/usr/bin/env python3
"""Opens every table of a store with DuckDB, Polars, pandas and pyarrow, and fails where they do not agree.

    pip install duckdb polars pandas pyarrow
    python3 tests/readers.py STORE
"""

import sys
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.dataset

# A column of each table to be added up.
TABLES = {
    "observations": "value",
    "entities": "value",
    "series": "value",
    "numbers": "char_start",
    "documents": "chars",
    "rejects": None,
    "dim_region": "valid_from",
    "dim_indicator": None,
    "dim_period": "months",
}

# All the types that a column may have: every reader takes them.
TYPES = {
    pyarrow.string(), pyarrow.float64(), pyarrow.int32(), pyarrow.bool_(), pyarrow.date32(),
    pyarrow.timestamp("us", tz="UTC"),
}


def with_duckdb(folder, column):
    total = f"sum({column})" if column else "0"
    query = f"SELECT count(*), {total} FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = true)"
    return duckdb.sql(query).fetchall()[0]


def with_polars(folder, column):
    total = polars.col(column).sum() if column else polars.lit(0)
    rows = polars.scan_parquet(f"{folder}/**/*.parquet", hive_partitioning=True)
    return rows.select(polars.len(), total.alias("total")).collect().row(0)


def with_pandas(folder, column):
    rows = pandas.read_parquet(folder)
    return len(rows), rows[column].sum() if column else 0


def with_pyarrow(folder, column):
    rows = pyarrow.dataset.dataset(folder, partitioning="hive").to_table()
    return rows.num_rows, pyarrow.compute.sum(rows[column]).as_py() if column else 0


READERS = {"DuckDB": with_duckdb, "Polars": with_polars, "pandas": with_pandas, "pyarrow": with_pyarrow}


def check_table(folder, column):
    """What is wrong with a table; prints what was found."""
    found = {name: read(folder, column) for name, read in READERS.items()}
    rows, total = found["DuckDB"]
    print(f"{folder.name:14} {rows:6} rows  " + (f"sum({column}) = {total:.6g}" if column else ""))
    for name, (other_rows, other_total) in found.items():
        # Floats: readers add in another order.
        if other_rows != rows or abs(other_total - total) > 1e-9 * max(1, abs(total)):
            yield f"{folder.name}: DuckDB has {rows}, {total} and {name} has {other_rows}, {other_total}"
    for file in folder.rglob("*.parquet"):
        for field in pyarrow.parquet.read_schema(file):
            if field.type not in TYPES:
                yield f"{file}: {field.name} is {field.type}"


def check_spans(tables):
    """What is wrong with the way from a number back to its text."""
    wrong, rows = duckdb.sql(f"""
        SELECT count(*) FILTER (substring(d.text, o.char_start + 1, o.char_end - o.char_start) <> o.surface
                                OR NOT contains(o.sentence, o.surface)), count(*)
        FROM read_parquet('{tables}/observations/*/*.parquet') o
        JOIN read_parquet('{tables}/documents/*/*.parquet') d USING (doc_id)
    """).fetchall()[0]
    print(f"{rows} rows of observations found again in the text of their documents")
    if wrong:
        yield f"observations: {wrong} rows whose span is not their surface"


def main(store):
    tables = Path(store) / "v1"
    versions = [f"{library.__name__} {library.__version__}" for library in (duckdb, polars, pandas, pyarrow)]
    print(", ".join(versions))
    wrong = [f"{path}: not a table" for path in tables.iterdir() if path.name not in TABLES]
    for name, column in TABLES.items():
        if (tables / name).is_dir():
            wrong += check_table(tables / name, column)
        else:
            print(f"{name:14} no file")
    wrong += check_spans(tables)
    print("\n".join(wrong) or "all readers agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
