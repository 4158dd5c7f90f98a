-- Administration of accounts, API tokens and the audit log. Every statement can be run again.

-- What is known of a user beside the columns of `users`. version counts changes that a person
-- makes (for If-Match); a user without a row is at version 1. unlocked_at: failures until then do
-- not count any more, in no process.
CREATE TABLE IF NOT EXISTS account_states (
  user_id     INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  version     INTEGER NOT NULL,
  unlocked_at INTEGER
) STRICT;

-- Wrong passwords by account and address, so that every web process counts the same.
CREATE TABLE IF NOT EXISTS login_locks (
  user_id        INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  remote_address TEXT NOT NULL,
  attempts       INTEGER NOT NULL,
  last_at        INTEGER NOT NULL,
  PRIMARY KEY (user_id, remote_address)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS login_locks_by_age ON login_locks (last_at);

CREATE INDEX IF NOT EXISTS sessions_by_user ON sessions (user_id);

-- Only the SHA-256 of a token is stored. scopes: words with blanks between.
CREATE TABLE IF NOT EXISTS api_tokens (
  id           INTEGER PRIMARY KEY,
  user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name         TEXT NOT NULL,
  token_sha256 TEXT NOT NULL UNIQUE,
  scopes       TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  last_used    INTEGER,
  revoked_at   INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS api_tokens_by_user ON api_tokens (user_id);

-- Who did what. hash is keyed and covers the entry and previous_hash; ref makes a repeated write of
-- the same entry harmless.
CREATE TABLE IF NOT EXISTS audit_log (
  id             INTEGER PRIMARY KEY,
  at             INTEGER NOT NULL,
  actor          TEXT NOT NULL,
  remote_address TEXT NOT NULL,
  action         TEXT NOT NULL,
  subject        TEXT NOT NULL,
  `before`       TEXT NOT NULL,
  `after`        TEXT NOT NULL,
  ref            TEXT NOT NULL UNIQUE,
  previous_hash  TEXT NOT NULL,
  hash           TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS audit_log_by_time ON audit_log (at);
CREATE INDEX IF NOT EXISTS audit_log_by_actor ON audit_log (actor);
CREATE INDEX IF NOT EXISTS audit_log_by_action ON audit_log (action);

-- How many entries there are and the hash of the last one, sealed by the same key: entries that are
-- cut off the end are missed.
CREATE TABLE IF NOT EXISTS audit_head (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  entries INTEGER NOT NULL,
  hash    TEXT NOT NULL,
  seal    TEXT NOT NULL
) STRICT;
INSERT OR IGNORE INTO audit_head (id, entries, hash, seal) VALUES (1, 0, '', '');

CREATE TRIGGER IF NOT EXISTS audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER IF NOT EXISTS audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- REPLACE would delete without asking the trigger above.
CREATE TRIGGER IF NOT EXISTS audit_log_no_replace BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id OR ref = NEW.ref)
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
