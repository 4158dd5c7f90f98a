-- The tables of the historian and the accounts. Times are UTC milliseconds since 1970.
-- MariaDB and MySQL commit each CREATE or ALTER by itself, so every statement of a step can be run
-- again after a kill in the middle. A statement ends with a semicolon at the end of a line.
-- Character set and engine are said here, whatever the server's defaults are.

-- Numbers of devices and points are given once by key and never reused.
CREATE TABLE IF NOT EXISTS devices (
  id    INT UNSIGNED NOT NULL PRIMARY KEY,
  `key` VARCHAR(190) NOT NULL UNIQUE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS points (
  id        INT UNSIGNED NOT NULL PRIMARY KEY,
  device_id INT UNSIGNED NOT NULL,
  `key`     VARCHAR(190) NOT NULL UNIQUE,
  unit      VARCHAR(190) NOT NULL,
  FOREIGN KEY (device_id) REFERENCES devices (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row. Who writes holds it: writers follow each other, also over the nodes of a cluster.
CREATE TABLE IF NOT EXISTS writer (
  id         TINYINT UNSIGNED NOT NULL PRIMARY KEY,
  turn       BIGINT UNSIGNED NOT NULL,
  last_batch BIGINT NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO writer (id, turn, last_batch) VALUES (1, 0, 0) ON DUPLICATE KEY UPDATE id = 1;

-- The exactly-once key, written in the transaction of the batch that it names. The id says which of
-- two batches came later; it is not AUTO_INCREMENT, whose order differs between cluster nodes.
CREATE TABLE IF NOT EXISTS ingest_batch (
  source  VARCHAR(190) NOT NULL,
  seq     BIGINT UNSIGNED NOT NULL,
  id      BIGINT NOT NULL,
  samples BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (source, seq)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- How many batches of a source are remembered.
CREATE TABLE IF NOT EXISTS ingest_source (
  source  VARCHAR(190) NOT NULL PRIMARY KEY,
  batches BIGINT UNSIGNED NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Facts about the database as a whole. `device_name.<key>` is a device's name in the views.
CREATE TABLE IF NOT EXISTS facts (
  name  VARCHAR(190) NOT NULL PRIMARY KEY,
  value LONGBLOB NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Samples of a batch, of one sample hour and one segment (64 points), until the hour is folded.
CREATE TABLE IF NOT EXISTS hot_parts (
  segment INT UNSIGNED NOT NULL,
  hour    BIGINT NOT NULL,
  batch   BIGINT NOT NULL,
  body    LONGBLOB NOT NULL,
  PRIMARY KEY (segment, hour, batch),
  KEY hot_by_hour (hour, segment)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One compressed hour of one point. By hour first: a full hour is appended as one range. Retention
-- drops whole days; mysql/day_partitions.hpp splits them off `rest`.
CREATE TABLE IF NOT EXISTS chunks (
  hour     BIGINT NOT NULL,
  point_id INT UNSIGNED NOT NULL,
  body     LONGBLOB NOT NULL,
  PRIMARY KEY (hour, point_id),
  KEY by_point (point_id, hour)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
PARTITION BY RANGE (hour) (PARTITION rest VALUES LESS THAN MAXVALUE);

CREATE TABLE IF NOT EXISTS latest (
  point_id INT UNSIGNED NOT NULL PRIMARY KEY,
  ts       BIGINT NOT NULL,
  value    DOUBLE NOT NULL,
  quality  INT UNSIGNED NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The buckets of a point that still grow, one a tier.
CREATE TABLE IF NOT EXISTS open_rollups (
  point_id INT UNSIGNED NOT NULL PRIMARY KEY,
  body     LONGBLOB NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Closed buckets: one row a point and hour, day or ten days.
CREATE TABLE IF NOT EXISTS minute_blocks (
  start    BIGINT NOT NULL,
  point_id INT UNSIGNED NOT NULL,
  body     LONGBLOB NOT NULL,
  PRIMARY KEY (start, point_id),
  KEY by_point (point_id, start)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS quarter_blocks (
  start    BIGINT NOT NULL,
  point_id INT UNSIGNED NOT NULL,
  body     LONGBLOB NOT NULL,
  PRIMARY KEY (start, point_id),
  KEY by_point (point_id, start)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS hour_blocks (
  start    BIGINT NOT NULL,
  point_id INT UNSIGNED NOT NULL,
  body     LONGBLOB NOT NULL,
  PRIMARY KEY (start, point_id),
  KEY by_point (point_id, start)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS device_minutes (
  minute     BIGINT NOT NULL,
  device_id  INT UNSIGNED NOT NULL,
  power_kw   DOUBLE,
  energy_kwh DOUBLE,
  status     VARCHAR(190),
  PRIMARY KEY (minute, device_id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS production_minutes (
  minute           BIGINT NOT NULL PRIMARY KEY,
  product_count    DOUBLE,
  reject_count     DOUBLE,
  runtime_seconds  DOUBLE,
  downtime_seconds DOUBLE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Energy of a device in 15 minutes, as the collector's ledger knows it. method and kind are the
-- numbers of model/energy_ledger.hpp.
CREATE TABLE IF NOT EXISTS energy_ledger (
  device_id  INT UNSIGNED NOT NULL,
  start      BIGINT NOT NULL,
  milli_wh   BIGINT NOT NULL,
  method     TINYINT UNSIGNED NOT NULL,
  covered_ms INT NOT NULL,
  uncertain  TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (device_id, start)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A copy of the ledger, the 96 quarter hours of a UTC day in one row.
CREATE TABLE IF NOT EXISTS energy_days (
  device_id INT UNSIGNED NOT NULL,
  day       BIGINT NOT NULL,
  body      LONGBLOB NOT NULL,
  PRIMARY KEY (device_id, day)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS meter_events (
  at        BIGINT NOT NULL,
  device_id INT UNSIGNED NOT NULL,
  kind      TINYINT UNSIGNED NOT NULL,
  revision  INT UNSIGNED NOT NULL,
  `before`  BIGINT NOT NULL,
  `after`   BIGINT NOT NULL,
  voided    TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (at, device_id, kind, revision)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Disjoint stretches in which the collector's subscription was proven alive, or was not.
CREATE TABLE IF NOT EXISTS link_intervals (
  from_ts BIGINT NOT NULL PRIMARY KEY,
  to_ts   BIGINT NOT NULL,
  alive   TINYINT UNSIGNED NOT NULL,
  cause   TEXT NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS users (
  id                    BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  username              VARCHAR(190) NOT NULL UNIQUE,
  password_hash         VARCHAR(190) NOT NULL,
  role                  ENUM('admin', 'user') NOT NULL,
  email                 VARCHAR(320) NOT NULL DEFAULT '',
  created_at            BIGINT NOT NULL,
  last_login            BIGINT,
  failed_login_attempts INT NOT NULL DEFAULT 0,
  locked_until          BIGINT
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS sessions (
  token_sha256   VARCHAR(190) NOT NULL PRIMARY KEY,
  user_id        BIGINT NOT NULL,
  created_at     BIGINT NOT NULL,
  last_seen      BIGINT NOT NULL,
  remote_address VARCHAR(190) NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- For other programs that read this database. Times are UTC text, whatever zone the reader has set:
-- FROM_UNIXTIME would follow that zone and end in 2038.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW energy_data AS
  SELECT DATE_FORMAT(TIMESTAMPADD(SECOND, m.minute DIV 1000, '1970-01-01 00:00:00'),
                     '%Y-%m-%d %H:%i:%s') AS `timestamp`,
         d.`key` AS device_id,
         COALESCE(CONVERT(n.value USING utf8mb4), d.`key`) AS device_name,
         m.power_kw AS power_kw,
         m.energy_kwh AS energy_kwh,
         m.status AS status
  FROM device_minutes m
  JOIN devices d ON d.id = m.device_id
  LEFT JOIN facts n ON n.name = CONCAT('device_name.', d.`key`);

-- OEE is not computed yet: its columns are NULL.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW production_data AS
  SELECT DATE_FORMAT(TIMESTAMPADD(SECOND, minute DIV 1000, '1970-01-01 00:00:00'),
                     '%Y-%m-%d %H:%i:%s') AS `timestamp`,
         CAST(product_count AS SIGNED) AS product_count,
         CAST(reject_count AS SIGNED) AS reject_count,
         CAST(runtime_seconds AS SIGNED) AS runtime_seconds,
         CAST(downtime_seconds AS SIGNED) AS downtime_seconds,
         NULL AS oee_percentage,
         NULL AS availability,
         NULL AS performance,
         NULL AS quality
  FROM production_minutes;
