-- What was inferred is written by the system; a person adds yes or no, in their own name, and no agent does. A no is the
-- memory of what is not to be said again, so only the system, which erases, removes one.
CREATE OR REPLACE FUNCTION crm.check_verification() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who jsonb := crm.context();
    may_change text[] := '{verified_by_user,verified_by,verified_at,updated_at,record_id}';
    is_decided boolean;
BEGIN
    IF who ->> 'via' = 'system' OR session_user = '@system@' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.verified_by_user IS NOT NULL THEN
            RAISE EXCEPTION 'What a person said of an insight stays.' USING ERRCODE = 'CA004';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - may_change - 'claim' IS DISTINCT FROM to_jsonb(OLD) - may_change - 'claim' THEN
        RAISE EXCEPTION 'What was inferred cannot be rewritten; say yes or no to it.' USING ERRCODE = 'CA004';
    END IF;
    is_decided := CASE TG_OP WHEN 'INSERT' THEN NEW.verified_by_user IS NOT NULL
                  ELSE (NEW.verified_by_user, NEW.verified_by) IS DISTINCT FROM (OLD.verified_by_user, OLD.verified_by) END;
    IF is_decided AND (who ->> 'via' IS DISTINCT FROM 'person' OR NEW.verified_by IS DISTINCT FROM (who ->> 'user')::uuid
                       OR NEW.verified_by_user IS NULL) THEN
        RAISE EXCEPTION 'Only a person verifies or rejects an insight.' USING ERRCODE = 'CA004';
    END IF;
    RETURN NEW;
END
$$;
ALTER FUNCTION crm.check_verification() OWNER TO @system@;

DROP TRIGGER IF EXISTS check_verification ON crm.ai_insights;
CREATE TRIGGER check_verification BEFORE INSERT OR UPDATE OR DELETE ON crm.ai_insights
FOR EACH ROW EXECUTE FUNCTION crm.check_verification();
