-- Seals are made by the system and read by everybody else; their owner is a role that nobody can log in as.
ALTER TABLE crm.audit_seals OWNER TO @audit@;
REVOKE UPDATE, DELETE ON crm.audit_seals FROM @system@;
GRANT SELECT, INSERT ON crm.audit_seals TO @system@;
GRANT SELECT ON crm.audit_seals TO @app@;
GRANT SELECT ON SEQUENCE crm.audit_events_event_id_seq TO @system@;

-- The one way in which an audit event ever changes: personal parts go, and the hash that the seal covers stays. Whoever
-- does this without a signed erasure in the seals file has changed the event.
CREATE OR REPLACE FUNCTION crm.erase_parts(tenant uuid, event bigint, hashes jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE crm.audit_events e SET
        before = CASE WHEN hashes ? 'before' THEN NULL ELSE e.before END,
        after = CASE WHEN hashes ? 'after' THEN NULL ELSE e.after END,
        prompt = CASE WHEN hashes ? 'prompt' THEN NULL ELSE e.prompt END,
        reasoning = CASE WHEN hashes ? 'reasoning' THEN NULL ELSE e.reasoning END,
        reason = CASE WHEN hashes ? 'reason' THEN '' ELSE e.reason END,
        erased = coalesce(e.erased, '{}') || hashes
    WHERE e.tenant_id = tenant AND e.event_id = event;
    -- With the salt a short text could be guessed from its hash.
    UPDATE crm.audit_events e SET salt = NULL
    WHERE e.tenant_id = tenant AND e.event_id = event AND e.before IS NULL AND e.after IS NULL AND e.prompt IS NULL
      AND e.reasoning IS NULL AND e.reason = '';
END
$$;
ALTER FUNCTION crm.erase_parts(uuid, bigint, jsonb) OWNER TO @audit@;
REVOKE ALL ON FUNCTION crm.erase_parts(uuid, bigint, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crm.erase_parts(uuid, bigint, jsonb) TO @system@;
