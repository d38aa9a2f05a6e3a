-- The state machine: a move that status_transitions does not list is refused, whoever asks.
CREATE OR REPLACE FUNCTION crm.check_move(tenant uuid, kind text, moved_from text, moved_to text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM crm.status_transitions t
        WHERE t.tenant_id = tenant AND t.record_kind = kind AND t.from_status = moved_from AND t.to_status = moved_to
    ) THEN
        RAISE EXCEPTION 'A record of kind % cannot move from % to %.', kind, moved_from, moved_to USING ERRCODE = 'CA002';
    END IF;
END
$$;
ALTER FUNCTION crm.check_move(uuid, text, text, text) OWNER TO @system@;

-- The label of one row's image, for what is loaded with triggers off.
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
