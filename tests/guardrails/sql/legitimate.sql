-- questions people ask
SELECT count(*) FROM opportunities WHERE is_won AND closed_at >= DATE '2026-07-01' AND closed_at < DATE '2026-10-01'
SELECT count(*) AS open_deals, sum(amount) AS pipeline, currency FROM opportunities WHERE is_open GROUP BY currency ORDER BY pipeline DESC
SELECT stage, count(*), sum(amount), round(avg(amount), 2) AS average FROM opportunities GROUP BY stage ORDER BY count(*) DESC
SELECT owner_name, count(*) FILTER (WHERE is_won) AS won, count(*) FILTER (WHERE is_lost) AS lost FROM opportunities GROUP BY owner_name ORDER BY won DESC, owner_name
SELECT owner_name, round(100.0 * count(*) FILTER (WHERE is_won) / NULLIF(count(*) FILTER (WHERE NOT is_open), 0), 1) AS win_rate FROM opportunities GROUP BY 1 HAVING count(*) >= 5 ORDER BY 2 DESC NULLS LAST
SELECT name, amount, currency FROM opportunities WHERE is_open ORDER BY amount DESC NULLS LAST LIMIT 10
SELECT date_trunc('month', closed_at) AS month, sum(amount) AS won FROM opportunities WHERE is_won AND currency = 'EUR' GROUP BY 1 ORDER BY 1
SELECT to_char(closed_at, 'YYYY-"Q"Q') AS quarter, count(*) FROM opportunities WHERE NOT is_open GROUP BY quarter ORDER BY quarter
SELECT account_name, max(last_interaction_at) AS last_touch FROM opportunities WHERE is_open GROUP BY account_name HAVING max(last_interaction_at) < TIMESTAMPTZ '2026-08-01' OR max(last_interaction_at) IS NULL ORDER BY last_touch NULLS FIRST, account_name
SELECT a.name, a.tier, count(o.opportunity_id) AS deals, coalesce(sum(o.amount) FILTER (WHERE o.is_won), 0) AS won FROM accounts a LEFT JOIN opportunities o USING (account_id) GROUP BY a.account_id, a.name, a.tier ORDER BY won DESC, a.name LIMIT 20
SELECT o.source, avg(closed_at - created_at) AS cycle FROM opportunities o WHERE is_won GROUP BY o.source ORDER BY cycle
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM closed_at - created_at) / 86400) AS median_days FROM opportunities WHERE is_won
SELECT loss_reason, count(*) AS n, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS share FROM opportunities WHERE is_lost GROUP BY loss_reason ORDER BY n DESC, loss_reason
SELECT i.kind, i.direction, count(*) FROM interactions i GROUP BY CUBE (i.kind, i.direction) ORDER BY 1 NULLS LAST, 2 NULLS LAST
SELECT u.name, count(t.task_id) AS overdue FROM users u JOIN tasks t ON t.assignee_id = u.user_id WHERE t.is_open AND t.due_at < TIMESTAMPTZ '2026-11-20 00:00+01' GROUP BY u.name ORDER BY overdue DESC, u.name
SELECT name FROM accounts WHERE account_id NOT IN (SELECT account_id FROM opportunities WHERE account_id IS NOT NULL) ORDER BY name
SELECT name FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM interactions i WHERE i.account_id = a.account_id AND i.occurred_at > DATE '2026-06-01') ORDER BY name
SELECT full_name, count(*) FROM contacts GROUP BY full_name HAVING count(*) > 1 ORDER BY 2 DESC, 1
SELECT industry, country, count(*) FROM organizations GROUP BY ROLLUP (industry, country) ORDER BY industry NULLS LAST, country NULLS LAST
SELECT domain FROM organizations WHERE domain LIKE '%.example' ORDER BY domain LIMIT 5
SELECT tier, avg(o.employee_count)::integer AS staff FROM accounts a JOIN organizations o ON o.organization_id = a.organization_id GROUP BY tier ORDER BY tier
SELECT tag, record_kind, count(*) FROM tags GROUP BY tag, record_kind ORDER BY 3 DESC, 1, 2
SELECT record_kind, status FROM statuses WHERE is_open ORDER BY record_kind, position
SELECT record_kind, from_status, to_status, count(*) FROM status_changes GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT 20
SELECT changed_at::date AS day, count(*) FROM status_changes WHERE to_status = 'won' GROUP BY day ORDER BY day DESC LIMIT 10
SELECT kind, verified_by_user, count(*) FROM insights GROUP BY kind, verified_by_user ORDER BY 1, 2
SELECT close_quarter, sum(won_amount) FROM sales_analytics GROUP BY close_quarter ORDER BY close_quarter
SELECT country, sum(amount * probability / 100) AS weighted FROM sales_analytics WHERE is_open GROUP BY country ORDER BY weighted DESC NULLS LAST
SELECT role, count(DISTINCT individual_id) FROM interaction_participants GROUP BY role ORDER BY role
SELECT position, salary_max - salary_min AS spread FROM jobs WHERE salary_min IS NOT NULL ORDER BY spread DESC NULLS LAST, position LIMIT 10
SELECT partner_type, avg(revenue_share) FROM partnerships GROUP BY partner_type ORDER BY partner_type
SELECT author_name, count(*) FROM notes WHERE about_kind = 'opportunity' GROUP BY author_name ORDER BY 2 DESC, 1
SELECT name, time_zone, currency, fiscal_year_start_month FROM tenants
SELECT priority, status, count(*) FROM tasks GROUP BY priority, status ORDER BY CASE priority WHEN 'urgent' THEN 1 WHEN 'high' THEN 2 WHEN 'normal' THEN 3 ELSE 4 END, status
SELECT status, kind, count(*) FROM leads WHERE via_agent IS NOT TRUE GROUP BY status, kind ORDER BY 1, 2
SELECT i.given_name, i.family_name, i.city FROM individuals i WHERE i.country IN ('DE', 'AT', 'CH', 'Germany') ORDER BY family_name, given_name LIMIT 20
-- windows
SELECT name, amount, rank() OVER (ORDER BY amount DESC NULLS LAST) AS r FROM opportunities WHERE is_open ORDER BY r, name LIMIT 10
SELECT * FROM (SELECT owner_name, name, amount, row_number() OVER (PARTITION BY owner_name ORDER BY amount DESC NULLS LAST, name) AS n FROM opportunities) t WHERE n <= 3 ORDER BY owner_name NULLS LAST, n
SELECT month, won, won - lag(won) OVER (ORDER BY month) AS change FROM (SELECT date_trunc('month', closed_at) AS month, sum(amount) AS won FROM opportunities WHERE is_won GROUP BY 1) m ORDER BY month
SELECT month, sum(n) OVER (ORDER BY month ROWS UNBOUNDED PRECEDING) AS running FROM (SELECT date_trunc('month', created_at) AS month, count(*) AS n FROM leads GROUP BY 1) m ORDER BY month
SELECT day, avg(n) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM (SELECT occurred_at::date AS day, count(*) AS n FROM interactions GROUP BY 1) d ORDER BY day DESC LIMIT 14
SELECT day, sum(n) OVER (ORDER BY day RANGE BETWEEN INTERVAL '7 days' PRECEDING AND CURRENT ROW) FROM (SELECT date_trunc('day', occurred_at) AS day, count(*) AS n FROM interactions GROUP BY 1) d ORDER BY day DESC LIMIT 14
SELECT name, amount, ntile(4) OVER w, percent_rank() OVER w, cume_dist() OVER w FROM opportunities WHERE amount IS NOT NULL WINDOW w AS (ORDER BY amount) ORDER BY amount, name LIMIT 20
SELECT stage, name, first_value(name) OVER (PARTITION BY stage ORDER BY amount DESC NULLS LAST, name), nth_value(name, 2) OVER (PARTITION BY stage ORDER BY amount DESC NULLS LAST, name ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM opportunities ORDER BY stage, name LIMIT 30
SELECT stage, count(*), sum(count(*)) OVER (ORDER BY stage), round(count(*) / sum(count(*)) OVER () * 100, 1) AS pct FROM opportunities GROUP BY stage ORDER BY stage
SELECT name, amount, dense_rank() OVER (PARTITION BY stage ORDER BY amount DESC NULLS LAST) FROM opportunities ORDER BY stage, amount DESC NULLS LAST, name LIMIT 20
SELECT name, sum(amount) OVER (ORDER BY created_at, name GROUPS BETWEEN 2 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) FROM opportunities ORDER BY created_at, name LIMIT 20
SELECT name, lead(name, 1, '-') OVER (ORDER BY name) FROM accounts ORDER BY name LIMIT 5
SELECT stage, avg(amount) FILTER (WHERE is_won) OVER (PARTITION BY owner_id) FROM opportunities ORDER BY opportunity_id LIMIT 5
-- with, sets, subqueries
WITH won AS (SELECT account_id, sum(amount) AS won FROM opportunities WHERE is_won GROUP BY account_id), touched AS (SELECT account_id, count(*) AS n FROM interactions GROUP BY account_id) SELECT a.name, won.won, touched.n FROM accounts a LEFT JOIN won USING (account_id) LEFT JOIN touched USING (account_id) ORDER BY won.won DESC NULLS LAST, a.name LIMIT 10
WITH RECURSIVE days(d) AS (SELECT DATE '2026-11-01' UNION ALL SELECT d + 1 FROM days WHERE d < DATE '2026-11-20') SELECT d, count(i.interaction_id) FROM days LEFT JOIN interactions i ON i.occurred_at::date = d GROUP BY d ORDER BY d
WITH RECURSIVE months AS (SELECT date_trunc('month', min(created_at)) AS m FROM opportunities UNION ALL SELECT m + INTERVAL '1 month' FROM months WHERE m < TIMESTAMPTZ '2026-11-01') SELECT count(*) FROM months
WITH RECURSIVE n(i, f) AS (VALUES (1, 1::numeric) UNION ALL SELECT i + 1, f * (i + 1) FROM n WHERE i < 20) SELECT i, f FROM n ORDER BY i
SELECT m::date AS month, count(o.opportunity_id) AS won FROM generate_series(DATE '2026-01-01', DATE '2026-12-01', INTERVAL '1 month') AS m LEFT JOIN opportunities o ON o.is_won AND date_trunc('month', o.closed_at) = m GROUP BY m ORDER BY m
SELECT h, count(i.*) FROM generate_series(0, 23) AS h LEFT JOIN interactions i ON extract(hour FROM i.occurred_at) = h GROUP BY h ORDER BY h
SELECT d::date FROM generate_series('2026-11-16'::timestamp, '2026-11-22', '1 day') d
SELECT 'open' AS what, count(*) FROM opportunities WHERE is_open UNION ALL SELECT 'won', count(*) FROM opportunities WHERE is_won UNION ALL SELECT 'lost', count(*) FROM opportunities WHERE is_lost ORDER BY what
SELECT account_id FROM opportunities WHERE is_won INTERSECT SELECT account_id FROM opportunities WHERE is_open ORDER BY 1
SELECT account_id FROM accounts EXCEPT SELECT account_id FROM contacts ORDER BY account_id LIMIT 5
SELECT 1 UNION SELECT 2 EXCEPT SELECT 2 INTERSECT SELECT 2 ORDER BY 1
(SELECT name FROM accounts ORDER BY name LIMIT 2) UNION ALL (SELECT name FROM users ORDER BY name LIMIT 2)
SELECT name, (SELECT count(*) FROM contacts c WHERE c.account_id = a.account_id) AS contacts, (SELECT max(occurred_at) FROM interactions i WHERE i.account_id = a.account_id) AS last FROM accounts a ORDER BY contacts DESC, name LIMIT 10
SELECT a.name, d.name AS biggest, d.amount FROM accounts a CROSS JOIN LATERAL (SELECT name, amount FROM opportunities o WHERE o.account_id = a.account_id ORDER BY amount DESC NULLS LAST, name LIMIT 1) d ORDER BY a.name LIMIT 10
SELECT DISTINCT ON (account_id) account_id, name, created_at FROM opportunities WHERE account_id IS NOT NULL ORDER BY account_id, created_at DESC LIMIT 10
SELECT v.label, count(o.*) FROM (VALUES ('small', 0, 10000), ('middle', 10000, 50000), ('large', 50000, 1000000000)) AS v (label, low, high) LEFT JOIN opportunities o ON o.amount >= v.low AND o.amount < v.high GROUP BY v.label, v.low ORDER BY v.low
SELECT column1, column2 FROM (VALUES (1, 'a'), (2, 'b')) AS v ORDER BY column1
SELECT width_bucket(amount, 0, 100000, 5) AS bucket, count(*), min(amount), max(amount) FROM opportunities WHERE amount IS NOT NULL GROUP BY bucket ORDER BY bucket
SELECT CASE WHEN amount < 10000 THEN 'small' WHEN amount < 50000 THEN 'middle' ELSE 'large' END AS size, count(*) FROM opportunities GROUP BY 1 ORDER BY 1
SELECT count(*) FROM opportunities WHERE (account_id, owner_id) IN (SELECT account_id, owner_id FROM accounts)
SELECT name FROM opportunities WHERE amount > ALL (SELECT avg(amount) FROM opportunities GROUP BY stage) ORDER BY name LIMIT 5
SELECT name FROM opportunities WHERE amount >= (SELECT max(amount) FROM opportunities) ORDER BY name
SELECT stage FROM opportunities WHERE stage = ANY (ARRAY['won', 'lost']) GROUP BY stage ORDER BY stage
SELECT x.stage, x.n FROM (SELECT stage, count(*) AS n FROM opportunities GROUP BY stage) x (stage, n) WHERE x.n > (SELECT avg(n) FROM (SELECT count(*) AS n FROM opportunities GROUP BY stage) y) ORDER BY 1
SELECT stage, currency, sum(amount), GROUPING(stage, currency) FROM opportunities GROUP BY GROUPING SETS ((stage, currency), (stage), ()) ORDER BY stage NULLS LAST, currency NULLS LAST
-- dates
SELECT count(*) FROM interactions WHERE occurred_at >= now() - interval '30 days'
SELECT count(*) FROM interactions WHERE occurred_at::date = current_date
SELECT name, expected_close_date FROM opportunities WHERE is_open AND expected_close_date BETWEEN current_date AND current_date + 30 ORDER BY expected_close_date, name
SELECT name FROM opportunities WHERE is_open AND expected_close_date < CURRENT_DATE ORDER BY name LIMIT 5
SELECT count(*) FROM opportunities WHERE closed_at >= date_trunc('quarter', now()) AND closed_at < date_trunc('quarter', now()) + interval '3 months' AND is_won
SELECT date_trunc('week', occurred_at, 'Europe/Berlin') AS week, count(*) FROM interactions GROUP BY 1 ORDER BY 1 DESC LIMIT 8
SELECT extract(isodow FROM occurred_at) AS dow, count(*) FROM interactions GROUP BY dow ORDER BY dow
SELECT to_char(occurred_at AT TIME ZONE 'UTC', 'HH24') AS hour, count(*) FROM interactions GROUP BY hour ORDER BY hour
SELECT date_bin('15 minutes', occurred_at, TIMESTAMPTZ '2026-01-01') AS slot, count(*) FROM interactions GROUP BY slot ORDER BY count(*) DESC, slot LIMIT 5
SELECT age(TIMESTAMPTZ '2026-11-20', min(created_at)), justify_interval(INTERVAL '35 days') FROM opportunities
SELECT make_date(2026, 11, 20) - expected_close_date AS late FROM opportunities WHERE expected_close_date IS NOT NULL ORDER BY late DESC LIMIT 5
SELECT INTERVAL '1 year 2 months' + INTERVAL '3' DAY, INTERVAL '1-2' YEAR TO MONTH, INTERVAL '7 days ago', interval '30 days 12:00:00', '1 week'::interval * 2, make_interval(days => 10)
SELECT date_part('year', closed_at)::int AS y, date_part('quarter', closed_at)::int AS q, count(*) FROM opportunities WHERE closed_at IS NOT NULL GROUP BY y, q ORDER BY y, q
SELECT (DATE '2026-11-20' - INTERVAL '1 month')::date, DATE '2026-11-20' + TIME '10:00', TIMESTAMP '2026-11-20 10:00' AT TIME ZONE 'Asia/Tokyo'
SELECT (DATE '2026-01-01', DATE '2026-06-30') OVERLAPS (DATE '2026-06-01', DATE '2026-12-31'), daterange('2026-01-01', '2026-02-01') @> DATE '2026-01-15'
SELECT to_date('20 Nov 2026', 'DD Mon YYYY'), to_timestamp(0) AT TIME ZONE 'UTC', to_char(1234.5, 'FM9,999.00')
-- texts
SELECT upper(left(name, 1)) AS letter, count(*) FROM accounts GROUP BY letter ORDER BY letter
SELECT split_part(domain, '.', 1), length(domain), position('.' IN domain) FROM organizations WHERE domain IS NOT NULL ORDER BY domain LIMIT 5
SELECT full_name FROM contacts WHERE full_name ILIKE 'an%' OR full_name ~* '^(maria|josé)' ORDER BY full_name
SELECT subject FROM interactions WHERE to_tsvector('english', coalesce(subject, '') || ' ' || coalesce(body, '')) @@ websearch_to_tsquery('english', 'price OR discount') ORDER BY occurred_at DESC, subject LIMIT 5
SELECT ts_rank(to_tsvector('simple', body), plainto_tsquery('simple', 'contract')) AS rank, left(body, 40) FROM interactions ORDER BY rank DESC, body LIMIT 5
SELECT string_agg(DISTINCT stage, ', ' ORDER BY stage), array_agg(DISTINCT currency ORDER BY currency) FROM opportunities
SELECT (array_agg(name ORDER BY amount DESC NULLS LAST, name))[1] AS top, (array_agg(name ORDER BY name))[1:2] FROM opportunities
SELECT regexp_replace(name, '\s+', ' ', 'g'), replace(name, ' ', '_'), translate(name, 'aeiou', '12345'), reverse(name), initcap(lower(name)) FROM accounts ORDER BY name LIMIT 3
SELECT concat_ws(', ', city, country), coalesce(nullif(city, ''), '?'), format('%s (%s)', name, country) FROM organizations ORDER BY name LIMIT 5
SELECT lpad(row_number() OVER (ORDER BY name)::text, 4, '0') || ' ' || name FROM accounts ORDER BY name LIMIT 3
SELECT unnest(string_to_array('a,b,c', ',')) AS part
SELECT word, count(*) FROM (SELECT regexp_split_to_table(lower(subject), '\W+') AS word FROM interactions) w WHERE length(word) > 4 GROUP BY word ORDER BY 2 DESC, 1 LIMIT 10
SELECT trim(BOTH ' ' FROM name), ltrim(name), btrim(name, 'A'), overlay(name PLACING 'x' FROM 1 FOR 1), substring(name FROM 2 FOR 3), substr(name, 2) FROM accounts ORDER BY name LIMIT 3
SELECT 'it''s', E'tab\there', $$dollar 'quoted'$$, $tag$more$tag$, 'back\slash', U & 1 FROM (SELECT 5 AS u) t
SELECT name COLLATE "C" FROM accounts ORDER BY name COLLATE "C" LIMIT 3
SELECT starts_with(name, 'A'), name LIKE 'A%', name NOT ILIKE '%gmbh', name SIMILAR TO '(A|B)%', name ^@ 'A' FROM accounts ORDER BY name LIMIT 3
-- numbers and logic
SELECT 7 / 2, 7 % 2, 7.0 / 2, 2 ^ 10, -2 ^ 2, abs(-3), round(2.567, 1), ceil(1.2), floor(-1.2), trunc(9.99), sign(-4), sqrt(16), mod(7, 3), power(2, 3), 5 & 3, 5 | 3, 5 # 3, 1 << 3
SELECT 1 + 2 * 3 - 4 / 2, (1 + 2) * 3, -(-3), 2 - -2, NOT true OR true AND false, NOT (true AND false), 1 < 2 AND 2 < 3
SELECT NULL IS NULL, 1 IS NOT NULL, NULL IS DISTINCT FROM 1, 1 IS NOT DISTINCT FROM 1, true IS NOT FALSE, NULL::boolean IS TRUE, (1, NULL) IS NOT NULL, NOT (1, NULL) IS NULL
SELECT 1 BETWEEN 0 AND 2, 3 NOT BETWEEN 1 AND 2, 2 BETWEEN SYMMETRIC 3 AND 1, 1 IN (1, 2), 3 NOT IN (1, 2), NOT 3 IN (1, 2), (1, 2) = (1, 2), ROW(1, 2) < ROW(1, 3)
SELECT CASE WHEN NULL THEN 1 END, CASE 1 WHEN 1 THEN 'a' ELSE 'b' END, coalesce(NULL, 1), nullif(1, 1), greatest(1, 2, 3), least(3, 2, 1)
SELECT 1::text || 'a', '1'::integer + 1, cast('2.50' AS numeric(10, 2)), '2026-11-20'::date, 'true'::boolean, 1.5::integer, 10::float / 4, '{1,2}'::int[], ARRAY[1, 2] || 3, ARRAY[[1, 2], [3, 4]]
SELECT stddev(amount), variance(amount), corr(amount, probability), regr_slope(amount, probability), mode() WITHIN GROUP (ORDER BY currency) FROM opportunities
SELECT bool_or(is_won), bool_and(is_open), every(NOT is_open), count(*) FILTER (WHERE amount IS NULL) FROM opportunities
SELECT percentile_disc(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY amount) FROM opportunities
SELECT array_length(ARRAY[1, 2, 3], 1), cardinality(ARRAY[1, 2]), array_position(ARRAY['a', 'b'], 'b'), ARRAY[1, 2] @> ARRAY[1], ARRAY[1, 2] && ARRAY[2, 3], 2 = ANY (ARRAY[1, 2]), array_to_string(ARRAY[1, 2], '-')
-- documents
SELECT jsonb_build_object('stage', stage, 'n', count(*)) FROM opportunities GROUP BY stage ORDER BY stage
SELECT jsonb_agg(jsonb_build_object('name', name, 'amount', amount) ORDER BY name) FROM (SELECT name, amount FROM opportunities ORDER BY name LIMIT 3) t
SELECT '{"a": {"b": [1, 2]}}'::jsonb -> 'a' -> 'b' ->> 0, '{"a": {"b": 3}}'::jsonb #>> '{a,b}', '{"a": 1}'::jsonb @> '{"a": 1}', '{"a": 1}'::jsonb ? 'a', '{"a": 1}'::jsonb || '{"b": 2}'::jsonb, '{"": 1}'::jsonb -> ''
SELECT key, value FROM jsonb_each('{"a": 1, "b": "x"}'::jsonb) ORDER BY key
SELECT value ->> 'n' FROM jsonb_array_elements('[{"n": 1}, {"n": 2}]'::jsonb) ORDER BY 1
SELECT e.value::int AS n, e.ordinality FROM jsonb_array_elements_text('[3, 4]'::jsonb) WITH ORDINALITY AS e ORDER BY 2
SELECT jsonb_path_query_first('{"a": [1, 2, 3]}'::jsonb, '$.a[*] ? (@ > 1)'), jsonb_array_length('[1, 2]'::jsonb), jsonb_typeof('1'::jsonb)
SELECT json_object_agg(stage, n) FROM (SELECT stage, count(*) AS n FROM opportunities GROUP BY stage ORDER BY stage) t
-- names and layout
SELECT o.name AS "Deal", o.amount "Amount (net)", o."stage" AS "select" FROM "opportunities" AS o ORDER BY "Deal" LIMIT 3
SELECT O.Name, O.AMOUNT FROM Opportunities O ORDER BY o.name LIMIT 3
SELECT crm_read.accounts.name FROM crm_read.accounts ORDER BY accounts.name LIMIT 3
SELECT o.* FROM opportunities o ORDER BY o.opportunity_id LIMIT 2
SELECT a.*, o.name AS deal FROM accounts a JOIN opportunities o ON o.account_id = a.account_id ORDER BY o.opportunity_id LIMIT 2
SELECT * FROM accounts JOIN organizations USING (organization_id) ORDER BY account_id LIMIT 2
SELECT date, status, time FROM (SELECT created_at::date AS date, status, created_at::time AS time FROM leads) AS first ORDER BY date, time LIMIT 3
SELECT name /* a /* nested */ comment */ FROM accounts -- and one more
WITH opportunities AS (SELECT 1 AS amount) SELECT amount FROM opportunities
SELECT name FROM accounts ORDER BY lower(name) DESC OFFSET 3 ROWS FETCH NEXT 2 ROWS ONLY
SELECT count(*), count(1), count(amount), count(DISTINCT currency), count(ALL stage) FROM opportunities
SELECT sum(amount) FROM opportunities WHERE is_won = true AND is_lost IS false AND name <> '' AND name != 'x';
SELECT leads.kind, opportunities.stage FROM leads INNER JOIN opportunities ON leads.lead_id = opportunities.opportunity_id LEFT OUTER JOIN users ON users.user_id = leads.owner_id ORDER BY lead_id LIMIT 3
SELECT a.name, b.name FROM accounts a, accounts b WHERE a.industry = b.industry AND a.account_id < b.account_id ORDER BY 1, 2 LIMIT 3
SELECT count(*) FROM accounts RIGHT JOIN contacts USING (account_id)
SELECT coalesce(a.name, o.name) FROM accounts a FULL JOIN organizations o ON o.organization_id = a.organization_id ORDER BY 1 LIMIT 3
VALUES (1, 'one'), (2, 'two')
SELECT
-- the grammar, shape by shape
select coalesce(name, source), greatest(1,2), pg_catalog.lower(name), amount::int4, cast(amount as numeric(10,2)), extract(year from created_at), position('a' in name), substring(name from 1 for 2), trim(both 'x' from name), overlay(name placing 'b' from 1 for 2), substring(name, 1, 2), trim(name), trim(leading from name), trim('x' from name) from opportunities
select percentile_cont(0.5) within group (order by amount desc) from opportunities
select distinct on (stage) stage, name from opportunities order by stage, name desc limit 10 offset 5
select now(), current_date, current_timestamp, localtimestamp(0), age(created_at), now()::date, 'today'::date from leads
select array[1,2], array(select 1), (array_agg(name))[1], row(1,2), (1,2) from leads
select count(*) from leads where name ~ 'x' = true and name || 'a' = 'b' and not is_open
select * from generate_series(1,3) as g(n), unnest(array[1,2]) with ordinality as u(x, i) left join lateral (select 1) z on true, lateral generate_series(1, n) as y
with recursive r(n) as (select 1 union all select n+1 from r where n < 10) select * from r
with recursive r as (select 1 as n union all select n+1 from r where n < 10) select n from r
with recursive r(n) as (values (1) union all select n+1 from r where n < 10) select * from r
with recursive m(d) as (select date '2026-01-01' union all select (d + interval '1 month')::date from m where d < current_date) select * from m
select 1 union all select 2 intersect select 3 order by 1 limit 2
select stage, count(*) from opportunities group by grouping sets ((stage),(owner_id),()), cube(stage,owner_id), rollup(source)
values (1,2),(3,4)
select * from (values (1,'a')) as v(x,y)
select case stage when 'won' then 2 else 3 end, case when is_won then 1 end, amount between 1 and 2, stage not in ('a','b'), amount in (select 1), amount = any(array[1]), exists(select 1), not exists (select 1) from opportunities
select a.name is distinct from b.name, a.name is not null, a.is_won is true, a.is_won is not false, a.name like 'x%', a.name not like 'y', a.name ilike 'z' escape '!', a.name similar to 'x', a.name not similar to 'y' from opportunities a, opportunities b
select interval '1 day', interval '1' day, created_at + interval '3 months', date '2026-01-01' from leads
select max(amount) over w from opportunities window w as (partition by stage)
select name from leads fetch first 5 rows only
select name from leads order by name fetch first 5 rows with ties
select string_agg(distinct name, ', ' order by name), array_agg(name order by created_at), count(distinct name), count(distinct (name,stage)) from opportunities
select ((select 1)), (select 1 limit 1) as x
(select 1) union (select 2)
select count(*) from (leads l join users u on u.user_id = l.owner_id) join accounts a on a.account_id = l.account_id
select name b, stage as "D", source "f" from opportunities as "T"
select make_interval(days => 3), count(all name) from leads
select grouping(stage, source), (created_at, created_at) overlaps (created_at, created_at) from opportunities group by stage, source, created_at
select (amount, stage) in ((1,'a')), (amount,stage) in (select 1,'x'), (amount, stage) = (1,'a') from opportunities
with a as (select 1), b as materialized (select 2), c as not materialized (select 3) select * from a, b, c
select name from leads where name ilike any (array['a%','b%'])
select count from (select count(*) from leads) x
select a.name, m.* from accounts a cross join lateral (select max(amount) as top, count(*) from opportunities o where o.account_id = a.account_id) m
select date_trunc('month', created_at) as month, count(*) from leads group by month order by month
select date_trunc('month', created_at)::date as m, count(*) from leads group by 1 order by 1 desc
select name, amount, rank() over (partition by stage order by amount desc) from opportunities where closed_at >= date_trunc('quarter', now()) - interval '3 months'
select d::date, count(o.*) from generate_series(date '2026-01-01', date '2026-12-01', interval '1 month') d left join opportunities o on date_trunc('month', o.closed_at) = d group by d order by d
select sum(amount) total from opportunities having count(*) > 0
select exists (select from leads)
values (1) union all select 2
with a(x) as (values (1),(2)) select * from a
select 1 from leads where exists (select 1) and 1 > all (select 1) and 1 = any (values (1))
select * from (select 1) t(x), lateral (values (t.x)) v(x)
select * from ((select 1) union (select 2)) x
select * from (((select 1))) x
with x as (select 1) (select * from x) union select 2
select case when true then 1 end::text, array[[1,2],[3,4]]
select a.name from accounts a, (leads cross join users)
select sum(amount) over (order by created_at rows 3 preceding), sum(amount) over (order by created_at range between interval '1 day' preceding and unbounded following exclude ties) from opportunities
select trim(leading 'x' from name) , trim(name) from leads
select 1 - 1, 1 -1, -1, - -1, 2*-1
select e'a\nb' || $$x$$ as t
select "name" from "leads"
select L.NAME from LEADS L
select name as order, name as "select", name as user from leads
select * from leads natural join (select lead_id from leads) x
select date('2026-01-01'), date(created_at) from leads
select timestamp with time zone '2026-01-01', timestamp(3) '2026-01-01', time '10:00', double precision '1', numeric '1.5', uuid 'a0000000-0000-0000-0000-000000000000', '{}'::jsonb
select created_at::timestamp with time zone, amount::double precision, amount::decimal(10,2), array[1]::int[], '2026'::character varying(10) from opportunities
select stage, sum(amount) from opportunities group by rollup (stage), currency
select stage, sum(amount) from opportunities group by (stage, currency), ()
select to_char(created_at, 'YYYY-MM') from leads order by 1 desc nulls last, created_at asc nulls first limit 5
select currency, sum(amount) filter (where is_won)::numeric(12,2) as won, round(100.0*count(*) filter (where is_won)/nullif(count(*) filter (where is_won or is_lost),0),1) rate from opportunities group by currency
select name from leads where created_at between date '2026-01-01' and date '2026-12-31' and (is_won or is_lost) and not (is_open and true)
select l.* from leads l where l.owner_id is null or l.owner_id not in (select user_id from users where not is_active)
select name, lag(amount) over w, first_value(name) over (w rows unbounded preceding) from opportunities window w as (partition by account_id order by created_at)
select lower(n) from (select name as n from leads) q where n <> ''
select count(*) from tasks where due_at < now() and is_open
select extract(dow from occurred_at) dow, extract(hour from occurred_at at time zone 'Europe/Berlin') as h, count(*) from interactions group by 1,2
select jsonb_build_object('a', name, 'n', count(*)) ->> 'a' from leads group by name
select to_tsvector('english', coalesce(subject,'') || ' ' || body) @@ websearch_to_tsquery('english', 'price') from interactions
select mode() within group (order by stage), percentile_disc(array[0.25,0.5]) within group (order by amount) from opportunities
select name from opportunities where (amount, probability) > (100, 20)
select * from (select name, row_number() over (partition by account_id order by amount desc) rn from opportunities) t where rn <= 3
select a.name, (select count(*) from contacts c where c.account_id = a.account_id) contacts from accounts a order by contacts desc
select unnest(array['a','b']) as x, generate_series(1,3)
select string_agg(name, ', ' order by name) filter (where is_won) from leads
select (select name from leads limit 1)::text
select 'x' as a union select 'y' order by a
select count(*)::float / 3
select coalesce(sum(amount),0)::text || ' EUR' from opportunities
select 1 where 1 in (1,2,3) and 2 not in (3) and not 1 in (4)
select name from accounts where name ilike 'a%' and industry is distinct from 'x' or tier = 'smb'
select date '2026-01-01' + 7, date '2026-01-01' - date '2025-01-01', now() - created_at > interval '1 week' from leads
select bool_and(is_open), every(is_won) from leads
select overlay('abc' placing 'x' from 2), substring('abc' from 2), substring('abc' for 2), substring('abc' from 'b.')
select name from leads where name like 'a\_%' and name like '%50!%%' escape '!'
with t as (select account_id, sum(amount) s from opportunities group by 1) select a.name, t.s, ntile(4) over (order by t.s) from t join accounts a using (account_id) order by s desc
select account_id from opportunities join accounts using (account_id)
select current_date - interval '1 day', current_date + 1, (current_date - 30)::text
select u.name, count(o.opportunity_id) from users u left join opportunities o on o.owner_id = u.user_id and o.is_open group by u.user_id, u.name having count(o.opportunity_id) > 3
select generate_series('2026-01-01'::date, '2026-12-01'::date, '1 month')::date
select d from generate_series(now() - interval '1 year', now(), '1 month') as d
select x.* from (values (1,'a'),(2,'b')) x
select distinct stage from opportunities order by stage
select 5 between 1 and 3 + 4
select * from opportunities o where exists (select from interactions i where i.about_id = o.opportunity_id)
select round(avg(extract(epoch from closed_at - created_at)/86400)::numeric, 1) from opportunities where is_won
select date_part('year', age(now(), created_at)) from leads
select name from leads order by lead_id limit all
with recursive r(n) as (select 1 union all select x.n + 1 from r as x where x.n < 10) select count(*) from r
select generate_series(1, (select count(*) from accounts))
select generate_series(1, employee_count) from organizations limit 5
select generate_series(1, 10), generate_series(-5, 5, 5), generate_series(10, 1, -1)
select n from (select count(*) as k from accounts) q, generate_series(1, k) n
select array_to_string(array_agg(name), ', ') from accounts
select a.name from accounts a where .5 < 1 and 1>.5
select generate_series(1, length(body)) from notes
select generate_series(1, 1e5::int)
SELECT ARRAY[(SELECT count(*) FROM accounts)], ARRAY(SELECT tier FROM accounts GROUP BY tier ORDER BY tier), (ARRAY[(SELECT 1), 2])[1]
