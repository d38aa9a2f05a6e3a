-- Search. Words are matched here, because `@@` is not leakproof: under row level security it would be tried on every row
-- of the tenant, 137 times slower. The tenant stands in each statement as a predicate of its own instead.

-- What is looked for, a query a term: each term in every language that chunks are written in, and as it stands. Where the
-- query has words that say something, those that say nothing in its language are left out as null.
CREATE OR REPLACE FUNCTION crm.asked_words(terms text[], languages text[]) RETURNS tsquery[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    spoken text;
    found tsquery[];
BEGIN
    -- The query's language is the one that most of its empty words belong to.
    SELECT l.language INTO spoken
    FROM unnest(languages) WITH ORDINALITY AS l(language, place), unnest(terms) AS t(term)
    WHERE l.language <> 'simple' AND numnode(phraseto_tsquery(l.language::regconfig, t.term)) = 0
      AND numnode(phraseto_tsquery('simple', t.term)) > 0
    GROUP BY l.language, l.place ORDER BY count(*) DESC, l.place LIMIT 1;
    SELECT array_agg(a.query ORDER BY a.place) INTO found
    FROM (
        SELECT t.place, CASE WHEN spoken IS NULL OR numnode(phraseto_tsquery(spoken::regconfig, t.term)) > 0 THEN (
            SELECT string_agg(DISTINCT '(' || f.form::text || ')', ' | ')::tsquery
            FROM (
                SELECT phraseto_tsquery(l.language::regconfig, t.term) AS form FROM unnest(languages) AS l(language)
            ) f
            WHERE numnode(f.form) > 0
        ) END AS query
        FROM unnest(terms) WITH ORDINALITY AS t(term, place)
    ) a;
    IF spoken IS NOT NULL AND array_remove(found, NULL) = '{}' THEN
        RETURN crm.asked_words(terms, '{simple}');
    END IF;
    RETURN found;
END
$$;
ALTER FUNCTION crm.asked_words(text[], text[]) OWNER TO @system@;

-- The tenant's chunks that hold some of the words, those that hold all of them first, then by how much they say: a rare
-- word weighs more than a common one (as in BM25), said again it weighs a little more, and in a long chunk a little less.
-- Where very many hold one of the words, no more than `most_of_one` are looked at for each word, and for all together.
-- `within` narrows the search to some records. The plan is made for each query: another tenant is in another partition;
-- and it may sort, though whoever walks the index of vectors in the same transaction forbids that there.
CREATE OR REPLACE FUNCTION crm.match_words(
    terms text[], languages text[], kinds text[], within uuid[], most_of_one int, most int
) RETURNS TABLE (chunk_id uuid, record_id uuid, score float, is_whole boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_indexscan = off SET enable_sort = on SET plan_cache_mode = force_custom_plan
SET work_mem = '16MB'
AS $$
#variable_conflict use_column
DECLARE
    tenant uuid := crm.current_tenant();
    queries tsquery[] := array_remove(crm.asked_words(terms, languages), NULL);
    any_word tsquery;
    all_words tsquery;
BEGIN
    IF queries IS NULL OR queries = '{}' THEN
        RETURN;
    END IF;
    SELECT string_agg('(' || q::text || ')', ' | ')::tsquery, string_agg('(' || q::text || ')', ' & ')::tsquery
    INTO any_word, all_words FROM unnest(queries) q;
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT n, q, (numnode(q) + 1) / 2 AS forms FROM unnest(queries) WITH ORDINALITY AS a(q, n)
    ), first AS MATERIALIZED (
        SELECT c.id, c.record_id, c.words FROM crm.chunks c
        WHERE c.tenant_id = tenant AND c.words @@ any_word AND (kinds IS NULL OR c.record_kind = ANY (kinds))
          AND (within IS NULL OR (c.record_id IN (SELECT unnest(within))) IS TRUE)
          AND (within IS NULL OR cardinality(within) > 1000)
        LIMIT most_of_one + 1
    ), listed AS MATERIALIZED (
        SELECT DISTINCT l.id
        FROM unnest(queries || all_words) AS a(q)
        CROSS JOIN LATERAL (
            SELECT c.id FROM crm.chunks c
            WHERE c.tenant_id = tenant AND c.words @@ a.q AND (kinds IS NULL OR c.record_kind = ANY (kinds))
              AND (within IS NULL OR (c.record_id IN (SELECT unnest(within))) IS TRUE)
            LIMIT most_of_one
        ) l
        WHERE (SELECT count(*) FROM first) > most_of_one
    ), hits AS MATERIALIZED (
        SELECT f.id, f.record_id, f.words FROM first f WHERE (SELECT count(*) FROM first) <= most_of_one
        UNION ALL
        SELECT c.id, c.record_id, c.words FROM listed l
        JOIN crm.chunks c ON c.tenant_id = tenant AND c.id = l.id
        UNION ALL
        SELECT c.id, c.record_id, c.words FROM unnest(within) AS o(id)
        JOIN crm.chunks c ON c.tenant_id = tenant AND c.record_id = o.id
        WHERE cardinality(within) <= 1000 AND c.words @@ any_word AND (kinds IS NULL OR c.record_kind = ANY (kinds))
    ), matches AS MATERIALIZED (
        SELECT h.id, a.n FROM hits h JOIN asked a ON h.words @@ a.q
    ), total AS MATERIALIZED (
        SELECT 2.0::float * count(*) + 10 AS count FROM hits
    ), weights AS MATERIALIZED (
        SELECT a.n, ln(1 + ((SELECT count FROM total) - count(m.n) + 0.5) / (count(m.n)::float + 0.5)) AS weight
        FROM asked a LEFT JOIN matches m ON m.n = a.n GROUP BY a.n
    ), best AS MATERIALIZED (
        SELECT m.id, count(*) = (SELECT count(*) FROM asked) AS is_whole
        FROM matches m JOIN weights w ON w.n = m.n
        GROUP BY m.id ORDER BY 2 DESC, sum(w.weight) DESC, m.id LIMIT most
    )
    SELECT h.id, h.record_id, (
            SELECT sum(w.weight * a.forms * 10 * ts_rank(h.words, a.q)) FROM asked a JOIN weights w ON w.n = a.n
            WHERE h.words @@ a.q
        ) / (SELECT sum(w.weight) FROM weights w) / (1 + 0.1 * ln(1 + length(h.words)::float / 20)),
        b.is_whole
    FROM best b JOIN hits h ON h.id = b.id
    ORDER BY 4 DESC, 3 DESC, 1 LIMIT most;
END
$$;
ALTER FUNCTION crm.match_words(text[], text[], text[], uuid[], int, int) OWNER TO @system@;

-- Those of the records whose chunks hold any of the terms, or each of them; word after word where a term has several.
CREATE OR REPLACE FUNCTION crm.records_with(terms text[], languages text[], records uuid[], all_of_them boolean)
RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    -- Put together once, and not again for each chunk.
    WITH asked AS MATERIALIZED (
        SELECT t.term, (crm.asked_words(ARRAY[t.term], languages))[1] AS query FROM unnest(terms) AS t(term)
    )
    SELECT r.id FROM unnest(records) AS r(id)
    JOIN crm.chunks c ON c.tenant_id = (SELECT crm.current_tenant()) AND c.record_id = r.id
    JOIN asked a ON c.words @@ a.query
    GROUP BY r.id HAVING NOT all_of_them OR count(DISTINCT a.term) = cardinality(terms)
$$;
ALTER FUNCTION crm.records_with(text[], text[], uuid[], boolean) OWNER TO @system@;

-- The interactions nearest to a vector of the serving model, for people's own SQL. Where there are few, all are compared;
-- the index is asked for more than are wanted, since several chunks may be of one interaction.
-- Volatile for the settings' sake: as settings of the function they could be restored from a backup by a superuser alone.
CREATE OR REPLACE FUNCTION crm.match_activities(query_embedding @vectors@.vector, match_threshold float, match_count int)
RETURNS TABLE (id uuid, subject text, notes text, similarity float)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    tenant uuid := crm.current_tenant();
    model record;
    is_few boolean;
BEGIN
    IF query_embedding IS NULL OR coalesce(match_count, 0) < 1 THEN
        RETURN;
    END IF;
    SELECT m.id, m.name, m.dimensions INTO model FROM crm.embedding_models m WHERE m.state = 'serving';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'No embedding model serves searches yet; `crm-agent embed backfill` makes one ready.'
            USING ERRCODE = '55000';
    END IF;
    IF @vectors@.vector_dims(query_embedding) <> model.dimensions THEN
        RAISE EXCEPTION 'The vector has % dimensions, and those of the model that serves, %, have %.',
            @vectors@.vector_dims(query_embedding), model.name, model.dimensions USING ERRCODE = '22000';
    END IF;
    SELECT count(*) <= 5000 INTO is_few
    FROM (SELECT FROM crm.embeddings e WHERE e.tenant_id = tenant AND e.model_id = model.id LIMIT 5001) e;
    SET LOCAL hnsw.ef_search = 400;
    SET LOCAL hnsw.iterative_scan = relaxed_order;
    RETURN QUERY EXECUTE format(
        $sql$
        WITH near AS MATERIALIZED (
            SELECT e.record_id, -((e.embedding::@vectors@.halfvec(%1$s)) OPERATOR(@vectors@.<#>) $2) AS similarity
            FROM crm.embeddings e WHERE e.tenant_id = $1 AND e.model_id = %2$s AND e.record_kind = 'interaction' %3$s
        )
        SELECT x.id, x.subject, x.body, least(max(n.similarity), 1)
        FROM near n JOIN crm.interactions x ON x.tenant_id = $1 AND x.id = n.record_id
        WHERE n.similarity >= $3 AND x.deleted_at IS NULL
        GROUP BY x.tenant_id, x.id ORDER BY 4 DESC, 1 LIMIT $4
        $sql$,
        model.dimensions, model.id, CASE WHEN NOT is_few AND match_count <= 100 THEN format(
            'ORDER BY (e.embedding::@vectors@.halfvec(%s)) OPERATOR(@vectors@.<#>) $2 LIMIT 400', model.dimensions) END)
    USING tenant, @vectors@.l2_normalize(query_embedding)::@vectors@.halfvec, coalesce(match_threshold, -1), match_count;
END
$$;
ALTER FUNCTION crm.match_activities(@vectors@.vector, float, int) OWNER TO @system@;

-- The same among the views; `vector` by itself is understood there.
CREATE DOMAIN crm_read.vector AS @vectors@.vector;
CREATE FUNCTION crm_read.match_activities(query_embedding @vectors@.vector, match_threshold float, match_count int)
RETURNS TABLE (id uuid, subject text, notes text, similarity float)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT * FROM crm.match_activities(query_embedding, match_threshold, match_count) $$;
GRANT CREATE ON SCHEMA crm_read TO @view@;
ALTER FUNCTION crm_read.match_activities(@vectors@.vector, float, int) OWNER TO @view@;
REVOKE CREATE ON SCHEMA crm_read FROM @view@;

REVOKE ALL ON FUNCTION crm.asked_words(text[], text[]), crm.records_with(text[], text[], uuid[], boolean),
    crm.match_words(text[], text[], text[], uuid[], int, int), crm.match_activities(@vectors@.vector, float, int),
    crm_read.match_activities(@vectors@.vector, float, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crm.asked_words(text[], text[]), crm.records_with(text[], text[], uuid[], boolean),
    crm.match_words(text[], text[], text[], uuid[], int, int), crm.match_activities(@vectors@.vector, float, int)
    TO @app@, @view@;
GRANT EXECUTE ON FUNCTION crm_read.match_activities(@vectors@.vector, float, int) TO @app@, @reader@;
