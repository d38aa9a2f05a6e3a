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
