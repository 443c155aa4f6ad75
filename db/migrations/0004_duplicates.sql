-- What people say of duplicates and of links between works. Rows are added; undo is a row that withdraws another.
CREATE TABLE duplicate_ruling (
  id          INTEGER PRIMARY KEY,
  action      TEXT NOT NULL CHECK (action IN ('merge', 'split', 'keep', 'accept', 'refuse', 'withdraw')),
  kind        TEXT,
  reviewer    TEXT NOT NULL,
  why         TEXT NOT NULL,
  withdraws   INTEGER REFERENCES duplicate_ruling (id),
  idempotency TEXT UNIQUE,
  at          TEXT NOT NULL
);

-- The records that a ruling was made on, as they were shown.
CREATE TABLE duplicate_ruling_record (
  ruling INTEGER NOT NULL REFERENCES duplicate_ruling (id),
  record INTEGER NOT NULL REFERENCES record (id),
  side   INTEGER NOT NULL,
  PRIMARY KEY (ruling, record)
) WITHOUT ROWID;
CREATE INDEX duplicate_ruling_record_record ON duplicate_ruling_record (record);

-- Links between works that are no duplicates (a is the preprint, the erratum … of b), as they are found.
-- Written anew by each deduplication; whether they hold stands in the rulings.
CREATE TABLE relation (
  a    INTEGER NOT NULL REFERENCES record (id),
  b    INTEGER NOT NULL REFERENCES record (id),
  kind TEXT NOT NULL,
  rule TEXT NOT NULL,
  why  TEXT NOT NULL,
  PRIMARY KEY (a, b, kind)
) WITHOUT ROWID;
CREATE INDEX relation_b ON relation (b);
CREATE INDEX link_b ON link (b);

-- The last deduplications that changed something, so that the last can be undone. `rulings` is the last ruling before it,
-- `first_new` the first record that no deduplication had seen.
CREATE TABLE dedupe_run (
  id        INTEGER PRIMARY KEY,
  rulings   INTEGER NOT NULL,
  first_new INTEGER,
  changed   INTEGER NOT NULL DEFAULT 0,
  begun_at  TEXT NOT NULL,
  ended_at  TEXT
);

-- How things stood before a run, where it changed them (a NULL rule: there was none). Whoever writes works and
-- links during a run, the triggers below keep what was there.
CREATE TABLE dedupe_work_before (
  run    INTEGER NOT NULL REFERENCES dedupe_run (id),
  record INTEGER NOT NULL,
  work   INTEGER NOT NULL,
  PRIMARY KEY (run, record)
) WITHOUT ROWID;
CREATE TABLE dedupe_link_before (
  run      INTEGER NOT NULL REFERENCES dedupe_run (id),
  a        INTEGER NOT NULL,
  b        INTEGER NOT NULL,
  possible INTEGER NOT NULL,
  rule     TEXT,
  score    REAL,
  why      TEXT,
  PRIMARY KEY (run, a, b, possible)
) WITHOUT ROWID;
CREATE TABLE dedupe_relation_before (
  run  INTEGER NOT NULL REFERENCES dedupe_run (id),
  a    INTEGER NOT NULL,
  b    INTEGER NOT NULL,
  kind TEXT NOT NULL,
  rule TEXT,
  why  TEXT,
  PRIMARY KEY (run, a, b, kind)
) WITHOUT ROWID;

CREATE TRIGGER dedupe_keeps_work AFTER UPDATE OF work ON record
WHEN OLD.work IS NOT NULL AND OLD.work IS NOT NEW.work
BEGIN
  INSERT INTO dedupe_work_before SELECT id, OLD.id, OLD.work FROM dedupe_run
  WHERE ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM dedupe_work_before WHERE run = dedupe_run.id AND record = OLD.id);
END;
-- A replaced row is not told as deleted: before an insertion the row that is there is kept, or that there is none.
CREATE TRIGGER dedupe_keeps_link_added BEFORE INSERT ON link
BEGIN
  INSERT INTO dedupe_link_before
  SELECT r.id, NEW.a, NEW.b, NEW.possible, l.rule, l.score, l.why
  FROM dedupe_run r LEFT JOIN link l ON l.a = NEW.a AND l.b = NEW.b AND l.possible = NEW.possible
  WHERE r.ended_at IS NULL AND NOT EXISTS
    (SELECT 1 FROM dedupe_link_before WHERE run = r.id AND a = NEW.a AND b = NEW.b AND possible = NEW.possible);
END;
CREATE TRIGGER dedupe_keeps_link_dropped AFTER DELETE ON link
BEGIN
  INSERT INTO dedupe_link_before SELECT id, OLD.a, OLD.b, OLD.possible, OLD.rule, OLD.score, OLD.why FROM dedupe_run
  WHERE ended_at IS NULL AND NOT EXISTS
    (SELECT 1 FROM dedupe_link_before WHERE run = dedupe_run.id AND a = OLD.a AND b = OLD.b AND possible = OLD.possible);
END;
CREATE TRIGGER dedupe_keeps_relation_added BEFORE INSERT ON relation
BEGIN
  INSERT INTO dedupe_relation_before
  SELECT r.id, NEW.a, NEW.b, NEW.kind, l.rule, l.why
  FROM dedupe_run r LEFT JOIN relation l ON l.a = NEW.a AND l.b = NEW.b AND l.kind = NEW.kind
  WHERE r.ended_at IS NULL AND NOT EXISTS
    (SELECT 1 FROM dedupe_relation_before WHERE run = r.id AND a = NEW.a AND b = NEW.b AND kind = NEW.kind);
END;
CREATE TRIGGER dedupe_keeps_relation_dropped AFTER DELETE ON relation
BEGIN
  INSERT INTO dedupe_relation_before SELECT id, OLD.a, OLD.b, OLD.kind, OLD.rule, OLD.why FROM dedupe_run
  WHERE ended_at IS NULL AND NOT EXISTS
    (SELECT 1 FROM dedupe_relation_before WHERE run = dedupe_run.id AND a = OLD.a AND b = OLD.b AND kind = OLD.kind);
END;
