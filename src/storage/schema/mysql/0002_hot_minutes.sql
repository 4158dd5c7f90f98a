-- Closed minutes of the points of a segment, until their hour is folded into minute_blocks.
CREATE TABLE IF NOT EXISTS hot_minutes (
  segment INT UNSIGNED NOT NULL,
  minute  BIGINT NOT NULL,
  body    LONGBLOB NOT NULL,
  PRIMARY KEY (segment, minute)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
