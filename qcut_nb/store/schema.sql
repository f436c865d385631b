CREATE TABLE project (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    id              TEXT PRIMARY KEY,
    batch_id        TEXT NOT NULL,
    place           INTEGER NOT NULL,
    cell            TEXT,
    mode            TEXT NOT NULL CHECK (mode IN ('simulated', 'live')),
    state           TEXT NOT NULL,
    model_id        TEXT NOT NULL,
    catalog_version TEXT NOT NULL,
    request         TEXT NOT NULL,
    changes         TEXT NOT NULL,
    length_ms          INTEGER,
    low_micro_usd      INTEGER,
    high_micro_usd     INTEGER,
    charge             TEXT NOT NULL DEFAULT 'open'
                       CHECK (charge IN ('open', 'none', 'settled', 'possible')),
    reserved_micro_usd INTEGER NOT NULL DEFAULT 0 CHECK (reserved_micro_usd >= 0),
    spent_micro_usd    INTEGER NOT NULL DEFAULT 0 CHECK (spent_micro_usd >= 0),
    metered_micro_usd  INTEGER,
    billed_micro_usd   INTEGER,
    billable_units  TEXT,
    unit_price_usd  TEXT,
    price_source    TEXT,
    price_at        REAL,
    billed_at       REAL,
    reuse_key       TEXT,
    reused_clip     TEXT REFERENCES clips (id),
    instead_of      TEXT REFERENCES jobs (id),
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
    lease_owner     TEXT
) STRICT;

CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_batch ON jobs (batch_id, place);
CREATE INDEX jobs_by_age ON jobs (created_at DESC, place);
CREATE INDEX jobs_by_cell ON jobs (cell) WHERE cell IS NOT NULL;
CREATE INDEX jobs_by_owner ON jobs (lease_owner) WHERE lease_owner IS NOT NULL;
CREATE INDEX jobs_by_reuse ON jobs (reuse_key) WHERE reuse_key IS NOT NULL;
CREATE INDEX jobs_by_money
    ON jobs (mode, created_at, charge, reserved_micro_usd, spent_micro_usd, length_ms);
CREATE INDEX jobs_in_doubt ON jobs (mode, created_at)
    WHERE (charge = 'possible' OR state = 'submit_unknown' OR (charge = 'settled' AND
        billed_micro_usd IS NULL AND metered_micro_usd IS NULL AND high_micro_usd IS NULL));
CREATE INDEX jobs_by_model ON jobs (model_id, state);

CREATE TABLE leases (
    owner TEXT PRIMARY KEY,
    until REAL NOT NULL
) STRICT, WITHOUT ROWID;

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
    deleted_at REAL,
    name       TEXT,
    rating     INTEGER CHECK (rating BETWEEN 1 AND 5)
) STRICT;

CREATE INDEX clips_by_age ON clips (created_at DESC) WHERE deleted_at IS NULL;

CREATE TABLE ballots (
    id      TEXT PRIMARY KEY,
    at      REAL NOT NULL,
    voter   TEXT,
    blind   INTEGER NOT NULL,
    ranking TEXT NOT NULL
) STRICT;

CREATE TABLE metrics (
    clip_key    TEXT,
    name        TEXT,
    version     TEXT,
    value       REAL,
    computed_at REAL NOT NULL,
    PRIMARY KEY (clip_key, name, version)
) STRICT;

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
