-- Who was to be told what, by which channel, and what became of it. Times as in V1.
CREATE TABLE notice (
  notice_id         INTEGER PRIMARY KEY,
  notice_key        TEXT    NOT NULL UNIQUE, -- the same on each attempt
  about             TEXT    NOT NULL,        -- such as a booking
  channel           TEXT    NOT NULL,
  template          TEXT    NOT NULL,
  status            TEXT    NOT NULL,        -- PENDING, SENT, FAILED
  attempts          INTEGER NOT NULL,
  recipient_name    TEXT,
  recipient_contact TEXT,
  recipient_email   TEXT,
  text              TEXT,
  provider_id       TEXT,                    -- id that the receiving system gave it
  error             TEXT,
  changed_at        INTEGER NOT NULL
);

CREATE INDEX notice_about ON notice (about);
