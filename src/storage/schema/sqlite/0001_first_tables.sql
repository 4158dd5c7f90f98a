-- The first tables. All times are UTC milliseconds since 1970. Every statement can be run again.

PRAGMA application_id = 1464616002;  -- "WLDB"; tells our file from any other SQLite database.

-- Numbers of devices and points are given once by key and never reused, so plant.json may be
-- reordered or shortened without touching the history.
CREATE TABLE IF NOT EXISTS devices (
  id  INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE IF NOT EXISTS points (
  id        INTEGER PRIMARY KEY,
  device_id INTEGER NOT NULL REFERENCES devices (id),
  key       TEXT NOT NULL UNIQUE,
  unit      TEXT NOT NULL
) STRICT;

-- Changes only, never ticks. Clustered by point, because every reader asks for one point's range.
-- quality is the whole OPC UA StatusCode.
CREATE TABLE IF NOT EXISTS samples (
  point_id INTEGER NOT NULL,
  ts       INTEGER NOT NULL,
  value    REAL NOT NULL,
  quality  INTEGER NOT NULL,
  PRIMARY KEY (point_id, ts)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS latest (
  point_id INTEGER PRIMARY KEY,
  ts       INTEGER NOT NULL,
  value    REAL NOT NULL,
  quality  INTEGER NOT NULL
) STRICT;

-- The exactly-once key: written in the transaction of the batch that it names.
CREATE TABLE IF NOT EXISTS ingest_batch (
  source  TEXT NOT NULL,
  seq     INTEGER NOT NULL,
  samples INTEGER NOT NULL,
  PRIMARY KEY (source, seq)
) STRICT, WITHOUT ROWID;

-- Disjoint stretches in which the collector's subscription was proven alive, or was not.
CREATE TABLE IF NOT EXISTS link_intervals (
  from_ts INTEGER PRIMARY KEY,
  to_ts   INTEGER NOT NULL CHECK (to_ts > from_ts),
  alive   INTEGER NOT NULL CHECK (alive IN (0, 1)),
  cause   TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS users (
  id                    INTEGER PRIMARY KEY,
  username              TEXT NOT NULL UNIQUE,
  password_hash         TEXT NOT NULL,
  role                  TEXT NOT NULL CHECK (role IN ('admin', 'user')),
  email                 TEXT NOT NULL DEFAULT '',
  created_at            INTEGER NOT NULL,
  last_login            INTEGER,
  failed_login_attempts INTEGER NOT NULL DEFAULT 0,
  locked_until          INTEGER
) STRICT;

CREATE TABLE IF NOT EXISTS sessions (
  token_sha256   TEXT PRIMARY KEY,
  user_id        INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at     INTEGER NOT NULL,
  last_seen      INTEGER NOT NULL,
  remote_address TEXT NOT NULL
) STRICT, WITHOUT ROWID;
