#!/usr/bin/env python3
"""Draws an indicator of several regions with Polars and Altair: quarters above, growth as reported below.

    pip install polars altair vl-convert-python
    python3 examples/trends.py STORE OUT.svg [INDICATOR]
"""

import sys

import altair
import polars


def points(store, indicator):
    """The whole regions' points of an indicator: no zones, parts or benchmarks."""
    rows = polars.scan_parquet(f"{store}/v1/trends/*/*.parquet", hive_partitioning=True)
    whole = [polars.col(column).is_null() for column in ("zone", "breakdown", "scope")]
    return rows.filter(polars.col("indicator") == indicator, *whole).collect()


def with_gaps(quarters):
    """A row for each quarter of each region between the first and the last, so that a line breaks where none is stated."""
    first, last = quarters["period_end"].min(), quarters["period_end"].max()
    # From month ends to month ends.
    ends = polars.date_range(first, last, "3mo", eager=True).dt.month_end().alias("period_end")
    frame = quarters.select("region_name").unique().join(ends.to_frame(), how="cross")
    return frame.join(quarters, on=["region_name", "period_end"], how="left")


def main(store, out, indicator="industrial_value_added_above_scale"):
    rows = points(store, indicator)
    if rows.is_empty():
        sys.exit(f"{store}: nothing of {indicator}")
    name = rows["indicator_name"][0]
    quarters = rows.filter((polars.col("measure") == "level") & (polars.col("freq") == "Q"))
    levels = with_gaps(quarters).with_columns(value=polars.col("value") / 1e8)
    growth = rows.filter((polars.col("measure") == "yoy") & (polars.col("period_start").dt.ordinal_day() == 1))

    x = altair.X("period_end:T", title=None, axis=altair.Axis(format="%Y-%m"))
    regions = altair.Scale(domain=sorted(rows["region_name"].unique()))
    colour = altair.Color("region_name:N", title=None, scale=regions)
    stroke = altair.Stroke("region_name:N", title=None, scale=regions)
    line = altair.Chart(levels).encode(x, altair.Y("value:Q", title=f"{name}, 单季, 亿元"), colour)
    # What no report states, but follows from cumulative values, is hollow.
    own = altair.Fill("region_name:N", title=None, scale=regions)
    fill = altair.condition("datum.derived", altair.value("white"), own)
    dots = line.transform_filter("isValid(datum.value)").mark_point(size=50, strokeWidth=2)
    above = line.mark_line(invalid="break-paths-show-domains") + dots.encode(fill=fill, stroke=stroke)
    below = altair.Chart(growth).mark_point(filled=True).encode(
        x, altair.Y("value:Q", title="累计同比, %"), colour, tooltip=["region_name", "time_period", "value", "published"]
    )
    sized = [chart.properties(width=640, height=220) for chart in (above, below)]
    altair.vconcat(*sized).configure(font="Noto Sans CJK SC").save(out)
    print(f"{out}: {quarters.height} quarters, {growth.height} rates of {rows['region_name'].n_unique()} regions")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
