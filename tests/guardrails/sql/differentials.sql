-- Valid in PostgreSQL, and read as something else by sqlglot's own Postgres dialect: the sign of an interval, numbers of
-- other bases, JSON paths, casts in function names. Each is refused, or means the same afterwards.
SELECT interval '7 days ago', interval '2 days -12:34:56', interval '30 days 12:00:00', interval '1 12:00' day
SELECT interval(0) '1.5 seconds'
SELECT interval '1.5 seconds', interval 'P1Y2M', interval '1' year, interval '1 2:03' day to minute, interval '90' minute
SELECT 100 * 1_000
SELECT 0o17
SELECT 0x1F
SELECT 0b101
SELECT '{"": 1}'::jsonb -> '', '{"a.b": 1}'::jsonb -> 'a.b', '{"$": 1}'::jsonb -> '$', '[1, 2]'::jsonb -> -1
SELECT json_object('{a}', '{b}')
SELECT pg_typeof(date_part('year', date '2026-01-01'))
SELECT date_part('year', date '2026-01-01'), extract(year from date '2026-01-01'), extract('year' from date '2026-01-01')
SELECT count(DISTINCT (stage, currency)) FROM opportunities
SELECT to_hex(255)
SELECT !!'a'::tsquery
SELECT @ -5
SELECT @-5
SELECT current_time IS NOT NULL
SELECT 'x' IS NFC NORMALIZED
SELECT - 2 ^ 2, -2 ^ 2, 2 ^ -1, 2 ^ 3 ^ 2, 2 * 3 ^ 2, -(2) ^ 2
SELECT 1 + 2 || 'a', 'a' || 1 + 2, 'a' || 'b' = 'ab', 'a' || 'b' LIKE 'ab', 2 - 1 - 1, 8 / 4 / 2, 7 % 4 % 2
SELECT 1 = 1 IS TRUE, 1 < 2 IS TRUE, NOT 1 = 2, NOT true = false, true = NOT false
SELECT 1 IN (1) IS TRUE, 1 NOT IN (1) IS TRUE, 1 NOT IN (1) < true, 1 BETWEEN 0 AND 1 = true, 1 BETWEEN 0 AND 1 AND true
SELECT NULL IS NULL IS NOT NULL, (NULL IS NULL) = true, NULL IS DISTINCT FROM 1 = true
SELECT true OR true AND false, (true OR true) AND false, NOT true OR true, NOT (true OR true)
SELECT '{"a": [1]}'::jsonb @> '{}' || '{"b": 1}'::jsonb
SELECT '{"a": 1}'::jsonb -> 'a' = '1', '{"a": 1}'::jsonb ->> 'a' || 'b', '{"a": 1}'::jsonb ->> 'a' LIKE '1'
SELECT 'abc' ~ 'b' = true, 'abc' ~ 'b' || 'c', 'abc' !~ 'x' AND true, 'ABC' ~* 'b', 'a' ~~ 'a%', 'a' !~~* 'B%'
SELECT ARRAY[1, 2] @> ARRAY[1] AND true, ARRAY[1] || ARRAY[2] @> ARRAY[1], 1 = ANY (ARRAY[1]) AND true
SELECT date '2026-01-01' - 1 + 2, date '2026-01-01' + interval '1 day' * 2, now() - interval '1 day' AT TIME ZONE 'UTC' IS NOT NULL
SELECT timestamp '2026-01-01' AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Tokyo'
SELECT 'a' COLLATE "C" < 'B' COLLATE "C", 'a' < 'B' COLLATE "C"
SELECT -1::int, - '1'::int, -(1::int), 2 - 1::int, '1'::int::text || 'a', 1::text::int + 1
SELECT 5::float / 2, 5 / 2, 5 / 2.0, 5::numeric / 2, round(5 / 2.0, 1), 1::float4 / 3
SELECT CASE WHEN true THEN 1 ELSE 2 END + 1, CASE WHEN true THEN 'a' END || 'b'
SELECT (SELECT 1) + 1, -(SELECT 1), (SELECT 1)::text
SELECT 1 AS a, 2 AS "A", 3 AS "a b", 4 AS "select", 5 AS date
SELECT 1 UNION ALL SELECT 1 INTERSECT SELECT 1 EXCEPT SELECT 2
SELECT 1 UNION SELECT 1 UNION ALL SELECT 1
SELECT 1 UNION ALL (SELECT 1 UNION SELECT 1)
(SELECT 3 UNION ALL SELECT 1 ORDER BY 1) LIMIT 1
SELECT 1 AS x UNION SELECT 2 ORDER BY x DESC LIMIT 1
SELECT * FROM (SELECT 1 AS a) AS x NATURAL JOIN (SELECT 1 AS a, 2 AS b) AS y
SELECT * FROM (SELECT 1 AS a) x LEFT JOIN (SELECT 1 AS a, 2 AS b) y USING (a) JOIN (SELECT 1 AS a, 3 AS c) z USING (a)
SELECT * FROM (VALUES (1)) a (x), (VALUES (2)) b (y) JOIN (VALUES (3)) c (z) ON true
SELECT count(*) FILTER (WHERE stage = 'won'), sum(amount) FILTER (WHERE stage = 'won') OVER () FROM opportunities GROUP BY amount
SELECT stage, row_number() OVER (w ORDER BY stage) FROM opportunities WINDOW w AS (PARTITION BY stage) ORDER BY 1, 2 LIMIT 3
SELECT max(amount) OVER (w) FROM opportunities WINDOW w AS (PARTITION BY stage) ORDER BY 1 LIMIT 1
SELECT string_agg(stage, ',' ORDER BY stage DESC NULLS LAST) FROM (SELECT DISTINCT stage FROM opportunities) x
SELECT stage FROM opportunities GROUP BY stage ORDER BY stage NULLS FIRST
SELECT stage FROM opportunities GROUP BY stage ORDER BY stage DESC NULLS LAST
SELECT name FROM accounts ORDER BY name OFFSET 2 LIMIT 3
SELECT name FROM accounts ORDER BY name OFFSET 2 ROWS FETCH FIRST ROW ONLY
SELECT name FROM accounts ORDER BY name LIMIT 1 + 1
SELECT name FROM accounts ORDER BY name LIMIT NULL
SELECT 'a\nb', E'a\nb', 'it''s', E'it\'s', 'a"b', $$it's$$, 'a--b', 'a/*b*/c', ';', 'é😀'
SELECT "name" FROM "accounts" AS "a""b" ORDER BY 1 LIMIT 1
SELECT a.name AS "x; drop table y" FROM accounts a ORDER BY 1 LIMIT 1
SELECT 1--1
SELECT 1 - -1, 1- -1, 2*-1, 1+-1
SELECT 1.::int, .5, 1.5e3, 1E-2, 00012
SELECT trim('x' FROM 'xax'), trim(BOTH FROM ' a '), trim(TRAILING 'x' FROM 'xax'), trim('xax', 'x'), ltrim('xa', 'x')
SELECT substring('abcdef' FROM 2), substring('abcdef' FOR 2), substring('abcdef' FROM 2 FOR 2), substring('abc' FROM 'b.'), substring('abc', 2)
SELECT position('b' IN 'abc'), overlay('abc' PLACING 'x' FROM 2 FOR 1), strpos('abc', 'b')
SELECT cast(1 AS text), cast('1' AS int) + 1, (cast('{1,2}' AS int[]))[1], cast(1 AS numeric(5, 2))
SELECT double precision '1.5', character varying(2) 'abc', timestamp with time zone '2026-01-01 00:00+00', time '10:00', numeric(4, 1) '2.25'
SELECT (ARRAY[1, 2, 3])[2], (ARRAY[1, 2, 3])[2:3], (ARRAY[[1, 2], [3, 4]])[2][1], (array_agg(tier ORDER BY tier))[1] FROM accounts
SELECT (ARRAY[1, 2, 3])[1 + 1]
SELECT greatest(1, NULL), least(2, 1), coalesce(NULL, 2), nullif(1, 2), num_nulls(1, NULL)
SELECT exists (SELECT 1), NOT exists (SELECT 1 WHERE false), 1 IN (SELECT 1), 1 NOT IN (SELECT 2), 1 = ANY (SELECT 1), 1 > ALL (SELECT 0), 1 = SOME (ARRAY[1])
SELECT lower('[1,5)'::int4range), upper('[1,5)'::int4range), int4range(1, 5) @> 3, int4range(1, 3) -|- int4range(3, 5), int4range(1, 3) << int4range(5, 7)
SELECT 'fat cat'::tsvector @@ 'fat & cat'::tsquery, to_tsquery('fat') && to_tsquery('cat'), to_tsquery('fat') <-> to_tsquery('cat')
SELECT ROW(1, 2) = ROW(1, 2), (1, 2) < (1, 3), ROW(1, NULL) IS NULL, NOT ROW(1, NULL) IS NULL, ROW(1, NULL) IS NOT NULL
SELECT true IS NOT TRUE, NOT true IS TRUE, NULL::boolean IS UNKNOWN
SELECT 1 ISNULL, 1 NOTNULL
SELECT 'a' LIKE 'A' ESCAPE '!', 'a%' LIKE 'a!%' ESCAPE '!', 'a' NOT LIKE 'b' AND true, 'ab' SIMILAR TO 'a(b|c)', 'ab' NOT SIMILAR TO 'x'
SELECT 'a' ILIKE ANY (ARRAY['A%', 'b']), 'a' LIKE ALL (ARRAY['a%'])
SELECT 2 BETWEEN 1 AND 3 AND NOT 4 BETWEEN 1 AND 3, 2 BETWEEN SYMMETRIC 3 AND 1, 2 NOT BETWEEN 1 AND 3 OR true
SELECT sum(DISTINCT probability), count(ALL stage), avg(ALL amount) IS NOT NULL FROM opportunities
SELECT x FROM (SELECT 1 AS x UNION ALL SELECT 2) AS t WHERE x NOT IN (SELECT 2)
SELECT concat('a', NULL, 'b'), 'a' || NULL, concat_ws('-', 'a', NULL, 'b'), length('añ'), left('abc', -1), right('abc', 2)
SELECT div(7, 2), mod(-7, 3), -7 / 2, -7 % 3, round(2.5), round(-2.5), round(2.5::float), log(100), ln(1), cbrt(27)
SELECT date_trunc('week', timestamp '2026-11-20'), date_trunc('MONTH', date '2026-11-20'), extract(week FROM date '2026-01-01'), extract(dow FROM date '2026-11-22')
SELECT to_char(1234567.891, 'FM999,999,990.00'), to_char(date '2026-11-20', 'Day, DD Month YYYY'), to_char(interval '90 minutes', 'HH24:MI')
SELECT generate_series(1, 3) AS a, generate_series(1, 2) AS b
SELECT g FROM generate_series(1, 3) g ORDER BY g DESC
SELECT g.x, g.n FROM unnest(ARRAY['a', 'b']) WITH ORDINALITY AS g (x, n)
SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b', 'c']) AS u (n, t)
select * from json_table('[]', '$[*]' columns (a int))
select convert_from('\x41', 'UTF8')
select encode('a', 'base64')
select decode('YQ==', 'base64')
select '\x41'::bytea
select U&'\0041'
select E'\x41'
select E'\u0041'
select E'\101'
select B'101'
select X'1F'
select 0x1F
select 0o17
select 0b101
table accounts
select date '2026-01-01' at local
select name from accounts where name is json
select * from jsonb_to_recordset('[]') as x(a int)
select 1 from accounts where (table contacts) is not null
select array(table contacts)
SELECT e'\x27, pg_sleep(1) --'
