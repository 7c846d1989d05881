-- Which notices are so old that they are forgotten.
CREATE INDEX notice_age ON notice (changed_at);
