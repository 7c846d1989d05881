-- What a reader of ended runs has made of those up to its position: written with the position, so that each run counts once.
ALTER TABLE ended_reader ADD COLUMN note TEXT;
