-- The registry row of every record, kept by triggers: its kind, its label, and whether it lives.

CREATE OR REPLACE FUNCTION crm.label_of(kind text, row_image jsonb) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE kind
        WHEN 'individual' THEN btrim((row_image ->> 'given_name') || ' ' || (row_image ->> 'family_name'))
        WHEN 'contact' THEN (
            SELECT r.label FROM crm.records r
            WHERE r.tenant_id = (row_image ->> 'tenant_id')::uuid AND r.id = (row_image ->> 'individual_id')::uuid)
        WHEN 'task' THEN row_image ->> 'title'
        WHEN 'note' THEN left(split_part(row_image ->> 'body', E'\n', 1), 80)
        WHEN 'interaction' THEN coalesce(
            nullif(row_image ->> 'subject', ''),
            initcap(row_image ->> 'kind') || ' on ' || left(row_image ->> 'occurred_at', 10))
        ELSE row_image ->> 'name'
    END
$$;
ALTER FUNCTION crm.label_of(text, jsonb) OWNER TO @system@;

CREATE OR REPLACE FUNCTION crm.register_records() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO crm.records (tenant_id, id, kind, label)
    SELECT a.tenant_id, a.id, k.kind, coalesce(crm.label_of(k.kind, to_jsonb(a)), '')
    FROM after_rows a CROSS JOIN LATERAL (SELECT coalesce(TG_ARGV[0], to_jsonb(a) ->> 'kind') AS kind) k;
    RETURN NULL;
END
$$;
ALTER FUNCTION crm.register_records() OWNER TO @system@;

CREATE OR REPLACE FUNCTION crm.relabel_records() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE crm.records r
    SET label = told.label, is_deleted = told.is_deleted
    FROM (
        SELECT a.tenant_id, a.id, a.deleted_at IS NOT NULL AS is_deleted,
               coalesce(crm.label_of(coalesce(TG_ARGV[0], to_jsonb(a) ->> 'kind'), to_jsonb(a)), '') AS label
        FROM after_rows a
    ) told
    WHERE r.tenant_id = told.tenant_id AND r.id = told.id
      AND (r.label, r.is_deleted) IS DISTINCT FROM (told.label, told.is_deleted);
    IF TG_TABLE_NAME = 'individuals' THEN
        UPDATE crm.records r
        SET label = i.label
        FROM after_rows a
        JOIN crm.contacts c ON c.tenant_id = a.tenant_id AND c.individual_id = a.id
        JOIN crm.records i ON i.tenant_id = a.tenant_id AND i.id = a.id
        WHERE r.tenant_id = c.tenant_id AND r.id = c.id AND r.label IS DISTINCT FROM i.label;
    END IF;
    RETURN NULL;
END
$$;
ALTER FUNCTION crm.relabel_records() OWNER TO @system@;

-- The state machine: a move that status_transitions does not list is refused, whoever asks.
CREATE OR REPLACE FUNCTION crm.check_transitions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    refused record;
BEGIN
    SELECT moved.* INTO refused
    FROM (
        SELECT a.tenant_id, coalesce(TG_ARGV[0], to_jsonb(a) ->> 'kind') AS kind, b.status AS from_status, a.status AS to_status
        FROM after_rows a JOIN before_rows b ON b.tenant_id = a.tenant_id AND b.id = a.id
        WHERE a.status <> b.status
    ) moved
    LEFT JOIN crm.status_transitions t
        ON t.tenant_id = moved.tenant_id AND t.record_kind = moved.kind
       AND t.from_status = moved.from_status AND t.to_status = moved.to_status
    WHERE t.tenant_id IS NULL
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'A % cannot move from % to %.', refused.kind, refused.from_status, refused.to_status
            USING ERRCODE = 'CA002';
    END IF;
    RETURN NULL;
END
$$;
ALTER FUNCTION crm.check_transitions() OWNER TO @system@;

-- The optimistic lock: each update counts one up from the version it saw.
CREATE OR REPLACE FUNCTION crm.check_versions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM after_rows a JOIN before_rows b ON b.tenant_id = a.tenant_id AND b.id = a.id
        WHERE a.version <> b.version + 1
    ) THEN
        RAISE EXCEPTION 'An update must count the version up by one.' USING ERRCODE = 'CA003';
    END IF;
    RETURN NULL;
END
$$;
ALTER FUNCTION crm.check_versions() OWNER TO @system@;
