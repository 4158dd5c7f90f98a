-- OEE of the line by ISO 22400-2. Every statement can be run again.

-- A quarter hour: time elements in ms, which add up to the planned time, and pieces with their ideal time
-- in µs. Ratios are made of sums of these columns (model/oee.hpp), never of percentages.
CREATE TABLE IF NOT EXISTS oee_quarters (
  start                  INTEGER PRIMARY KEY,
  planned_ms             INTEGER NOT NULL,
  running_ms             INTEGER NOT NULL,
  minor_stop_ms          INTEGER NOT NULL,
  breakdown_ms           INTEGER NOT NULL,
  setup_ms               INTEGER NOT NULL,
  idle_ms                INTEGER NOT NULL,
  unknown_ms             INTEGER NOT NULL,
  free_break_ms          INTEGER NOT NULL,
  produced               INTEGER NOT NULL,
  rejected               INTEGER NOT NULL,
  rated_produced         INTEGER NOT NULL,
  rated_rejected         INTEGER NOT NULL,
  rated_startup_rejected INTEGER NOT NULL,
  ideal_produced_us      INTEGER NOT NULL,
  ideal_good_us          INTEGER NOT NULL,
  ideal_startup_us       INTEGER NOT NULL
) STRICT;

-- When the line stood though it was planned to run. end_ts is NULL while it goes on, element is a
-- number of model/oee.hpp.
CREATE TABLE IF NOT EXISTS oee_stops (
  start     INTEGER PRIMARY KEY,
  end_ts    INTEGER,
  element   INTEGER NOT NULL,
  state     TEXT NOT NULL,
  length_ms INTEGER NOT NULL
) STRICT;

-- The OEE columns are those of the quarter hour that holds the minute, in per cent, NULL where
-- nothing was planned, seen or made.
DROP VIEW IF EXISTS production_data;
CREATE VIEW production_data AS
  SELECT strftime('%Y-%m-%d %H:%M:%S', m.minute / 1000, 'unixepoch') AS timestamp,
         CAST(m.product_count AS INTEGER) AS product_count,
         CAST(m.reject_count AS INTEGER) AS reject_count,
         CAST(m.runtime_seconds AS INTEGER) AS runtime_seconds,
         CAST(m.downtime_seconds AS INTEGER) AS downtime_seconds,
         0.1 * q.ideal_good_us / nullif(q.planned_ms - q.unknown_ms, 0) AS oee_percentage,
         100.0 * (q.running_ms + q.minor_stop_ms)
           / nullif(q.planned_ms - q.unknown_ms, 0) AS availability,
         0.1 * q.ideal_produced_us
           / nullif(q.running_ms + q.minor_stop_ms, 0) AS performance,
         100.0 * q.ideal_good_us / nullif(q.ideal_produced_us, 0) AS quality
  FROM production_minutes m
  LEFT JOIN oee_quarters q ON q.start = m.minute - m.minute % 900000;
