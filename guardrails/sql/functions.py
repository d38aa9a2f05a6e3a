"""The functions a query may call; each was looked at for what it reads, what it costs and what it grows to."""

from collections.abc import Mapping

from guardrails.sql.types import NAMES
from guardrails.sql.words import words

AGGREGATES = words(
    "count sum avg min max array_agg string_agg json_agg jsonb_agg json_object_agg jsonb_object_agg bool_and bool_or every"
    " bit_and bit_or bit_xor stddev stddev_pop stddev_samp variance var_pop var_samp corr covar_pop covar_samp regr_avgx"
    " regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy mode percentile_cont"
    " percentile_disc any_value range_agg grouping"
)
WINDOWS = words("row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value")
MATHS = words(
    "abs ceil ceiling floor round trunc sign sqrt cbrt exp ln log log10 power pow mod div gcd lcm width_bucket degrees"
    " radians pi factorial erf erfc gamma lgamma sin cos tan asin acos atan atan2 sinh cosh tanh scale min_scale trim_scale"
)
TEXTS = words(
    "length char_length character_length octet_length lower upper initcap btrim ltrim rtrim trim left right substr"
    " substring position strpos replace translate reverse split_part concat concat_ws starts_with ascii chr lpad rpad"
    " repeat format md5 quote_literal quote_ident quote_nullable unistr normalize bit_length to_bin to_oct"
    " overlay string_to_array array_to_string string_to_table regexp_replace regexp_match regexp_matches"
    " regexp_count regexp_instr regexp_like regexp_substr regexp_split_to_array regexp_split_to_table to_hex"
)
TIMES = words(
    "now transaction_timestamp statement_timestamp clock_timestamp date_trunc date_part date_bin extract age make_date"
    " make_time make_timestamp make_timestamptz make_interval to_char to_date to_timestamp to_number justify_days"
    " justify_hours justify_interval isfinite timezone date overlaps date_add date_subtract"
)
CONDITIONS = words("coalesce nullif greatest least num_nulls num_nonnulls row")
ARRAYS = words(
    "unnest array_length array_upper array_lower array_ndims cardinality array_position array_positions array_append"
    " array_prepend array_cat array_remove array_replace array_dims trim_array array_reverse array_sort"
    " generate_series generate_subscripts"
)
DOCUMENTS = words(
    "to_json to_jsonb json_build_object json_build_array jsonb_build_object jsonb_build_array json_array_length"
    " jsonb_array_length json_array_elements jsonb_array_elements json_array_elements_text jsonb_array_elements_text"
    " json_each jsonb_each json_each_text jsonb_each_text json_object_keys jsonb_object_keys json_typeof jsonb_typeof"
    " json_extract_path jsonb_extract_path json_extract_path_text jsonb_extract_path_text json_strip_nulls"
    " jsonb_strip_nulls jsonb_set jsonb_insert jsonb_pretty jsonb_path_exists jsonb_path_match jsonb_path_query"
    " jsonb_path_query_array jsonb_path_query_first array_to_json row_to_json json_to_record jsonb_to_record"
    " json_to_recordset jsonb_to_recordset json_object jsonb_object json_value json_query json_exists json_array"
    " json_objectagg json_arrayagg json_scalar json_serialize json"
)
SEARCHES = words(
    "to_tsvector to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery ts_rank ts_rank_cd ts_headline setweight"
    " numnode strip tsvector_to_array array_to_tsvector tsquery_phrase ts_delete ts_filter"
)
RANGES = words(
    "int4range int8range numrange daterange tsrange tstzrange isempty lower_inc upper_inc lower_inf upper_inf"
    " range_merge range_intersect_agg int4multirange int8multirange nummultirange datemultirange tsmultirange"
    " tstzmultirange multirange"
)
BYTES = words(
    "sha224 sha256 sha384 sha512 encode decode convert_to convert_from crc32 crc32c bit_count get_bit get_byte"
    " uuid_extract_timestamp uuid_extract_version"
)
FUNCTIONS = AGGREGATES | WINDOWS | MATHS | TEXTS | TIMES | CONDITIONS | ARRAYS | DOCUMENTS | SEARCHES | RANGES | BYTES

SET_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "json_each": ("key", "value"),
    "jsonb_each": ("key", "value"),
    "json_each_text": ("key", "value"),
    "jsonb_each_text": ("key", "value"),
    "json_array_elements": ("value",),
    "jsonb_array_elements": ("value",),
    "json_array_elements_text": ("value",),
    "jsonb_array_elements_text": ("value",),
}
"""What functions in FROM call their columns, where it is not the function's own name."""
RECORDS = words("json_to_record jsonb_to_record json_to_recordset jsonb_to_recordset")
"""Functions that return the columns they are told to."""
SETS = (
    RECORDS
    | frozenset(SET_COLUMNS)
    | words(
        "generate_series generate_subscripts unnest string_to_table regexp_matches regexp_split_to_table json_object_keys"
        " jsonb_object_keys jsonb_path_query"
    )
)

OF_ROWS = words("count row_to_json to_json to_jsonb json_agg jsonb_agg")
"""What a whole row may be given to; each says or counts its columns, as `t.*` would."""

INSTEAD: Mapping[str, str] = {
    "datediff": "subtract the dates",
    "dateadd": "add an INTERVAL",
    "date_diff": "subtract the dates",
    "date_format": "use to_char(value, 'YYYY-MM')",
    "strftime": "use to_char(value, 'YYYY-MM')",
    "year": "use extract(year FROM value)",
    "month": "use extract(month FROM value)",
    "day": "use extract(day FROM value)",
    "quarter": "use extract(quarter FROM value)",
    "ifnull": "use coalesce",
    "nvl": "use coalesce",
    "isnull": "use coalesce, or IS NULL",
    "if": "use CASE WHEN",
    "iif": "use CASE WHEN",
    "len": "use length",
    "curdate": "use current_date",
    "getdate": "use now()",
    "sysdate": "use now()",
    "group_concat": "use string_agg",
    "median": "use percentile_cont(0.5) WITHIN GROUP (ORDER BY value)",
    "random": "order by a column: answers must be the same twice",
    "current_user": "the asking user's id is given in the instructions",
    "json_build": "use json_build_object",
    "countif": "use count(*) FILTER (WHERE …)",
    "sumif": "use sum(value) FILTER (WHERE …)",
    "pg_input_is_valid": "use value ~ '^[0-9]+$'",
    "pg_size_pretty": "nothing here is measured in bytes",
    "pg_typeof": "call describe_schema for the types; an answer tells its own",
    "gen_random_uuid": "answers must be the same twice; md5(id::text) picks a sample",
    "random_normal": "answers must be the same twice; md5(id::text) picks a sample",
    "array_sample": "answers must be the same twice; md5(id::text) picks a sample",
    "array_shuffle": "order by a column: answers must be the same twice",
    "array_fill": "write ARRAY(SELECT 0 FROM generate_series(1, 3))",
    "version": "write what PostgreSQL 16 knows",
    "current_setting": "the zones are in tenants.time_zone and users.time_zone, the currency in tenants.currency",
    "current_database": "there is one database; describe_schema says what it holds",
    "inet_client_addr": "nothing here depends on the connection",
    "casefold": "use lower",
    "parse_ident": "use string_to_array(value, '.')",
    "query_to_xml": "use json_agg",
    "xmlelement": "use json_build_object",
    "xmlforest": "use json_build_object",
    "xmlagg": "use json_agg",
    "to_timestamp_tz": "use to_timestamp",
    "json_populate_record": "use jsonb_to_record(…) AS x(name type)",
    "jsonb_populate_record": "use jsonb_to_record(…) AS x(name type)",
    "json_populate_recordset": "use jsonb_to_recordset(…) AS x(name type)",
    "jsonb_populate_recordset": "use jsonb_to_recordset(…) AS x(name type)",
    "json_table": "write FROM json_table(value, '$[*]' COLUMNS (name type PATH '$.key')) AS t",
    "crosstab": "use sum(value) FILTER (WHERE …) for each column",
    "levenshtein": "call find_records, which compares names",
    "similarity": "call find_records, which compares names",
    "unaccent": "compare with ILIKE, or call find_records",
    "point": "nothing here lies on a map",
    **{name: f"write value::{kind}" for name, kind in NAMES.items() if name != "date"},
    "convert_timezone": "use AT TIME ZONE",
    "listagg": "use string_agg",
    "wm_concat": "use string_agg",
    "array_join": "use array_to_string",
    "count_if": "use count(*) FILTER (WHERE …)",
    "approx_count_distinct": "use count(DISTINCT value)",
    "convert": "use CAST(value AS type)",
    "try_cast": "use CASE WHEN value ~ '^[0-9]+$' THEN value::integer END",
    "safe_cast": "use CASE WHEN value ~ '^[0-9]+$' THEN value::integer END",
    "safe_divide": "use a / nullif(b, 0)",
    "div0": "use coalesce(a / nullif(b, 0), 0)",
    "substring_index": "use split_part",
    "charindex": "use position('text' IN value)",
    "instr": "use position('text' IN value)",
    "locate": "use position('text' IN value)",
    "rand": "order by a column: answers must be the same twice",
    "unix_timestamp": "use extract(epoch FROM value)",
    "from_unixtime": "use to_timestamp(value)",
    "add_months": "add an INTERVAL",
    "months_between": "use age(later, earlier)",
    "date_from_parts": "use make_date(year, month, day)",
    "dateserial": "use make_date(year, month, day)",
    "eomonth": "use date_trunc('month', value) + INTERVAL '1 month' - INTERVAL '1 day'",
    "week": "use extract(week FROM value)",
    "weekday": "use extract(isodow FROM value)",
    "dayofweek": "use extract(isodow FROM value)",
    "hour": "use extract(hour FROM value)",
    "first": "use (array_agg(value ORDER BY other))[1]",
    "last": "use (array_agg(value ORDER BY other DESC))[1]",
    "json_extract": "use value -> 'key', or jsonb_path_query_first(value, '$.key')",
    "json_contains": "use value @> '…'::jsonb",
    "regexp_extract": "use substring(value FROM 'pattern')",
    "contains": "use position('text' IN value) > 0, or ILIKE '%text%'",
    "zeroifnull": "use coalesce(value, 0)",
    "date_sub": "subtract an INTERVAL",
    "last_day": "use date_trunc('month', value) + INTERVAL '1 month' - INTERVAL '1 day'",
}
