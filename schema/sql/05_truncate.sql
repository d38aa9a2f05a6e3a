-- TRUNCATE fires no row or statement trigger that could log it, so it is refused whoever asks.
CREATE OR REPLACE FUNCTION crm.refuse_truncate() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'TRUNCATE leaves no trace in the audit log, so it is refused.' USING ERRCODE = 'CA001';
END
$$;
