-- Messages that could not start a run. Times and checksums as in V1.
CREATE TABLE refused_message (
  id         TEXT    NOT NULL PRIMARY KEY,
  source     TEXT    NOT NULL, -- the stream
  reader     TEXT    NOT NULL, -- its consumer group
  message_id TEXT    NOT NULL,
  fields     TEXT    NOT NULL, -- a JSON object of texts
  deliveries INTEGER NOT NULL,
  step       TEXT    NOT NULL,
  error_type TEXT    NOT NULL,
  error      TEXT    NOT NULL,
  at         INTEGER NOT NULL,
  retries    INTEGER NOT NULL,
  row_check  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE UNIQUE INDEX refused_message_once ON refused_message (source, reader, message_id);
