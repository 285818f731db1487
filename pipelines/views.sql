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

-- Every figure with the one of the year before and both kinds of growth: `yoy` as reported, `yoy_of_levels` out of levels, which
-- are at current prices. Where only growth is stated there is no value.
CREATE OR REPLACE VIEW growth AS
SELECT coalesce(l.region_code, y.region_code) AS region_code, coalesce(l.region_name, y.region_name) AS region_name,
       coalesce(l.region_level, y.region_level) AS region_level, coalesce(l.parent_code, y.parent_code) AS parent_code,
       coalesce(l.indicator, y.indicator) AS indicator, coalesce(l.indicator_name, y.indicator_name) AS indicator_name,
       coalesce(l.freq, y.freq) AS freq, coalesce(l.time_period, y.time_period) AS time_period,
       coalesce(l.period_end, y.period_end) AS period_end, coalesce(l.period_basis, y.period_basis) AS period_basis,
       l.value, l.unit, l.derived, b.time_period AS time_period_before, b.value AS value_before, y.value AS yoy,
       g.value AS yoy_of_levels, coalesce(l.status, y.status) AS status, l.flags
FROM (SELECT * FROM whole WHERE measure = 'level' AND scope IS NULL) l
FULL JOIN (SELECT * FROM whole WHERE measure = 'yoy' AND unit = '%' AND scope IS NULL) y
    ON (y.region_code, y.indicator, y.time_period, y.period_basis) = (l.region_code, l.indicator, l.time_period, l.period_basis)
LEFT JOIN whole g ON g.measure = 'yoy_of_levels' AND g.scope IS NULL AND starts_with(g.derived_from, l.derived_from)
    AND (g.region_code, g.indicator, g.time_period) = (l.region_code, l.indicator, l.time_period)
LEFT JOIN whole b ON b.measure = 'level' AND b.scope IS NULL
    AND (b.region_code, b.indicator, b.unit, b.freq, b.period_basis) = (l.region_code, l.indicator, l.unit, l.freq, l.period_basis)
    AND b.period_start = CASE WHEN l.freq = 'I' THEN b.period_start ELSE (l.period_start - INTERVAL 1 YEAR)::DATE END
    AND b.period_end = CASE WHEN l.period_end = last_day(l.period_end) THEN last_day((l.period_end - INTERVAL 1 YEAR)::DATE)
                            ELSE (l.period_end - INTERVAL 1 YEAR)::DATE END;

-- What each county adds to the growth of its prefecture, in percentage points, and its share of the prefecture's own figure. The
-- prefecture is the whole and no part of it; what its counties leave unexplained, because some state nothing or because a zone
-- belongs to none of them, is whole_growth less the sum. Levels, at current prices.
CREATE OR REPLACE VIEW contributions AS
SELECT w.region_code AS parent_code, w.region_name AS parent_name, p.region_code, p.region_name, p.indicator, p.indicator_name,
       p.freq, p.time_period, p.period_end, p.value, p.value_before, p.unit, 100 * p.value / w.value AS share,
       100 * (p.value - p.value_before) / w.value_before AS contribution,
       100 * (w.value - w.value_before) / w.value_before AS whole_growth
FROM growth p
JOIN growth w ON p.parent_code = w.region_code
    AND (p.indicator, p.unit, p.time_period, p.period_basis) = (w.indicator, w.unit, w.time_period, w.period_basis)
JOIN (SELECT indicator, unit FROM read_parquet(coalesce(getvariable('store'), 'store') || '/v1/dim_indicator/data.parquet')
      WHERE kind IN ('flow', 'stock')) d ON (d.indicator, d.unit) = (p.indicator, p.unit)
WHERE p.region_level = 'county' AND w.region_level = 'prefecture' AND p.value_before IS NOT NULL AND w.value_before > 0;

-- Counties beside the others of their prefecture, best first: for each figure and period, with the number of counties that
-- state it. A city is not ranked among its own counties.
CREATE OR REPLACE VIEW county_ranking AS
SELECT parent_code, indicator, indicator_name, measure, time_period, period_end, region_code, region_name, value, unit,
       rank() OVER figures AS place, count(*) OVER (figures RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS counties
FROM whole
WHERE region_level = 'county' AND measure IN ('level', 'yoy') AND scope IS NULL AND bound = 'exact'
WINDOW figures AS (PARTITION BY parent_code, indicator, measure, unit, freq, time_period ORDER BY value DESC);

-- What was known on a day: SELECT * FROM as_of(DATE '2022-05-01'). The same choice as `zhibiao series --as-of`, for all figures
-- with the columns of observations; docs/STORE.md gives the order of the rules. Undated statements are in it.
CREATE OR REPLACE MACRO as_of(day) AS TABLE
SELECT *
FROM read_parquet(coalesce(getvariable('store'), 'store') || '/v1/observations/*/*.parquet')
WHERE region_code IS NOT NULL AND (published IS NULL OR published <= day)
  AND NOT list_contains(string_split(coalesce(flags, ''), ';'), 'rejected')
QUALIFY row_number() OVER (
    PARTITION BY series_id, time_period
    ORDER BY status = 'estimate', bound <> 'exact', published DESC NULLS LAST,
             CASE WHEN source_kind IN ('bulletin', 'office') THEN 0 WHEN source_kind IS NULL THEN 1 ELSE 2 END,
             doc_region IS DISTINCT FROM region_code, price_basis IS NOT DISTINCT FROM 'constant', confidence DESC,
             doc_id, char_start, obs_id) = 1;
