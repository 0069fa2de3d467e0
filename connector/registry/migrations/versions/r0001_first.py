"""The first schema."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

_SCHEMA = """
CREATE TABLE dossier (
    dossier_id uuid PRIMARY KEY,
    repository_id text NOT NULL,
    folder_id text NOT NULL,
    dossier_code text NOT NULL DEFAULT '',
    procedure_code text NOT NULL DEFAULT '',
    owner_id text,
    paper_count integer,
    result text,
    result_by text,
    result_at timestamptz,
    approved_by text,
    approved_at timestamptz,
    notice_number text,
    notice_date text,
    result_channel text,
    result_returned_at timestamptz,
    UNIQUE (repository_id, folder_id)
);
CREATE TABLE paper (
    paper_id uuid PRIMARY KEY,
    dossier_id uuid NOT NULL REFERENCES dossier,
    repository_id text NOT NULL,
    version_series_id text NOT NULL,
    object_id text NOT NULL,
    original_sha256 text NOT NULL,
    state text NOT NULL,
    revision bigint NOT NULL DEFAULT 0,
    failed_stage text,
    failed_from text,
    error_code text,
    error text,
    digitization_code text,
    metadata jsonb,
    displayed jsonb NOT NULL DEFAULT '{}',
    component text,
    claimed_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (repository_id, version_series_id, original_sha256)
);
CREATE INDEX paper_by_dossier ON paper (dossier_id);
CREATE INDEX paper_by_state ON paper (repository_id, state);
CREATE INDEX paper_by_code ON paper (digitization_code);
CREATE TABLE artifact (
    paper_id uuid NOT NULL REFERENCES paper,
    kind text NOT NULL,
    object_id text NOT NULL,
    sha256 text NOT NULL,
    length bigint NOT NULL,
    PRIMARY KEY (paper_id, kind)
);
CREATE TABLE stage_result (
    paper_id uuid NOT NULL REFERENCES paper,
    stage text NOT NULL,
    result jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (paper_id, stage)
);
CREATE TABLE code_register (
    paper_id uuid NOT NULL REFERENCES paper,
    version integer NOT NULL DEFAULT 1,
    code text NOT NULL,
    owner_id text NOT NULL,
    procedure_code text,
    type_code text NOT NULL,
    document_number text NOT NULL,
    issuing_authority text NOT NULL,
    issue_date text NOT NULL,
    -- counts the different papers that a person found to carry one code, authority and date
    distinction integer NOT NULL DEFAULT 0,
    registered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (paper_id, version),
    UNIQUE (code, issuing_authority, issue_date, distinction)
);
CREATE TABLE published_paper (
    paper_id uuid NOT NULL REFERENCES paper,
    version integer NOT NULL,
    latest boolean NOT NULL,
    first_position bigint NOT NULL,
    repository_id text NOT NULL,
    digitization_code text NOT NULL,
    owner_id text,
    procedure_code text NOT NULL,
    document_type_code text,
    document_number text,
    issuing_authority text,
    issue_date date,
    legal_status text NOT NULL,
    replaced_by text,
    level text NOT NULL,
    record jsonb NOT NULL,
    document jsonb NOT NULL,
    signed_metadata jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (paper_id, version)
);
CREATE UNIQUE INDEX published_latest ON published_paper (paper_id) WHERE latest;
CREATE INDEX published_in_order ON published_paper (first_position) WHERE latest;
CREATE INDEX published_by_code ON published_paper (digitization_code);
CREATE INDEX published_by_owner ON published_paper (owner_id);
CREATE TABLE change_feed (
    position bigint PRIMARY KEY,
    kind text NOT NULL,
    paper_id uuid NOT NULL REFERENCES paper,
    version integer NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE feed_epoch (epoch uuid PRIMARY KEY DEFAULT gen_random_uuid(), since timestamptz NOT NULL DEFAULT now());
INSERT INTO feed_epoch DEFAULT VALUES;
CREATE TABLE delivery (
    delivery_id uuid PRIMARY KEY,
    client text NOT NULL,
    purpose text NOT NULL,
    request_id text,
    paper_id uuid NOT NULL REFERENCES paper,
    version integer NOT NULL,
    sha256 text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    acknowledged_at timestamptz,
    acknowledged_sha256 text,
    UNIQUE (client, request_id, paper_id)
);
CREATE INDEX delivery_by_paper ON delivery (paper_id, client);
CREATE TABLE audit (
    position bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    operation text NOT NULL,
    subject text NOT NULL,
    purpose text,
    result text NOT NULL,
    previous_hash text NOT NULL,
    hash text NOT NULL
);
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit chain is append-only'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TABLE audit_head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL,
    hash text NOT NULL
);
INSERT INTO audit_head (position, hash) VALUES (0, repeat('0', 64));
CREATE TABLE worker_death (job_id bigint PRIMARY KEY, deaths integer NOT NULL);
CREATE TABLE queue_migration (script text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE repository_cursor (
    repository_id text PRIMARY KEY,
    seen_until timestamptz NOT NULL
);
"""


def upgrade() -> None:
    """Create everything."""
    op.execute(_SCHEMA)
