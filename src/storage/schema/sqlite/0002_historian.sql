-- Samples as compressed hours, rollups, the energy ledger. Times are UTC milliseconds since 1970.
-- Every statement can be run again. 0003 removes `samples` when its rows are converted.

-- Facts about the database as a whole. `device_name.<key>` is a device's name in the SQL views.
CREATE TABLE IF NOT EXISTS facts (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Samples of a batch, of one sample hour and one segment (64 points), until the hour is folded.
-- By hour first: the newest hour is all that is written, and a full hour leaves as one range.
CREATE TABLE IF NOT EXISTS hot_parts (
  hour    INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  batch   INTEGER NOT NULL,
  body    BLOB NOT NULL,
  PRIMARY KEY (hour, segment, batch)
) STRICT, WITHOUT ROWID;

-- One compressed hour of one point, and blocks of closed buckets. id = period number * 2^21 + point
-- (sqlite/period_key.hpp): a new hour is appended to full pages, an old one is removed as one range
-- of pages, and a rowid table packs bodies beyond a page without waste. The index finds a point.
CREATE TABLE IF NOT EXISTS chunks (
  id    INTEGER PRIMARY KEY,
  body  BLOB NOT NULL,
  point INTEGER GENERATED ALWAYS AS (id & 2097151) VIRTUAL,
  hour  INTEGER GENERATED ALWAYS AS ((id >> 21) * 3600000) VIRTUAL
) STRICT;
CREATE INDEX IF NOT EXISTS chunks_by_point ON chunks (point);

CREATE TABLE IF NOT EXISTS minute_blocks (
  id    INTEGER PRIMARY KEY,
  body  BLOB NOT NULL,
  point INTEGER GENERATED ALWAYS AS (id & 2097151) VIRTUAL,
  start INTEGER GENERATED ALWAYS AS ((id >> 21) * 3600000) VIRTUAL
) STRICT;
CREATE INDEX IF NOT EXISTS minute_blocks_by_point ON minute_blocks (point);

CREATE TABLE IF NOT EXISTS quarter_blocks (
  id    INTEGER PRIMARY KEY,
  body  BLOB NOT NULL,
  point INTEGER GENERATED ALWAYS AS (id & 2097151) VIRTUAL,
  start INTEGER GENERATED ALWAYS AS ((id >> 21) * 86400000) VIRTUAL
) STRICT;
CREATE INDEX IF NOT EXISTS quarter_blocks_by_point ON quarter_blocks (point);

CREATE TABLE IF NOT EXISTS hour_blocks (
  id    INTEGER PRIMARY KEY,
  body  BLOB NOT NULL,
  point INTEGER GENERATED ALWAYS AS (id & 2097151) VIRTUAL,
  start INTEGER GENERATED ALWAYS AS ((id >> 21) * 864000000) VIRTUAL
) STRICT;
CREATE INDEX IF NOT EXISTS hour_blocks_by_point ON hour_blocks (point);

-- The buckets of a point that still grow, one a tier.
CREATE TABLE IF NOT EXISTS open_rollups (
  point_id INTEGER PRIMARY KEY,
  body     BLOB NOT NULL
) STRICT;

-- The id says which of two batches came later. It is above those of all hot parts, also when this
-- step is run a second time.
CREATE TABLE IF NOT EXISTS ingest_batch_with_id (
  id      INTEGER PRIMARY KEY,
  source  TEXT NOT NULL,
  seq     INTEGER NOT NULL,
  samples INTEGER NOT NULL,
  UNIQUE (source, seq)
) STRICT;
INSERT INTO ingest_batch_with_id (id, source, seq, samples)
  SELECT coalesce((SELECT max(batch) FROM hot_parts), 0)
           + row_number() OVER (ORDER BY source, seq),
         source, seq, samples
  FROM (SELECT source, seq, samples,
               row_number() OVER (PARTITION BY source ORDER BY seq DESC) AS age
        FROM ingest_batch)
  WHERE age <= 10000;
DROP TABLE ingest_batch;
ALTER TABLE ingest_batch_with_id RENAME TO ingest_batch;

CREATE TABLE IF NOT EXISTS device_minutes (
  minute     INTEGER NOT NULL,
  device_id  INTEGER NOT NULL,
  power_kw   REAL,
  energy_kwh REAL,
  status     TEXT,
  PRIMARY KEY (minute, device_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS production_minutes (
  minute           INTEGER PRIMARY KEY,
  product_count    REAL,
  reject_count     REAL,
  runtime_seconds  REAL,
  downtime_seconds REAL
) STRICT;

-- Energy of a device in 15 minutes, as the collector's ledger knows it. method and kind are the
-- numbers of model/energy_ledger.hpp.
CREATE TABLE IF NOT EXISTS energy_ledger (
  device_id  INTEGER NOT NULL,
  start      INTEGER NOT NULL,
  milli_wh   INTEGER NOT NULL,
  method     INTEGER NOT NULL,
  covered_ms INTEGER NOT NULL,
  uncertain  INTEGER NOT NULL CHECK (uncertain IN (0, 1)),
  PRIMARY KEY (device_id, start)
) STRICT, WITHOUT ROWID;

-- A copy of the ledger, the 96 quarter hours of a UTC day in one row.
CREATE TABLE IF NOT EXISTS energy_days (
  device_id INTEGER NOT NULL,
  day       INTEGER NOT NULL,
  body      BLOB NOT NULL,
  PRIMARY KEY (device_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS meter_events (
  at        INTEGER NOT NULL,
  device_id INTEGER NOT NULL,
  kind      INTEGER NOT NULL,
  before    INTEGER NOT NULL,
  after     INTEGER NOT NULL,
  revision  INTEGER NOT NULL,
  voided    INTEGER NOT NULL,
  PRIMARY KEY (at, device_id, kind, revision)
) STRICT, WITHOUT ROWID;

-- For other programs that read this file. Times are UTC.
DROP VIEW IF EXISTS energy_data;
CREATE VIEW energy_data AS
  SELECT strftime('%Y-%m-%d %H:%M:%S', m.minute / 1000, 'unixepoch') AS timestamp,
         d.key AS device_id,
         coalesce(CAST(n.value AS TEXT), d.key) AS device_name,
         m.power_kw AS power_kw,
         m.energy_kwh AS energy_kwh,
         m.status AS status
  FROM device_minutes m
  JOIN devices d ON d.id = m.device_id
  LEFT JOIN facts n ON n.name = 'device_name.' || d.key;

-- OEE is not computed yet: its columns are NULL.
DROP VIEW IF EXISTS production_data;
CREATE VIEW production_data AS
  SELECT strftime('%Y-%m-%d %H:%M:%S', minute / 1000, 'unixepoch') AS timestamp,
         CAST(product_count AS INTEGER) AS product_count,
         CAST(reject_count AS INTEGER) AS reject_count,
         CAST(runtime_seconds AS INTEGER) AS runtime_seconds,
         CAST(downtime_seconds AS INTEGER) AS downtime_seconds,
         NULL AS oee_percentage,
         NULL AS availability,
         NULL AS performance,
         NULL AS quality
  FROM production_minutes;
