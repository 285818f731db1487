#!/usr/bin/env python3
"""Reads a store with Spark: the quarters of an indicator, a region a line.

    pip install pyspark        (and Java 17)
    python3 examples/trends_spark.py STORE [INDICATOR]
"""

import sys
from pathlib import Path

from pyspark.sql import SparkSession, functions as f


def main(store, indicator="industrial_value_added_above_scale"):
    tables = Path(store).resolve() / "v1"
    if not tables.is_dir():
        sys.exit(f"{store}: no store here")
    session = SparkSession.builder.appName("zhibiao").master("local[2]").config("spark.ui.enabled", "false")
    spark = session.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    # The folders year=YYYY become the column `year`, and a condition on it leaves files unread.
    trends = spark.read.parquet(str(tables / "trends"))
    whole = f.col("zone").isNull() & f.col("breakdown").isNull() & f.col("scope").isNull()
    quarters = trends.where(whole & (f.col("indicator") == indicator) & (f.col("measure") == "level") & (f.col("freq") == "Q"))
    table = quarters.groupBy("region_name").pivot("time_period").agg(f.round(f.first("value") / 1e8, 1))
    table.orderBy("region_name").show(truncate=False)
    print(f"{quarters.count()} quarters of {trends.count()} points")
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
