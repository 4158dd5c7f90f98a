-- Administration of accounts, API tokens and the audit log. Every statement can be run again. The
-- triggers that keep the audit log append-only stand in mysql/audit_guard.cpp: not every server lets
-- us make them.

-- What is known of a user beside the columns of `users`. version counts changes that a person
-- makes (for If-Match); a user without a row is at version 1. unlocked_at: failures until then do
-- not count any more, in no process.
CREATE TABLE IF NOT EXISTS account_states (
  user_id     BIGINT NOT NULL PRIMARY KEY,
  version     BIGINT NOT NULL,
  unlocked_at BIGINT,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Wrong passwords by account and address, so that every web process counts the same.
CREATE TABLE IF NOT EXISTS login_locks (
  user_id        BIGINT NOT NULL,
  remote_address VARCHAR(190) NOT NULL,
  attempts       INT NOT NULL,
  last_at        BIGINT NOT NULL,
  PRIMARY KEY (user_id, remote_address),
  KEY by_age (last_at),
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Only the SHA-256 of a token is stored. scopes: words with blanks between.
CREATE TABLE IF NOT EXISTS api_tokens (
  id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id      BIGINT NOT NULL,
  name         VARCHAR(190) NOT NULL,
  token_sha256 VARCHAR(190) NOT NULL UNIQUE,
  scopes       VARCHAR(190) NOT NULL,
  created_at   BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  last_used    BIGINT,
  revoked_at   BIGINT,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who did what. hash is keyed and covers the entry and previous_hash; ref makes a repeated write of
-- the same entry harmless.
CREATE TABLE IF NOT EXISTS audit_log (
  id             BIGINT NOT NULL PRIMARY KEY,
  at             BIGINT NOT NULL,
  actor          VARCHAR(190) NOT NULL,
  remote_address VARCHAR(190) NOT NULL,
  action         VARCHAR(190) NOT NULL,
  subject        TEXT NOT NULL,
  `before`       TEXT NOT NULL,
  `after`        TEXT NOT NULL,
  ref            VARCHAR(190) NOT NULL UNIQUE,
  previous_hash  VARCHAR(190) NOT NULL,
  hash           VARCHAR(190) NOT NULL,
  KEY by_time (at),
  KEY by_actor (actor),
  KEY by_action (action)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- How many entries there are and the hash of the last one, sealed by the same key: entries that are
-- cut off the end are missed.
CREATE TABLE IF NOT EXISTS audit_head (
  id      INT NOT NULL PRIMARY KEY,
  entries BIGINT NOT NULL,
  hash    VARCHAR(190) NOT NULL,
  seal    VARCHAR(190) NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT IGNORE INTO audit_head (id, entries, hash, seal) VALUES (1, 0, '', '');
