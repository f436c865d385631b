-- Money gets a life of its own, leases one row per process, clips a title and a rating.

ALTER TABLE jobs ADD COLUMN cell TEXT;
ALTER TABLE jobs ADD COLUMN length_ms INTEGER;
ALTER TABLE jobs ADD COLUMN charge TEXT NOT NULL DEFAULT 'open'
    CHECK (charge IN ('open', 'none', 'settled', 'possible'));
ALTER TABLE jobs ADD COLUMN spent_micro_usd INTEGER NOT NULL DEFAULT 0
    CHECK (spent_micro_usd >= 0);
ALTER TABLE jobs ADD COLUMN price_source TEXT;
ALTER TABLE jobs ADD COLUMN price_at REAL;
ALTER TABLE jobs ADD COLUMN billed_at REAL;
ALTER TABLE jobs ADD COLUMN reuse_key TEXT;
ALTER TABLE jobs ADD COLUMN reused_clip TEXT REFERENCES clips (id);
ALTER TABLE jobs ADD COLUMN instead_of TEXT REFERENCES jobs (id);
ALTER TABLE jobs DROP COLUMN lease_until;

ALTER TABLE clips ADD COLUMN name TEXT;
ALTER TABLE clips ADD COLUMN rating INTEGER CHECK (rating BETWEEN 1 AND 5);

UPDATE jobs SET length_ms = CAST(json_extract(request, '$.values.duration_s') * 1000 AS INTEGER)
WHERE json_type(request, '$.values.duration_s') IN ('integer', 'real');

UPDATE jobs SET charge = CASE
    WHEN state = 'stored' THEN 'settled'
    WHEN state = 'expired' THEN 'possible'
    WHEN state IN ('failed', 'cancelled') AND request_id IS NOT NULL
        AND problem NOT LIKE '%Not charged.%' AND problem NOT LIKE '%"FalServerError"%'
        THEN 'possible'
    WHEN state IN ('failed', 'cancelled') THEN 'none'
    ELSE 'open'
END;

UPDATE jobs SET
    spent_micro_usd = CASE
        WHEN mode = 'live' AND charge = 'settled'
        THEN coalesce(billed_micro_usd, metered_micro_usd, high_micro_usd, 0) ELSE 0
    END,
    reserved_micro_usd = CASE
        WHEN mode = 'live' AND charge IN ('open', 'possible')
        THEN coalesce(high_micro_usd, 0) ELSE 0
    END,
    lease_owner = NULL;

CREATE TABLE leases (
    owner TEXT PRIMARY KEY,
    until REAL NOT NULL
) STRICT, WITHOUT ROWID;

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
