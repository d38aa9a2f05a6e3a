-- A proposal is written once; afterwards only its decision is, once, and by a person: never by an agent, whatever it runs.
CREATE OR REPLACE FUNCTION crm.check_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who jsonb := crm.context();
    may_change text[] := '{replaced_by}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('pending', 'discarded') THEN
            RAISE EXCEPTION 'A proposal begins as pending.' USING ERRCODE = 'CA004';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status <> OLD.status AND OLD.status <> 'pending' THEN
        RAISE EXCEPTION 'This proposal was decided before: it is %.', OLD.status USING ERRCODE = 'CA004';
    END IF;
    IF OLD.replaced_by IS NOT NULL THEN
        may_change := '{}';
    ELSIF OLD.status = 'pending' THEN
        may_change := '{status,decided_at,decided_by,decision_reason,replaced_by}';
    END IF;
    IF to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change
       AND who ->> 'via' IS DISTINCT FROM 'system' THEN
        RAISE EXCEPTION 'What was proposed and decided cannot be rewritten.' USING ERRCODE = 'CA004';
    END IF;
    IF NEW.status IN ('approved', 'rejected') AND NEW.status <> OLD.status
       AND (who ->> 'via' IS DISTINCT FROM 'person' OR NEW.decided_by IS DISTINCT FROM (who ->> 'user')::uuid) THEN
        RAISE EXCEPTION 'Only a person decides a proposal.' USING ERRCODE = 'CA004';
    END IF;
    RETURN NEW;
END
$$;
ALTER FUNCTION crm.check_decision() OWNER TO @system@;

DROP TRIGGER IF EXISTS check_decision ON crm.approvals;
CREATE TRIGGER check_decision BEFORE INSERT OR UPDATE ON crm.approvals
FOR EACH ROW EXECUTE FUNCTION crm.check_decision();

-- Whether a change may call itself approved: its approval is for this tool call, and was given in this very
-- transaction, so that none is used twice.
CREATE OR REPLACE FUNCTION crm.is_approved(tenant uuid, approval uuid, tool_call uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM crm.approvals a
        WHERE a.tenant_id = tenant AND a.id = approval AND a.tool_call_id = tool_call AND a.status = 'approved'
          AND a.xmin = pg_current_xact_id()::xid)
$$;
ALTER FUNCTION crm.is_approved(uuid, uuid, uuid) OWNER TO @system@;
