-- What is remembered of a schedule besides its route. Times and checksums as in V1.
CREATE TABLE schedule (
  name            TEXT    NOT NULL PRIMARY KEY,
  cron            TEXT    NOT NULL,
  zone            TEXT    NOT NULL,
  accounted_until INTEGER NOT NULL, -- of all fire times up to here it is known what became of them
  paused          INTEGER NOT NULL,
  retired_at      INTEGER,          -- when its route went away
  last_run        TEXT,
  row_check       INTEGER NOT NULL
) WITHOUT ROWID;

-- The fire times of schedules, each with what became of it.
CREATE TABLE schedule_fire (
  schedule   TEXT    NOT NULL,
  fire_at    INTEGER NOT NULL,
  kind       TEXT    NOT NULL,
  outcome    TEXT    NOT NULL,
  run_id     TEXT,
  reason     TEXT,
  changed_at INTEGER NOT NULL,
  row_check  INTEGER NOT NULL,
  PRIMARY KEY (schedule, fire_at)
) WITHOUT ROWID;

-- What is yet to fire after a restart.
CREATE INDEX schedule_fire_open ON schedule_fire (schedule, fire_at) WHERE outcome = 'DUE' OR outcome = 'QUEUED';
