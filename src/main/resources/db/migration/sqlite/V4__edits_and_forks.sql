-- What steps are entered with instead of what their routes give them. A run's later edits of a step come on top.
CREATE TABLE edit (
  sequence  INTEGER PRIMARY KEY,
  run_id    TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  key       TEXT    NOT NULL,
  retry     INTEGER NOT NULL, -- the manual retry that brought it
  edited_at INTEGER NOT NULL,
  body_kind TEXT,             -- none: the body stays as it is
  variables TEXT,
  row_check INTEGER NOT NULL,
  body      BLOB
);

CREATE UNIQUE INDEX edit_key ON edit (run_id, key, retry);

CREATE TRIGGER edits_stay
BEFORE UPDATE ON edit
BEGIN
  SELECT RAISE(FAIL, 'an edit never changes');
END;

-- The versions that runs were pinned to before the one that they have.
CREATE TABLE repin (
  run_id      TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  retry       INTEGER NOT NULL, -- the manual retry that brought the new one
  old_version TEXT    NOT NULL,
  new_version TEXT    NOT NULL,
  repinned_at INTEGER NOT NULL,
  row_check   INTEGER NOT NULL,
  PRIMARY KEY (run_id, retry)
) WITHOUT ROWID;

-- Dead letters are few among many runs: they have indexes of their own, one for pages in the order of the ids, and one
-- that answers what they say without a look at the runs. The state is in them because SQLite asks for it again.
CREATE INDEX run_dead ON run (id, orchestration, error_step, error_type, state)
  WHERE state = 'PARKED' OR state = 'BLOCKED';

CREATE INDEX run_dead_cause ON run (orchestration, error_step, error_type, error_message, id, updated_at, state)
  WHERE state = 'PARKED' OR state = 'BLOCKED';
