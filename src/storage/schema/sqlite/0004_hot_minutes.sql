-- Closed minutes of the points of a segment, until their hour is folded into minute_blocks.
-- id = segment * 2^38 + 2^37 + minute since 1970.
CREATE TABLE IF NOT EXISTS hot_minutes (
  id      INTEGER PRIMARY KEY,
  body    BLOB NOT NULL,
  segment INTEGER GENERATED ALWAYS AS (id >> 38) VIRTUAL,
  minute  INTEGER GENERATED ALWAYS AS (((id & 274877906943) - 137438953472) * 60000) VIRTUAL
) STRICT;
