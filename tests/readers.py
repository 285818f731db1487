#!/usr/bin/env python3
"""Opens every table of a store with all that is known to read Parquet, and the views with DuckDB, and fails where the
readers do not agree or the views give something twice.

    pip install duckdb polars pandas pyarrow datafusion
    LC_ALL=C python3 tests/readers.py STORE [--spark] [--polars PYTHON] [--program PROGRAM]

--spark reads with Spark too (pip install pyspark, and Java 17), --polars with the polars of another Python. --exports
compares a folder of `zhibiao export` with the store: a file a table in CSV and Parquet, and series in SDMX-CSV, which pysdmx
reads (pip install pysdmx). --program asks zhibiao what the views say.
"""

import argparse
import csv
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

# Of each table the column that is added up and the one whose letters are counted.
TABLES = {
    "observations": ("value", "surface"),
    "entities": ("value", "surface"),
    "series": ("value", "surface"),
    "trends": ("value", "indicator_name"),
    "numbers": ("char_start", "surface"),
    "documents": ("chars", "text"),
    "rejects": (None, "detail"),
    "checks": (None, "evidence"),
    "decisions": ("char_start", "surface"),
    "dim_region": ("valid_from", "region_name"),
    "dim_indicator": (None, "indicator_name"),
    "dim_period": ("months", "time_period"),
}

# A reader gives of a table: rows, sum of the one column, letters of the other, and the sum of `year`, which is in the
# names of folders and not in the files.


def is_partitioned(folder):
    return any(folder.glob("year=*"))


def sums(folder, number, text, length, table):
    """The question in SQL, which names the length of a text differently everywhere."""
    total, years = (f"sum({number})" if number else "0"), ("sum(year)" if is_partitioned(folder) else "0")
    return f"SELECT count(*) AS n, {total} AS total, sum({length}({text})) AS letters, {years} AS years FROM {table}"


def with_duckdb(folder, number, text):
    import duckdb

    table = f"read_parquet('{folder}/**/*.parquet', hive_partitioning = true)"
    return duckdb.sql(sums(folder, number, text, "length", table)).fetchall()[0]


def with_polars(folder, number, text):
    import polars

    total = polars.col(number).sum() if number else polars.lit(0)
    years = polars.col("year").sum() if is_partitioned(folder) else polars.lit(0)
    letters = polars.col(text).str.len_chars().sum()
    rows = polars.scan_parquet(f"{folder}/**/*.parquet", hive_partitioning=True)
    wanted = rows.select(polars.len(), total.alias("total"), letters.alias("letters"), years.alias("years"))
    return wanted.collect().row(0)


def with_pandas(folder, number, text):
    import pandas

    rows = pandas.read_parquet(folder)
    years = rows["year"].astype(int).sum() if is_partitioned(folder) else 0
    return len(rows), rows[number].sum() if number else 0, rows[text].str.len().sum(), years


def with_pyarrow(folder, number, text):
    import pyarrow.compute as compute
    import pyarrow.dataset

    rows = pyarrow.dataset.dataset(folder, partitioning="hive").to_table()
    total = compute.sum(rows[number]).as_py() if number else 0
    years = compute.sum(rows["year"]).as_py() if is_partitioned(folder) else 0
    return rows.num_rows, total, compute.sum(compute.utf8_length(rows[text])).as_py(), years


def with_datafusion(folder, number, text):
    import datafusion
    import pyarrow

    context = datafusion.SessionContext()
    years = [("year", pyarrow.int32())] if is_partitioned(folder) else []
    context.register_parquet("t", str(folder), table_partition_cols=years)
    answer = context.sql(sums(folder, number, text, "character_length", "t")).to_pydict()
    return [column[0] for column in answer.values()]


def with_spark(folder, number, text):
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = session.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    spark.read.parquet(str(folder)).createOrReplaceTempView("t")
    return tuple(spark.sql(sums(folder, number, text, "length", "t")).collect()[0])


def polars_of(python, store):
    """What the polars of another Python finds, and its version."""
    command = [python, __file__, str(store), "--only-polars"]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return told["version"], told["tables"]


def only_polars(store):
    """The other side of `polars_of`."""
    import polars

    tables = {name: with_polars(store / "v1" / name, *columns)
              for name, columns in TABLES.items() if (store / "v1" / name).is_dir()}
    print(json.dumps({"version": polars.__version__, "tables": tables}))


def check_table(folder, readers):
    """What is wrong with a table; prints what was found."""
    import pyarrow
    import pyarrow.parquet

    number, text = TABLES[folder.name]
    found = {name: [value or 0 for value in read(folder, number, text)] for name, read in readers.items()}
    rows, total, letters, years = expected = found["DuckDB"]
    told = f"sum({number}) = {total:.6g}, " if number else ""
    print(f"{folder.name:14} {rows:6} rows  {told}{letters} letters of {text}" + (", years" if years else ""))
    for name, other in found.items():
        # Floats: readers add in another order.
        if any(abs(a - b) > 1e-9 * max(1, abs(a)) for a, b in zip(expected, other, strict=True)):
            yield f"{folder.name}: DuckDB has {expected} and {name} has {other}"
    # All the types that a column may have: every reader takes them.
    types = {pyarrow.string(), pyarrow.float64(), pyarrow.int32(), pyarrow.bool_(), pyarrow.date32(),
             pyarrow.timestamp("us", tz="UTC")}
    for file in folder.rglob("*.parquet"):
        for field in pyarrow.parquet.read_schema(file):
            if field.type not in types:
                yield f"{file}: {field.name} is {field.type}"


def check_spans(tables):
    """What is wrong with the way from a number back to its text."""
    import duckdb

    wrong, rows = duckdb.sql(f"""
        SELECT count(*) FILTER (substring(d.text, o.char_start + 1, o.char_end - o.char_start) <> o.surface
                                OR NOT contains(o.sentence, o.surface)), count(*)
        FROM read_parquet('{tables}/observations/*/*.parquet') o
        JOIN read_parquet('{tables}/documents/*/*.parquet') d USING (doc_id)
    """).fetchall()[0]
    print(f"{rows} rows of observations found again in the text of their documents")
    if wrong:
        yield f"observations: {wrong} rows whose span is not their surface"


def check_exports(store, exports):
    """What is wrong with the exported files: DuckDB and pysdmx read them as the store."""
    import duckdb

    for name, (number, text) in TABLES.items():
        # The apostrophe that keeps a spreadsheet from computing a text.
        letters = f"sum(length({text}) - starts_with({text}, chr(39))::INT)"
        total = f"sum({number}::DOUBLE)" if number else "0"
        sheet = f"read_csv('{exports}/{name}.csv', header = true, all_varchar = true)"
        rows, found, told = duckdb.sql(f"SELECT count(*), {total}, {letters} FROM {sheet}").fetchall()[0]
        found = [rows, found or 0, told or 0]
        parquet = f"'{exports}/{name}.parquet'"
        expected = [0, 0, 0]
        if (store / "v1" / name).is_dir():
            expected = [value or 0 for value in with_duckdb(store / "v1" / name, number, text)[:3]]
            table = f"read_parquet('{store}/v1/{name}/**/*.parquet', hive_partitioning = false)"
            differing = f"(FROM {table} EXCEPT ALL FROM {parquet}) UNION ALL (FROM {parquet} EXCEPT ALL FROM {table})"
            if count := duckdb.sql(f"SELECT count(*) FROM ({differing})").fetchall()[0][0]:
                yield f"{name}.parquet: {count} rows that are not as in the store"
        if any(abs(a - b) > 1e-9 * max(1, abs(a)) for a, b in zip(expected, found, strict=True)):
            yield f"{name}.csv: the store has {expected} and DuckDB finds {found}"
    try:
        from pysdmx.io import read_sdmx
    except ImportError:
        print("exports: without SDMX-CSV, there is no pysdmx")
        return
    dataset = read_sdmx(exports / "series.sdmx.csv", validate=False).data[0]
    series = duckdb.sql(f"SELECT count(*), sum(value) FROM '{store}/v1/series/*/*.parquet'").fetchall()[0]
    message = len(dataset.data), dataset.data["OBS_VALUE"].astype(float).sum()
    key = list(dataset.data.columns[:list(dataset.data.columns).index("OBS_VALUE")])
    print(f"exports: {message[0]} observations of {dataset.short_urn} with {len(key)} dimensions")
    if message[0] != series[0] or abs(message[1] - series[1]) > 1e-9 * abs(series[1]):
        yield f"series.sdmx.csv: the store has {series} and pysdmx finds {message}"
    if dataset.data.duplicated(key).any():
        yield f"series.sdmx.csv: two observations of one key {key}"


# The views of pipelines/views.sql, with what names a row of each.
VIEWS = {
    "whole": "series_id, time_period",
    "latest": "region_code, indicator, measure, unit",
    "quarters": "region_code, indicator, unit, time_period",
    "year_to_date": "region_code, indicator, unit, time_period",
    "growth": "region_code, indicator, unit, time_period, period_basis",
    "contributions": "parent_code, region_code, indicator, unit, time_period, freq",
    "as_of(DATE '9999-12-31')": "series_id, time_period",
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
    ("growth: not the growth that trends has", """
        FROM growth WHERE abs(yoy_of_levels - 100 * (value / value_before - 1)) > 1e-6"""),
    ("growth: a level or a rate of whole regions that is missing", """
        FROM whole w ANTI JOIN growth g ON (w.region_code, w.indicator, w.time_period, w.period_basis)
            = (g.region_code, g.indicator, g.time_period, g.period_basis) AND w.value = CASE w.measure WHEN 'yoy' THEN g.yoy ELSE g.value END
        WHERE w.scope IS NULL AND (w.measure = 'level' OR w.measure = 'yoy' AND w.unit = '%')"""),
    ("contributions: a county twice in one prefecture's growth", """
        FROM (SELECT 1 FROM contributions GROUP BY region_code, indicator, unit, time_period, freq HAVING count(*) > 1)"""),
    ("contributions: a prefecture, or a zone, as a part", """
        FROM contributions c WHERE c.region_code = c.parent_code OR c.region_code NOT IN
            (SELECT region_code FROM trends WHERE region_level = 'county' AND zone IS NULL)"""),
    ("as_of: another choice than series has", """
        FROM as_of(DATE '9999-12-31') a FULL JOIN series s USING (obs_id) WHERE a.series_id IS NULL OR s.series_id IS NULL"""),
    ("as_of: a statement of a later day", "FROM as_of(DATE '2022-05-01') WHERE published > DATE '2022-05-01'"),
    ("county_ranking: a county better than the first", """
        FROM county_ranking a JOIN county_ranking b USING (parent_code, indicator, measure, unit, time_period, period_end)
        WHERE a.place = 1 AND b.value > a.value"""),
]


def check_views(store):
    """What is wrong with the views, and with what they are made of."""
    import duckdb

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


def answer(program, store, *command):
    """What a command of the program gives, a dictionary a row."""
    ran = subprocess.run([program, *command, "--store", store, "--format", "csv"], capture_output=True, text=True, check=True)
    return list(csv.DictReader(io.StringIO(ran.stdout)))


def check_program(store, program):
    """What is wrong with the DuckDB file that the program's SQL makes, and where its views and the program differ."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "zhibiao.duckdb")
        sql = subprocess.run([program, "views", "--store", store], capture_output=True, text=True, check=True).stdout
        # Twice: a file that is there already is brought up to date.
        for _ in range(2):
            with duckdb.connect(file) as connection:
                connection.execute(sql)
        with duckdb.connect(file, read_only=True) as connection:
            names = [name for (name,) in connection.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1").fetchall()]
            rows = {name: connection.sql(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in names}
            print(f"a DuckDB file of {len(names)} views: " + ", ".join(f"{name} {count}" for name, count in rows.items()))
            yield from compare(connection, store, program)


def compare(connection, store, program):
    region, indicator = connection.sql("""
        SELECT region_code, indicator FROM series WHERE measure = 'level' AND status = 'actual' AND region_level = 'prefecture'
        GROUP BY ALL ORDER BY count(*) DESC, 1, 2 LIMIT 1""").fetchall()[0]
    days = connection.sql(f"SELECT DISTINCT published FROM observations WHERE region_code = '{region}' ORDER BY 1").fetchall()
    for (day,) in days:
        if day is None:
            continue
        told = answer(program, store, "series", region, indicator, "--as-of", str(day))
        ours = {(row["time_period"], row["zone"], row["breakdown"], row["status"], float(row["value"])) for row in told if row["value"]}
        theirs = connection.sql(f"""
            SELECT time_period, coalesce(zone, ''), coalesce(breakdown, ''), status, value FROM as_of(DATE '{day}')
            WHERE (region_code, indicator, measure) = ('{region}', '{indicator}', 'level')""").fetchall()
        if ours != set(theirs):
            yield f"as_of({day}) of {indicator}: the program has {sorted(ours)}, the view {sorted(theirs)}"
    print(f"as_of and series --as-of agree on {indicator} of {region} on {len(days)} days")

    compared = 0
    for parent, figure, freq in connection.sql("SELECT DISTINCT parent_code, indicator, freq FROM contributions WHERE freq IN ('A', 'Q', 'M')").fetchall():
        told = answer(program, store, "trend", parent, figure, "--freq", freq.lower(), "--contributions")
        ours = {(row["region_code"], row["time_period"]): float(row["value"]) for row in told}
        theirs = connection.sql(f"""
            SELECT region_code, time_period, contribution, parent_code, whole_growth FROM contributions
            WHERE (parent_code, indicator, freq) = ('{parent}', '{figure}', '{freq}')""").fetchall()
        for code, period, contribution, whole, growth in theirs:
            for key, value in (((code, period), contribution), ((whole, period), growth)):
                compared += 1
                if abs(ours.get(key, float("inf")) - value) > 1e-6:
                    yield f"contributions: {figure} {key}: the program has {ours.get(key)}, the view {value}"
    print(f"contributions and trend --contributions agree on {compared} values")
    if compared == 0:
        yield "contributions: nothing to compare"


def main(store, spark, python, exports, program):
    import datafusion
    import duckdb
    import pandas
    import polars
    import pyarrow

    readers = {"DuckDB": with_duckdb, "Polars": with_polars, "pandas": with_pandas, "pyarrow": with_pyarrow,
               "DataFusion": with_datafusion}
    versions = [f"{library.__name__} {library.__version__}" for library in (duckdb, polars, pandas, pyarrow, datafusion)]
    if spark:
        import pyspark

        readers["Spark"] = with_spark
        versions.append(f"pyspark {pyspark.__version__}")
    if python:
        version, other = polars_of(python, store)
        readers[f"Polars {version}"] = lambda folder, number, text: other[folder.name]
        versions.append(f"polars {version}")
    print(", ".join(versions))
    tables = store / "v1"
    wrong = [f"{path}: not a table" for path in tables.iterdir() if path.name not in TABLES]
    for name in TABLES:
        if (tables / name).is_dir():
            wrong += check_table(tables / name, readers)
        else:
            print(f"{name:14} no file")
    wrong += check_spans(tables)
    wrong += check_views(store)
    wrong += check_exports(store, exports) if exports else []
    wrong += check_program(store, program) if program else []
    print("\n".join(wrong) or f"all {len(readers)} readers agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--spark", action="store_true", help="with Spark too")
    parser.add_argument("--polars", metavar="PYTHON", help="with the polars of this Python too")
    parser.add_argument("--exports", metavar="FOLDER", type=Path, help="compare these exports with the store")
    parser.add_argument("--program", help="compare the views with the answers of this zhibiao")
    parser.add_argument("--only-polars", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only_polars:
        only_polars(given.store)
    else:
        sys.exit(main(given.store, given.spark, given.polars, given.exports, given.program))
