-- The semantic index's models: each has a partition of `embeddings`, divided by tenant, with an HNSW index in each part.
-- Partitions belong to the owner, so the system role, which does the work, makes and drops them through these functions.

-- A table made after the migration is walled in at once: without a grant and a policy of its own it is reached through
-- `embeddings` alone.
CREATE OR REPLACE FUNCTION crm.wall_in(part regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', part);
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s EXECUTE FUNCTION crm.refuse_truncate()', part);
END
$$;
ALTER FUNCTION crm.wall_in(regclass) OWNER TO @owner@;

-- Wide and well searched while building: with fewer links a million vectors never pass a recall of .99.
CREATE OR REPLACE FUNCTION crm.build_embedding_index(model int, part int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format(
        'CREATE INDEX IF NOT EXISTS ix_embeddings_m%1$s_p%2$s_near ON crm.embeddings_m%1$s_p%2$s
         USING hnsw ((embedding::@vectors@.halfvec(%3$s)) @vectors@.halfvec_ip_ops) WITH (m = 24, ef_construction = 128)',
        model, lpad(part::text, 2, '0'), (SELECT m.dimensions FROM crm.embedding_models m WHERE m.id = model));
END
$$;
ALTER FUNCTION crm.build_embedding_index(int, int) OWNER TO @owner@;

-- Filling a model anew is many times faster without the indexes; they are built afterwards, part by part.
CREATE OR REPLACE FUNCTION crm.drop_embedding_indexes(model int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format('DROP INDEX IF EXISTS crm.ix_embeddings_m%s_p%s_near', model, lpad(part::text, 2, '0'));
    END LOOP;
END
$$;
ALTER FUNCTION crm.drop_embedding_indexes(int) OWNER TO @owner@;

-- The model's id; one that was retired is building again. Its vectors, if it has any, stay.
CREATE OR REPLACE FUNCTION crm.add_embedding_model(told_name text, told_version text, told_dimensions int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    model int;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('crm.embedding_models', 0));
    SELECT m.id INTO model FROM crm.embedding_models m WHERE m.name = told_name AND m.version = told_version;
    IF FOUND THEN
        UPDATE crm.embedding_models m SET state = 'building' WHERE m.id = model AND m.state = 'retired';
        RETURN model;
    END IF;
    INSERT INTO crm.embedding_models (name, version, dimensions, state)
    VALUES (told_name, told_version, told_dimensions, 'building') RETURNING id INTO model;
    EXECUTE format(
        'CREATE TABLE crm.embeddings_m%1$s PARTITION OF crm.embeddings
         (CONSTRAINT ck_embeddings_m%1$s_dimensions CHECK (@vectors@.vector_dims(embedding) = %2$s))
         FOR VALUES IN (%1$s) PARTITION BY HASH (tenant_id)', model, told_dimensions);
    PERFORM crm.wall_in(format('crm.embeddings_m%s', model)::regclass);
    FOR part IN 0..15 LOOP
        EXECUTE format(
            'CREATE TABLE crm.embeddings_m%1$s_p%2$s PARTITION OF crm.embeddings_m%1$s
             FOR VALUES WITH (MODULUS 16, REMAINDER %3$s)', model, lpad(part::text, 2, '0'), part);
        PERFORM crm.wall_in(format('crm.embeddings_m%s_p%s', model, lpad(part::text, 2, '0'))::regclass);
        PERFORM crm.build_embedding_index(model, part);
    END LOOP;
    RETURN model;
END
$$;
ALTER FUNCTION crm.add_embedding_model(text, text, int) OWNER TO @owner@;

-- From here on searches use this model; the one before is retired in the same moment.
CREATE OR REPLACE FUNCTION crm.serve_embedding_model(model int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('crm.embedding_models', 0));
    IF NOT EXISTS (SELECT FROM crm.embedding_models m WHERE m.id = model) THEN
        RAISE EXCEPTION 'There is no embedding model % any more.', model USING ERRCODE = '02000';
    END IF;
    UPDATE crm.embedding_models m SET state = 'retired' WHERE m.state = 'serving' AND m.id <> model;
    UPDATE crm.embedding_models m SET state = 'serving', served_at = clock_timestamp()
    WHERE m.id = model AND m.state <> 'serving';
END
$$;
ALTER FUNCTION crm.serve_embedding_model(int) OWNER TO @owner@;

-- The model and all its vectors; the chunks stay, and are searched by their words.
CREATE OR REPLACE FUNCTION crm.drop_embedding_model(model int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('crm.embedding_models', 0));
    EXECUTE format('DROP TABLE IF EXISTS crm.embeddings_m%s', model);
    DELETE FROM crm.embedding_models m WHERE m.id = model;
END
$$;
ALTER FUNCTION crm.drop_embedding_model(int) OWNER TO @owner@;
