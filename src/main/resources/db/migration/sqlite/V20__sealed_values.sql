-- Values that no journal may hold, encrypted. The value is gone as soon as nobody needs it; its reference stays, so that
-- the same value is not kept again. Times as in V1.
CREATE TABLE sealed_value (
  reference  TEXT    PRIMARY KEY,
  sealed     TEXT,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sealed_value_by_time ON sealed_value (created_at);
