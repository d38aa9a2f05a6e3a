-- Who is asking: a token that only a key outside the querying role's reach can sign. A plain setting would be
-- switched by `set_config` inside any SELECT; a token switched that way no longer verifies, and no row is seen.

CREATE TABLE IF NOT EXISTS crm_private.signing_key (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    inner_pad bytea NOT NULL,
    outer_pad bytea NOT NULL
);
ALTER TABLE crm_private.signing_key OWNER TO @system@;

CREATE TABLE IF NOT EXISTS crm_private.installation (
    name text PRIMARY KEY,
    value text NOT NULL
);
ALTER TABLE crm_private.installation OWNER TO @system@;

-- HMAC-SHA256 (RFC 2104) from core functions; the pads are the key xor ipad and opad.
CREATE OR REPLACE FUNCTION crm_private.signature(payload text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN (
    SELECT encode(sha256(outer_pad || sha256(inner_pad || convert_to(payload, 'UTF8'))), 'hex')
    FROM crm_private.signing_key
);
ALTER FUNCTION crm_private.signature(text) OWNER TO @system@;

-- The verified context of this backend, or null. Bound to the backend's pid and an expiry, so that a token seen in
-- one session is worth nothing in another.
CREATE OR REPLACE FUNCTION crm.context() RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    token text := current_setting('crm.context', true);
    payload jsonb;
    signed text;
BEGIN
    IF token IS NULL OR length(token) < 66 THEN
        RETURN NULL;
    END IF;
    SELECT encode(sha256(outer_pad || sha256(inner_pad || convert_to(substr(token, 66), 'UTF8'))), 'hex')
    INTO signed FROM crm_private.signing_key;
    IF signed IS DISTINCT FROM left(token, 64) THEN
        RETURN NULL;
    END IF;
    payload := substr(token, 66)::jsonb;
    IF (payload ->> 'pid')::int <> pg_backend_pid()
        OR (payload ->> 'expires')::numeric < extract(epoch FROM clock_timestamp()) THEN
        RETURN NULL;
    END IF;
    RETURN payload;
END
$$;
ALTER FUNCTION crm.context() OWNER TO @system@;

CREATE OR REPLACE FUNCTION crm.current_tenant() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN RETURN (crm.context() ->> 'tenant')::uuid; END $$;
ALTER FUNCTION crm.current_tenant() OWNER TO @system@;

-- The run's idea of now: the clock handed in, else the statement's.
CREATE OR REPLACE FUNCTION crm.now() RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN RETURN coalesce((crm.context() ->> 'now')::timestamptz, statement_timestamp()); END $$;
ALTER FUNCTION crm.now() OWNER TO @system@;

-- Makes a context for a backend. Role and e-mail come from the users table, never from the caller; only the
-- system and the owner may sign for no user at all (jobs, seeding).
CREATE OR REPLACE FUNCTION crm.sign(
    tenant uuid, signed_user uuid, audience text, via text, backend_pid int, seconds int, clock timestamptz
) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who record;
    payload text;
BEGIN
    IF audience NOT IN ('person', 'model') OR via NOT IN ('person', 'agent', 'system') THEN
        RAISE EXCEPTION 'unknown audience or way in' USING ERRCODE = 'CA001';
    END IF;
    IF via = 'system' THEN
        IF session_user IN ('@app@', '@reader@') THEN
            RAISE EXCEPTION 'only the system may sign for itself' USING ERRCODE = '42501';
        END IF;
        SELECT 'system' AS email, 'admin' AS role, NULL::text AS time_zone INTO who;
    ELSE
        SELECT u.email, u.role INTO who FROM crm.users u
        WHERE u.tenant_id = tenant AND u.id = signed_user AND u.is_active;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no such active user' USING ERRCODE = '28000';
        END IF;
    END IF;
    payload := jsonb_build_object(
        'tenant', tenant, 'user', signed_user, 'email', who.email, 'role', who.role, 'audience', audience, 'via', via,
        'pid', backend_pid, 'expires', extract(epoch FROM clock_timestamp()) + seconds, 'now', clock)::text;
    RETURN crm_private.signature(payload) || '.' || payload;
END
$$;
ALTER FUNCTION crm.sign(uuid, uuid, text, text, int, int, timestamptz) OWNER TO @system@;

-- An owner at a psql prompt sees what a person's or a model's SQL would see, with SET ROLE crm_reader after it.
CREATE OR REPLACE FUNCTION crm.enter(slug text, email text DEFAULT NULL, audience text DEFAULT 'person') RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who record;
    clock timestamptz := (SELECT i.value::timestamptz FROM crm_private.installation i WHERE i.name = 'clock');
BEGIN
    SELECT t.tenant_id, u.id, u.email, coalesce(u.time_zone, t.time_zone) AS time_zone INTO who
    FROM crm.tenants t JOIN crm.users u ON u.tenant_id = t.tenant_id
    WHERE t.slug = enter.slug AND u.is_active
      AND (u.email = lower(enter.email) OR enter.email IS NULL AND u.role = 'admin')
    ORDER BY u.created_at, u.id LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'No active user % in tenant %.', coalesce(enter.email, 'with role admin'), enter.slug
            USING ERRCODE = '28000';
    END IF;
    PERFORM set_config('crm.context',
        crm.sign(who.tenant_id, who.id, enter.audience, 'person', pg_backend_pid(), 43200, clock), false);
    PERFORM set_config('TimeZone', who.time_zone, false);
    RETURN format('%s in %s', who.email, enter.slug);
END
$$;
ALTER FUNCTION crm.enter(text, text, text) OWNER TO @system@;

-- What a row of the change's context must say before anything may be written. Not signed: it describes, it permits nothing.
CREATE OR REPLACE FUNCTION crm.change() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who jsonb := crm.context();
    told jsonb := nullif(current_setting('crm.change', true), '')::jsonb;
BEGIN
    IF who IS NULL OR told ->> 'operation_id' IS NULL OR coalesce(told ->> 'reason', '') = '' THEN
        RAISE EXCEPTION 'A change needs a context: who makes it, in which operation, and why.' USING ERRCODE = 'CA001';
    END IF;
    IF told ? 'approval_id' AND NOT crm.is_approved(
        (who ->> 'tenant')::uuid, (told ->> 'approval_id')::uuid, (told ->> 'tool_call_id')::uuid) THEN
        RAISE EXCEPTION 'This change names an approval that it does not have.' USING ERRCODE = 'CA001';
    END IF;
    RETURN told || jsonb_build_object('who', who);
END
$$;
ALTER FUNCTION crm.change() OWNER TO @system@;
