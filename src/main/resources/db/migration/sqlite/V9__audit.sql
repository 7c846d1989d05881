-- What callers have changed, and what they were not let change. Nothing in it ever changes or goes. Times as in V1.
CREATE TABLE audit (
  sequence    INTEGER PRIMARY KEY,
  at          INTEGER NOT NULL,
  caller      TEXT    NOT NULL,
  action      TEXT    NOT NULL,
  target      TEXT    NOT NULL,
  request_id  TEXT    NOT NULL,
  result      TEXT    NOT NULL,
  before_hash TEXT,
  after_hash  TEXT,
  reason      TEXT,
  row_check   INTEGER NOT NULL
);

CREATE TRIGGER audit_stays
BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(FAIL, 'an audit entry never changes');
END;

CREATE TRIGGER audit_is_kept
BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(FAIL, 'an audit entry never goes');
END;

-- Replacing a row deletes the old one without the trigger above.
CREATE TRIGGER audit_is_not_replaced
BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE sequence = NEW.sequence)
BEGIN
  SELECT RAISE(FAIL, 'an audit entry never changes');
END;
