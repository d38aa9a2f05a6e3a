-- documents taken apart: column definition lists, SQL/JSON, paths
SELECT x.a, x.b FROM jsonb_to_recordset('[{"a": 1, "b": "one"}, {"a": 2, "b": "two"}]') AS x(a int, b text) ORDER BY x.a
SELECT * FROM json_to_recordset('[{"a":1,"c":"2026-01-01"}]') AS t(a integer, c date)
SELECT a.name, f.level, f.since FROM accounts a CROSS JOIN LATERAL jsonb_to_record(a.custom) AS f(level text, since date) ORDER BY a.name LIMIT 5
SELECT r.* FROM jsonb_to_record('{"id": 7, "tags": ["a", "b"], "n": {"k": 1}}'::jsonb) AS r(id bigint, tags text[], n jsonb)
SELECT s.stage, s.n FROM (SELECT jsonb_agg(jsonb_build_object('stage', stage, 'n', n)) AS doc FROM (SELECT stage, count(*) AS n FROM opportunities GROUP BY stage) q) d, jsonb_to_recordset(d.doc) AS s(stage text, n numeric(10,2)) ORDER BY s.stage
SELECT json_value('{"a": {"b": 5}}', '$.a.b' RETURNING int) AS b
SELECT json_query(custom, '$.*' WITH WRAPPER) AS custom_values FROM accounts ORDER BY account_id LIMIT 3
SELECT json_exists('{"a": [1, 2, 3]}'::jsonb, '$.a[*] ? (@ > 2)') AS has
SELECT json_value(custom, '$.region' DEFAULT 'none' ON EMPTY) AS region, count(*) FROM accounts GROUP BY 1 ORDER BY 1
SELECT json_value(custom, '$.score' RETURNING numeric NULL ON EMPTY NULL ON ERROR) AS score FROM accounts ORDER BY account_id LIMIT 3
SELECT jt.* FROM json_table('[{"a": 1, "b": "x"}, {"a": 2}]'::jsonb, '$[*]' COLUMNS (id FOR ORDINALITY, a int PATH '$.a', b text PATH '$.b')) AS jt ORDER BY jt.id
SELECT a.name, t.key_name FROM accounts a, json_table(a.custom, '$' COLUMNS (key_name text PATH '$.region')) AS t ORDER BY a.name LIMIT 3
SELECT jsonb_path_query('[1, 2, 3]'::jsonb, '$[*] ? (@ > 1)') AS n
SELECT jsonb_path_query_array(custom, '$.*'), jsonb_path_query_first(custom, '$.region'), jsonb_path_exists(custom, '$.region ? (@ == "EMEA")') FROM accounts ORDER BY account_id LIMIT 3
SELECT jsonb_path_query_array('{"a": [1, 2, 3, 4]}', '$.a[*] ? (@ >= $min && @ <= $max)', '{"min": 2, "max": 3}')
SELECT jsonb_path_match('{"a": 5}', '$.a > 3'), '{"a": 5}'::jsonb @@ '$.a > 3', '{"a": 5}'::jsonb @? '$.a ? (@ > 9)'
SELECT json_object('{a, b}', '{1, 2}'), json_object('{a, 1, b, 2}'), jsonb_object('{a, b}', '{1, 2}')
SELECT json_object('name': name, 'tier': tier) FROM accounts ORDER BY name LIMIT 2
SELECT json_object('name' VALUE name, 'gone' VALUE NULL ABSENT ON NULL) FROM accounts ORDER BY name LIMIT 2
SELECT json_array(1, 'two', NULL), json_array(1, NULL NULL ON NULL), json_array(1, 2 RETURNING jsonb)
SELECT json_arrayagg(name ORDER BY name) FROM accounts WHERE tier = 'enterprise'
SELECT json_objectagg(stage: n) FROM (SELECT stage, count(*) AS n FROM opportunities GROUP BY stage ORDER BY stage) s
SELECT custom IS JSON, '{"a": 1}' IS JSON OBJECT, '[1]' IS JSON ARRAY, 'x' IS NOT JSON FROM accounts ORDER BY account_id LIMIT 1
SELECT custom -> 'region', custom ->> 'region', custom #> '{a,b}', custom #>> ARRAY['a', 'b'], custom ? 'region', custom ?| ARRAY['region', 'x'], custom ?& '{region}' FROM accounts ORDER BY account_id LIMIT 3
SELECT custom - 'region', custom || '{"x": 1}', custom #- '{a,b}', jsonb_typeof(custom), jsonb_strip_nulls(custom) FROM accounts ORDER BY account_id LIMIT 2
SELECT k, count(*) FROM accounts, jsonb_object_keys(custom) AS k GROUP BY k ORDER BY k
SELECT kv.key, count(*) AS n, min(kv.value) FROM accounts a CROSS JOIN LATERAL jsonb_each_text(a.custom) AS kv GROUP BY kv.key ORDER BY n DESC, kv.key
SELECT kv.k, kv.v FROM opportunities o JOIN LATERAL jsonb_each_text(o.custom) AS kv(k, v) ON true ORDER BY o.opportunity_id, kv.k LIMIT 5
SELECT (custom ->> 'seats')::int AS seats FROM accounts WHERE custom ->> 'seats' ~ '^\d+$' ORDER BY 1 DESC NULLS LAST LIMIT 3
SELECT name FROM accounts WHERE custom @> '{"region": "EMEA"}'::jsonb ORDER BY name
SELECT custom['region'] FROM accounts ORDER BY account_id LIMIT 2
SELECT jsonb_pretty(jsonb_build_object('a', ARRAY[1, 2], 'b', NULL, 'c', now()::date IS NOT NULL))
SELECT jsonb_array_elements_text(jsonb_build_array('a', 'b')) AS v
SELECT e.ordinality, e.value FROM jsonb_array_elements('["x", "y"]'::jsonb) WITH ORDINALITY AS e(value, ordinality) ORDER BY 1
SELECT jsonb_set('{"a": 1}'::jsonb, '{b}', '2'::jsonb), jsonb_insert('{"a": [1]}', '{a, 0}', '0')
SELECT json_scalar(5), json('{"a": 1}'), json_serialize('{"a": 1}'::jsonb)
SELECT * FROM json_each_text('{"a": "x"}')
-- TABLE, GROUP BY DISTINCT, and other standard clauses
TABLE statuses
TABLE accounts ORDER BY name LIMIT 3
WITH t AS (SELECT stage, count(*) AS n FROM opportunities GROUP BY stage) TABLE t ORDER BY stage
SELECT * FROM (TABLE tags) AS t ORDER BY 1, 2, 3 LIMIT 3
(TABLE tenants) UNION ALL TABLE tenants
SELECT count(*) FROM opportunities WHERE account_id IN (SELECT account_id FROM accounts INTERSECT SELECT account_id FROM contacts)
SELECT stage, currency, count(*) FROM opportunities GROUP BY DISTINCT ROLLUP (stage, currency), ROLLUP (stage) ORDER BY 1 NULLS LAST, 2 NULLS LAST
SELECT stage, count(*) FROM opportunities GROUP BY ALL stage ORDER BY 1
SELECT stage, owner_name, count(*), grouping(stage), grouping(owner_name, stage) FROM opportunities GROUP BY DISTINCT CUBE (stage, owner_name), (stage) ORDER BY 1 NULLS FIRST, 2 NULLS FIRST
SELECT tier, country, status, count(*) FROM accounts GROUP BY GROUPING SETS (ROLLUP (tier, country), CUBE (status), ()) ORDER BY 1 NULLS LAST, 2 NULLS LAST, 3 NULLS LAST
SELECT name, amount FROM opportunities WHERE currency = 'EUR' ORDER BY amount DESC NULLS LAST FETCH FIRST 3 ROWS WITH TIES
SELECT name FROM opportunities ORDER BY amount DESC NULLS LAST, opportunity_id FETCH FIRST ROW ONLY
SELECT name FROM opportunities ORDER BY name, opportunity_id OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY
SELECT name FROM accounts ORDER BY name OFFSET 1 ROW FETCH FIRST 2 ROW ONLY
SELECT ALL stage FROM opportunities ORDER BY stage LIMIT 2
SELECT DISTINCT ON (owner_id) owner_name, name, amount FROM opportunities WHERE owner_id IS NOT NULL ORDER BY owner_id, amount DESC NULLS LAST, opportunity_id
SELECT DISTINCT ON (o.stage, date_trunc('year', o.created_at)) o.stage, date_trunc('year', o.created_at) AS y, o.name FROM opportunities o ORDER BY 1, 2, o.created_at DESC, o.opportunity_id
SELECT count(*) FROM (accounts a LEFT JOIN contacts c ON c.account_id = a.account_id) JOIN organizations g ON g.organization_id = a.organization_id
SELECT a.name FROM accounts a NATURAL JOIN (SELECT account_id FROM opportunities WHERE is_won) w GROUP BY a.name ORDER BY 1 LIMIT 3
SELECT * FROM (VALUES (1, 'one'), (2, 'two')) AS v(n, word) JOIN (VALUES (2, 'zwei'), (3, 'drei')) AS w(n, wort) USING (n)
VALUES ('a', 1), ('b', 2) ORDER BY 2 DESC LIMIT 1
SELECT s.stage, coalesce(c.n, 0) AS n FROM (VALUES ('new'), ('qualified'), ('proposal'), ('negotiation'), ('won'), ('lost')) AS s(stage) LEFT JOIN (SELECT stage, count(*) AS n FROM opportunities GROUP BY stage) c USING (stage) ORDER BY array_position(ARRAY['new', 'qualified', 'proposal', 'negotiation', 'won', 'lost'], s.stage)
SELECT u.tag, u.at FROM unnest(ARRAY['x', 'y', 'z']) WITH ORDINALITY AS u(tag, at) ORDER BY u.at DESC
SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b', 'c']) AS z(n, c)
SELECT count(*) FROM accounts CROSS JOIN tenants
SELECT 1 AS one WHERE EXISTS (SELECT FROM accounts) AND NOT EXISTS (SELECT * FROM accounts WHERE false)
-- hashes and bytes
SELECT md5(name), encode(sha256(name::bytea), 'hex') FROM accounts ORDER BY name LIMIT 2
SELECT encode(convert_to(name, 'UTF8'), 'base64'), octet_length(convert_to(name, 'UTF8')) FROM accounts ORDER BY name LIMIT 2
SELECT encode(sha256(convert_to(lower(full_name), 'UTF8')), 'hex') AS key FROM contacts ORDER BY 1 LIMIT 2
SELECT encode(sha512('a'::bytea), 'hex'), encode(sha224('a'), 'hex'), length(sha384('a')), crc32('a')
SELECT left(md5(opportunity_id::text), 8) AS bucket, ('x' || left(md5(opportunity_id::text), 4))::bit(16)::int % 10 AS fold FROM opportunities ORDER BY 1 LIMIT 3
SELECT convert_from(decode('aGFsbG8=', 'base64'), 'UTF8'), decode('6869', 'hex')
SELECT bit_count(B'1011'), B'101' | B'010', 5 & 3, 5 | 2, 5 # 1, 5 # -1, 1 << 4, 256 >> 2, x'1F'::int
SELECT (is_won::int::bit(1) || is_open::int::bit(1))::text AS flags, count(*) FROM opportunities GROUP BY 1 ORDER BY 1
-- session words
-- windows
SELECT occurred_at::date AS d, count(*) AS n, avg(count(*)) OVER (ORDER BY occurred_at::date RANGE BETWEEN '6 days' PRECEDING AND CURRENT ROW) AS week FROM interactions GROUP BY 1 ORDER BY 1 DESC LIMIT 5
SELECT amount, sum(amount) OVER (ORDER BY amount RANGE BETWEEN 1000 PRECEDING AND 1000 FOLLOWING EXCLUDE TIES) FROM opportunities WHERE currency = 'EUR' ORDER BY amount, opportunity_id LIMIT 5
SELECT amount, count(*) OVER (ORDER BY amount GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING EXCLUDE GROUP) FROM opportunities WHERE currency = 'EUR' ORDER BY amount, opportunity_id LIMIT 5
SELECT amount, last_value(amount) OVER (ORDER BY amount ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE NO OTHERS) FROM opportunities WHERE currency = 'EUR' ORDER BY amount, opportunity_id LIMIT 3
SELECT stage, amount, sum(amount) OVER w1, avg(amount) OVER (w1 ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), rank() OVER (w2) FROM opportunities WHERE currency = 'EUR' WINDOW w1 AS (PARTITION BY stage ORDER BY amount, opportunity_id), w2 AS (ORDER BY amount) ORDER BY stage, amount, opportunity_id LIMIT 5
SELECT owner_name, amount, lag(amount, 1, 0) OVER (PARTITION BY owner_id ORDER BY created_at, opportunity_id) AS before FROM opportunities WHERE owner_id IS NOT NULL ORDER BY owner_name, created_at, opportunity_id LIMIT 5
SELECT name, amount FROM (SELECT o.*, row_number() OVER (PARTITION BY stage ORDER BY amount DESC NULLS LAST, opportunity_id) AS rn FROM opportunities o) ranked WHERE rn = 1 ORDER BY 2 DESC NULLS LAST, 1
SELECT stage, string_agg(name, ', ') OVER (PARTITION BY stage ORDER BY name, opportunity_id ROWS 1 PRECEDING) FROM opportunities ORDER BY stage, name, opportunity_id LIMIT 3
SELECT account_id, created_at, created_at - lag(created_at) OVER acc AS gap, sum(CASE WHEN is_won THEN 1 ELSE 0 END) OVER acc AS wins FROM opportunities WINDOW acc AS (PARTITION BY account_id ORDER BY created_at, opportunity_id) ORDER BY account_id, created_at, opportunity_id LIMIT 5
SELECT mth, new_deals, round(100.0 * (new_deals - lag(new_deals) OVER (ORDER BY mth)) / nullif(lag(new_deals) OVER (ORDER BY mth), 0), 1) AS growth_pct FROM (SELECT date_trunc('month', created_at) AS mth, count(*) AS new_deals FROM opportunities GROUP BY 1) m ORDER BY mth
SELECT first_value(name) OVER (ORDER BY amount DESC NULLS LAST, opportunity_id) = name AS is_top, count(*) FILTER (WHERE is_won) OVER () AS wins FROM opportunities ORDER BY 1 DESC, opportunity_id LIMIT 2
SELECT DISTINCT stage, count(*) OVER (PARTITION BY stage) FROM opportunities ORDER BY 1
SELECT ntile(4) OVER (ORDER BY amount), percent_rank() OVER (ORDER BY amount), cume_dist() OVER (ORDER BY amount) FROM opportunities WHERE currency = 'EUR' ORDER BY amount, opportunity_id LIMIT 4
-- calendars and times
SELECT cal.day::date, count(o.opportunity_id) FROM generate_series(date_trunc('month', now()), date_trunc('month', now()) + interval '1 month - 1 day', interval '1 day') AS cal(day) LEFT JOIN opportunities o ON o.created_at::date = cal.day::date GROUP BY cal.day ORDER BY cal.day
WITH months AS (SELECT generate_series('2026-01-01'::date, '2026-12-01'::date, '1 month')::date AS m) SELECT m, (SELECT count(*) FROM opportunities WHERE closed_at >= m AND closed_at < m + interval '1 month') AS closed FROM months ORDER BY m
SELECT date_bin('1 hour', occurred_at, '2026-01-01'), count(*) FROM interactions GROUP BY 1 ORDER BY 1 DESC LIMIT 3
SELECT date_bin(INTERVAL '30 minutes', occurred_at, TIMESTAMPTZ '2026-01-01 00:00+01') AS slot, count(*) FROM interactions GROUP BY slot ORDER BY slot LIMIT 3
SELECT extract(quarter FROM closed_at)::int || '/' || extract(isoyear FROM closed_at)::int AS q, count(*) FROM opportunities WHERE is_won GROUP BY 1 ORDER BY 1
SELECT extract(dow FROM occurred_at), extract(doy FROM occurred_at), extract(week FROM occurred_at), extract(epoch FROM occurred_at)::bigint, extract(timezone_hour FROM occurred_at) FROM interactions ORDER BY occurred_at, interaction_id LIMIT 2
SELECT date_part('hour', occurred_at) AS h, count(*) FROM interactions GROUP BY 1 ORDER BY 1
SELECT make_date(2026, 2, 28) + make_interval(months => 1, days => 2), make_timestamp(2026, 1, 1, 10, 30, 0), make_timestamptz(2026, 1, 1, 10, 30, 0, 'Europe/Berlin'), make_time(10, 30, 0)
SELECT make_interval(0, 1, 0, 2), make_interval(years := 1, hours := 2)
SELECT to_char(date_trunc('month', created_at), 'YYYY-MM') AS month, to_char(sum(amount), 'FM999G999G990D00') FROM opportunities WHERE currency = 'EUR' GROUP BY 1 ORDER BY 1 LIMIT 3
SELECT age(closed_at, created_at) AS took, justify_days(interval '45 days'), justify_hours('50 hours'::interval) FROM opportunities WHERE is_won ORDER BY 1, opportunity_id LIMIT 3
SELECT interval '1 day', interval '1' day, interval '1 02:03:04', interval 'P1DT2H', interval '1 month' * 3, interval '90 minutes' / 2, '2 weeks'::interval, cast('3 days' AS interval), interval '1-6' year to month, interval '-1 day', - interval '1 day'
SELECT occurred_at AT TIME ZONE 'America/New_York' AS ny, (occurred_at AT TIME ZONE 'UTC')::date AS utc_day, timezone('Asia/Tokyo', occurred_at) FROM interactions ORDER BY occurred_at, interaction_id LIMIT 2
SELECT occurred_at AT LOCAL FROM interactions ORDER BY occurred_at, interaction_id LIMIT 2
SELECT (DATE '2026-03-31' - interval '1 month')::date, DATE '2026-03-31' - 31, DATE '2026-03-31' - DATE '2026-01-01', date_add(TIMESTAMPTZ '2026-03-28 12:00+01', '1 day', 'Europe/Berlin')
SELECT greatest(max(closed_at), max(created_at)), least(min(closed_at), '2020-01-01') FROM opportunities
SELECT count(*) FROM opportunities WHERE closed_at BETWEEN '2026-01-01' AND '2026-06-30 23:59:59.999'
SELECT count(*) FROM opportunities WHERE closed_at <@ tstzrange('2026-01-01', '2026-07-01', '[)') OR tstzrange(created_at, closed_at) && tstzrange('2026-01-01', NULL)
SELECT count(*) FROM opportunities WHERE (created_at, coalesce(closed_at, now())) OVERLAPS (DATE '2026-01-01', DATE '2026-02-01')
SELECT extract(day FROM closed_at - created_at) AS days, count(*) FROM opportunities WHERE is_won GROUP BY 1 ORDER BY 1 LIMIT 3
SELECT TIMESTAMP WITH TIME ZONE '2026-01-01 10:00:00+02' = TIMESTAMPTZ '2026-01-01 09:00+01', TIME '10:00' < TIME '11:00', TIME WITH TIME ZONE '10:00+01' IS NOT NULL, TIMESTAMP '2026-01-01' + '1 day'
SELECT 'epoch'::timestamptz, 'infinity'::timestamp > '2026-01-01', isfinite(DATE '2026-01-01')
SELECT upper(r), lower(r), isempty(r), r * daterange('2026-01-10', '2026-01-20'), r + daterange('2026-01-31', '2026-02-02'), r -|- daterange('2026-02-01', '2026-03-01') FROM (SELECT daterange('2026-01-01', '2026-02-01') AS r) x
SELECT '[2026-01-01,2026-02-01)'::daterange @> DATE '2026-01-31', int4range(1, 10, '[]'), numrange(1.5, 2.5) && numrange(2, 3), datemultirange(daterange('2026-01-01', '2026-01-02')) IS NOT NULL
SELECT range_agg(daterange(created_at::date, created_at::date + 1)) IS NOT NULL FROM opportunities
SELECT lower(period) FROM (SELECT unnest(multirange(daterange('2026-01-01', '2026-02-01'))) AS period) p
-- logic, comparisons, subqueries
SELECT name FROM accounts WHERE (tier, country) = ('enterprise', 'DE') ORDER BY name
SELECT name FROM accounts WHERE ROW(tier, country) IN (ROW('enterprise', 'DE'), ('smb', 'AT')) ORDER BY name
SELECT count(*) FROM opportunities WHERE (amount, probability) > (50000, 50)
SELECT count(*) FROM opportunities WHERE (amount, probability) IS NOT NULL AND ROW(stage, source) IS DISTINCT FROM ROW('won', NULL)
SELECT count(*) FROM opportunities WHERE loss_reason IS NOT DISTINCT FROM NULL AND (is_won IS TRUE OR is_lost IS NOT TRUE)
SELECT name FROM accounts a WHERE account_id = ANY (SELECT account_id FROM opportunities WHERE is_won GROUP BY account_id HAVING count(*) > 2) ORDER BY name LIMIT 5
SELECT name FROM accounts a WHERE 3 < ALL (SELECT count(*) FROM opportunities o WHERE o.account_id = a.account_id) ORDER BY name LIMIT 5
SELECT name FROM accounts WHERE tier = SOME (ARRAY['smb', 'mid_market']) AND country <> ALL ('{DE,AT}'::text[]) ORDER BY name LIMIT 5
SELECT count(*) FROM opportunities WHERE stage NOT IN ('won', 'lost') AND NOT (probability BETWEEN 20 AND 80) OR amount IS NULL
SELECT count(*) FROM opportunities WHERE amount NOT BETWEEN SYMMETRIC 100000 AND 1000
SELECT CASE stage WHEN 'won' THEN 1 WHEN 'lost' THEN -1 ELSE 0 END AS s, CASE WHEN amount IS NULL THEN NULL WHEN amount > 1e5 THEN 'big' END FROM opportunities ORDER BY opportunity_id LIMIT 3
SELECT sum((is_won)::int), sum(CASE WHEN is_won THEN amount END) / nullif(sum(CASE WHEN is_lost THEN amount END), 0) FROM opportunities WHERE currency = 'EUR'
SELECT bool_or(is_won), bool_and(NOT is_open), every(amount >= 0), count(*) FILTER (WHERE is_won IS UNKNOWN) FROM opportunities
SELECT (SELECT name FROM accounts ORDER BY name, account_id LIMIT 1) AS first, (SELECT max(amount) FROM opportunities) - (SELECT min(amount) FROM opportunities) AS spread
SELECT a.name, s.* FROM accounts a, LATERAL (SELECT count(*) AS deals, max(o.amount) AS top FROM opportunities o WHERE o.account_id = a.account_id) s WHERE s.deals > 5 ORDER BY 2 DESC, 1
SELECT a.name, t.n, t.last FROM accounts a LEFT JOIN LATERAL (SELECT count(*) AS n, max(i.occurred_at) AS last FROM interactions i WHERE i.account_id = a.account_id AND i.kind = 'email') AS t ON TRUE ORDER BY t.n DESC, a.name LIMIT 3
SELECT owner_name FROM opportunities WHERE is_won GROUP BY owner_name HAVING sum(amount) > (SELECT avg(t) FROM (SELECT sum(amount) AS t FROM opportunities WHERE is_won GROUP BY owner_id) x) ORDER BY 1
SELECT num_nulls(amount, closed_at, source), num_nonnulls(amount, closed_at) FROM opportunities ORDER BY opportunity_id LIMIT 2
SELECT coalesce(loss_reason, source, '-'), nullif(stage, 'won') FROM opportunities ORDER BY opportunity_id LIMIT 3
-- with and recursion
WITH won AS MATERIALIZED (SELECT * FROM opportunities WHERE is_won), by_owner AS NOT MATERIALIZED (SELECT owner_name, sum(amount) AS s FROM won WHERE currency = 'EUR' GROUP BY 1) SELECT * FROM by_owner ORDER BY s DESC NULLS LAST, 1
WITH a AS (WITH b AS (WITH c AS (SELECT 1 AS n) SELECT n + 1 AS n FROM c) SELECT n + 1 AS n FROM b) SELECT n FROM a
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 10) SELECT sum(n) FROM t
WITH RECURSIVE fib(i, a, b) AS (SELECT 1, 0::numeric, 1::numeric UNION ALL SELECT i + 1, b, a + b FROM fib WHERE i < 30) SELECT i, a FROM fib ORDER BY i
WITH RECURSIVE weeks AS (SELECT date_trunc('week', DATE '2026-09-01'::timestamptz) AS w UNION SELECT w + interval '7 days' FROM weeks WHERE w < TIMESTAMPTZ '2026-11-15') SELECT w::date, count(i.interaction_id) FROM weeks LEFT JOIN interactions i ON i.occurred_at >= w AND i.occurred_at < w + interval '7 days' GROUP BY w ORDER BY w
WITH RECURSIVE chain AS (SELECT to_status AS status, 1 AS depth FROM status_changes WHERE from_status IS NULL UNION SELECT s.to_status, c.depth + 1 FROM chain c JOIN status_changes s ON s.from_status = c.status WHERE c.depth < 6) SELECT status, min(depth) FROM chain GROUP BY 1 ORDER BY 2, 1
WITH base AS (SELECT date_trunc('quarter', closed_at) AS q, owner_name, sum(amount) AS s FROM opportunities WHERE is_won AND currency = 'EUR' GROUP BY 1, 2), best AS (SELECT q, max(s) AS s FROM base GROUP BY q) SELECT b.q::date, b.owner_name, b.s FROM base b JOIN best USING (q, s) ORDER BY 1, 2
WITH funnel AS (SELECT count(*) AS created, count(*) FILTER (WHERE is_won) AS won, count(*) FILTER (WHERE is_lost) AS lost FROM opportunities) SELECT 'created' AS step, created AS n FROM funnel UNION ALL SELECT 'won', won FROM funnel UNION ALL SELECT 'lost', lost FROM funnel ORDER BY n DESC
WITH params AS (SELECT DATE '2026-01-01' AS from_day, DATE '2026-12-31' AS to_day) SELECT count(*) FROM opportunities, params WHERE closed_at::date BETWEEN params.from_day AND params.to_day
-- texts
SELECT name FROM accounts WHERE name SIMILAR TO '%(GmbH|AG)' OR name NOT SIMILAR TO 'A%' ORDER BY name LIMIT 3
SELECT name FROM organizations WHERE name ~ '^[A-M].*\s(GmbH|Ltd)\.?$' AND name !~~ '%x%' AND name ~~* 'b%' ORDER BY 1
SELECT name FROM accounts WHERE name LIKE 'B%' ESCAPE '!' OR name LIKE ANY (ARRAY['A%', '%z']) OR name ^@ 'Br' ORDER BY 1 LIMIT 5
SELECT regexp_match(name, '(\w+)\s+(\w+)'), regexp_count(name, '[aeiou]'), regexp_substr(name, '\w+$'), regexp_instr(name, 'a'), regexp_like(name, '^A', 'i') FROM accounts ORDER BY name LIMIT 2
SELECT substring(name from '^\w+'), substring(name similar '%#"[A-Z]%#"%' escape '#'), substring(name, 2), overlay(name placing '**' from 1 for 2), position('a' in name), trim(both from name), trim('x' from name), trim(leading 'A' from name) FROM accounts ORDER BY name LIMIT 2
SELECT name COLLATE "C" < 'Z' COLLATE "C", lower(name) COLLATE "C" FROM accounts ORDER BY name COLLATE "C" DESC LIMIT 2
SELECT E'line\nbreak', E'it\'s', 'it''s', $$dollar's$$, $tag$with $$ inside$tag$, E'\\d+', U&'caf\00e9'
SELECT E'caf\u00e9', E'\x41', e'tab\there'
SELECT 'Ünïcödé ✓ 日本' AS "naïve – ✓", length('日本'), upper('straße'), initcap('élan vital'), 'ﬁ' = 'fi'
SELECT normalize('e' || chr(769), NFC) = 'é', unistr('caf\00e9')
SELECT concat(name, NULL, 1, true), concat_ws(' - ', name, country), format('%1$s (%2$s): %3$s%%', name, tier, 5), format('%s', name), quote_literal(name) FROM accounts ORDER BY name LIMIT 2
SELECT string_agg(DISTINCT country, ', ' ORDER BY country) FILTER (WHERE country IS NOT NULL), array_agg(DISTINCT tier ORDER BY tier DESC), array_to_string(array_agg(country ORDER BY name), '|', '?') FROM accounts
SELECT split_part('a.b.c', '.', -1), left('abcdef', -2), right('abcdef', 2), repeat('ab', 3), lpad('7', 3, '0'), rpad('x', 3), to_hex(255), to_bin(5), to_oct(8), ascii('A'), chr(65), translate('abc', 'ac', 'xy'), reverse('abc'), strpos('abc', 'c'), starts_with('abc', 'ab'), bit_length('abc')
SELECT levenshtein_free FROM (SELECT length(replace('banana', 'a', '')) AS levenshtein_free) x
SELECT to_tsvector('english', body) @@ to_tsquery('english', 'contract & price'), ts_rank_cd(to_tsvector('english', body), plainto_tsquery('english', 'price')), ts_headline('english', left(body, 200), plainto_tsquery('english', 'price'), 'MaxWords=5, MinWords=2') FROM interactions ORDER BY interaction_id LIMIT 2
SELECT count(*) FROM notes WHERE to_tsvector('german', body) @@ phraseto_tsquery('german', 'neuer vertrag') OR to_tsvector(body) @@ 'price:*'::tsquery OR body @@ 'budget'
SELECT string_to_table('a,b,c', ','), regexp_split_to_array('a1b2', '\d'), ARRAY['a'] || 'b'::text
SELECT word, count(*) FROM interactions, regexp_split_to_table(lower(coalesce(subject, '')), '\W+') AS word WHERE word <> '' GROUP BY word ORDER BY 2 DESC, 1 LIMIT 5
-- numbers, statistics, arrays
SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY amount), percentile_disc(0.9) WITHIN GROUP (ORDER BY amount DESC), mode() WITHIN GROUP (ORDER BY stage) FROM opportunities WHERE currency = 'EUR'
SELECT stage, percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FILTER (WHERE is_won IS NOT NULL) FROM opportunities WHERE currency = 'EUR' GROUP BY stage ORDER BY 1
SELECT stddev(amount), stddev_pop(amount), variance(amount), var_pop(amount), corr(amount, probability), covar_pop(amount, probability), regr_slope(amount, probability), regr_intercept(amount, probability) FROM opportunities WHERE currency = 'EUR'
SELECT width_bucket(amount, ARRAY[0, 10000, 50000, 100000]::numeric[]) AS b, count(*) FROM opportunities WHERE currency = 'EUR' GROUP BY b ORDER BY b
SELECT width_bucket(amount::float8, 0, 200000, 4) AS bucket, int8range(0, 50000) @> min(amount)::bigint, histogram.n FROM opportunities, (SELECT 4 AS n) histogram WHERE currency = 'EUR' GROUP BY 1, 3 ORDER BY 1
SELECT round(12.345, 2), round(-2.5), trunc(9.99, 1), ceil(1.1), floor(-1.1), mod(10, 3), 10 % 3, 7 / 2, 7 / 2.0, 2 ^ 10, abs(-5), sign(-2), power(2, 8), sqrt(16), exp(1), ln(10), log(100), log(2, 8), cbrt(27), factorial(5), gcd(12, 18), lcm(4, 6), div(9, 4), scale(1.50), min_scale(1.500), pi(), degrees(pi())
SELECT 1e3, 1.5e-3, .5, 5., 1_000_000, 0xFF, 0b11, 0o17, -7, +7, 9223372036854775807, 1::numeric(10, 2), '12.5'::numeric, 'NaN'::numeric, 'Infinity'::float8, 3.0::real
SELECT array_length(a, 1), cardinality(a), a[1], a[2:3], a[:2], a[-1] IS NULL, a || 4, 0 || a, array_append(a, 9), array_prepend(0, a), array_remove(a, 2), array_replace(a, 1, 7), array_position(a, 3), a @> ARRAY[2], a <@ ARRAY[1, 2, 3, 4], a && '{3}', 2 = ANY (a), array_to_string(a, '+'), array_ndims(a), array_upper(a, 1), trim_array(a, 1) FROM (SELECT ARRAY[1, 2, 3] AS a) x
SELECT (ARRAY[[1, 2], [3, 4]])[2][1], ('{{1,2},{3,4}}'::int[])[1:2][2:2]
SELECT array_agg(DISTINCT o.owner_name ORDER BY o.owner_name) FILTER (WHERE o.is_won), count(DISTINCT (o.stage, o.currency)), count(DISTINCT o.account_id) FROM opportunities o
SELECT bit_and(employee_count), bit_or(employee_count), bit_xor(employee_count) FROM organizations
SELECT rank(50000) WITHIN GROUP (ORDER BY amount), dense_rank(50000) WITHIN GROUP (ORDER BY amount), percent_rank(50000) WITHIN GROUP (ORDER BY amount), cume_dist(50000) WITHIN GROUP (ORDER BY amount) FROM opportunities WHERE currency = 'EUR'
SELECT any_value(name ORDER BY name), max(ARRAY[amount]), min(expected_close_date) FROM opportunities
SELECT uuid_extract_timestamp(opportunity_id) IS NOT NULL, uuid_extract_version(opportunity_id) FROM opportunities ORDER BY opportunity_id LIMIT 1
SELECT crc32c('a'), gamma(5), lgamma(3), erf(0)
-- written by tools: BI dashboards, ORMs, notebooks
SELECT "source"."stage" AS "stage", SUM("source"."amount") AS "sum", COUNT(*) AS "count" FROM (SELECT "opportunities"."stage" AS "stage", "opportunities"."amount" AS "amount", "opportunities"."currency" AS "currency" FROM "opportunities") AS "source" WHERE "source"."currency" = 'EUR' GROUP BY "source"."stage" ORDER BY "source"."stage" ASC LIMIT 2000
SELECT "crm_read"."accounts"."name" AS "name", "Organizations"."domain" AS "Organizations__domain" FROM "crm_read"."accounts" LEFT JOIN "crm_read"."organizations" AS "Organizations" ON "crm_read"."accounts"."organization_id" = "Organizations"."organization_id" ORDER BY "crm_read"."accounts"."name" ASC LIMIT 5
SELECT DATE_TRUNC('month', "opportunities"."created_at") AS "created_at", COUNT(*) AS "count" FROM "crm_read"."opportunities" WHERE "opportunities"."created_at" >= TIMESTAMP WITH TIME ZONE '2026-01-01 00:00:00.000Z' AND "opportunities"."created_at" < CAST('2026-07-01' AS timestamptz) GROUP BY DATE_TRUNC('month', "opportunities"."created_at") ORDER BY DATE_TRUNC('month', "opportunities"."created_at") ASC
SELECT CAST(SUM(CASE WHEN "t0"."is_won" THEN 1.0 ELSE 0.0 END) AS FLOAT) / NULLIF(CAST(COUNT(*) AS FLOAT), 0.0) AS "win rate" FROM "opportunities" "t0" WHERE (NOT "t0"."is_open")
SELECT (((DATE_PART('YEAR', "t"."closed_at") * 4) + DATE_PART('QUARTER', "t"."closed_at"))) AS "qn", SUM(1) AS "sum:Number of Records:ok" FROM "crm_read"."opportunities" "t" WHERE (NOT ("t"."closed_at" IS NULL)) GROUP BY 1 ORDER BY 1
SELECT t1.c0, t1.c1 FROM (SELECT a.tier c0, count(1) c1 FROM accounts a WHERE 1 = 1 AND a.tier IS NOT NULL GROUP BY a.tier) t1 ORDER BY t1.c1 DESC, t1.c0 LIMIT 1000 OFFSET 0
SELECT anon_1.name, anon_1.n FROM (SELECT accounts.name AS name, count(contacts.contact_id) AS n FROM accounts LEFT OUTER JOIN contacts ON accounts.account_id = contacts.account_id GROUP BY accounts.account_id, accounts.name) AS anon_1 WHERE anon_1.n > 3 ORDER BY anon_1.n DESC, anon_1.name
/* total won */ SELECT /* in euros */ sum(amount) FROM opportunities WHERE is_won -- all of it
SELECT a.name /* the account */, count(*) /* deals /* nested */ */ FROM accounts a JOIN opportunities o ON o.account_id = a.account_id GROUP BY a.name ORDER BY 2 DESC, 1 LIMIT 3
SELECT stage AS "Stage", count(*) AS "Number of deals", round(avg(amount), 2) AS "Ø amount (€)", 100 * count(*) / sum(count(*)) OVER () AS "% of all" FROM opportunities WHERE currency = 'EUR' GROUP BY stage ORDER BY "Number of deals" DESC, "Stage"
SELECT o.name, o.amount, o.currency, a.tier, c.full_name, u.name AS owner FROM opportunities AS o INNER JOIN accounts AS a ON a.account_id = o.account_id LEFT JOIN contacts AS c ON c.contact_id = o.contact_id LEFT JOIN users AS u ON u.user_id = o.owner_id WHERE o.is_open IS TRUE AND a.tier = 'enterprise' AND o.expected_close_date <= (CURRENT_DATE + INTERVAL '90 days') ORDER BY o.amount DESC NULLS LAST, o.opportunity_id LIMIT 10
SELECT COALESCE(SUM(CASE WHEN o.stage = 'won' THEN o.amount ELSE 0 END), 0)::NUMERIC(18, 2) AS total_won, COALESCE(SUM(o.amount) FILTER (WHERE o.stage = 'lost'), 0.00) AS total_lost, COUNT(DISTINCT CASE WHEN o.is_open THEN o.account_id END) AS open_accounts FROM opportunities o WHERE o.currency = 'EUR' AND EXTRACT(YEAR FROM o.created_at) = 2026
SELECT a.name FROM accounts a WHERE a.account_id IN (SELECT o.account_id FROM opportunities o WHERE o.stage = 'won') AND NOT EXISTS (SELECT 1 FROM interactions i WHERE i.account_id = a.account_id AND i.occurred_at > NOW() - INTERVAL '60 days') ORDER BY a.name
SELECT status, COUNT(*) AS count, ROUND(COUNT(*)::DECIMAL / NULLIF(SUM(COUNT(*)) OVER(), 0) * 100, 2) AS percentage FROM tasks GROUP BY status ORDER BY count DESC, status
SELECT to_char(d, 'Dy') AS weekday, extract(isodow FROM d) AS n, count(t.task_id) FROM generate_series(date '2026-11-16', date '2026-11-22', interval '1 day') AS d LEFT JOIN tasks t ON t.due_at::date = d::date GROUP BY d ORDER BY n
SELECT owner_name, jsonb_object_agg(stage, n ORDER BY stage) AS by_stage FROM (SELECT owner_name, stage, count(*) AS n FROM opportunities WHERE owner_name IS NOT NULL GROUP BY 1, 2) s GROUP BY owner_name ORDER BY owner_name
SELECT owner_name, count(*) FILTER (WHERE stage = 'new') AS "new", count(*) FILTER (WHERE stage = 'won') AS "won", count(*) AS "all" FROM opportunities GROUP BY ROLLUP (owner_name) ORDER BY GROUPING(owner_name), owner_name NULLS LAST
SELECT o.name, h.to_status, h.changed_at FROM opportunities o JOIN LATERAL (SELECT s.* FROM status_changes s WHERE s.record_id = o.opportunity_id ORDER BY s.changed_at DESC, s.to_status LIMIT 1) h ON TRUE ORDER BY h.changed_at DESC, o.opportunity_id LIMIT 3
SELECT avg(first_touch) FROM (SELECT a.account_id, min(i.occurred_at) - a.created_at AS first_touch FROM accounts a JOIN interactions i ON i.account_id = a.account_id GROUP BY a.account_id, a.created_at) x
SELECT c.full_name, c.title, count(p.*) AS touches FROM contacts c LEFT JOIN interaction_participants p ON p.individual_id = c.individual_id GROUP BY c.contact_id, c.full_name, c.title ORDER BY touches DESC, 1, 2 LIMIT 5
SELECT date_trunc('month', changed_at)::date AS month, from_status || ' → ' || to_status AS move, count(*) FROM status_changes WHERE record_kind = 'opportunity' AND from_status IS NOT NULL GROUP BY 1, 2 ORDER BY 1 DESC, 3 DESC, 2 LIMIT 5
SELECT cohort, count(*) AS accounts, sum(won::int) AS bought FROM (SELECT date_trunc('quarter', a.created_at)::date AS cohort, EXISTS (SELECT 1 FROM opportunities o WHERE o.account_id = a.account_id AND o.is_won) AS won FROM accounts a) x GROUP BY cohort ORDER BY cohort
SELECT name, similarity FROM (SELECT name, 1 - (length(name) - 5)::float / 100 AS similarity FROM accounts) s ORDER BY similarity DESC, name LIMIT 2
select count(*), "stage" from "opportunities" where "stage" in ('won','lost') and "amount" between 1 and 100000 group by "stage" having count(*) > 0 order by 1 desc;
SELECT * FROM opportunities WHERE opportunity_id IN ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000001')
SELECT min(x), max(x) FROM (SELECT generate_series(1, 10) AS x) s
SELECT row_number() OVER (ORDER BY (SELECT NULL)) AS n, tier FROM (SELECT DISTINCT tier FROM accounts WHERE tier IS NOT NULL ORDER BY tier) q
SELECT t.name, t.currency, (SELECT string_agg(u.name, ', ' ORDER BY u.name) FROM users u WHERE u.role = 'admin') FROM tenants t
SELECT a.* , a.name LIKE 'B%' b FROM accounts a ORDER BY a.account_id LIMIT 1
SELECT i.kind, count(*) c FROM interactions i GROUP BY i.kind HAVING count(*) > ANY (SELECT count(*) FROM interactions GROUP BY kind) ORDER BY c DESC, i.kind
SELECT e FROM (SELECT closed_at ISNULL AS e FROM opportunities) x GROUP BY 1 ORDER BY 1
SELECT 5 BETWEEN 1 AND 10 AND true, 5 NOT BETWEEN 1 AND 3, NOT 1 = 2, 1 <> 2, 1 != 2, true IS NOT FALSE, NULL IS NULL, 1 IS NOT NULL, NULL::int IS DISTINCT FROM 1
SELECT CAST(amount AS varchar), CAST(created_at AS date), amount::text, created_at::date, created_at::timestamp(0), date(created_at), text 'x', int '5', bool 't', float8 '1.5', '5'::int::text FROM opportunities ORDER BY opportunity_id LIMIT 1
SELECT varchar 'abc', bpchar 'x', date('2026-01-01'), upper(text 'x')
SELECT pg_catalog.lower('A'), pg_catalog.count(*) FROM accounts
SELECT sum(amount) AS "Σ" FROM opportunities o WHERE o.currency = 'EUR' AND o.stage = 'won' AND o.closed_at >= date_trunc('year', CURRENT_TIMESTAMP) AND o.closed_at < date_trunc('year', CURRENT_TIMESTAMP) + '1 year'::interval
SELECT count(*) FROM opportunities WHERE closed_at >= (date_trunc('month', now()) - interval '1 month') AT TIME ZONE 'UTC'
SELECT o.name FROM opportunities o WHERE o.name IS NOT NULL AND length(trim(o.name)) > 0 ORDER BY length(o.name) DESC, o.name LIMIT 3
SELECT COUNT(*) FROM opportunities WHERE amount > 1000 AND (stage = 'won' OR stage = 'lost') AND NOT (owner_id IS NULL) AND created_at::date >= '2026-01-01'::date AND lower(name) LIKE lower('%RENEWAL%')
-- as PostgreSQL's own tests write them
SELECT count(*) FROM opportunities WHERE stage IN (VALUES ('won'), ('lost'))
SELECT count(*) FROM opportunities WHERE (stage, currency) IN (VALUES ('won', 'EUR'), ('lost', 'USD'))
SELECT count(*) FROM opportunities WHERE stage NOT IN (VALUES ('won'), ('lost'))
SELECT count(*) FROM opportunities WHERE stage = ANY (VALUES ('won'), ('lost'))
SELECT a.name, x.n FROM accounts a LEFT JOIN ((SELECT 42 AS n) AS x RIGHT JOIN (SELECT 1 AS z) AS y ON true) ON a.tier = 'smb' ORDER BY a.name LIMIT 3
SELECT count(*) FROM ((accounts a JOIN contacts c USING (account_id)) JOIN opportunities o USING (account_id)) LEFT JOIN users u ON u.user_id = o.owner_id
SELECT d, sum(n) OVER (ORDER BY d RANGE INTERVAL '7 days' PRECEDING) FROM (SELECT occurred_at::date AS d, count(*) AS n FROM interactions GROUP BY 1) x ORDER BY d DESC LIMIT 3
SELECT amount, sum(amount) OVER (ORDER BY amount, opportunity_id ROWS 1 + 1 PRECEDING), count(*) OVER (ROWS UNBOUNDED PRECEDING), count(*) OVER (ORDER BY amount NULLS LAST, opportunity_id ROWS (SELECT 2) PRECEDING), count(*) OVER (ORDER BY amount DESC NULLS FIRST, opportunity_id DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM opportunities WHERE currency = 'EUR' ORDER BY amount, opportunity_id LIMIT 5
SELECT rows, range, groups FROM (SELECT 1 AS rows, 2 AS range, 3 AS groups) x ORDER BY rows, range, groups
SELECT row_number() OVER (PARTITION BY rows, range ORDER BY groups, rows ROWS 2 PRECEDING) FROM (SELECT 1 AS rows, 2 AS range, 3 AS groups) x
SELECT t.id, t.a, t.b FROM json_table('{"x": [{"a": 1, "bs": [1, 2]}]}', '$.x[*]' COLUMNS (id FOR ORDINALITY, a int PATH '$.a', NESTED PATH '$.bs[*]' AS bs COLUMNS (b int PATH '$'))) AS t ORDER BY t.id, t.b
SELECT t.a FROM json_table('{"a": 5}', '$' PASSING 3 AS least COLUMNS (a int PATH '$.a ? (@ > $least)' DEFAULT -1 ON EMPTY, b text EXISTS PATH '$.b', c jsonb FORMAT JSON PATH '$' WITH WRAPPER, d text PATH '$.a' OMIT QUOTES NULL ON ERROR) ERROR ON ERROR) AS t
SELECT json_object('a' || 2 : 1, 'k': NULL ABSENT ON NULL WITH UNIQUE KEYS RETURNING jsonb), json_object(RETURNING jsonb), json_array(), json_array(1, NULL ABSENT ON NULL RETURNING jsonb)
SELECT stage, json_arrayagg(amount ORDER BY amount ABSENT ON NULL RETURNING jsonb) FILTER (WHERE is_won), json_objectagg(opportunity_id : amount ABSENT ON NULL WITH UNIQUE KEYS RETURNING jsonb) FROM opportunities WHERE amount > 150000 GROUP BY stage ORDER BY stage
SELECT json_exists('{"a": 1}', '$.a' TRUE ON ERROR), json_query('[1, 2]', '$[*]' WITH UNCONDITIONAL ARRAY WRAPPER), json_query('"x"', '$' OMIT QUOTES ON SCALAR STRING), json_value('{}', 'strict $.a' RETURNING int DEFAULT -1 ON ERROR), json_query('{}', '$.x' EMPTY ARRAY ON EMPTY EMPTY OBJECT ON ERROR), json_value('[1, 2]', '$[$i]' PASSING 1 AS i RETURNING int)
SELECT '1' IS JSON SCALAR, '{"a": 1, "a": 2}' IS JSON OBJECT WITH UNIQUE KEYS, '[]' IS NOT JSON VALUE, NULL IS JSON, '{}' IS JSON WITHOUT UNIQUE KEYS AND true
-- recursion whose values grow by a piece at each step
WITH RECURSIVE r(n, path) AS (SELECT 1, 'a'::text UNION ALL SELECT n + 1, path || '/' || n::text FROM r WHERE n < 20) SELECT n, path FROM r ORDER BY n
WITH RECURSIVE r AS (SELECT 1 AS n, ARRAY[1] AS seen, 1::numeric AS f UNION ALL SELECT n + 1, seen || (n + 1), f * (n + 1) FROM r WHERE n < 12) SELECT n, seen, f FROM r ORDER BY n
WITH RECURSIVE chain AS (SELECT to_status AS status, 1 AS depth, ARRAY[to_status] AS path FROM status_changes WHERE from_status IS NULL UNION SELECT s.to_status, c.depth + 1, c.path || s.to_status FROM chain c JOIN status_changes s ON s.from_status = c.status WHERE c.depth < 6 AND NOT s.to_status = ANY (c.path)) SELECT DISTINCT path FROM chain ORDER BY path
WITH RECURSIVE r(n, d) AS (SELECT 1, '{}'::jsonb UNION ALL SELECT n + 1, jsonb_set(d, '{a}', to_jsonb(n)) || jsonb_build_object('k' || n, n) FROM r WHERE n < 5) SELECT d FROM r ORDER BY n
WITH RECURSIVE r(n, t) AS (SELECT 1, 'x'::text UNION ALL SELECT n + 1, CASE WHEN n % 2 = 0 THEN upper(t) || 'a' ELSE coalesce(t, '') || lpad(n::text, 3, '0') END FROM r WHERE n < 9) SELECT t FROM r ORDER BY n
-- words that are labels
SELECT CASE WHEN due_at::date = DATE '2026-11-20' THEN 'today' WHEN due_at::date = DATE '2026-11-21' THEN 'tomorrow' ELSE NULL END AS due, count(*) FROM tasks GROUP BY 1 ORDER BY 1
SELECT coalesce(loss_reason, 'now') AS reason, count(*) FROM opportunities GROUP BY 1 ORDER BY 1
SELECT 'today' AS period, count(*) FROM tasks WHERE due_at::date = DATE '2026-11-20' UNION ALL SELECT 'yesterday', count(*) FROM tasks WHERE due_at::date = DATE '2026-11-19' ORDER BY 1
-- analysts', once more
SELECT name FROM accounts ORDER BY (SELECT count(*) FROM contacts c WHERE c.account_id = accounts.account_id) DESC, name LIMIT 5
SELECT owner_name, count(*) FROM opportunities GROUP BY owner_name HAVING count(*) > (SELECT avg(n) FROM (SELECT count(*) AS n FROM opportunities GROUP BY owner_name) x) ORDER BY 2 DESC, 1
SELECT name, amount FROM opportunities WHERE currency = 'EUR' ORDER BY rank() OVER (PARTITION BY stage ORDER BY amount DESC NULLS LAST), amount DESC NULLS LAST, opportunity_id LIMIT 6
((SELECT name FROM accounts ORDER BY name LIMIT 3) UNION ALL (SELECT name FROM organizations ORDER BY name DESC LIMIT 3)) ORDER BY 1 LIMIT 4
SELECT x.label, x.value FROM accounts a CROSS JOIN LATERAL (VALUES ('tier', a.tier), ('status', a.status), ('country', a.country)) AS x(label, value) ORDER BY a.name, x.label LIMIT 6
SELECT label, count(*) FROM opportunities o, LATERAL (VALUES (CASE WHEN o.amount > 50000 THEN 'large' ELSE 'small' END)) v(label) GROUP BY label ORDER BY label
SELECT u.pos, u.stage FROM unnest(ARRAY['new', 'won'], ARRAY[1, 2]) WITH ORDINALITY AS u(stage, n, pos) ORDER BY u.pos
SELECT count(*) FROM accounts WHERE name NOT ILIKE ANY (ARRAY['a%', 'b%']) AND name LIKE ALL (ARRAY['%a%', '%e%'])
SELECT count(*) FROM accounts WHERE account_id IN (SELECT account_id FROM opportunities WHERE is_won UNION SELECT account_id FROM contacts WHERE is_primary)
SELECT EXISTS (VALUES (1)), NOT EXISTS (SELECT FROM accounts WHERE tier = 'nope'), (SELECT 1) = ALL (VALUES (1), (1))
SELECT DISTINCT ON ((stage || currency)) stage, currency, name FROM opportunities ORDER BY (stage || currency), created_at DESC, opportunity_id
SELECT stage, count(*) FROM opportunities GROUP BY stage ORDER BY CASE stage WHEN 'new' THEN 1 WHEN 'qualified' THEN 2 WHEN 'proposal' THEN 3 WHEN 'negotiation' THEN 4 ELSE 5 END, stage
SELECT name FROM accounts ORDER BY name LIMIT (SELECT 2 + 1) OFFSET (1)
SELECT name FROM accounts ORDER BY name LIMIT 2 + 2
SELECT name FROM accounts ORDER BY name FETCH FIRST (2) ROWS ONLY
SELECT tier, country, status, count(*) FROM accounts GROUP BY CUBE ((tier, country), status) ORDER BY 1 NULLS LAST, 2 NULLS LAST, 3 NULLS LAST LIMIT 10
SELECT crm_read.accounts.* FROM crm_read.accounts ORDER BY crm_read.accounts.account_id LIMIT 1
SELECT count(*) FROM (SELECT FROM accounts) x
SELECT "a"."name" AS "Account", COALESCE(SUM("o"."amount"), 0) AS "Total", COUNT("o"."opportunity_id") AS "N" FROM "accounts" "a" LEFT JOIN "opportunities" "o" ON ("o"."account_id" = "a"."account_id" AND "o"."is_won" AND "o"."currency" = 'EUR') GROUP BY 1 HAVING COUNT("o"."opportunity_id") > 1 ORDER BY "Total" DESC, "Account" LIMIT 5
WITH monthly AS (SELECT date_trunc('month', closed_at)::date AS month, sum(amount) AS won FROM opportunities WHERE is_won AND currency = 'EUR' GROUP BY 1), filled AS (SELECT m::date AS month, coalesce(won, 0) AS won FROM generate_series('2026-01-01'::date, '2026-11-01'::date, interval '1 month') AS m LEFT JOIN monthly ON monthly.month = m::date) SELECT month, won, sum(won) OVER (ORDER BY month) AS ytd, avg(won) OVER (ORDER BY month ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)::numeric(14, 2) AS ma3, won - lag(won) OVER (ORDER BY month) AS delta FROM filled ORDER BY month
WITH stage_times AS (SELECT record_id, to_status, changed_at, lead(changed_at) OVER (PARTITION BY record_id ORDER BY changed_at) AS left_at FROM status_changes WHERE record_kind = 'opportunity') SELECT to_status, count(*) AS entries, round(avg(extract(epoch FROM left_at - changed_at) / 86400)::numeric, 1) AS avg_days, percentile_cont(0.5) WITHIN GROUP (ORDER BY left_at - changed_at) AS median FROM stage_times WHERE left_at IS NOT NULL GROUP BY to_status ORDER BY to_status
WITH first_won AS (SELECT account_id, min(closed_at) AS first_at FROM opportunities WHERE is_won GROUP BY account_id) SELECT date_trunc('quarter', f.first_at)::date AS cohort, (extract(year FROM age(o.closed_at, f.first_at)) * 4 + floor(extract(month FROM age(o.closed_at, f.first_at)) / 3))::int AS quarters_later, count(DISTINCT o.account_id) AS accounts FROM first_won f JOIN opportunities o ON o.account_id = f.account_id AND o.is_won GROUP BY 1, 2 ORDER BY 1, 2
SELECT owner_name, sum(amount) FILTER (WHERE closed_at >= date_trunc('quarter', CURRENT_DATE)) AS this_q, sum(amount) FILTER (WHERE closed_at >= date_trunc('quarter', CURRENT_DATE) - INTERVAL '3 months' AND closed_at < date_trunc('quarter', CURRENT_DATE)) AS last_q FROM opportunities WHERE is_won AND currency = 'EUR' GROUP BY owner_name ORDER BY 2 DESC NULLS LAST, 1
SELECT o.name, o.amount, o.amount / sum(o.amount) OVER (PARTITION BY o.owner_id) AS share, cume_dist() OVER (PARTITION BY o.owner_id ORDER BY o.amount) FROM opportunities o WHERE o.is_open AND o.currency = 'EUR' AND o.amount > 0 ORDER BY o.opportunity_id LIMIT 4
SELECT a.name, string_agg(DISTINCT c.full_name, ', ' ORDER BY c.full_name) AS people, array_length(array_agg(DISTINCT c.contact_id), 1) AS n FROM accounts a JOIN contacts c USING (account_id) GROUP BY a.account_id, a.name HAVING count(*) > 2 ORDER BY n DESC, a.name LIMIT 4
SELECT i.kind, extract(hour FROM i.occurred_at AT TIME ZONE 'Europe/Berlin')::int AS hour, count(*) AS n, round(avg(i.duration_seconds) / 60.0, 1) AS minutes FROM interactions i WHERE i.duration_seconds IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 8
SELECT o.name, (SELECT json_agg(json_build_object('kind', i.kind, 'at', i.occurred_at) ORDER BY i.occurred_at DESC, i.interaction_id) FROM (SELECT * FROM interactions WHERE about_id = o.opportunity_id ORDER BY occurred_at DESC, interaction_id LIMIT 2) i) AS latest FROM opportunities o ORDER BY o.opportunity_id LIMIT 2
SELECT a.tier, avg(x.days)::numeric(10, 1) FROM accounts a JOIN LATERAL (SELECT extract(day FROM max(i.occurred_at) - min(i.occurred_at)) AS days FROM interactions i WHERE i.account_id = a.account_id HAVING count(*) > 1) x ON true GROUP BY a.tier ORDER BY a.tier
SELECT 100.0 * sum(CASE WHEN o.is_won THEN 1 ELSE 0 END)::float / NULLIF(sum(CASE WHEN o.is_open THEN 0 ELSE 1 END), 0) AS win_rate, u.name FROM users u LEFT OUTER JOIN opportunities o ON u.user_id = o.owner_id GROUP BY u.user_id, u.name ORDER BY win_rate DESC NULLS LAST, u.name
SELECT t.assignee_name, count(*) FILTER (WHERE t.due_at < NOW() AND t.is_open) AS overdue, min(t.due_at) FILTER (WHERE t.is_open)::date AS next_due FROM tasks t GROUP BY ROLLUP (t.assignee_name) ORDER BY t.assignee_name NULLS LAST
SELECT width_bucket(extract(epoch FROM closed_at - created_at) / 86400, 0, 180, 6) AS bucket, min(extract(day FROM closed_at - created_at)) || '–' || max(extract(day FROM closed_at - created_at)) AS days, count(*) FROM opportunities WHERE is_won GROUP BY 1 ORDER BY 1
SELECT o1.name, o2.name FROM opportunities o1 JOIN opportunities o2 ON o1.account_id = o2.account_id AND o1.opportunity_id < o2.opportunity_id AND tstzrange(o1.created_at, coalesce(o1.closed_at, 'infinity')) && tstzrange(o2.created_at, coalesce(o2.closed_at, 'infinity')) ORDER BY o1.opportunity_id, o2.opportunity_id LIMIT 3
SELECT name, substring(domain FROM '\.([a-z]+)$') AS tld, regexp_replace(domain, '^www\.', '') AS host FROM organizations WHERE domain IS NOT NULL ORDER BY name, domain LIMIT 3
SELECT to_char(created_at, 'IYYY-"W"IW') AS week, count(*) FROM leads GROUP BY 1 ORDER BY 1 DESC LIMIT 4
SELECT (date_trunc('month', CURRENT_DATE) + INTERVAL '1 month' - INTERVAL '1 day')::date AS month_end, CURRENT_DATE - date_trunc('year', CURRENT_DATE)::date AS day_of_year, date_part('isodow', CURRENT_DATE) AS dow
SELECT l.kind, l.status, count(*) FROM leads l NATURAL LEFT JOIN (SELECT lead_id, true AS touched FROM leads WHERE via_agent) v GROUP BY 1, 2 ORDER BY 1, 2
SELECT c.full_name, c.email, i.phone FROM contacts c JOIN individuals i ON i.individual_id = c.individual_id WHERE c.email = 'nobody@example.com' OR i.phone IS NULL ORDER BY c.contact_id LIMIT 2
SELECT kind, round(100 * avg((verified_by_user IS TRUE)::int), 1) AS verified_pct, avg(confidence)::numeric(4, 2) FROM insights GROUP BY kind ORDER BY kind
SELECT greatest(0, amount - 1000) + least(amount, 1000) = amount AS same, sign(amount - 50000) AS side, amount % 7 AS rest, -amount AS minus, amount::int / 1000 * 1000 AS thousands FROM opportunities WHERE amount IS NOT NULL ORDER BY opportunity_id LIMIT 3
SELECT name FROM accounts WHERE (name, tier) > ('M', 'a') AND (tier IS NOT NULL) IS NOT FALSE ORDER BY name, account_id LIMIT 2
SELECT count(*), count(*) FILTER (WHERE a.owner_id IS DISTINCT FROM o.owner_id) AS handed_over FROM opportunities o JOIN accounts a USING (account_id)
SELECT sum(x) FROM unnest('{1,2,3}'::int[]) x WHERE x <> ALL (SELECT 2)
SELECT coalesce(a.country, g.country) AS country, count(*) FROM accounts a FULL OUTER JOIN organizations g USING (organization_id) GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST LIMIT 4
SELECT DISTINCT date_trunc('day', occurred_at, 'America/New_York') AS day FROM interactions ORDER BY day DESC LIMIT 2
SELECT array(SELECT stage FROM opportunities GROUP BY stage ORDER BY count(*) DESC, stage) AS stages, (ARRAY(SELECT name FROM accounts ORDER BY name))[1:2] AS first_two
SELECT max(n) - min(n) AS spread, mode() WITHIN GROUP (ORDER BY n) FROM (SELECT count(*) AS n FROM interactions GROUP BY account_id) s
SELECT * FROM (SELECT stage, sum(amount) AS total, sum(sum(amount)) OVER () AS all_total FROM opportunities WHERE currency = 'EUR' GROUP BY stage) s WHERE total > all_total / 10 ORDER BY stage
SELECT o.stage, g.month, count(o.*) FROM (SELECT generate_series(DATE '2026-09-01', DATE '2026-11-01', '1 month')::date AS month) g CROSS JOIN (SELECT DISTINCT stage FROM opportunities) s LEFT JOIN opportunities o ON o.stage = s.stage AND date_trunc('month', o.created_at)::date = g.month GROUP BY o.stage, g.month ORDER BY 2, 1 NULLS LAST
SELECT a.name AS "name", ROUND((COUNT(*) FILTER (WHERE o.is_won))::NUMERIC / GREATEST(COUNT(*), 1), 3) AS "ratio" FROM accounts AS a, opportunities AS o WHERE a.account_id = o.account_id GROUP BY a.name ORDER BY ratio DESC, 1 LIMIT 5
SELECT concat_ws(' ', i.given_name, i.family_name) = i.full_name AS same, count(*) FROM individuals i GROUP BY 1 ORDER BY 1
SELECT n.about_kind, avg(length(n.body))::int, max(char_length(n.body)), sum(array_length(regexp_split_to_array(n.body, '\s+'), 1)) AS words FROM notes n GROUP BY n.about_kind ORDER BY 1
SELECT currency, sum(amount) AS total, rank() OVER (ORDER BY sum(amount) DESC NULLS LAST), string_agg(DISTINCT stage, '/' ORDER BY stage) FROM opportunities GROUP BY currency ORDER BY 3, 1
SELECT p.role, count(DISTINCT i.interaction_id) FROM interactions i INNER JOIN interaction_participants p USING (interaction_id) LEFT JOIN users u ON u.user_id = p.user_id WHERE u.user_id IS NULL GROUP BY p.role ORDER BY p.role
SELECT j.name, j.salary_max, pct.p FROM jobs j, (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY salary_max) AS p FROM jobs) AS pct WHERE j.salary_max >= pct.p ORDER BY j.salary_max DESC, j.job_id LIMIT 3
SELECT tag, count(*) AS n, 100.0 * count(*) / (SELECT count(*) FROM tags) AS pct FROM tags GROUP BY tag HAVING count(*) >= 2 ORDER BY n DESC, tag LIMIT 3
