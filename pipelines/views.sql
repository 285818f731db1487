-- Views for DuckDB over a store, for what its tables do not give directly. In the folder that holds `store`:
--
--     duckdb
--     D .read pipelines/views.sql
--     D SELECT * FROM quarters WHERE region_name = '衢州市' AND indicator = 'industrial_value_added_above_scale';
--
-- A store elsewhere is named before: SET VARIABLE store = '/srv/zhibiao/store';
-- The views leave out development zones and breakdowns, so that no part stands beside its whole.

CREATE OR REPLACE VIEW whole AS
SELECT * EXCLUDE (zone, breakdown)
FROM read_parquet(coalesce(getvariable('store'), 'store') || '/v1/trends/*/*.parquet')
WHERE zone IS NULL AND breakdown IS NULL;

-- The newest figure of every region and indicator; of two periods that end on one day the longer.
CREATE OR REPLACE VIEW latest AS
SELECT * FROM whole
WHERE NOT derived AND measure IN ('level', 'yoy')
QUALIFY row_number() OVER (PARTITION BY region_code, indicator, measure, unit
                           ORDER BY period_end DESC, period_start, freq DESC, series_id) = 1;

-- Single quarters, reported or derived, with both kinds of growth. `yoy` is as reported, which for a quarter other than the
-- first is seldom; `yoy_of_levels` compares levels, which are at current prices.
CREATE OR REPLACE VIEW quarters AS
SELECT l.region_code, l.region_name, l.region_level, l.indicator, l.indicator_name, l.time_period, l.period_end, l.value,
       l.unit, l.precision, l.derived, l.derivation, y.value AS yoy, g.value AS yoy_of_levels, l.status, l.flags
FROM whole l
LEFT JOIN whole y ON y.measure = 'yoy' AND y.unit = '%' AND y.scope IS NULL
    AND (y.region_code, y.indicator, y.time_period) = (l.region_code, l.indicator, l.time_period)
LEFT JOIN whole g ON g.measure = 'yoy_of_levels' AND g.scope IS NULL AND starts_with(g.derived_from, l.derived_from)
    AND (g.region_code, g.indicator, g.time_period) = (l.region_code, l.indicator, l.time_period)
WHERE l.measure = 'level' AND l.freq = 'Q' AND l.scope IS NULL;

-- January to any month, with growth. Such values grow through the year and start again in January: compare them with the
-- same months of another year, not with the month before.
CREATE OR REPLACE VIEW year_to_date AS
SELECT l.region_code, l.region_name, l.region_level, l.indicator, l.indicator_name, l.time_period, l.period_end,
       month(l.period_end) AS months, l.value, l.unit, y.value AS yoy, l.status, l.flags
FROM whole l
LEFT JOIN whole y ON y.measure = 'yoy' AND y.unit = '%' AND y.scope IS NULL
    AND (y.region_code, y.indicator, y.time_period) = (l.region_code, l.indicator, l.time_period)
WHERE l.measure = 'level' AND l.scope IS NULL AND NOT l.derived AND l.period_basis = 'flow'
  AND l.period_start = date_trunc('year', l.period_end) AND l.period_end = last_day(l.period_end);

-- Counties beside the others of their prefecture, best first: for each figure and period, with the number of counties that
-- state it. A city is not ranked among its own counties.
CREATE OR REPLACE VIEW county_ranking AS
SELECT parent_code, indicator, indicator_name, measure, time_period, period_end, region_code, region_name, value, unit,
       rank() OVER figures AS place, count(*) OVER (figures RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS counties
FROM whole
WHERE region_level = 'county' AND measure IN ('level', 'yoy') AND scope IS NULL AND bound = 'exact'
WINDOW figures AS (PARTITION BY parent_code, indicator, measure, unit, freq, time_period ORDER BY value DESC);
