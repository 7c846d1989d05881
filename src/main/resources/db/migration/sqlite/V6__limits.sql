-- The open runs that are counted. There is no number of those under way that could be wrong: they are counted where they
-- stand, by a state that follows that of their run. Times as in V1.
CREATE TABLE slot (
  run_id        TEXT    NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
  limit_key     TEXT    NOT NULL, -- those of one key are counted together
  state         TEXT    NOT NULL, -- of the run
  priority      INTEGER NOT NULL,
  most          INTEGER NOT NULL, -- that may be under way at a time
  rate_runs     INTEGER,          -- that may begin
  rate_interval INTEGER,          -- in such a time, in microseconds
  begun         INTEGER NOT NULL  -- whether it was under way before it was queued, and has been counted by the rate
) WITHOUT ROWID;

CREATE INDEX slot_by_key ON slot (limit_key, state, priority DESC, run_id);
CREATE INDEX slot_queued ON slot (state) WHERE state = 'QUEUED';

CREATE TRIGGER slot_follows_run
AFTER UPDATE OF state ON run
BEGIN
  UPDATE slot SET state = NEW.state, begun = begun OR NEW.state = 'RUNNING' WHERE run_id = NEW.id;
END;

CREATE TRIGGER slot_ends_with_run
AFTER UPDATE OF state ON run
WHEN NEW.state = 'COMPLETED' OR NEW.state = 'FAILED' OR NEW.state = 'CANCELLED' OR NEW.state = 'COMPENSATED'
BEGIN
  DELETE FROM slot WHERE run_id = NEW.id;
END;

-- When runs began that are counted by a rate, as far back as the rate reaches.
CREATE TABLE run_begin (
  limit_key TEXT    NOT NULL,
  begun_at  INTEGER NOT NULL,
  run_id    TEXT    NOT NULL,
  PRIMARY KEY (limit_key, begun_at, run_id)
) WITHOUT ROWID;
