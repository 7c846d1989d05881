-- Conditions on states are spelled out with OR, because SQLite builds a table for an IN of more than two values, and
-- does so every time.
--
-- Times are microseconds since 1970-01-01T00:00Z. States and kinds are stored by their names. JSON is text.
-- Columns named *_check hold CRC-32C sums of what stands beside them: SQLite itself keeps none.

-- One execution of an orchestration. Rows are small (long bodies are in blob), so they are clustered by id,
-- which sorts by time.
CREATE TABLE run (
  id               TEXT    NOT NULL PRIMARY KEY,
  orchestration    TEXT    NOT NULL,
  version          TEXT    NOT NULL,
  state            TEXT    NOT NULL,
  revision         INTEGER NOT NULL DEFAULT 0,
  start_key        TEXT,
  input_hash       TEXT,
  singleton_key    TEXT,
  retries          INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  ended_at         INTEGER,
  error_type       TEXT,
  error_message    TEXT,
  error_step       TEXT,
  attributes       TEXT    NOT NULL DEFAULT '{}',
  headers          TEXT,
  input_kind       TEXT    NOT NULL,
  input_length     INTEGER NOT NULL,
  input_blob       TEXT,
  output_kind      TEXT,
  output_length    INTEGER,
  output_blob      TEXT,
  start_check      INTEGER NOT NULL, -- what the run was started with
  state_check      INTEGER NOT NULL, -- what a change of state replaces
  attributes_check INTEGER NOT NULL,
  number_check     INTEGER NOT NULL, -- retries + updated_at: both change by themselves
  input_check      INTEGER NOT NULL,
  output_check     INTEGER,
  input            BLOB,
  output           BLOB
) WITHOUT ROWID;

-- A repeated start finds its run.
CREATE UNIQUE INDEX run_start_key ON run (orchestration, start_key) WHERE start_key IS NOT NULL;

-- One holder of a singleton. Parked and blocked runs do not hold it.
CREATE UNIQUE INDEX run_singleton ON run (singleton_key)
  WHERE singleton_key IS NOT NULL
    AND (state = 'QUEUED' OR state = 'RUNNING' OR state = 'WAITING' OR state = 'COMPENSATING');

-- Lists, newest first, and what has to go on after a restart. The second answers also for both filters at once. Nearly
-- all runs are completed, so no index finds them faster than a walk over all, and their end writes no entry.
CREATE INDEX run_by_orchestration ON run (orchestration, id);
CREATE INDEX run_by_state ON run (state, id, orchestration) WHERE state <> 'COMPLETED';

-- The triggers fail instead of abort: to be able to abort, SQLite would keep a journal for each statement.
CREATE TRIGGER run_final_states_stay
BEFORE UPDATE OF id, orchestration, version, state, revision, input, output, error_type, error_message, ended_at
ON run
WHEN OLD.state = 'COMPLETED' OR OLD.state = 'FAILED' OR OLD.state = 'CANCELLED' OR OLD.state = 'COMPENSATED'
BEGIN
  SELECT RAISE(FAIL, 'a final state never changes');
END;

CREATE TRIGGER run_open_runs_stay
BEFORE DELETE ON run
WHEN OLD.state NOT IN ('COMPLETED', 'FAILED', 'CANCELLED', 'COMPENSATED')
BEGIN
  SELECT RAISE(FAIL, 'a run that has not ended cannot be deleted');
END;

-- The journal: one terminal record for each step key of a run. Append-only, so that a commit touches the last pages
-- and not one page for each run.
CREATE TABLE step (
  sequence      INTEGER PRIMARY KEY,
  run_id        TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  key           TEXT    NOT NULL,
  kind          TEXT    NOT NULL DEFAULT 'step',
  outcome       TEXT    NOT NULL, -- completed, handled
  attempt       INTEGER NOT NULL,
  started_at    INTEGER NOT NULL,
  ended_at      INTEGER NOT NULL,
  body_kind     TEXT,             -- of completed ones
  body_length   INTEGER,          -- where the body is in blob
  body_blob     TEXT,
  changes       TEXT,
  error_type    TEXT,             -- of handled ones
  error_message TEXT,
  error_step    TEXT,
  clause        TEXT,
  retry         INTEGER,
  row_check     INTEGER NOT NULL,
  body          BLOB
);

CREATE UNIQUE INDEX step_key ON step (run_id, key);

CREATE TRIGGER step_records_stay
BEFORE UPDATE ON step
BEGIN
  SELECT RAISE(FAIL, 'a record never changes');
END;

CREATE TRIGGER step_open_journals_stay
BEFORE DELETE ON step
WHEN (SELECT state FROM run WHERE id = OLD.run_id) NOT IN ('COMPLETED', 'FAILED', 'CANCELLED', 'COMPENSATED')
BEGIN
  SELECT RAISE(FAIL, 'the journal of a run that has not ended cannot be deleted');
END;

-- Failed attempts.
CREATE TABLE attempt (
  sequence      INTEGER PRIMARY KEY,
  run_id        TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  key           TEXT    NOT NULL,
  number        INTEGER NOT NULL,
  retry         INTEGER NOT NULL,
  started_at    INTEGER NOT NULL,
  ended_at      INTEGER NOT NULL,
  error_type    TEXT    NOT NULL,
  error_message TEXT    NOT NULL,
  error_step    TEXT,
  row_check     INTEGER NOT NULL
);

CREATE INDEX attempt_by_run ON attempt (run_id);

-- Bodies in pieces. No reference to run: the input of a run that is just being started comes before its row. A blob's id
-- begins with that of its run and a slash, so that those of a run stand together in the index.
CREATE TABLE blob (
  blob_id     TEXT    NOT NULL,
  piece       INTEGER NOT NULL,
  piece_check INTEGER NOT NULL,
  data        BLOB    NOT NULL
);

CREATE UNIQUE INDEX blob_piece ON blob (blob_id, piece);

-- Sources of the versions that runs are pinned to.
CREATE TABLE definition (
  orchestration TEXT    NOT NULL,
  version       TEXT    NOT NULL,
  path          TEXT    NOT NULL,
  source        TEXT    NOT NULL,
  settings      TEXT    NOT NULL,
  loaded_at     INTEGER NOT NULL,
  row_check     INTEGER NOT NULL,
  PRIMARY KEY (orchestration, version)
);
