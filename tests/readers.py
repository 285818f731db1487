#!/usr/bin/env python3
"""Opens every table of a store with DuckDB, Polars, pandas and pyarrow, and the views with DuckDB, and fails where they
do not agree or the views give something twice.

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
    "trends": "value",
    "numbers": "char_start",
    "documents": "chars",
    "rejects": None,
    "checks": None,
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


# The views of pipelines/views.sql, with what names a row of each.
VIEWS = {
    "whole": "series_id, time_period",
    "latest": "region_code, indicator, measure, unit",
    "quarters": "region_code, indicator, unit, time_period",
    "year_to_date": "region_code, indicator, unit, time_period",
    "county_ranking": "region_code, indicator, measure, unit, time_period, period_end",
}

# What must not be found in a store: (what, rows that are so).
NEVER = [
    ("trends: a target", "FROM trends WHERE status NOT IN ('actual', 'estimate')"),
    ("trends: two points of one line and period", """
        FROM (SELECT 1 FROM trends GROUP BY region_code, zone, indicator, breakdown, measure, scope, unit,
              period_start, period_end, period_basis HAVING count(*) > 1)"""),
    ("trends: a reported point that is not as in series", """
        FROM trends t LEFT JOIN series s USING (series_id, time_period)
        WHERE NOT t.derived AND (s.obs_id IS DISTINCT FROM t.derived_from OR s.value <> t.value)"""),
    ("series: a figure that trends lack", """
        FROM series s ANTI JOIN trends t USING (series_id, time_period) WHERE s.status <> 'target'"""),
    ("trends: a derived point without sources", """
        FROM (SELECT unnest(string_split(derived_from, ';')) AS obs_id FROM trends) d ANTI JOIN series USING (obs_id)"""),
    ("quarters: more than the whole year", """
        FROM (SELECT region_code, indicator, unit, year(period_end) AS y, sum(value) AS total, count(*) AS n,
              max(precision) AS precision FROM quarters GROUP BY ALL HAVING n = 4) q
        JOIN year_to_date a ON a.months = 12 AND (a.region_code, a.indicator, a.unit) = (q.region_code, q.indicator, q.unit)
            AND year(a.period_end) = q.y
        WHERE abs(q.total - a.value) > 4 * q.precision"""),
    ("county_ranking: a county better than the first", """
        FROM county_ranking a JOIN county_ranking b USING (parent_code, indicator, measure, unit, time_period, period_end)
        WHERE a.place = 1 AND b.value > a.value"""),
]


def check_views(store):
    """What is wrong with the views, and with what they are made of."""
    connection = duckdb.connect()
    connection.execute(f"SET VARIABLE store = '{store}'")
    connection.execute((Path(__file__).parent.parent / "pipelines" / "views.sql").read_text())
    for table in ("series", "trends"):
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{store}/v1/{table}/*/*.parquet')")
    for view, key in VIEWS.items():
        rows, distinct = connection.sql(f"SELECT count(*), count(DISTINCT ({key})) FROM {view}").fetchall()[0]
        print(f"{view:14} {rows:6} rows of the view")
        if not rows or rows != distinct:
            yield f"{view}: {rows} rows and {distinct} different keys"
    for what, query in NEVER:
        if count := connection.sql(f"SELECT count(*) {query}").fetchall()[0][0]:
            yield f"{what}: {count}"


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
    wrong += check_views(store)
    print("\n".join(wrong) or "all readers agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
