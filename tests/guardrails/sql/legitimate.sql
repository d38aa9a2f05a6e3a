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
