-- What runs wait for. A run waits at one place at a time; its state is WAITING as long as its row is here.
CREATE TABLE wait (
  run_id    TEXT    NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
  key       TEXT    NOT NULL,
  signal    TEXT,              -- name of the signal that ends it
  child_id  TEXT,              -- run whose end ends it
  until     INTEGER,           -- when the time is up
  since     INTEGER NOT NULL,
  row_check INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX wait_until ON wait (until) WHERE until IS NOT NULL;
CREATE INDEX wait_child ON wait (child_id) WHERE child_id IS NOT NULL;

-- Signals, in the order in which they came in. Taken ones stay, so that the same one sent again is known.
CREATE TABLE signal (
  sequence    INTEGER PRIMARY KEY,
  run_id      TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  signal_id   TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  received_at INTEGER NOT NULL,
  body_kind   TEXT    NOT NULL,
  row_check   INTEGER NOT NULL,
  taken       INTEGER NOT NULL DEFAULT 0,
  body        BLOB    NOT NULL
);

CREATE UNIQUE INDEX signal_id ON signal (run_id, signal_id);
CREATE INDEX signal_open ON signal (run_id, name) WHERE taken = 0;

-- The runs that runs came from.
CREATE TABLE parent (
  run_id      TEXT NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
  parent_id   TEXT NOT NULL,
  parent_step TEXT NOT NULL,
  kind        TEXT NOT NULL,
  row_check   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX parent_by_parent ON parent (parent_id, kind, run_id);
