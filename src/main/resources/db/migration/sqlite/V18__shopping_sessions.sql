-- What users and the shopping assistant have come to. Times as in V1.
CREATE TABLE shopping_session (
  id         TEXT    PRIMARY KEY,
  user_id    TEXT    NOT NULL,
  owner      TEXT,             -- the caller to whom it belongs, where callers are known
  document   TEXT    NOT NULL, -- JSON
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  row_check  INTEGER NOT NULL
);

CREATE INDEX shopping_session_user ON shopping_session (user_id, updated_at);
CREATE INDEX shopping_session_expiry ON shopping_session (expires_at);

-- What users are told while a turn goes on. A repeated step finds what it wrote by its key.
CREATE TABLE shopping_event (
  session_id TEXT    NOT NULL,
  sequence   INTEGER NOT NULL,
  origin     TEXT    NOT NULL, -- key of the step
  type       TEXT    NOT NULL,
  data       TEXT    NOT NULL, -- JSON
  at         INTEGER NOT NULL,
  PRIMARY KEY (session_id, sequence)
) WITHOUT ROWID;

CREATE INDEX shopping_event_origin ON shopping_event (session_id, origin);

-- Requests that came with a key, and their first replies.
CREATE TABLE shopping_request (
  key              TEXT    PRIMARY KEY,
  session_id       TEXT    NOT NULL,
  fingerprint      TEXT    NOT NULL,
  clarification_id TEXT,
  reply            TEXT,             -- JSON
  at               INTEGER NOT NULL
);

CREATE INDEX shopping_request_session ON shopping_request (session_id);
