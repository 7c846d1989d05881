-- What runs have noted so that it can be undone: few records among many, and the list of sagas is made of them.
CREATE INDEX step_saga ON step (run_id) WHERE kind = 'saga';
