-- Runs in which others went on. The first run of a chain has no row here.
CREATE TABLE chain (
  run_id   TEXT    NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
  first_id TEXT    NOT NULL, -- of the chain
  number   INTEGER NOT NULL  -- from 1; the first run would have 0
) WITHOUT ROWID;

CREATE UNIQUE INDEX chain_number ON chain (first_id, number);
