-- Keys of callers. Of a key itself there is its digest alone. Times as in V1.
CREATE TABLE api_key (
  id         TEXT    PRIMARY KEY,
  prefix     TEXT    NOT NULL,
  digest     TEXT    NOT NULL UNIQUE,
  name       TEXT    NOT NULL,
  role       TEXT    NOT NULL,
  scope      TEXT,
  created_at INTEGER NOT NULL,
  created_by TEXT    NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  row_check  INTEGER NOT NULL
);

-- A key that was taken back stays so.
CREATE TRIGGER api_key_stays_revoked
BEFORE UPDATE ON api_key
WHEN OLD.revoked_at IS NOT NULL
BEGIN
  SELECT RAISE(FAIL, 'a key that was taken back stays so');
END;
