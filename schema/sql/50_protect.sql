-- The owner owns the tables, and row level security holds on every one, forced on its owner too; a table added later is covered by the loop.
DO $$
DECLARE
    relation regclass;
BEGIN
    FOR relation IN
        SELECT c.oid::regclass FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
        WHERE c.relnamespace = 'crm'::regnamespace AND c.relkind IN ('r', 'p')
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO @owner@', relation);
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
        EXECUTE format('DROP POLICY IF EXISTS of_tenant ON %s', relation);
        EXECUTE format(
            'CREATE POLICY of_tenant ON %s USING (tenant_id = (SELECT crm.current_tenant()))
             WITH CHECK (tenant_id = (SELECT crm.current_tenant()))', relation);
        EXECUTE format('DROP POLICY IF EXISTS of_system ON %s', relation);
        EXECUTE format('CREATE POLICY of_system ON %s TO @system@ USING (true) WITH CHECK (true)', relation);
        EXECUTE format('DROP TRIGGER IF EXISTS no_truncate ON %s', relation);
        EXECUTE format(
            'CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s EXECUTE FUNCTION crm.refuse_truncate()', relation);
    END LOOP;
END
$$;

ALTER TABLE crm.embedding_models OWNER TO @owner@;

DROP POLICY IF EXISTS of_audit ON crm.audit_events;
CREATE POLICY of_audit ON crm.audit_events TO @audit@ USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS of_audit ON crm.records;
CREATE POLICY of_audit ON crm.records FOR SELECT TO @audit@ USING (true);

-- Grants: what is not listed is refused.
REVOKE ALL ON ALL TABLES IN SCHEMA crm FROM PUBLIC, @app@, @reader@, @view@;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA crm, crm_private FROM PUBLIC;
GRANT USAGE ON SCHEMA crm TO @app@, @system@, @audit@, @view@;
GRANT USAGE ON SCHEMA crm_read TO @app@, @reader@, @system@, @view@;
GRANT USAGE ON SCHEMA crm_private TO @system@;
GRANT USAGE ON SCHEMA @vectors@ TO @owner@, @app@, @view@, @system@;

GRANT EXECUTE ON FUNCTION crm.current_tenant(), crm.now(), crm.context() TO @app@, @reader@, @view@, @audit@, @system@;
GRANT EXECUTE ON FUNCTION crm.fold(text) TO @app@, @reader@, @view@, @audit@, @system@;
GRANT EXECUTE ON FUNCTION crm.is_approved(uuid, uuid, uuid) TO @app@, @audit@, @system@;
GRANT EXECUTE ON FUNCTION crm.change() TO @app@, @audit@, @system@;
GRANT EXECUTE ON FUNCTION crm.sign(uuid, uuid, text, text, int, int, timestamptz) TO @app@, @system@;
GRANT EXECUTE ON FUNCTION crm.find_users(text, text), crm.find_token(text) TO @app@;

GRANT EXECUTE ON FUNCTION crm.add_embedding_model(text, text, int), crm.serve_embedding_model(int),
    crm.drop_embedding_model(int), crm.build_embedding_index(int, int), crm.drop_embedding_indexes(int) TO @system@;
GRANT EXECUTE ON FUNCTION crm.refuse_truncate(), crm.wall_in(regclass), crm.build_embedding_index(int, int) TO @owner@;

GRANT SELECT ON ALL TABLES IN SCHEMA crm TO @app@, @view@;
REVOKE SELECT ON crm.users, crm.api_tokens FROM @app@, @view@;
GRANT SELECT (tenant_id, id, email, name, role, team_id, time_zone, is_active, created_at, updated_at)
    ON crm.users TO @app@, @view@;
GRANT SELECT (tenant_id, id, user_id, label, scopes, created_at, expires_at, revoked_at) ON crm.api_tokens TO @app@;
GRANT INSERT, UPDATE ON
    crm.organizations, crm.accounts, crm.individuals, crm.contacts, crm.leads, crm.opportunities, crm.jobs,
    crm.partnerships, crm.tasks, crm.notes, crm.interactions, crm.ai_insights, crm.users, crm.teams, crm.api_tokens,
    crm.conversations, crm.runs, crm.tool_calls, crm.approvals, crm.custom_fields TO @app@;
GRANT INSERT ON crm.steps TO @app@;
GRANT INSERT, DELETE ON crm.interaction_participants, crm.record_tags TO @app@;
-- Undo takes back an insight that was made; what a person said of one, crm.check_verification keeps.
GRANT DELETE ON crm.ai_insights TO @app@;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crm TO @system@;
REVOKE INSERT, UPDATE, DELETE ON crm.audit_events FROM @system@;
GRANT SELECT, INSERT ON crm.audit_events TO @audit@;
GRANT SELECT ON crm.records TO @audit@;
ALTER TABLE crm.audit_events OWNER TO @audit@;
