-- Signing in happens before the tenant is known, so these look across tenants for exactly one answer's worth of rows.

CREATE OR REPLACE FUNCTION crm.find_users(sign_in_email text, tenant_slug text DEFAULT NULL)
RETURNS TABLE (
    tenant_id uuid, tenant_slug text, tenant_name text, user_id uuid, email text, name text, role text, team_id uuid,
    time_zone text, currency text, fiscal_year_start_month int, is_active boolean, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT t.tenant_id, t.slug, t.name, u.id, u.email, u.name, u.role, u.team_id, coalesce(u.time_zone, t.time_zone),
           t.currency, t.fiscal_year_start_month, u.is_active, u.password_hash
    FROM crm.users u JOIN crm.tenants t ON t.tenant_id = u.tenant_id
    WHERE u.email = lower($1) AND ($2 IS NULL OR t.slug = $2)
    ORDER BY t.created_at, t.slug
$$;
ALTER FUNCTION crm.find_users(text, text) OWNER TO @system@;

CREATE OR REPLACE FUNCTION crm.find_token(token_hash text)
RETURNS TABLE (
    token_id uuid, scopes text[], expires_at timestamptz, revoked_at timestamptz,
    tenant_id uuid, tenant_slug text, tenant_name text, user_id uuid, email text, name text, role text, team_id uuid,
    time_zone text, currency text, fiscal_year_start_month int, is_active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT k.id, k.scopes, k.expires_at, k.revoked_at, t.tenant_id, t.slug, t.name, u.id, u.email, u.name, u.role,
           u.team_id, coalesce(u.time_zone, t.time_zone), t.currency, t.fiscal_year_start_month, u.is_active
    FROM crm.api_tokens k
    JOIN crm.users u ON u.tenant_id = k.tenant_id AND u.id = k.user_id
    JOIN crm.tenants t ON t.tenant_id = k.tenant_id
    WHERE k.secret_hash = $1
$$;
ALTER FUNCTION crm.find_token(text) OWNER TO @system@;
