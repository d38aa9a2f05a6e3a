"""What must hold in any database at any moment: rows, log, registry and tool calls agree."""

from collections.abc import Iterable, Mapping
from typing import LiteralString

import psycopg
from psycopg import sql

from schema.triggers import AUDITED, AuditedTable

# Images are compared as rows, not as JSON: a timestamp's text depends on the zone of the session that wrote it.
_EVENTS = """
WITH events AS (
    SELECT e.tenant_id, e.event_id, e.action, concat_ws('/', {event_key}) AS key,
           jsonb_populate_record(NULL::crm.{table}, e.before) AS before, e.before IS NULL AS is_first,
           jsonb_populate_record(NULL::crm.{table}, e.after) AS after, e.after IS NULL AS is_last,
           lag(jsonb_populate_record(NULL::crm.{table}, e.after)) OVER story AS prior,
           lag(e.after IS NULL) OVER story AS prior_is_last,
           row_number() OVER story AS place,
           lead(e.event_id) OVER story IS NULL AS is_newest,
           (e.after ->> 'version')::int AS version
    FROM crm.audit_events e
    WHERE e.table_name = {name} AND {of_events}
    WINDOW story AS (PARTITION BY e.tenant_id, concat_ws('/', {event_key}) ORDER BY e.event_id)
), standing AS (
    SELECT t.tenant_id, concat_ws('/', {row_key}) AS key,
           jsonb_populate_record(NULL::crm.{table}, to_jsonb(t) - {hidden}::text[]) AS image
    FROM crm.{table} t
    WHERE {of_rows}
)
SELECT coalesce(e.key, s.key), CASE
    WHEN e.key IS NULL THEN 'is a row that no event tells of'
    WHEN s.key IS NULL AND e.is_newest AND NOT e.is_last THEN 'is told of, and not there'
    WHEN s.key IS NOT NULL AND e.is_newest AND (e.is_last OR e.after IS DISTINCT FROM s.image)
        THEN 'is not what its newest event says'
    WHEN e.is_first <> (e.place = 1 OR e.prior_is_last) THEN 'has an event out of its order'
    WHEN NOT e.is_first AND e.before IS DISTINCT FROM e.prior THEN 'has an event that does not go on from the one before'
    WHEN {has_version} AND NOT e.is_last AND e.version IS DISTINCT FROM e.place THEN 'has a version that skips'
END AS problem
FROM events e FULL JOIN standing s ON s.tenant_id = e.tenant_id AND s.key = e.key
"""

_REGISTRY = """
SELECT coalesce(t.id, r.id)::text, CASE
    WHEN r.id IS NULL THEN 'is not in the registry'
    WHEN t.id IS NULL THEN 'is in the registry alone'
    WHEN r.label <> {label} THEN 'has an old label in the registry'
    WHEN r.is_deleted <> (t.deleted_at IS NOT NULL) THEN 'is deleted on one side only'
END AS problem
FROM (SELECT * FROM crm.{table} t WHERE {of_rows}) t
FULL JOIN (SELECT * FROM crm.records r WHERE kind = ANY({kinds}) AND {of_records}) r
  ON r.tenant_id = t.tenant_id AND r.id = t.id
"""

_LABELS: Mapping[str, LiteralString] = {
    "individuals": "btrim(concat_ws(' ', t.given_name, t.family_name))",
    "contacts": "(SELECT i.label FROM crm.records i WHERE i.tenant_id = t.tenant_id AND i.id = t.individual_id)",
    "tasks": "t.title",
    "notes": "left(split_part(t.body, E'\\n', 1), 80)",
    # One without a subject is named after its day, which depends on a zone.
    "interactions": "coalesce(nullif(t.subject, ''), r.label)",
}
"""What a record is called, worked out apart from the triggers; by its name where nothing is said."""

_CALLS = """
SELECT coalesce(c.id, e.tool_call_id)::text, CASE
    WHEN e.tool_call_id IS NULL AND c.outcome = 'ok' AND jsonb_array_length(c.result -> 'changes') > 0
        THEN 'is a call that says it changed something, and did not'
    WHEN e.tool_call_id IS NULL THEN NULL
    WHEN c.id IS NULL THEN 'is a call that changed something and is not stored'
    WHEN c.outcome IS DISTINCT FROM 'ok' THEN 'is a call that changed something and has no good outcome'
    WHEN c.run_id IS DISTINCT FROM e.run_id THEN 'is a call of another run than its change'
    WHEN e.told IS DISTINCT FROM jsonb_array_length(c.result -> 'changes')
        THEN 'is a call that tells of other changes than it made'
END AS problem
FROM (SELECT tenant_id, tool_call_id, run_id, count(DISTINCT change_id) AS told FROM crm.audit_events
      WHERE tool_call_id IS NOT NULL GROUP BY 1, 2, 3) e
FULL JOIN crm.tool_calls c ON c.tenant_id = e.tenant_id AND c.id = e.tool_call_id
"""

_JOINED = """
SELECT e.event_id::text, CASE
    WHEN e.tool_call_id IS NULL THEN 'is an agent''s event without a tool call'
    WHEN r.id IS NULL THEN 'is an agent''s event without a run'
    WHEN e.prompt IS DISTINCT FROM r.prompt THEN 'is an agent''s event with another prompt than its run'
    WHEN coalesce(e.reasoning, '') = '' THEN 'is an agent''s event without reasoning'
    WHEN e.model IS DISTINCT FROM r.model THEN 'is an agent''s event of another model than its run'
    WHEN coalesce(e.tool, '') = '' THEN 'is an agent''s event without a tool'
    WHEN btrim(e.reason) = '' THEN 'is an event without a reason'
    WHEN NOT e.via_agent OR e.actor <> 'agent:' || r.model OR e.on_behalf_of IS NULL THEN 'hides that an agent did it'
END AS problem
FROM crm.audit_events e LEFT JOIN crm.runs r ON r.tenant_id = e.tenant_id AND r.id = e.run_id
WHERE e.event_id > {since} AND (e.run_id IS NOT NULL OR e.via_agent)
"""


def newest_event(connection: psycopg.Connection) -> int:
    """The id of the last audit event; 0 for an empty log."""
    row = connection.execute("SELECT coalesce(max(event_id), 0) FROM crm.audit_events").fetchone()
    return int(row[0]) if row else 0


def violations(connection: psycopg.Connection, records: Iterable[str] | None = None) -> list[str]:
    """What does not agree, one sentence each; empty when all is well.

    `records` narrows it to those: ids, of which any that is no UUID names a row that is no record.

    The connection must see all tenants and every column (a superuser's does).
    """
    wanted = None if records is None else [record_id for record_id in records if _is_uuid(record_id)]
    found: list[str] = []
    for table in AUDITED:
        found += _problems(connection, table.name, _event_query(table, wanted))
        if table.is_record:
            found += _problems(connection, table.name, _registry_query(table, wanted))
    return found + _problems(connection, "tool_calls", sql.SQL(_CALLS))


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and "/" not in text


def unexplained(connection: psycopg.Connection, since: int) -> list[str]:
    """The agent's events after `since` that do not lead back to prompt, reasoning, tool call, run and person."""
    return _problems(connection, "audit_events", sql.SQL(_JOINED).format(since=sql.Literal(since)))


def records_since(connection: psycopg.Connection, event_id: int) -> list[str]:
    """The records that events after `event_id` tell of."""
    rows = connection.execute("SELECT DISTINCT record_id FROM crm.audit_events WHERE event_id > %s", [event_id])
    return [str(record_id) for (record_id,) in rows]


def _only(column: str, wanted: list[str] | None) -> sql.Composable:
    if wanted is None:
        return sql.SQL("true")
    return sql.SQL("{} = ANY({}::uuid[])").format(sql.Identifier(*column.split(".")), sql.Literal(wanted))


def _event_query(table: AuditedTable, wanted: list[str] | None) -> sql.Composed:
    return sql.SQL(_EVENTS).format(
        table=sql.Identifier(table.name),
        name=sql.Literal(table.name),
        event_key=sql.SQL(", ").join(
            sql.SQL("coalesce(e.after, e.before) ->> {}").format(sql.Literal(column)) for column in table.key
        ),
        row_key=sql.SQL(", ").join(sql.SQL("t.{}::text").format(sql.Identifier(column)) for column in table.key),
        hidden=sql.Literal(list(table.hidden)),
        has_version=sql.Literal(table.is_record),
        of_events=_only("e.record_id", wanted),
        of_rows=_only(f"t.{table.record_column}", wanted),
    )


def _registry_query(table: AuditedTable, wanted: list[str] | None) -> sql.Composed:
    kinds = ["opportunity", "job", "partnership"] if table.record_kind == "" else [table.record_kind]
    return sql.SQL(_REGISTRY).format(
        table=sql.Identifier(table.name),
        kinds=sql.Literal(kinds),
        of_rows=_only("t.id", wanted),
        of_records=_only("r.id", wanted),
        label=sql.SQL(_LABELS.get(table.name, "t.name")),
    )


def _problems(connection: psycopg.Connection, table: str, query: sql.SQL | sql.Composed) -> list[str]:
    wrapped = sql.SQL("SELECT * FROM ({}) found WHERE problem IS NOT NULL").format(query)
    return [f"{table} {key} {problem}." for key, problem in connection.execute(wrapped).fetchall()]
