-- Alarms, what happened to them, and the rules that raise them. Times are UTC milliseconds since
-- 1970; device_id is the id of plant.json, so a row outlives its device. The words of level, state,
-- event and kind are those of model/alarm_row.hpp. Every statement can be run again.

CREATE TABLE IF NOT EXISTS alarms (
  id               INTEGER PRIMARY KEY,
  alarm_key        TEXT NOT NULL,
  timestamp        INTEGER NOT NULL,
  device_id        TEXT NOT NULL,
  parameter_name   TEXT NOT NULL,
  alarm_type       TEXT NOT NULL,
  message_key      TEXT NOT NULL,
  message          TEXT NOT NULL,
  alarm_level      TEXT NOT NULL,
  threshold_value  REAL,
  actual_value     REAL,
  state            TEXT NOT NULL,
  active           INTEGER NOT NULL CHECK (active IN (0, 1)),
  cleared_at       INTEGER,
  acknowledged     INTEGER NOT NULL CHECK (acknowledged IN (0, 1)),
  acknowledged_by  TEXT NOT NULL,
  acknowledged_at  INTEGER,
  note             TEXT NOT NULL,
  shelved_by       TEXT NOT NULL,
  shelved_until    INTEGER,
  raise_count      INTEGER NOT NULL,
  suppressed_count INTEGER NOT NULL,
  announced_at     INTEGER,
  announced_level  TEXT NOT NULL,
  announced        INTEGER NOT NULL CHECK (announced IN (0, 1)),
  chattering       INTEGER NOT NULL CHECK (chattering IN (0, 1)),
  superseded_by    INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS alarms_by_time ON alarms (timestamp);
CREATE INDEX IF NOT EXISTS alarms_by_state ON alarms (state, timestamp);
CREATE INDEX IF NOT EXISTS alarms_by_announcement ON alarms (announced_at);

-- batch is ingest_batch.id, line counts the changes of the batch: the order in which they happened.
CREATE TABLE IF NOT EXISTS alarm_journal (
  batch       INTEGER NOT NULL,
  line        INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  alarm_id    INTEGER NOT NULL,
  alarm_key   TEXT NOT NULL,
  at          INTEGER NOT NULL,
  event       TEXT NOT NULL,
  from_state  TEXT NOT NULL,
  to_state    TEXT NOT NULL,
  ordered_by  TEXT NOT NULL,
  alarm_level TEXT NOT NULL,
  note        TEXT NOT NULL,
  PRIMARY KEY (batch, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS alarm_journal_by_alarm ON alarm_journal (alarm_id);
CREATE INDEX IF NOT EXISTS alarm_journal_by_time ON alarm_journal (at);

-- A script that knows only the columns of the replaced system may insert: others have defaults. A
-- number is never given twice: who still holds the ETag of a removed rule finds nothing.
CREATE TABLE IF NOT EXISTS thresholds (
  id                 INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id          TEXT NOT NULL,
  parameter_name     TEXT NOT NULL,
  kind               TEXT NOT NULL DEFAULT 'limit',
  threshold_value    REAL NOT NULL,
  alarm_level        TEXT NOT NULL DEFAULT '',
  direction          TEXT NOT NULL DEFAULT 'high',
  hysteresis         REAL NOT NULL DEFAULT 0,
  on_delay_ms        INTEGER NOT NULL DEFAULT 0,
  off_delay_ms       INTEGER NOT NULL DEFAULT 0,
  setpoint_parameter TEXT NOT NULL DEFAULT '',
  setpoint_value     REAL NOT NULL DEFAULT 0,
  enabled            INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  updated_by         TEXT NOT NULL DEFAULT '',
  updated_at         INTEGER NOT NULL DEFAULT 0,
  version            INTEGER NOT NULL DEFAULT 1,
  UNIQUE (device_id, parameter_name, alarm_level, kind, direction)
) STRICT;
