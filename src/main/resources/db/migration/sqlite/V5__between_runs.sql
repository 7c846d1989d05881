-- Groups of messages that routes collect between runs, and those that are complete and on their way to a run. Times and
-- checksums as in V1.
CREATE TABLE batch (
  sequence    INTEGER PRIMARY KEY,
  scope       TEXT    NOT NULL, -- the aggregate of a route
  id          TEXT    NOT NULL,
  correlation TEXT    NOT NULL,
  exchange_id TEXT    NOT NULL,
  state       TEXT    NOT NULL, -- COLLECTING; LEAVING while its last message is being answered; COMPLETE
  revision    INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL,
  row_check   INTEGER NOT NULL, -- of everything but the state
  content     BLOB    NOT NULL
);

CREATE UNIQUE INDEX batch_id ON batch (scope, id);
CREATE UNIQUE INDEX batch_collecting ON batch (scope, correlation) WHERE state = 'COLLECTING';
CREATE INDEX batch_complete ON batch (scope, exchange_id) WHERE state = 'COMPLETE';

-- Keys of messages that have been dealt with.
CREATE TABLE seen_key (
  scope   TEXT    NOT NULL, -- the idempotentConsumer of a route
  key     TEXT    NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) WITHOUT ROWID;

CREATE INDEX seen_key_age ON seen_key (seen_at);

-- How far those have come who are told of each run that ends.
CREATE TABLE ended_reader (
  name       TEXT    NOT NULL PRIMARY KEY,
  position   INTEGER NOT NULL,
  last_day   INTEGER NOT NULL, -- days since 1970-01-01; of this one and those before they were told that it is over
  changed_at INTEGER NOT NULL,
  row_check  INTEGER NOT NULL
) WITHOUT ROWID;

-- Runs that have ended, in the order in which that came to the disk; written only where somebody is to be told.
CREATE TABLE ended_run (
  position INTEGER PRIMARY KEY,
  run_id   TEXT NOT NULL
);

-- The last million is kept for a reader that stays away.
CREATE TRIGGER run_has_ended
AFTER UPDATE OF state ON run
WHEN (NEW.state = 'COMPLETED' OR NEW.state = 'FAILED' OR NEW.state = 'CANCELLED' OR NEW.state = 'COMPENSATED')
  AND EXISTS (SELECT 1 FROM ended_reader)
BEGIN
  INSERT INTO ended_run (run_id) VALUES (NEW.id);
  DELETE FROM ended_run WHERE position <= last_insert_rowid() - 1000000;
END;
