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
-- as analysts and models write them
WITH months AS (SELECT generate_series(DATE '2025-12-01', DATE '2026-11-01', INTERVAL '1 month')::date AS month), won AS (SELECT date_trunc('month', closed_at)::date AS month, sum(amount) AS total FROM opportunities WHERE is_won AND currency = 'EUR' GROUP BY 1) SELECT to_char(m.month, 'Mon YYYY') AS month, COALESCE(w.total, 0) AS won FROM months m LEFT JOIN won w ON w.month = m.month ORDER BY m.month
WITH calendar AS (SELECT d::date AS day FROM generate_series('2026-11-01'::timestamp, '2026-11-30'::timestamp, '1 day'::interval) AS d) SELECT c.day, count(i.interaction_id) AS n FROM calendar c LEFT JOIN interactions i ON i.occurred_at::date = c.day GROUP BY c.day ORDER BY c.day
SELECT d.day::date, COUNT(t.task_id) FILTER (WHERE t.priority IN ('high','urgent')) AS hot FROM generate_series(CURRENT_DATE - INTERVAL '6 days', CURRENT_DATE, INTERVAL '1 day') AS d(day) LEFT JOIN tasks t ON t.due_at >= d.day AND t.due_at < d.day + INTERVAL '1 day' GROUP BY d.day ORDER BY d.day
SELECT owner_name, stage, amount, RANK() OVER (PARTITION BY owner_name ORDER BY amount DESC NULLS LAST) AS rnk FROM opportunities WHERE is_open AND currency = 'EUR' ORDER BY owner_name, rnk, opportunity_id LIMIT 50
SELECT * FROM (SELECT owner_name, name, amount, ROW_NUMBER() OVER (PARTITION BY owner_name ORDER BY amount DESC NULLS LAST, opportunity_id) AS rn FROM opportunities WHERE is_won) ranked WHERE rn <= 3 ORDER BY owner_name, rn
SELECT month, total, total - LAG(total) OVER w AS delta, ROUND(100.0 * (total - LAG(total) OVER w) / NULLIF(LAG(total) OVER w, 0), 1) AS pct FROM (SELECT date_trunc('month', closed_at) AS month, SUM(amount) AS total FROM opportunities WHERE is_won AND currency='EUR' GROUP BY 1) s WINDOW w AS (ORDER BY month) ORDER BY month
SELECT month, total, SUM(total) OVER (ORDER BY month ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running, AVG(total) OVER (ORDER BY month ROWS 2 PRECEDING) AS ma3 FROM (SELECT date_trunc('month', closed_at) AS month, COUNT(*) AS total FROM opportunities WHERE is_won GROUP BY 1) s ORDER BY month
SELECT DISTINCT ON (account_id) account_id, account_name, subject, occurred_at FROM interactions WHERE account_id IS NOT NULL ORDER BY account_id, occurred_at DESC, interaction_id
SELECT DISTINCT ON (o.account_id, o.stage) o.account_name, o.stage, o.name, o.amount FROM opportunities o ORDER BY o.account_id, o.stage, o.amount DESC NULLS LAST, o.opportunity_id
SELECT stage, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY amount) AS median, PERCENTILE_CONT(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY amount) AS quartiles FROM opportunities WHERE currency = 'EUR' GROUP BY stage ORDER BY stage
SELECT owner_name, percentile_disc(0.9) WITHIN GROUP (ORDER BY probability) AS p90, mode() WITHIN GROUP (ORDER BY source) AS common FROM opportunities GROUP BY owner_name ORDER BY owner_name
SELECT COALESCE(country, 'All') AS country, COALESCE(tier, 'All') AS tier, COUNT(*) FROM accounts GROUP BY GROUPING SETS ((country, tier), (country), ()) ORDER BY 1, 2, 3
SELECT country, tier, GROUPING(country, tier) AS g, count(*) FROM accounts GROUP BY ROLLUP(country, tier) ORDER BY g, country, tier
SELECT a.name, x.subject, x.occurred_at FROM accounts a CROSS JOIN LATERAL (SELECT i.subject, i.occurred_at FROM interactions i WHERE i.account_id = a.account_id ORDER BY i.occurred_at DESC, i.interaction_id LIMIT 2) x ORDER BY a.name, x.occurred_at DESC, x.subject
SELECT a.name, s.n, s.last_at FROM accounts a LEFT JOIN LATERAL (SELECT COUNT(*) AS n, MAX(occurred_at) AS last_at FROM interactions i WHERE i.account_id = a.account_id) s ON TRUE ORDER BY s.n DESC, a.name LIMIT 15
SELECT name, CURRENT_DATE - expected_close_date AS days_overdue FROM opportunities WHERE is_open AND expected_close_date < CURRENT_DATE ORDER BY days_overdue DESC, opportunity_id
SELECT name, expected_close_date + 30 AS grace, expected_close_date - INTERVAL '2 weeks' AS remind FROM opportunities WHERE expected_close_date BETWEEN CURRENT_DATE AND CURRENT_DATE + 30 ORDER BY 1, opportunity_id
SELECT AVG(EXTRACT(EPOCH FROM (closed_at - created_at)) / 86400.0)::numeric(10,1) AS avg_days FROM opportunities WHERE is_won
SELECT EXTRACT(DOW FROM occurred_at) AS dow, EXTRACT(HOUR FROM occurred_at AT TIME ZONE 'Europe/Berlin') AS hr, COUNT(*) FROM interactions GROUP BY 1, 2 ORDER BY 1, 2
SELECT to_char(occurred_at, 'IYYY-"W"IW') AS week, kind, count(*) FROM interactions GROUP BY 1, 2 ORDER BY 1 DESC, 2
SELECT TO_CHAR(SUM(amount), 'FM999G999G999D00') AS total FROM opportunities WHERE currency = 'EUR' AND is_won
SELECT account_name, STRING_AGG(DISTINCT owner_name, ', ' ORDER BY owner_name) AS owners FROM opportunities GROUP BY account_name ORDER BY account_name NULLS LAST
SELECT owner_name, ARRAY_AGG(name ORDER BY amount DESC NULLS LAST, opportunity_id) AS deals FROM opportunities WHERE is_open GROUP BY owner_name ORDER BY owner_name
SELECT owner_name, (ARRAY_AGG(name ORDER BY amount DESC NULLS LAST, opportunity_id))[1] AS top_deal FROM opportunities WHERE is_open GROUP BY owner_name ORDER BY owner_name
SELECT owner_name, (ARRAY_AGG(name ORDER BY amount DESC NULLS LAST, opportunity_id))[1:3] AS top_deals FROM opportunities WHERE is_open GROUP BY owner_name ORDER BY owner_name
SELECT json_build_object('stage', stage, 'count', count(*), 'total', sum(amount)) AS doc FROM opportunities WHERE currency='EUR' GROUP BY stage ORDER BY stage
SELECT jsonb_agg(jsonb_build_object('name', name, 'tier', tier) ORDER BY name) AS accounts FROM accounts WHERE country = 'Germany'
SELECT jsonb_object_agg(stage, n) FROM (SELECT stage, count(*) AS n FROM opportunities GROUP BY stage) s
SELECT k.key, k.value FROM (SELECT jsonb_object_agg(stage, n) AS doc FROM (SELECT stage, count(*) AS n FROM opportunities GROUP BY stage) s) d, jsonb_each_text(d.doc) AS k(key, value) ORDER BY 1
SELECT json_agg(row_to_json(t)) FROM (SELECT stage, count(*) AS n FROM opportunities GROUP BY stage ORDER BY stage) t
SELECT row_to_json(t) FROM (SELECT name, tier FROM accounts ORDER BY name LIMIT 5) t
SELECT json_agg(t) FROM (SELECT owner_name, count(*) AS deals FROM opportunities GROUP BY 1 ORDER BY 1) AS t
SELECT to_jsonb(t) FROM (SELECT name, tier FROM accounts ORDER BY name LIMIT 3) AS t
SELECT '{"a": {"b": [1,2,3]}}'::jsonb #>> '{a,b,1}' AS v, ('{"a": 1}'::jsonb ->> 'a')::int + 1 AS w
SELECT CASE WHEN amount < 10000 THEN '<10k' WHEN amount < 50000 THEN '10-50k' WHEN amount < 100000 THEN '50-100k' ELSE '100k+' END AS bucket, COUNT(*) AS n, SUM(amount) AS total FROM opportunities WHERE currency = 'EUR' AND amount IS NOT NULL GROUP BY 1 ORDER BY MIN(amount)
SELECT WIDTH_BUCKET(amount, 0, 200000, 10) AS bucket, COUNT(*), MIN(amount), MAX(amount) FROM opportunities WHERE currency='EUR' GROUP BY bucket ORDER BY bucket NULLS LAST
SELECT CASE stage WHEN 'new' THEN 1 WHEN 'qualified' THEN 2 WHEN 'proposal' THEN 3 WHEN 'negotiation' THEN 4 ELSE 5 END AS pos, stage, COUNT(*) FROM opportunities GROUP BY stage ORDER BY pos, stage
SELECT a.name AS first_account, b.name AS second_account, a.industry FROM accounts a JOIN accounts b ON a.industry = b.industry AND a.country = b.country AND a.account_id < b.account_id ORDER BY 1, 2 LIMIT 20
SELECT c1.full_name, c1.account_name, c2.account_name FROM contacts c1 INNER JOIN contacts c2 ON LOWER(c1.full_name) = LOWER(c2.full_name) AND c1.contact_id <> c2.contact_id ORDER BY 1, 2, 3
SELECT a.name FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM interactions i WHERE i.account_id = a.account_id AND i.occurred_at >= NOW() - INTERVAL '90 days') AND EXISTS (SELECT 1 FROM opportunities o WHERE o.account_id = a.account_id AND o.is_open) ORDER BY a.name
SELECT o.name, o.amount, (SELECT AVG(o2.amount) FROM opportunities o2 WHERE o2.stage = o.stage AND o2.currency = o.currency) AS stage_avg FROM opportunities o WHERE o.amount > (SELECT 2 * AVG(o3.amount) FROM opportunities o3 WHERE o3.currency = o.currency) ORDER BY o.amount DESC, o.opportunity_id
SELECT 'opportunity' AS kind, name, owner_name FROM opportunities WHERE is_open UNION ALL SELECT 'job', name, owner_name FROM jobs WHERE is_open UNION ALL SELECT 'partnership', name, owner_name FROM partnerships WHERE is_open ORDER BY kind, name
SELECT industry, COUNT(*) AS n FROM accounts GROUP BY industry HAVING COUNT(*) > (SELECT AVG(c) FROM (SELECT COUNT(*) AS c FROM accounts GROUP BY industry) q) ORDER BY n DESC, industry
SELECT name FROM accounts ORDER BY name OFFSET 10 ROWS FETCH FIRST 5 ROWS ONLY
SELECT name FROM accounts ORDER BY name FETCH FIRST ROW ONLY
SELECT name, amount FROM opportunities ORDER BY amount DESC NULLS LAST FETCH FIRST 3 ROWS WITH TIES
SELECT name FROM accounts ORDER BY name LIMIT 5 OFFSET 10
SELECT name FROM accounts ORDER BY name OFFSET 10 LIMIT 5
SELECT name FROM accounts ORDER BY name OFFSET 5
SELECT NULLIF(TRIM(description), '') AS d, COUNT(*) FROM opportunities GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST LIMIT 10
SELECT full_name FROM contacts WHERE full_name ILIKE ANY (ARRAY['a%', '%son', '%er']) ORDER BY full_name
SELECT name FROM organizations WHERE name ILIKE '%gmbh%' OR domain SIMILAR TO '%.(de|example)' ORDER BY name
SELECT name FROM organizations WHERE name ~* '^(north|south|west|east)' ORDER BY name
SELECT name, regexp_replace(name, '\s+(GmbH|AG|Ltd\.?|Inc\.?)$', '', 'i') AS short FROM organizations ORDER BY name LIMIT 30
SELECT (regexp_match(subject, '^(Re|Fwd):'))[1] AS prefix, count(*) FROM interactions GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST
SELECT split_part(email, '@', 2) AS dom, count(*) FROM users GROUP BY 1 ORDER BY 1
SELECT AGE(closed_at, created_at) AS took, name FROM opportunities WHERE is_won ORDER BY closed_at DESC, opportunity_id LIMIT 10
SELECT date_trunc('day', occurred_at, 'America/New_York') AS d, count(*) FROM interactions GROUP BY d ORDER BY d DESC LIMIT 14
SELECT date_part('quarter', closed_at)::int AS q, date_part('year', closed_at)::int AS y, count(*) FROM opportunities WHERE closed_at IS NOT NULL GROUP BY y, q ORDER BY y, q
SELECT count(*) FROM interactions WHERE occurred_at > now() - interval '1 year 2 months 3 days 04:05:06'
SELECT count(*) FROM interactions WHERE occurred_at > now() - interval 'P1Y2M3DT4H' 
SELECT count(*) FROM interactions WHERE occurred_at > now() - interval '18' month
SELECT count(*) FROM interactions WHERE occurred_at > now() - '90 days'::interval AND occurred_at < now() - make_interval(days => 30)
SELECT count(*) FROM interactions WHERE occurred_at > now() - 3 * interval '1 week'
SELECT count(*) FROM interactions WHERE occurred_at BETWEEN date_trunc('quarter', now()) - interval '3 months' AND date_trunc('quarter', now())
SELECT v.stage, v.weight, count(o.*) AS n FROM (VALUES ('new', 0.1), ('qualified', 0.3), ('proposal', 0.5)) AS v(stage, weight) LEFT JOIN opportunities o ON o.stage = v.stage GROUP BY v.stage, v.weight ORDER BY v.weight
WITH targets(owner, target) AS (VALUES ('a', 100000), ('b', 200000)) SELECT owner, target FROM targets ORDER BY owner
VALUES (1, 'a'), (2, 'b')
WITH RECURSIVE months(m) AS (SELECT DATE '2026-01-01' UNION ALL SELECT (m + INTERVAL '1 month')::date FROM months WHERE m < DATE '2026-12-01') SELECT m, (SELECT count(*) FROM opportunities o WHERE date_trunc('month', o.created_at) = m) AS created FROM months ORDER BY m
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 12) SELECT i FROM n
WITH RECURSIVE fib(a, b, k) AS (SELECT 0::bigint, 1::bigint, 1 UNION ALL SELECT b, a + b, k + 1 FROM fib WHERE k < 20) SELECT k, a FROM fib ORDER BY k
SELECT owner_name, NTILE(4) OVER (ORDER BY SUM(amount) DESC) AS quartile, SUM(amount) FROM opportunities WHERE is_won AND currency='EUR' GROUP BY owner_name ORDER BY 3 DESC
SELECT name, amount, PERCENT_RANK() OVER (ORDER BY amount) AS pr, CUME_DIST() OVER (ORDER BY amount) AS cd FROM opportunities WHERE amount IS NOT NULL AND currency='EUR' ORDER BY amount, opportunity_id LIMIT 20
SELECT name, FIRST_VALUE(name) OVER w AS best, LAST_VALUE(name) OVER (PARTITION BY owner_id ORDER BY amount, opportunity_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS top, NTH_VALUE(name, 2) OVER w FROM opportunities WHERE is_won WINDOW w AS (PARTITION BY owner_id ORDER BY amount, opportunity_id) ORDER BY opportunity_id
SELECT owner_name, count(*) OVER (w ORDER BY opportunity_id) AS nth FROM opportunities WINDOW w AS (PARTITION BY owner_name) ORDER BY owner_name, nth LIMIT 40
SELECT occurred_at, count(*) OVER (ORDER BY occurred_at RANGE BETWEEN INTERVAL '7 days' PRECEDING AND CURRENT ROW) AS last7 FROM interactions ORDER BY occurred_at DESC, interaction_id LIMIT 30
SELECT account_name, occurred_at, occurred_at - LAG(occurred_at) OVER (PARTITION BY account_id ORDER BY occurred_at, interaction_id) AS gap FROM interactions WHERE account_id IS NOT NULL ORDER BY gap DESC NULLS LAST, interaction_id LIMIT 10
SELECT SUM(CASE WHEN is_won THEN 1 ELSE 0 END)::float / NULLIF(COUNT(*), 0) AS win_rate FROM opportunities WHERE NOT is_open
SELECT owner_name, AVG((is_won)::int) FILTER (WHERE NOT is_open) AS rate FROM opportunities GROUP BY owner_name ORDER BY rate DESC NULLS LAST, owner_name
SELECT bool_and(is_active), bool_or(role = 'admin'), every(email LIKE '%@%') FROM users
SELECT name FROM accounts WHERE (tier, status) IN (('enterprise', 'customer'), ('mid_market', 'customer')) ORDER BY name
SELECT name FROM accounts WHERE tier = ANY ('{enterprise,smb}') ORDER BY name
SELECT name FROM accounts WHERE tier = ANY (ARRAY['enterprise', 'smb']) AND country <> ALL (ARRAY['Germany','France']) ORDER BY name
SELECT name FROM accounts WHERE country IS DISTINCT FROM 'Germany' ORDER BY name
SELECT name FROM accounts WHERE last_interaction_at IS NULL OR last_interaction_at < current_timestamp - interval '60 days' ORDER BY last_interaction_at NULLS FIRST, name
SELECT u.name, u.role, COUNT(DISTINCT o.opportunity_id) AS opps, COUNT(DISTINCT t.task_id) AS tasks FROM users u LEFT JOIN opportunities o ON o.owner_id = u.user_id AND o.is_open LEFT JOIN tasks t ON t.assignee_id = u.user_id AND t.is_open GROUP BY u.user_id, u.name, u.role ORDER BY opps DESC, u.name
SELECT o.name, o.stage, sc.changed_at, sc.from_status, sc.to_status FROM status_changes sc JOIN opportunities o ON o.opportunity_id = sc.record_id AND sc.record_kind = 'opportunity' ORDER BY sc.changed_at DESC, o.opportunity_id LIMIT 25
WITH steps AS (SELECT record_id, to_status, changed_at, LEAD(changed_at) OVER (PARTITION BY record_id ORDER BY changed_at) AS left_at FROM status_changes WHERE record_kind = 'opportunity') SELECT to_status, AVG(COALESCE(left_at, NOW()) - changed_at) AS avg_time, COUNT(*) FROM steps WHERE left_at IS NOT NULL GROUP BY to_status ORDER BY to_status
WITH funnel AS (SELECT s.status, s.position, COUNT(DISTINCT sc.record_id) AS reached FROM statuses s LEFT JOIN status_changes sc ON sc.to_status = s.status AND sc.record_kind = s.record_kind WHERE s.record_kind = 'opportunity' GROUP BY s.status, s.position) SELECT status, reached, ROUND(reached * 100.0 / NULLIF(FIRST_VALUE(reached) OVER (ORDER BY position), 0), 2) AS pct FROM funnel ORDER BY position
WITH cohort AS (SELECT account_id, MIN(date_trunc('quarter', created_at)) AS q FROM opportunities GROUP BY account_id), activity AS (SELECT c.q, date_trunc('quarter', o.created_at) AS aq, COUNT(DISTINCT o.account_id) AS n FROM cohort c JOIN opportunities o USING (account_id) GROUP BY 1, 2) SELECT q::date, ((EXTRACT(YEAR FROM aq) - EXTRACT(YEAR FROM q)) * 4 + EXTRACT(QUARTER FROM aq) - EXTRACT(QUARTER FROM q))::int AS offset_q, n FROM activity ORDER BY 1, 2
SELECT currency, SUM(amount * probability / 100.0) AS weighted, SUM(amount) FILTER (WHERE stage = 'negotiation') AS nego FROM opportunities WHERE is_open AND expected_close_date <= (date_trunc('quarter', CURRENT_DATE) + INTERVAL '3 months - 1 day')::date GROUP BY currency ORDER BY currency
SELECT * FROM (SELECT owner_name, currency, SUM(amount) AS total, DENSE_RANK() OVER (PARTITION BY currency ORDER BY SUM(amount) DESC) AS pos FROM opportunities WHERE is_won GROUP BY owner_name, currency) z WHERE pos <= 3 ORDER BY currency, pos, owner_name
SELECT t.tag, COUNT(*) AS n, SUM(o.amount) AS total FROM tags t JOIN opportunities o ON t.record_kind = 'opportunity' AND t.record_id = o.opportunity_id GROUP BY t.tag ORDER BY n DESC, t.tag
SELECT p.full_name, p.role, count(*) FROM interaction_participants p JOIN interactions i USING (interaction_id) WHERE i.kind = 'meeting' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 10
SELECT i.kind, AVG(duration_seconds) / 60 AS minutes, MAX(duration_seconds) FROM interactions i WHERE duration_seconds IS NOT NULL GROUP BY i.kind ORDER BY i.kind
SELECT name FROM accounts EXCEPT SELECT account_name FROM interactions WHERE occurred_at > '2026-06-01' ORDER BY 1
SELECT owner_name FROM opportunities WHERE is_won INTERSECT SELECT assignee_name FROM tasks WHERE is_open ORDER BY 1
(SELECT name, amount FROM opportunities WHERE is_won ORDER BY amount DESC NULLS LAST, opportunity_id LIMIT 3) UNION ALL (SELECT name, amount FROM opportunities WHERE is_lost ORDER BY amount DESC NULLS LAST, opportunity_id LIMIT 3)
SELECT name, LENGTH(name), UPPER(LEFT(name, 1)) || LOWER(SUBSTRING(name FROM 2)) AS cap, POSITION(' ' IN name) FROM organizations ORDER BY name LIMIT 10
SELECT initcap(status) AS status, lpad(count(*)::text, 5, '0') AS n FROM accounts GROUP BY status ORDER BY 1
SELECT concat_ws(', ', city, country) AS place, count(*) FROM organizations GROUP BY place ORDER BY 2 DESC, 1
SELECT name, GREATEST(created_at, COALESCE(last_interaction_at, created_at)) AS touched FROM opportunities ORDER BY touched DESC, opportunity_id LIMIT 10
SELECT count(*) FILTER (WHERE is_open) AS "Open", count(*) FILTER (WHERE is_won) AS "Won", count(*) FILTER (WHERE is_lost) AS "Lost", count(*) AS "Total deals" FROM opportunities
SELECT "stage", "count" FROM (SELECT stage, COUNT(*) AS count FROM opportunities GROUP BY stage) AS "Stages" ORDER BY "Stages"."count" DESC, "stage"
SELECT round(avg(amount)::numeric, 2), round(stddev(amount), 2), variance(amount) FROM opportunities WHERE currency = 'EUR'
SELECT corr(amount, probability), regr_slope(amount, probability), covar_pop(amount, probability) FROM opportunities WHERE currency = 'EUR'
SELECT unnest(ARRAY['a','b','c']) AS letter
SELECT u.x, u.ord FROM unnest(ARRAY['new','qualified','proposal']) WITH ORDINALITY AS u(x, ord) ORDER BY ord
SELECT s.stage, count(o.opportunity_id) FROM unnest(ARRAY['new','qualified','proposal','negotiation','won','lost']) AS s(stage) LEFT JOIN opportunities o USING (stage) GROUP BY s.stage ORDER BY s.stage
SELECT array_length(array_agg(DISTINCT owner_id), 1) AS owners, cardinality(array_agg(DISTINCT stage)) AS stages FROM opportunities
SELECT string_to_array('a,b,c', ',') AS parts, array_to_string(ARRAY[1,2,3], '-') AS joined
SELECT date_bin('15 minutes', occurred_at, TIMESTAMP '2001-01-01') AS bin, count(*) FROM interactions WHERE kind='call' GROUP BY bin ORDER BY bin DESC LIMIT 10
SELECT make_date(2026, 11, 1) AS d, to_date('20261101', 'YYYYMMDD') AS e, to_timestamp('2026-11-01 10:00', 'YYYY-MM-DD HH24:MI') AS f
SELECT count(*) FROM opportunities WHERE created_at::date = '2026-10-01' OR created_at >= '2026-10-01'::date AND created_at < '2026-10-02'::date
SELECT count(*) FROM tasks WHERE is_open IS TRUE AND completed_at IS NULL AND (status <> 'done') IS NOT FALSE
SELECT count(*) FROM opportunities WHERE (amount > 1000) IS UNKNOWN
SELECT count(*) FROM opportunities WHERE (stage IN ('won','lost')) IS TRUE
SELECT count(*) FROM opportunities WHERE stage IN ('won','lost') IS TRUE
SELECT count(*) FROM opportunities WHERE +amount > 1. AND amount < 1_000_000 AND amount > 1e3
SELECT E'line\nbreak' AS s, 'it''s' AS q, $$dollar$$ AS d, E'it\'s' AS r
SELECT body FROM notes WHERE body LIKE E'%\n%' ORDER BY note_id LIMIT 3
SELECT count(*) FROM interactions WHERE to_tsvector('english', coalesce(subject,'') || ' ' || coalesce(body,'')) @@ plainto_tsquery('english', 'renewal contract')
SELECT subject, ts_rank(to_tsvector('english', body), websearch_to_tsquery('english', 'pricing OR discount')) AS r FROM interactions WHERE to_tsvector('english', body) @@ websearch_to_tsquery('english', 'pricing OR discount') ORDER BY r DESC, interaction_id LIMIT 5
SELECT a.name, count(*) AS n FROM accounts a, opportunities o WHERE a.account_id = o.account_id GROUP BY a.name ORDER BY n DESC, a.name LIMIT 5
SELECT a.*, o.name AS org FROM accounts a JOIN organizations o USING (organization_id) ORDER BY a.account_id LIMIT 3
SELECT * FROM accounts NATURAL JOIN (SELECT account_id, count(*) AS n FROM opportunities GROUP BY account_id) q ORDER BY account_id LIMIT 3
SELECT o.name FROM opportunities o RIGHT JOIN accounts a ON a.account_id = o.account_id FULL OUTER JOIN contacts c ON c.account_id = a.account_id WHERE o.opportunity_id IS NULL ORDER BY 1 LIMIT 5
SELECT count(*) FROM (opportunities o JOIN accounts a USING (account_id)) LEFT JOIN users u ON u.user_id = o.owner_id
SELECT count(*) FROM opportunities o WHERE o.owner_id = (SELECT user_id FROM users WHERE email = 'manager@brightwater.example')
SELECT name FROM crm_read.accounts ORDER BY name LIMIT 1
SELECT count(*), min(created_at) AT TIME ZONE 'UTC', max(created_at)::date FROM organizations WHERE via_agent
SELECT COUNT(*) FROM opportunities WHERE amount::text LIKE '1%' AND CAST(probability AS integer) >= 50
SELECT close_quarter, industry, SUM(won_amount) AS won, COUNT(*) FILTER (WHERE is_won)::numeric / NULLIF(COUNT(*) FILTER (WHERE is_won OR is_lost), 0) AS win_rate FROM sales_analytics WHERE currency = 'EUR' GROUP BY CUBE (close_quarter, industry) HAVING SUM(won_amount) > 0 ORDER BY 1 NULLS LAST, 2 NULLS LAST
SELECT t.fiscal_year_start_month, extract(year from (now() + ((13 - t.fiscal_year_start_month) % 12) * interval '1 month'))::int AS fy FROM tenants t
SELECT to_char(date_trunc('month', due_at), 'YYYY-MM') AS "month", count(*) FILTER (WHERE status = 'done' AND completed_at <= due_at) * 100 / count(*) AS on_time_pct FROM tasks WHERE due_at IS NOT NULL GROUP BY date_trunc('month', due_at) ORDER BY 1
SELECT account_name, sum(amount) AS total, round(sum(amount) / sum(sum(amount)) OVER () * 100, 2) AS share, sum(sum(amount)) OVER (ORDER BY sum(amount) DESC, account_name) AS cumulative FROM opportunities WHERE is_won AND currency = 'EUR' GROUP BY account_name ORDER BY total DESC, account_name
SELECT stage, count(*) * 100.0 / (SELECT count(*) FROM opportunities) AS pct FROM opportunities GROUP BY stage ORDER BY pct DESC, stage;
SELECT /* top */ owner_name, count(*) FROM opportunities GROUP BY owner_name ORDER BY 2 DESC, 1 LIMIT 1 -- end
SELECT kind, statement, confidence FROM insights WHERE confidence >= .8 AND verified_at IS NULL ORDER BY confidence DESC, insight_id
SELECT tstzrange(min(created_at), max(created_at), '[]') AS span FROM opportunities
SELECT count(*) FROM opportunities WHERE tstzrange('2026-07-01', '2026-10-01', '[)') @> closed_at
SELECT count(*) FROM opportunities WHERE (created_at, coalesce(closed_at, now())) OVERLAPS (DATE '2026-07-01', DATE '2026-09-30')
SELECT individual_id, count(*) AS touches, max(i.occurred_at) - min(i.occurred_at) AS span FROM interaction_participants ip JOIN interactions i ON i.interaction_id = ip.interaction_id WHERE individual_id IS NOT NULL GROUP BY individual_id HAVING count(*) >= 5 ORDER BY touches DESC, individual_id LIMIT 10
SELECT justify_days(avg(closed_at - created_at)) AS avg_cycle, date_trunc('hour', avg(closed_at - created_at)) FROM opportunities WHERE is_won
SELECT count(*) AS c, owner_name AS "Owner", max(amount) AS "max" FROM opportunities WHERE expected_close_date > LOCALTIMESTAMP GROUP BY "Owner" ORDER BY c DESC, "Owner"
SELECT coalesce(j.position, 'n/a') AS position, (j.salary_min + j.salary_max) / 2.0 AS mid FROM jobs j WHERE salary_min BETWEEN 1 AND 1000000 ORDER BY mid DESC NULLS LAST, job_id
SELECT o.name, o.amount FROM opportunities o ORDER BY CASE WHEN o.stage = 'won' THEN 0 ELSE 1 END, o.amount DESC NULLS LAST, o.opportunity_id LIMIT 10
WITH base AS MATERIALIZED (SELECT * FROM opportunities WHERE is_open), agg AS NOT MATERIALIZED (SELECT owner_id, count(*) n FROM base GROUP BY owner_id) SELECT u.name, agg.n FROM agg INNER JOIN users u ON u.user_id = agg.owner_id ORDER BY agg.n DESC, u.name
SELECT name, amount FROM opportunities WHERE amount = (SELECT max(amount) FROM opportunities WHERE currency = 'EUR') AND currency = 'EUR'
SELECT md5(name) FROM accounts ORDER BY name LIMIT 1
SELECT count(*) filter (where extract(isodow from occurred_at) in (6, 7)) as weekend, count(*) as total from interactions where occurred_at >= date '2026-01-01'
select date '2026-11-20' - date '2026-01-01' as days, extract(week from date '2026-11-20') as wk, to_char(date '2026-11-20', 'Day') as dn, time '10:00' + interval '90 minutes' as t
SELECT a.name, (SELECT json_agg(json_build_object('name', o.name, 'stage', o.stage) ORDER BY o.name, o.opportunity_id) FROM opportunities o WHERE o.account_id = a.account_id AND o.is_open) AS open_deals FROM accounts a WHERE a.tier = 'enterprise' ORDER BY a.name LIMIT 5
SELECT a.name, array(SELECT o.name FROM opportunities o WHERE o.account_id = a.account_id ORDER BY 1) AS deals FROM accounts a ORDER BY a.name LIMIT 5
SELECT regexp_split_to_table('a b c', ' ') AS word
SELECT lower(w) AS word, count(*) FROM interactions i, regexp_split_to_table(i.subject, '\W+') AS w WHERE length(w) > 4 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10
SELECT w.word, count(*) FROM interactions i CROSS JOIN LATERAL unnest(string_to_array(lower(i.subject), ' ')) AS w(word) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10
SELECT EXTRACT(YEAR FROM created_at)::int || '-Q' || EXTRACT(QUARTER FROM created_at)::int AS quarter, COUNT(*) FROM leads GROUP BY quarter ORDER BY quarter
SELECT kind, source, count(*), count(*) FILTER (WHERE is_won) AS won FROM leads GROUP BY kind, source ORDER BY kind, count(*) DESC, source NULLS LAST
SELECT max(sum(amount)) OVER () AS best, owner_name, sum(amount) FROM opportunities WHERE currency='EUR' GROUP BY owner_name ORDER BY 3 DESC NULLS LAST, 2
SELECT coalesce(sum(case when t.status = 'done' then 1 end), 0) as done, t.assignee_name from tasks as t group by t.assignee_name having sum(case when t.status = 'done' then 1 end) > 3 order by 1 desc, 2
SELECT x.n AS quarter, COALESCE(SUM(o.amount), 0) FROM generate_series(1, 4) AS x(n) LEFT JOIN opportunities o ON EXTRACT(QUARTER FROM o.closed_at) = x.n AND EXTRACT(YEAR FROM o.closed_at) = 2026 AND o.is_won AND o.currency = 'EUR' GROUP BY x.n ORDER BY x.n
SELECT format('%s (%s)', name, tier) AS label FROM accounts ORDER BY name LIMIT 3
SELECT n.about_kind, n.author_name, count(*) AS notes, max(n.created_at) AS latest FROM notes n GROUP BY n.about_kind, n.author_name ORDER BY notes DESC, n.about_kind, n.author_name LIMIT 20
SELECT abs(amount - avg(amount) OVER (PARTITION BY stage)) > 2 * stddev_samp(amount) OVER (PARTITION BY stage) AS outlier, name FROM opportunities WHERE currency = 'EUR' ORDER BY opportunity_id LIMIT 20
SELECT CAST(created_at AS date) AS d, COUNT(*) FROM leads WHERE created_at >= TIMESTAMP WITH TIME ZONE '2026-11-01 00:00:00+01' GROUP BY CAST(created_at AS date) ORDER BY d
SELECT stage, json_agg(json_build_object('owner', owner_name, 'n', n)) FROM (SELECT stage, owner_name, count(*) AS n FROM opportunities GROUP BY 1, 2 ORDER BY 1, 2) s GROUP BY stage ORDER BY stage
SELECT count(DISTINCT (account_id, owner_id)) FROM opportunities
SELECT count(*) FROM opportunities WHERE name NOT LIKE '%renewal%' AND name NOT ILIKE '%test%' AND name !~ '^\d' AND description IS NOT NULL
SELECT account_name FROM opportunities GROUP BY account_name HAVING bool_and(is_lost) AND count(*) > 1 ORDER BY 1
WITH RECURSIVE dates AS (SELECT date_trunc('month', now()) - interval '6 months' AS d UNION ALL SELECT d + interval '1 month' FROM dates WHERE d < date_trunc('month', now())) SELECT d::date AS month, (SELECT count(*) FROM opportunities WHERE date_trunc('month', closed_at) = d AND is_won) AS won FROM dates ORDER BY 1
WITH RECURSIVE d AS (SELECT min(created_at)::date AS day FROM tasks UNION ALL SELECT day + 1 FROM d WHERE day < (SELECT max(created_at)::date FROM tasks)) SELECT count(*) FROM d
WITH RECURSIVE cal AS (SELECT DATE '2026-11-01' AS day UNION ALL SELECT (day + INTERVAL '1 day')::date FROM cal WHERE day < CURRENT_DATE) SELECT * FROM cal
SELECT m::date FROM generate_series((SELECT date_trunc('month', min(created_at)) FROM opportunities), date_trunc('month', CURRENT_DATE), '1 month') AS m
SELECT m::date, count(o.opportunity_id) FROM generate_series(date_trunc('year', now()), now(), '1 month'::interval) AS m LEFT JOIN opportunities o ON date_trunc('month', o.created_at) = m GROUP BY 1 ORDER BY 1
SELECT to_char(now() - (n || ' months')::interval, 'YYYY-MM') AS month FROM generate_series(0, 11) AS n ORDER BY 1
SELECT date_trunc('month', now()) - n * INTERVAL '1 month' AS month FROM generate_series(0, 11) n ORDER BY 1
SELECT (date_trunc('month', CURRENT_DATE) - make_interval(months => n))::date AS m FROM generate_series(0, 5) AS g(n)
SELECT (date_trunc('month', CURRENT_DATE) - (n::text || ' month')::interval)::date AS m FROM generate_series(0, 5) AS n
SELECT generate_series(1, 5) AS n, 'x' AS y
WITH bounds AS (SELECT min(created_at)::date AS lo, max(created_at)::date AS hi FROM opportunities) SELECT d::date FROM bounds, generate_series(lo, hi, '1 month') d ORDER BY 1
WITH bounds AS (SELECT min(closed_at) AS lo, max(closed_at) AS hi FROM opportunities) SELECT d::date, count(o.*) FROM bounds b CROSS JOIN LATERAL generate_series(date_trunc('month', b.lo), date_trunc('month', b.hi), interval '1 month') AS d LEFT JOIN opportunities o ON o.closed_at >= d AND o.closed_at < d + interval '1 month' GROUP BY 1 ORDER BY 1
SELECT EXTRACT('year' FROM created_at) AS y, count(*) FROM accounts GROUP BY 1 ORDER BY 1
SELECT date_part('epoch', closed_at - created_at) / 3600 AS hours FROM opportunities WHERE is_won ORDER BY 1 LIMIT 5
SELECT count(*) FROM opportunities WHERE (owner_id, stage) = (SELECT owner_id, 'won' FROM opportunities ORDER BY opportunity_id LIMIT 1)
SELECT count(*) FROM opportunities WHERE ROW(stage, currency) = ROW('won', 'EUR')
SELECT name FROM accounts WHERE account_id = ANY (SELECT account_id FROM opportunities WHERE is_won) ORDER BY 1 LIMIT 5
SELECT name FROM accounts WHERE country NOT IN ('Germany') AND name NOT LIKE ALL (ARRAY['A%', 'B%']) ORDER BY 1
SELECT name FROM accounts WHERE tier = ANY (string_to_array('smb,enterprise', ',')) ORDER BY 1 LIMIT 5
SELECT amount FROM opportunities WHERE amount >= ALL (SELECT amount FROM opportunities WHERE amount IS NOT NULL)
SELECT amount FROM opportunities WHERE amount > ALL (ARRAY[100000, 150000]) ORDER BY 1
SELECT v.label, count(o.opportunity_id) FROM (VALUES ('small', 0, 50000), ('large', 50000, 10000000)) v(label, lo, hi) LEFT JOIN opportunities o ON o.amount >= v.lo AND o.amount < v.hi GROUP BY v.label ORDER BY 1
SELECT s.label, s.n FROM opportunities o CROSS JOIN LATERAL (VALUES ('p', o.probability), ('a', o.amount)) AS s(label, n) WHERE o.is_won ORDER BY 1, 2 LIMIT 6
SELECT ALL stage FROM opportunities ORDER BY 1 LIMIT 2
SELECT DISTINCT count(*) OVER (PARTITION BY stage) AS n, stage FROM opportunities ORDER BY n DESC, stage
SELECT count(DISTINCT CASE WHEN is_won THEN account_id END) AS winners FROM opportunities
SELECT count(*) FROM opportunities HAVING count(*) > 10
SELECT * FROM (WITH x AS (SELECT stage, count(*) AS n FROM opportunities GROUP BY stage) SELECT * FROM x WHERE n > 10) y ORDER BY n
WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT a.x, b.y FROM a, b
SELECT count(*) FROM opportunities WHERE amount BETWEEN SYMMETRIC 50000 AND 1000
SELECT TRIM(BOTH ' ' FROM name), TRIM(LEADING 'A' FROM name), LTRIM(name, 'ab'), BTRIM(name) FROM accounts ORDER BY name LIMIT 2
SELECT SUBSTRING(name FROM '[A-Z][a-z]+') AS w, SUBSTRING(name, 1, 3), SUBSTR(name, 2), SUBSTRING(name FOR 3) FROM accounts ORDER BY name LIMIT 3
SELECT OVERLAY('abcdef' PLACING 'zz' FROM 2 FOR 2), STRPOS('abc', 'b'), REVERSE('abc'), TRANSLATE('abc', 'ab', 'xy'), ASCII('a'), CHR(65)
SELECT log(2, 8), ln(2), trunc(12.345, 2), sign(-3), mod(7, 3), div(7, 3), pi(), sqrt(2), ceil(1.2), floor(1.7)
SELECT round((avg(amount) / 1000)::numeric, 1)::text || 'k' AS avg_k FROM opportunities WHERE currency = 'EUR'
SELECT amount::numeric(12,2), name::varchar(10), created_at::timestamp(0), created_at::time, probability::smallint FROM opportunities ORDER BY opportunity_id LIMIT 2
SELECT name FROM organizations ORDER BY name COLLATE "C" LIMIT 3
SELECT sum(amount) FILTER (WHERE is_won) OVER (PARTITION BY owner_name) AS t, name FROM opportunities ORDER BY opportunity_id LIMIT 3
SELECT lead(stage, 1, 'none') OVER (ORDER BY created_at, opportunity_id), lag(amount, 2) OVER (ORDER BY created_at, opportunity_id) FROM opportunities ORDER BY created_at, opportunity_id LIMIT 3
SELECT count(*) OVER (ORDER BY amount GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS n FROM opportunities WHERE amount IS NOT NULL ORDER BY amount, opportunity_id LIMIT 3
SELECT avg(n) OVER (ORDER BY d RANGE BETWEEN '30 days' PRECEDING AND CURRENT ROW) FROM (SELECT created_at::date AS d, count(*) AS n FROM tasks GROUP BY 1) q ORDER BY d LIMIT 5
SELECT row_number() OVER () AS i, stage FROM (SELECT DISTINCT stage FROM opportunities ORDER BY stage) s
SELECT name, lag(closed_at) OVER (PARTITION BY owner_id ORDER BY closed_at) IS NULL AS is_first FROM opportunities WHERE is_won ORDER BY closed_at, opportunity_id LIMIT 5
SELECT CURRENT_DATE - 7 AS a, CURRENT_DATE + 1 AS b, now()::date - created_at::date AS c FROM tenants
SELECT date '2026-01-01' + time '10:00' AS ts, timestamp '2026-01-01 10:00' - timestamp '2025-12-31 09:00' AS diff
SELECT to_char(closed_at - created_at, 'DD "days"') AS took FROM opportunities WHERE is_won ORDER BY 1 LIMIT 2
SELECT to_char(closed_at, 'FMMonth YYYY'), to_char(amount, '999,999,990.00'), to_char(probability, 'FM990"%"') FROM opportunities WHERE is_won ORDER BY opportunity_id LIMIT 3
SELECT extract(days FROM closed_at - created_at) AS d FROM opportunities WHERE is_won ORDER BY 1 LIMIT 3
SELECT EXTRACT(DAY FROM now() - last_interaction_at)::int AS days_silent, name FROM accounts WHERE last_interaction_at IS NOT NULL ORDER BY 1 DESC, 2 LIMIT 5
SELECT owner_name, SUM(amount) FROM opportunities WHERE closed_at >= date_trunc('month', CURRENT_DATE - INTERVAL '1 month') AND closed_at < date_trunc('month', CURRENT_DATE) AND is_won GROUP BY owner_name ORDER BY 2 DESC NULLS LAST
SELECT * FROM opportunities WHERE closed_at::date BETWEEN '2026-07-01' AND '2026-09-30' ORDER BY opportunity_id LIMIT 3
SELECT * FROM tasks WHERE due_at::date = CURRENT_DATE AND status != 'done' ORDER BY task_id
SELECT * FROM tasks WHERE due_at < date_trunc('week', now()) + interval '1 week' AND due_at >= date_trunc('week', now()) ORDER BY due_at, task_id
SELECT CASE WHEN EXISTS (SELECT 1 FROM tasks t WHERE t.about_id = o.opportunity_id AND t.is_open) THEN 'yes' ELSE 'no' END AS has_task, count(*) FROM opportunities o WHERE is_open GROUP BY 1 ORDER BY 1
SELECT o.name, t.title FROM opportunities o LEFT OUTER JOIN tasks t ON t.about_id = o.opportunity_id AND t.about_kind = 'opportunity' AND t.is_open WHERE o.is_open ORDER BY o.name, t.title NULLS LAST LIMIT 5
SELECT COUNT(o) FROM opportunities o
SELECT COUNT(a.account_id), COUNT(*) - COUNT(a.last_interaction_at) AS silent FROM accounts a
SELECT array_agg(name) FILTER (WHERE is_won) IS NULL AS none, owner_name FROM opportunities GROUP BY owner_name ORDER BY 2
SELECT unnest(array_agg(DISTINCT tier ORDER BY tier)) AS tier FROM accounts
SELECT jsonb_build_object('open', count(*) FILTER (WHERE is_open), 'by_stage', jsonb_object_agg(stage, 1)) FROM opportunities
SELECT json_object_agg(owner_name, n ORDER BY owner_name) FROM (SELECT owner_name, count(*) n FROM opportunities GROUP BY 1) z
SELECT (jsonb_build_array(1, 'a', true) -> 1)::text, jsonb_array_length('[1,2]'), '[1,2]'::jsonb @> '1', '{"a":1}'::jsonb ? 'a'
SELECT e.value ->> 'x' FROM jsonb_array_elements('[{"x":1},{"x":2}]'::jsonb) AS e ORDER BY 1
SELECT e FROM jsonb_array_elements_text('["a","b"]') e
SELECT row_to_json(o) FROM opportunities o ORDER BY opportunity_id LIMIT 1
SELECT jsonb_agg(to_jsonb(s)) FROM (SELECT stage, count(*) c FROM opportunities GROUP BY 1 ORDER BY 1) s
WITH s AS (SELECT stage, count(*) AS c FROM opportunities GROUP BY 1) SELECT json_agg(s ORDER BY s.c DESC, s.stage) FROM s
SELECT coalesce(json_agg(x), '[]'::json) FROM (SELECT name FROM accounts WHERE false) x
SELECT a.name, coalesce(d.deals, '[]') FROM accounts a LEFT JOIN LATERAL (SELECT json_agg(x) AS deals FROM (SELECT o.name, o.stage FROM opportunities o WHERE o.account_id = a.account_id ORDER BY o.name, o.opportunity_id LIMIT 2) x) d ON true ORDER BY a.name LIMIT 3
SELECT u.name, ARRAY(SELECT DISTINCT stage FROM opportunities o WHERE o.owner_id = u.user_id ORDER BY stage) FROM users u ORDER BY 1
SELECT u.name, (SELECT string_agg(t.tag, ', ' ORDER BY t.tag) FROM tags t WHERE t.record_id = u.user_id) FROM users u ORDER BY 1 LIMIT 2
SELECT coalesce(owner_name, 'TOTAL'), sum(amount) FROM opportunities WHERE currency='EUR' GROUP BY ROLLUP (owner_name) ORDER BY grouping(owner_name), 1
SELECT tier, country, count(*) FROM accounts GROUP BY tier, GROUPING SETS ((country), ()) ORDER BY 1, 2
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FILTER (WHERE is_won) FROM opportunities WHERE currency='EUR'
SELECT rank(50000) WITHIN GROUP (ORDER BY amount) FROM opportunities
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY closed_at - created_at) FROM opportunities WHERE is_won
SELECT o.stage AS s FROM opportunities o GROUP BY o.stage ORDER BY count(*) DESC, s LIMIT ALL
SELECT name FROM accounts ORDER BY name LIMIT 3 OFFSET 2 ROWS
SELECT name FROM accounts ORDER BY lower(name) ASC NULLS FIRST, account_id FETCH NEXT 2 ROWS ONLY
SELECT NULL AS a, 'x'::text AS b UNION ALL SELECT 'y', NULL ORDER BY 2 NULLS FIRST
SELECT 1 AS a UNION SELECT 2 UNION ALL SELECT 2 EXCEPT SELECT 1 INTERSECT SELECT 1
(SELECT count(*) FROM accounts) UNION ALL (SELECT count(*) FROM contacts) ORDER BY 1
SELECT (SELECT count(*) FROM accounts) AS accounts, (SELECT count(*) FROM contacts) AS contacts, (SELECT count(*) FROM opportunities WHERE is_open) AS open
SELECT "o".* FROM "opportunities" AS "o" ORDER BY "o"."opportunity_id" LIMIT 1
SELECT opportunities.name FROM opportunities ORDER BY opportunities.name LIMIT 1
SELECT o.name as name, a.name as name FROM opportunities o JOIN accounts a ON o.account_id=a.account_id ORDER BY o.opportunity_id LIMIT 1
SELECT year, count(*) FROM (SELECT extract(year from created_at) AS year FROM opportunities) x GROUP BY year ORDER BY year
SELECT day, month, quarter, value, type, date, time FROM (SELECT 1 AS day, 2 AS month, 3 AS quarter, 4 AS value, 5 AS type, 6 AS date, 7 AS time) x
SELECT count(*) AS total, count(*) AS number, sum(1) AS "sum", avg(1) rank FROM accounts
SELECT stage label, count(*) cnt FROM opportunities GROUP BY label ORDER BY cnt DESC, label
SELECT i.occurred_at AT TIME ZONE t.time_zone AS local FROM interactions i CROSS JOIN tenants t ORDER BY i.interaction_id LIMIT 2
SELECT count(*) FROM interactions WHERE occurred_at AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York' > '2026-01-01'
SELECT count(*) FROM interactions WHERE (occurred_at AT TIME ZONE 'Europe/Berlin')::time BETWEEN '18:00' AND '23:59:59'
SELECT extract(epoch from now())::bigint > 0 AS x
SELECT count(*) FROM opportunities WHERE name = 'O''Brien' OR name ILIKE '%\%%' ESCAPE '\'
SELECT count(*) FROM opportunities WHERE name ~ '\d{4}$' OR name !~* 'renewal|upsell'
SELECT count(*) FROM contacts WHERE email IS NULL OR email = ''
SELECT split_part(email, '@', 2) AS domain, count(*) FROM contacts WHERE email IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5
SELECT count(*) FROM individuals WHERE phone ~ '^\+49'
SELECT full_name, email FROM contacts c WHERE EXISTS (SELECT FROM opportunities o WHERE o.contact_id = c.contact_id) ORDER BY 1, 2 LIMIT 3
SELECT max(amount) AS m, min(amount) FROM opportunities GROUP BY currency, () ORDER BY 1
SELECT stage FROM opportunities GROUP BY 1 HAVING sum(amount) > 1e6 AND count(*) > 1 ORDER BY sum(amount) DESC
SELECT a.name, o2.total FROM accounts a INNER JOIN (SELECT account_id, sum(amount) total FROM opportunities WHERE is_won GROUP BY account_id) o2 ON o2.account_id = a.account_id WHERE o2.total > 100000 ORDER BY 2 DESC, 1
SELECT date_trunc('week', occurred_at)::date AS wk, count(*) FILTER (WHERE kind='email') emails, count(*) FILTER (WHERE kind='call') calls FROM interactions WHERE occurred_at >= CURRENT_DATE - INTERVAL '8 weeks' GROUP BY wk ORDER BY wk
SELECT owner_name, round(sum(amount) FILTER (WHERE is_won)::numeric * 100 / nullif(sum(amount), 0), 1) || '%' AS pct FROM opportunities WHERE currency='EUR' GROUP BY owner_name ORDER BY owner_name
SELECT is_won, is_lost, count(*) FROM opportunities WHERE is_open = false GROUP BY is_won, is_lost
SELECT count(*) FROM opportunities WHERE NOT is_open AND is_won = 't'
SELECT count(*) FROM opportunities WHERE is_won::text = 'true' OR is_won = '1'
SELECT greatest(1, 2, 3), least(1, 2), coalesce(NULL, 1), nullif(1, 1)
SELECT count(*) FROM opportunities, LATERAL (SELECT 1) x
SELECT x.* FROM (SELECT * FROM opportunities ORDER BY opportunity_id LIMIT 1) x
SELECT stage, count(*) FROM opportunities GROUP BY (stage) ORDER BY (count(*)) DESC, (stage)
SELECT stage, currency, count(*) FROM opportunities GROUP BY (stage, currency) ORDER BY 3 DESC, 1, 2
SELECT count(*) FROM opportunities o JOIN accounts a ON (o.account_id = a.account_id) JOIN organizations g ON (a.organization_id = g.organization_id AND g.employee_count > 100)
SELECT o.opportunity_id::text LIKE '0%' FROM opportunities o ORDER BY 1 LIMIT 1
SELECT * FROM opportunities WHERE opportunity_id = '00000000-0000-0000-0000-000000000000'::uuid
SELECT * FROM opportunities WHERE owner_id IN (SELECT user_id FROM users WHERE name ILIKE '%a%') AND stage IN ('won') ORDER BY opportunity_id LIMIT 2
SELECT date_trunc('quarter', closed_at)::date AS "Quarter Start", ROUND(SUM(amount), 0)::bigint AS "Won €" FROM opportunities WHERE is_won AND currency = 'EUR' GROUP BY 1 ORDER BY 1
SELECT 'Zürich' AS city, count(*) FROM organizations WHERE city = 'Zürich'
SELECT name AS "Größe", 1 AS größe FROM accounts ORDER BY name LIMIT 1
SELECT status, count(*) FROM tasks WHERE assignee_id IS NOT NULL AND NOT (status = ANY('{done,cancelled}'::text[])) GROUP BY status ORDER BY 1
SELECT a.name || ' (' || coalesce(a.country, '?') || ')' AS label FROM accounts a ORDER BY 1 LIMIT 2
SELECT name, rank() OVER (ORDER BY n DESC) FROM (SELECT account_name AS name, count(*) AS n FROM interactions WHERE account_name IS NOT NULL GROUP BY 1) s ORDER BY 2, 1 LIMIT 5
SELECT first_value(name) OVER (PARTITION BY stage ORDER BY amount DESC NULLS LAST, opportunity_id) top, stage FROM opportunities ORDER BY 2, 1 LIMIT 4
SELECT regr_r2(amount, probability), regr_count(amount, probability) FROM opportunities
SELECT ntile(10) OVER (ORDER BY amount) decile, amount FROM opportunities WHERE amount IS NOT NULL ORDER BY 2, 1, opportunity_id LIMIT 3
SELECT x, count(*) FROM (SELECT unnest(string_to_array(lower(body), ' ')) AS x FROM notes) w WHERE length(x) > 5 GROUP BY x ORDER BY 2 DESC, 1 LIMIT 5
SELECT count(*) FROM notes WHERE body LIKE '%' || 'price' || '%'
SELECT count(*) FROM interactions WHERE subject ILIKE ANY ('{%renewal%,%price%}'::text[])
SELECT o.name FROM opportunities o WHERE o.amount = (SELECT max(x.amount) FROM opportunities x WHERE x.owner_id = o.owner_id) ORDER BY 1 LIMIT 3
SELECT avg(age) FROM (SELECT EXTRACT(EPOCH FROM now() - created_at)/86400 AS age FROM opportunities WHERE is_open) t
SELECT to_date('2026-11', 'YYYY-MM'), to_number('1,234.5', '9,999.9'), to_timestamp(0) AT TIME ZONE 'UTC'
SELECT * FROM status_changes WHERE changed_at >= (now() - interval '24 hours') ORDER BY changed_at, record_id
SELECT sc.to_status, count(*) FROM status_changes sc WHERE sc.record_kind = 'opportunity' AND sc.changed_at >= date_trunc('quarter', now() - interval '3 months') AND sc.changed_at < date_trunc('quarter', now()) GROUP BY 1 ORDER BY 1
SELECT name,amount FROM opportunities WHERE amount>50000 AND amount<=100000 AND stage<>'lost' ORDER BY amount desc,name LIMIT 5
select name from accounts where name>='M'and name<'N'order by name
SELECT owner_name,count(*)AS n FROM opportunities GROUP BY owner_name ORDER BY n DESC,owner_name;
SELECT 1::int, 2.5::float, 'a'::char(1), '1 day'::interval day, 3::decimal(5,2), '{1,2}'::int[], ARRAY[]::text[], ARRAY[NULL]::int[]
SELECT (ARRAY['Mon','Tue','Wed','Thu','Fri','Sat','Sun'])[extract(isodow from occurred_at)::int] AS dow, count(*) FROM interactions GROUP BY 1 ORDER BY 2 DESC, 1
SELECT (string_to_array(full_name, ' '))[1] AS first_name, count(*) FROM individuals GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3
SELECT (regexp_matches(name, '([A-Z])'))[1] FROM accounts ORDER BY 1 LIMIT 3
SELECT CAST('2026-01-01' AS timestamp with time zone), CAST(NULL AS integer), CAST(1.5 AS double precision)
SELECT (interval '1 day 2 hours')::text, interval '90' minute, interval '1-2' year to month, interval '3 04:05' day to minute
SELECT any_value(name), stage FROM opportunities WHERE false GROUP BY stage
SELECT COUNT(*) FILTER (WHERE amount IS NULL) * 1.0 / COUNT(*) missing FROM opportunities
SELECT - - 1, -1, -2, -3, -4, -5, -6, -7, 1-1-1-1-1-1-1-1
SELECT +amount, + 5, - +5, + - 5, 1 + +5, +(+5), + + 5 FROM opportunities ORDER BY opportunity_id LIMIT 2
SELECT 1., 1.e2, 2. / 3, 1_000.5_0, .5_0, 1_0 FROM tenants
SELECT name FROM accounts ORDER BY name FETCH FIRST 5 ROWS ONLY OFFSET 2
SELECT stage, (amount > 1) IS NOT UNKNOWN, (amount > 5) IS UNKNOWN AND true FROM opportunities ORDER BY opportunity_id LIMIT 9
SELECT to_jsonb(accounts) ->> 'name' AS n, count(accounts) FROM accounts GROUP BY 1 ORDER BY 1 LIMIT 3
SELECT e ->> 'x' AS x, e FROM jsonb_array_elements('[{"x": 1}]') e WHERE e IS NOT NULL
SELECT g, g + n FROM generate_series(1, 3) AS g(n)
SELECT (ARRAY[10, 20, 30])[n], (ARRAY[10, 20])[(SELECT 2)], ('{"a": {"b": 1}}'::jsonb)['a']['b'] FROM generate_series(1, 3) AS g(n)
SELECT row_to_json(a) FROM (SELECT 1 AS x) a
