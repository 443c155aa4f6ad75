-- What a run was and brought before the same search was asked again under the same refresh's number
-- (searches by hand bear the next refresh's): each question that was asked stays in the log.
CREATE TABLE search_run_before (
  id           INTEGER PRIMARY KEY,
  run          INTEGER NOT NULL REFERENCES search_run (id),
  queries      TEXT NOT NULL,
  query_exact  INTEGER NOT NULL,
  window_exact INTEGER NOT NULL,
  window_from  TEXT,
  window_to    TEXT,
  warnings     TEXT NOT NULL,
  reason       TEXT,
  started_at   TEXT NOT NULL,
  finished_at  TEXT,
  reported     INTEGER,
  received     INTEGER NOT NULL,
  set_aside    INTEGER NOT NULL,
  pages        INTEGER NOT NULL
);
CREATE INDEX search_run_before_run ON search_run_before (run);
