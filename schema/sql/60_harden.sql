-- The wall behind the guard, where a superuser can build it: what PUBLIC may call or read by default, and a model's
-- SQL has no use for, is taken from PUBLIC and given back to the roles that serve. Without a superuser this file is
-- left out, and `doctor` says "reduced database wall".
DO $$
DECLARE
    target record;
BEGIN
    FOR target IN
        SELECT p.oid::regprocedure AS signature
        FROM pg_proc p
        WHERE p.pronamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
          AND p.prokind = 'f'
          AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
          AND (
              p.provolatile = 'v'
              OR p.proname ~ '^(query_to_|table_to_|schema_to_|database_to_|cursor_to_|ts_stat|ts_rewrite|pg_|has_|to_reg|lo_|inet_(client|server)|current_setting|current_schema|txid_|row_security_active|obj_description|col_description|shobj_description|format_type)'
          )
          -- type input and output, casts and index support are called for the system, whoever asks
          AND p.proname !~ '^pg_(node_tree|ndistinct|dependencies|mcv_list|snapshot|lsn|typeof|ddl_command|brin|column_(compression|toast)|size_pretty|collation_for|client_encoding|conversion_is|char_to|input_)'
          AND has_function_privilege('public', p.oid, 'EXECUTE')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', target.signature);
        EXECUTE format(
            'GRANT EXECUTE ON FUNCTION %s TO @owner@, @app@, @system@, @audit@', target.signature);
    END LOOP;
    FOR target IN
        SELECT c.oid::regclass AS signature
        FROM pg_class c
        WHERE c.relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
          AND c.relkind IN ('r', 'v')
          AND has_table_privilege('public', c.oid, 'SELECT')
    LOOP
        EXECUTE format('REVOKE SELECT ON %s FROM PUBLIC', target.signature);
        EXECUTE format('GRANT SELECT ON %s TO @owner@, @app@, @system@, @audit@', target.signature);
    END LOOP;
END
$$;

-- DO runs a program; the languages stay with the roles that own functions.
REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql, sql TO @owner@, @system@, @audit@, @view@;

-- Sorts and hashes that spill have an end; only a superuser may set it.
ALTER ROLE @reader@ SET temp_file_limit = '512MB';
