-- A tenant's own fields: a declaration stays what it is, and no row can hold a value that was not declared.

CREATE OR REPLACE FUNCTION crm.check_declaration() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who jsonb := crm.context();
BEGIN
    IF who ->> 'role' IS DISTINCT FROM 'admin' OR who ->> 'via' = 'agent' THEN
        RAISE EXCEPTION 'Only an admin declares fields.' USING ERRCODE = '42501';
    END IF;
    IF TG_OP = 'UPDATE' AND ((NEW.tenant_id, NEW.id, NEW.record_kind, NEW.name, NEW.type)
        IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.record_kind, OLD.name, OLD.type)
        OR NOT coalesce(NEW.options, '[]') @> coalesce(OLD.options, '[]')) THEN
        RAISE EXCEPTION 'Values were stored under this declaration; only label, description and more options can follow.'
            USING ERRCODE = 'CA005';
    END IF;
    IF NEW.name !~ '^[a-z][a-z0-9_]*$' OR length(NEW.name) > 50 OR btrim(NEW.label) <> NEW.label OR NEW.label = ''
        OR length(NEW.label) > 60 OR concat(NEW.label, NEW.description, NEW.options::text) ~ '[[:cntrl:]`]' THEN
        RAISE EXCEPTION 'The name or label of this field is none.' USING ERRCODE = 'CA005';
    END IF;
    -- Two admins at once: the second waits, and then finds the label taken.
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.tenant_id::text || NEW.record_kind, 0));
    IF EXISTS (
        SELECT FROM crm.custom_fields f
        WHERE f.tenant_id = NEW.tenant_id AND f.record_kind = NEW.record_kind AND f.id <> NEW.id
          AND lower(f.label) = lower(NEW.label)) THEN
        RAISE EXCEPTION 'Another field of this kind has that label.' USING ERRCODE = '23505';
    END IF;
    RETURN NEW;
END
$$;
ALTER FUNCTION crm.check_declaration() OWNER TO @system@;

DROP TRIGGER IF EXISTS check_declaration ON crm.custom_fields;
CREATE TRIGGER check_declaration BEFORE INSERT OR UPDATE ON crm.custom_fields
FOR EACH ROW EXECUTE FUNCTION crm.check_declaration();

-- Whether a value is one of the declared type: numbers are decimal strings, since a JSON number is read as a float.
-- Without settings of its own it is inlined; only triggers call it, and they set the search path.
CREATE OR REPLACE FUNCTION crm.fits_custom(type text, options jsonb, given jsonb) RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT CASE type
        WHEN 'boolean' THEN jsonb_typeof(given) = 'boolean'
        ELSE jsonb_typeof(given) = 'string' AND CASE type
            WHEN 'text' THEN btrim(given #>> '{}') <> ''
            WHEN 'choice' THEN options ? (given #>> '{}')
            WHEN 'number' THEN given #>> '{}' ~ '^(0|-?[1-9][0-9]{0,19}|-?(0|[1-9][0-9]{0,19})[.][0-9]{0,8}[1-9])$'
            WHEN 'date' THEN given #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND pg_input_is_valid(given #>> '{}', 'date')
            WHEN 'datetime' THEN given #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?Z$'
                AND pg_input_is_valid(given #>> '{}', 'timestamptz')
        END
    END
$$;
ALTER FUNCTION crm.fits_custom(text, jsonb, jsonb) OWNER TO @system@;

CREATE OR REPLACE FUNCTION crm.refuse_custom(kind text, key text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'A % has no field % that takes this value.', kind, key USING ERRCODE = 'CA005';
END
$$;
ALTER FUNCTION crm.refuse_custom(text, text) OWNER TO @system@;
