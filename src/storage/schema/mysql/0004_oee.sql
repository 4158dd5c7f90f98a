-- OEE of the line by ISO 22400-2. Every statement can be run again.

-- A quarter hour: time elements in ms, which add up to the planned time, and pieces with their ideal time
-- in µs. Ratios are made of sums of these columns (model/oee.hpp), never of percentages.
CREATE TABLE IF NOT EXISTS oee_quarters (
  start                  BIGINT NOT NULL PRIMARY KEY,
  planned_ms             BIGINT NOT NULL,
  running_ms             BIGINT NOT NULL,
  minor_stop_ms          BIGINT NOT NULL,
  breakdown_ms           BIGINT NOT NULL,
  setup_ms               BIGINT NOT NULL,
  idle_ms                BIGINT NOT NULL,
  unknown_ms             BIGINT NOT NULL,
  free_break_ms          BIGINT NOT NULL,
  produced               BIGINT NOT NULL,
  rejected               BIGINT NOT NULL,
  rated_produced         BIGINT NOT NULL,
  rated_rejected         BIGINT NOT NULL,
  rated_startup_rejected BIGINT NOT NULL,
  ideal_produced_us      BIGINT NOT NULL,
  ideal_good_us          BIGINT NOT NULL,
  ideal_startup_us       BIGINT NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- When the line stood though it was planned to run. end_ts is NULL while it goes on, element is a
-- number of model/oee.hpp.
CREATE TABLE IF NOT EXISTS oee_stops (
  start     BIGINT NOT NULL PRIMARY KEY,
  end_ts    BIGINT,
  element   TINYINT UNSIGNED NOT NULL,
  state     VARCHAR(190) NOT NULL,
  length_ms BIGINT NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The OEE columns are those of the quarter hour that holds the minute, in per cent, NULL where
-- nothing was planned, seen or made.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW production_data AS
  SELECT DATE_FORMAT(TIMESTAMPADD(SECOND, m.minute DIV 1000, '1970-01-01 00:00:00'),
                     '%Y-%m-%d %H:%i:%s') AS `timestamp`,
         CAST(m.product_count AS SIGNED) AS product_count,
         CAST(m.reject_count AS SIGNED) AS reject_count,
         CAST(m.runtime_seconds AS SIGNED) AS runtime_seconds,
         CAST(m.downtime_seconds AS SIGNED) AS downtime_seconds,
         1e-1 * q.ideal_good_us / NULLIF(q.planned_ms - q.unknown_ms, 0) AS oee_percentage,
         1e2 * (q.running_ms + q.minor_stop_ms)
           / NULLIF(q.planned_ms - q.unknown_ms, 0) AS availability,
         1e-1 * q.ideal_produced_us
           / NULLIF(q.running_ms + q.minor_stop_ms, 0) AS performance,
         1e2 * q.ideal_good_us / NULLIF(q.ideal_produced_us, 0) AS quality
  FROM production_minutes m
  LEFT JOIN oee_quarters q ON q.start = m.minute - m.minute % 900000;
