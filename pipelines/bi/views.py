#!/usr/bin/env python3
"""Makes a DuckDB file of views over a store, for BI tools that want a database. The file holds no rows: it reads the store
as it is, so it need not be made again when the store grows.

    pip install duckdb
    python3 pipelines/bi/views.py STORE zhibiao.duckdb
"""

import os
import sys
from pathlib import Path

import duckdb

VIEWS = Path(__file__).parent.parent / "views.sql"
# How views.sql names the store: a variable of the session, which a file cannot keep.
VARIABLE = "coalesce(getvariable('store'), 'store')"


def main(store, file):
    store = Path(store).resolve()
    if not (store / "v1").is_dir():
        sys.exit(f"{store}: no store here")
    text = VIEWS.read_text()
    if VARIABLE not in text:
        sys.exit(f"{VIEWS}: expected {VARIABLE}")
    quoted = "'" + str(store).replace("'", "''") + "'"
    # A new file beside the old one, put in its place whole: a reader of the old one is not disturbed.
    new = Path(f"{file}.new")
    new.unlink(missing_ok=True)
    with duckdb.connect(str(new)) as connection:
        connection.execute(text.replace(VARIABLE, quoted))
        for table in sorted(path for path in (store / "v1").iterdir() if path.is_dir()):
            files = f"{table}/**/*.parquet".replace("'", "''")
            connection.execute(f"CREATE VIEW {table.name} AS SELECT * FROM read_parquet('{files}', hive_partitioning = true)")
        names = [name for (name,) in connection.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1").fetchall()]
    os.replace(new, file)
    print(f"{file}: {', '.join(names)}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
