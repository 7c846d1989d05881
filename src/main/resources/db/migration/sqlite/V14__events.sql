-- What was published, written before it was. Times as in V1.
CREATE TABLE event (
  sequence       INTEGER PRIMARY KEY,
  event_id       TEXT    NOT NULL UNIQUE,
  effect_key     TEXT,             -- of the step that published it, so that a repeated one publishes nothing new
  type           TEXT    NOT NULL,
  channel        TEXT    NOT NULL,
  payload        TEXT    NOT NULL, -- JSON
  sequence_id    TEXT    NOT NULL, -- service:millis:counter
  priority       TEXT    NOT NULL,
  correlation_id TEXT,
  trace_id       TEXT,
  source_service TEXT    NOT NULL,
  published_at   INTEGER NOT NULL,
  replays        INTEGER NOT NULL DEFAULT 0,
  row_check      INTEGER NOT NULL  -- without replays
);

CREATE UNIQUE INDEX event_effect_key ON event (effect_key) WHERE effect_key IS NOT NULL;
-- The newest 10,000 are kept, so that a walk over all is quick, and an event costs no more entries than these.
