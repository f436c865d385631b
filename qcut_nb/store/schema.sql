CREATE TABLE project (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    id              TEXT PRIMARY KEY,
    batch_id        TEXT NOT NULL,
    place           INTEGER NOT NULL,
    mode            TEXT NOT NULL CHECK (mode IN ('simulated', 'live')),
    state           TEXT NOT NULL,
    model_id        TEXT NOT NULL,
    catalog_version TEXT NOT NULL,
    request         TEXT NOT NULL,
    changes         TEXT NOT NULL,
    low_micro_usd      INTEGER,
    high_micro_usd     INTEGER,
    reserved_micro_usd INTEGER NOT NULL DEFAULT 0,
    metered_micro_usd  INTEGER,
    billed_micro_usd   INTEGER,
    billable_units  TEXT,
    unit_price_usd  TEXT,
    request_id      TEXT UNIQUE,
    status_url      TEXT,
    response_url    TEXT,
    cancel_url      TEXT,
    output          TEXT,
    problem         TEXT,
    created_at      REAL NOT NULL,
    submitting_at   REAL,
    submitted_at    REAL,
    completed_at    REAL,
    ended_at        REAL,
    lease_owner     TEXT,
    lease_until     REAL
) STRICT;

CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_batch ON jobs (batch_id, place);

CREATE TABLE events (
    id     INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id),
    at     REAL NOT NULL,
    state  TEXT NOT NULL
) STRICT;

CREATE INDEX events_by_job ON events (job_id);

CREATE TABLE clips (
    id         TEXT PRIMARY KEY,
    job_id     TEXT NOT NULL UNIQUE REFERENCES jobs (id),
    file       TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    facts      TEXT NOT NULL,
    recipe     TEXT NOT NULL,
    created_at REAL NOT NULL,
    deleted_at REAL
) STRICT;

CREATE INDEX clips_by_age ON clips (created_at DESC) WHERE deleted_at IS NULL;

CREATE TABLE uploads (
    sha256      TEXT NOT NULL,
    origin      TEXT NOT NULL,
    url         TEXT NOT NULL,
    uploaded_at REAL NOT NULL,
    PRIMARY KEY (sha256, origin)
) STRICT, WITHOUT ROWID;

CREATE TABLE preferences (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
