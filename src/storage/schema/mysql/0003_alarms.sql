-- Alarms, what happened to them, and the rules that raise them. Times are UTC milliseconds since
-- 1970; device_id is the id of plant.json, so a row outlives its device. The words of level, state,
-- event and kind are those of model/alarm_row.hpp. What a person or a path names is TEXT: a row
-- that does not fit would stop the batch that brings it.

CREATE TABLE IF NOT EXISTS alarms (
  id               BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  alarm_key        TEXT NOT NULL,
  timestamp        BIGINT NOT NULL,
  device_id        VARCHAR(190) NOT NULL,
  parameter_name   TEXT NOT NULL,
  alarm_type       TEXT NOT NULL,
  message_key      VARCHAR(40) NOT NULL,
  message          TEXT NOT NULL,
  alarm_level      VARCHAR(20) NOT NULL,
  threshold_value  DOUBLE,
  actual_value     DOUBLE,
  state            VARCHAR(20) NOT NULL,
  active           TINYINT UNSIGNED NOT NULL,
  cleared_at       BIGINT,
  acknowledged     TINYINT UNSIGNED NOT NULL,
  acknowledged_by  TEXT NOT NULL,
  acknowledged_at  BIGINT,
  note             TEXT NOT NULL,
  shelved_by       TEXT NOT NULL,
  shelved_until    BIGINT,
  raise_count      INT UNSIGNED NOT NULL,
  suppressed_count INT UNSIGNED NOT NULL,
  announced_at     BIGINT,
  announced_level  VARCHAR(20) NOT NULL,
  announced        TINYINT UNSIGNED NOT NULL,
  chattering       TINYINT UNSIGNED NOT NULL,
  superseded_by    BIGINT UNSIGNED,
  KEY alarms_by_time (timestamp),
  KEY alarms_by_state (state, timestamp),
  KEY alarms_by_announcement (announced_at)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- batch is ingest_batch.id, line counts the changes of the batch: the order in which they happened.
CREATE TABLE IF NOT EXISTS alarm_journal (
  batch       BIGINT NOT NULL,
  line        INT UNSIGNED NOT NULL,
  seq         BIGINT UNSIGNED NOT NULL,
  alarm_id    BIGINT UNSIGNED NOT NULL,
  alarm_key   TEXT NOT NULL,
  at          BIGINT NOT NULL,
  event       VARCHAR(40) NOT NULL,
  from_state  VARCHAR(20) NOT NULL,
  to_state    VARCHAR(20) NOT NULL,
  ordered_by  TEXT NOT NULL,
  alarm_level VARCHAR(20) NOT NULL,
  note        TEXT NOT NULL,
  PRIMARY KEY (batch, line),
  KEY alarm_journal_by_alarm (alarm_id),
  KEY alarm_journal_by_time (at)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A script that knows only the columns of the replaced system may insert: the others have defaults.
CREATE TABLE IF NOT EXISTS thresholds (
  id                 BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  device_id          VARCHAR(190) NOT NULL,
  parameter_name     VARCHAR(190) NOT NULL,
  kind               VARCHAR(20) NOT NULL DEFAULT 'limit',
  threshold_value    DOUBLE NOT NULL,
  alarm_level        VARCHAR(20) NOT NULL DEFAULT '',
  direction          VARCHAR(20) NOT NULL DEFAULT 'high',
  hysteresis         DOUBLE NOT NULL DEFAULT 0,
  on_delay_ms        BIGINT NOT NULL DEFAULT 0,
  off_delay_ms       BIGINT NOT NULL DEFAULT 0,
  setpoint_parameter VARCHAR(190) NOT NULL DEFAULT '',
  setpoint_value     DOUBLE NOT NULL DEFAULT 0,
  enabled            TINYINT UNSIGNED NOT NULL DEFAULT 1,
  updated_by         VARCHAR(190) NOT NULL DEFAULT '',
  updated_at         BIGINT NOT NULL DEFAULT 0,
  version            BIGINT NOT NULL DEFAULT 1,
  UNIQUE KEY one_rule (device_id, parameter_name, alarm_level, kind, direction)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
