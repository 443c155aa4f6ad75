-- The ledger. Rows are added, not changed, but where a comment says so.
-- Times are RFC 3339 in UTC; JSON columns are UTF-8 text.

-- What arrived, once, by the SHA-256 of its bytes after known secrets were replaced; zlib.
CREATE TABLE payload (
  hash  TEXT PRIMARY KEY,
  size  INTEGER NOT NULL,
  bytes BLOB NOT NULL
) WITHOUT ROWID;

-- A refresh is begun, and at its end told how it ended (the exit code).
CREATE TABLE refresh (
  id          INTEGER PRIMARY KEY,
  started_at  TEXT NOT NULL,
  finished_at TEXT,
  exit        INTEGER
);

-- A record as its source gives it now; `work` is the record with the smallest key of its cluster
-- (changed by deduplication alone).
CREATE TABLE record (
  id        INTEGER PRIMARY KEY,
  key       TEXT NOT NULL UNIQUE,
  source    TEXT NOT NULL,
  data      TEXT NOT NULL,
  data_hash TEXT NOT NULL,
  payload   TEXT REFERENCES payload (hash),
  work      INTEGER REFERENCES record (id),
  added_at  TEXT NOT NULL
);
CREATE INDEX record_work ON record (work);

-- What a record said before its source changed it.
CREATE TABLE record_version (
  id          INTEGER PRIMARY KEY,
  record      INTEGER NOT NULL REFERENCES record (id),
  data        TEXT NOT NULL,
  data_hash   TEXT NOT NULL,
  payload     TEXT REFERENCES payload (hash),
  replaced_at TEXT NOT NULL
);
CREATE INDEX record_version_record ON record_version (record);

-- An abstract that a record's own source does not give, and where it came from.
CREATE TABLE filled_abstract (
  record  INTEGER PRIMARY KEY REFERENCES record (id),
  source  TEXT NOT NULL,
  text    TEXT NOT NULL,
  payload TEXT REFERENCES payload (hash),
  at      TEXT NOT NULL
);

-- Which sources were asked for a record's abstract, and in which refresh last.
CREATE TABLE fill_attempt (
  record  INTEGER NOT NULL REFERENCES record (id),
  source  TEXT NOT NULL,
  refresh INTEGER NOT NULL,
  PRIMARY KEY (record, source)
) WITHOUT ROWID;

-- One execution of a search against one source. `pending` (the states to go on from), `status`,
-- `reason` and `finished_at` move on with the run.
CREATE TABLE search_run (
  id           INTEGER PRIMARY KEY,
  refresh      INTEGER NOT NULL,
  stream       TEXT NOT NULL,
  search       TEXT NOT NULL,
  source       TEXT NOT NULL,
  round        INTEGER NOT NULL DEFAULT 0,
  queries      TEXT NOT NULL,
  query_exact  INTEGER NOT NULL,
  window_exact INTEGER NOT NULL,
  window_from  TEXT,
  window_to    TEXT,
  warnings     TEXT NOT NULL,
  pending      TEXT NOT NULL,
  status       TEXT NOT NULL CHECK (status IN ('running', 'complete', 'failed', 'not-searched')),
  reason       TEXT,
  started_at   TEXT NOT NULL,
  finished_at  TEXT,
  UNIQUE (refresh, stream, search, source, round)
);

-- One response of a run: what was asked, what came.
CREATE TABLE page (
  run      INTEGER NOT NULL REFERENCES search_run (id),
  number   INTEGER NOT NULL,
  request  TEXT NOT NULL,
  status   INTEGER NOT NULL,
  reported INTEGER,
  records  INTEGER NOT NULL,
  warnings TEXT NOT NULL,
  at       TEXT NOT NULL,
  PRIMARY KEY (run, number)
) WITHOUT ROWID;

-- A record found by a search in a source: the first time since the last release.
CREATE TABLE hit (
  stream  TEXT NOT NULL,
  search  TEXT NOT NULL,
  source  TEXT NOT NULL,
  record  INTEGER NOT NULL REFERENCES record (id),
  release INTEGER NOT NULL DEFAULT 0,
  refresh INTEGER NOT NULL,
  run     INTEGER REFERENCES search_run (id),
  PRIMARY KEY (stream, search, source, record, release)
) WITHOUT ROWID;
CREATE INDEX hit_record ON hit (record);

-- Which seed brought which record, and how.
CREATE TABLE citation (
  stream    TEXT NOT NULL,
  search    TEXT NOT NULL,
  source    TEXT NOT NULL,
  seed      INTEGER NOT NULL REFERENCES record (id),
  direction TEXT NOT NULL,
  record    INTEGER NOT NULL REFERENCES record (id),
  round     INTEGER NOT NULL,
  PRIMARY KEY (stream, search, source, seed, direction, record)
) WITHOUT ROWID;

-- Why two records are one work, or might be. Written anew by each deduplication.
CREATE TABLE link (
  a        INTEGER NOT NULL REFERENCES record (id),
  b        INTEGER NOT NULL REFERENCES record (id),
  possible INTEGER NOT NULL,
  rule     TEXT NOT NULL,
  score    REAL NOT NULL,
  why      TEXT NOT NULL,
  PRIMARY KEY (a, b, possible)
) WITHOUT ROWID;

-- A version of a stage's criteria.
CREATE TABLE rule_set (
  version TEXT PRIMARY KEY,
  stream  TEXT NOT NULL,
  stage   TEXT NOT NULL,
  rules   TEXT NOT NULL,
  at      TEXT NOT NULL
) WITHOUT ROWID;

-- What was decided, on which record as shown, by whom, on what evidence. Undo is a row that
-- withdraws another. `input` is the hash of what a rule looked at.
CREATE TABLE decision (
  id          INTEGER PRIMARY KEY,
  record      INTEGER NOT NULL REFERENCES record (id),
  stream      TEXT NOT NULL,
  stage       TEXT NOT NULL,
  verdict     TEXT NOT NULL,
  criterion   TEXT,
  reason      TEXT,
  rule        TEXT,
  reviewer    TEXT,
  evidence    TEXT NOT NULL,
  secondary   TEXT NOT NULL,
  note        TEXT,
  withdraws   INTEGER REFERENCES decision (id),
  input       TEXT,
  idempotency TEXT UNIQUE,
  at          TEXT NOT NULL,
  CHECK ((rule IS NULL) <> (reviewer IS NULL))
);
CREATE INDEX decision_record ON decision (record);
CREATE INDEX decision_stream ON decision (stream, stage);

-- A document by its content's hash, and its text; the bytes lie in fulltext/.
CREATE TABLE document (
  hash TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  text BLOB NOT NULL,
  at   TEXT NOT NULL
) WITHOUT ROWID;

-- Each attempt to get a record's document, and how it ended.
CREATE TABLE retrieval_attempt (
  id       INTEGER PRIMARY KEY,
  record   INTEGER NOT NULL REFERENCES record (id),
  refresh  INTEGER NOT NULL,
  origin   TEXT NOT NULL,
  url      TEXT NOT NULL,
  outcome  TEXT NOT NULL,
  detail   TEXT NOT NULL,
  document TEXT REFERENCES document (hash),
  at       TEXT NOT NULL
);
CREATE INDEX retrieval_attempt_record ON retrieval_attempt (record);

-- Contact and consent of who sent something in, apart from the record; erasable.
CREATE TABLE submitter (
  record INTEGER PRIMARY KEY REFERENCES record (id),
  fields TEXT NOT NULL
);

-- Files taken in, by the hash of their bytes.
CREATE TABLE import_file (
  hash    TEXT NOT NULL,
  stream  TEXT NOT NULL,
  search  TEXT NOT NULL,
  name    TEXT NOT NULL,
  format  TEXT NOT NULL,
  records INTEGER NOT NULL,
  refresh INTEGER NOT NULL,
  at      TEXT NOT NULL,
  PRIMARY KEY (hash, stream, search)
) WITHOUT ROWID;

-- What is no record, with its reason and its raw bytes.
CREATE TABLE set_aside (
  id      INTEGER PRIMARY KEY,
  origin  TEXT NOT NULL,
  reason  TEXT NOT NULL,
  line    INTEGER,
  payload TEXT NOT NULL REFERENCES payload (hash),
  at      TEXT NOT NULL
);
CREATE UNIQUE INDEX set_aside_once ON set_aside (origin, reason, coalesce(line, 0), payload);

-- What changed on its own: a late abstract, another title.
CREATE TABLE event (
  id      INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL,
  record  INTEGER REFERENCES record (id),
  detail  TEXT NOT NULL,
  refresh INTEGER NOT NULL,
  at      TEXT NOT NULL
);
