-- Services that others can be told of, here and on peers. Times as in V1.

-- Who this store is to its peers, and how often anything was registered: a logical clock, which also moves on to the
-- highest version that a peer has sent.
CREATE TABLE registry_self (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  instance TEXT    NOT NULL,
  clock    INTEGER NOT NULL
);

CREATE TABLE service (
  name          TEXT    NOT NULL PRIMARY KEY,
  base_url      TEXT    NOT NULL,
  openapi_url   TEXT,
  endpoints     TEXT    NOT NULL, -- JSON list
  metadata      TEXT    NOT NULL, -- JSON object
  registered_at INTEGER NOT NULL,
  origin        TEXT    NOT NULL, -- instance where it was registered
  version       INTEGER NOT NULL, -- that instance's clock then; the higher one wins, and of equal ones the greater origin
  row_check     INTEGER NOT NULL
) WITHOUT ROWID;

-- The last API document that was seen of a service, in its canonical form.
CREATE TABLE service_document (
  name     TEXT    NOT NULL PRIMARY KEY REFERENCES service (name) ON DELETE CASCADE,
  document TEXT    NOT NULL,
  seen_at  INTEGER NOT NULL
) WITHOUT ROWID;

-- The version of an entry that a peer has taken. What is missing here is still to be sent.
CREATE TABLE peer_entry (
  peer    TEXT    NOT NULL,
  name    TEXT    NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (peer, name)
) WITHOUT ROWID;
