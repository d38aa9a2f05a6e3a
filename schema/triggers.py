"""The triggers on business tables: registry, state machine, versions and audit."""

from dataclasses import dataclass
from string import Template


@dataclass(frozen=True, slots=True)
class AuditedTable:
    """One business table and what its audit events say of the record a row belongs to."""

    name: str
    record_kind: str
    """The record kind; '' reads the row's own `kind`, '?' asks the registry."""
    record_column: str = "id"
    key: tuple[str, ...] = ("id",)
    is_record: bool = False
    """True for the table that holds a record's version and deleted_at."""
    has_status: bool = False
    hidden: tuple[str, ...] = ()
    """Columns that never enter the log."""


AUDITED = (
    AuditedTable("organizations", "organization", is_record=True),
    AuditedTable("accounts", "account", is_record=True, has_status=True),
    AuditedTable("individuals", "individual", is_record=True),
    AuditedTable("contacts", "contact", is_record=True),
    AuditedTable("leads", "", is_record=True, has_status=True),
    AuditedTable("opportunities", "opportunity"),
    AuditedTable("jobs", "job"),
    AuditedTable("partnerships", "partnership"),
    AuditedTable("tasks", "task", is_record=True, has_status=True),
    AuditedTable("notes", "note", is_record=True),
    AuditedTable("interactions", "interaction", is_record=True),
    AuditedTable("interaction_participants", "interaction", record_column="interaction_id"),
    AuditedTable("record_tags", "?", record_column="record_id", key=("record_id", "tag")),
    AuditedTable("ai_insights", "?", record_column="record_id"),
    AuditedTable("users", "user", hidden=("password_hash",)),
    AuditedTable("teams", "team"),
)

_AUDIT_FUNCTION = Template("""
CREATE OR REPLACE FUNCTION crm.audit_${operation}_${table}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$$$
DECLARE
    told jsonb := crm.change();
    who jsonb := told -> 'who';
    is_agent boolean := who ->> 'via' = 'agent';
    tenant uuid := (who ->> 'tenant')::uuid;
    operation uuid := (told ->> 'operation_id')::uuid;
    clock timestamptz := coalesce(
        CASE WHEN who ->> 'via' = 'system' THEN (told ->> 'occurred_at')::timestamptz END,
        (who ->> 'now')::timestamptz, clock_timestamp());
    written bigint;
BEGIN
    IF EXISTS (SELECT FROM ${rows} r WHERE r.tenant_id IS DISTINCT FROM tenant) THEN
        RAISE EXCEPTION 'A change cannot reach into another tenant.' USING ERRCODE = 'CA001';
    END IF;
    INSERT INTO crm.audit_events (
        tenant_id, change_id, operation_id, occurred_at, action, table_name, record_kind, record_id, before, after,
        actor, on_behalf_of, user_id, via_agent, run_id, tool_call_id, tool, approval_id, prompt, reasoning, reason, model)
    SELECT r.tenant_id, encode(substr(sha256(convert_to(operation::text || r.${record}::text, 'UTF8')), 1, 16), 'hex')::uuid,
           operation, clock, ${action}, '${table}', ${kind}, r.${record}, ${before}, ${after},
           CASE WHEN is_agent THEN 'agent:' || coalesce(told ->> 'model', 'unknown') ELSE who ->> 'email' END,
           CASE WHEN is_agent THEN who ->> 'email' END, (who ->> 'user')::uuid, is_agent,
           (told ->> 'run_id')::uuid, (told ->> 'tool_call_id')::uuid, told ->> 'tool', (told ->> 'approval_id')::uuid,
           told ->> 'prompt', told ->> 'reasoning', told ->> 'reason', told ->> 'model'
    FROM ${source};
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> (SELECT count(*) FROM ${rows}) THEN
        RAISE EXCEPTION 'A row cannot change its key.' USING ERRCODE = 'CA001';
    END IF;
    RETURN NULL;
END
$$$$;
ALTER FUNCTION crm.audit_${operation}_${table}() OWNER TO @audit@;
""")

_TRIGGER = Template("""
DROP TRIGGER IF EXISTS ${name} ON crm.${table};
CREATE TRIGGER ${name} AFTER ${operation} ON crm.${table} ${transitions}
FOR EACH STATEMENT EXECUTE FUNCTION crm.${function}(${arguments});
""")

_TRANSITIONS = {
    "insert": "REFERENCING NEW TABLE AS after_rows",
    "update": "REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows",
    "delete": "REFERENCING OLD TABLE AS before_rows",
}


def _image(row: str, hidden: tuple[str, ...]) -> str:
    image = f"to_jsonb({row})"
    return image + "".join(f" - '{column}'" for column in hidden)


def _kind(table: AuditedTable) -> str:
    match table.record_kind:
        case "":
            return "r.kind"
        case "?":
            return (
                f"(SELECT k.kind FROM crm.records k WHERE k.tenant_id = r.tenant_id AND k.id = r.{table.record_column})"
            )
        case kind:
            return f"'{kind}'"


def _audit_function(table: AuditedTable, operation: str) -> str:
    rows = "before_rows" if operation == "delete" else "after_rows"
    pairs = " AND ".join(f"b.{column} = r.{column}" for column in ("tenant_id", *table.key))
    soft_delete = (
        "CASE WHEN b.deleted_at IS NULL AND r.deleted_at IS NOT NULL THEN 'delete'"
        " WHEN b.deleted_at IS NOT NULL AND r.deleted_at IS NULL THEN 'restore' ELSE 'update' END"
    )
    return _AUDIT_FUNCTION.substitute(
        table=table.name,
        operation=operation,
        rows=rows,
        record=table.record_column,
        kind=_kind(table),
        action={"insert": "'create'", "update": soft_delete if table.is_record else "'update'", "delete": "'delete'"}[
            operation
        ],
        before="NULL" if operation == "insert" else _image("b" if operation == "update" else "r", table.hidden),
        after="NULL" if operation == "delete" else _image("r", table.hidden),
        source=f"{rows} r" if operation != "update" else f"{rows} r JOIN before_rows b ON {pairs}",
    )


def _trigger(name: str, table: str, operation: str, function: str, *arguments: str) -> str:
    return _TRIGGER.substitute(
        name=name,
        table=table,
        operation=operation.upper(),
        transitions=_TRANSITIONS[operation],
        function=function,
        arguments=", ".join(f"'{argument}'" for argument in arguments),
    )


def _record_triggers(table: AuditedTable) -> list[str]:
    """Registry, versions and state machine of a table that holds records; names set the order: audit comes last."""
    arguments = (table.record_kind,) if table.record_kind else ()
    triggers = [
        _trigger("a_register", table.name, "insert", "register_records", *arguments),
        _trigger("a_relabel", table.name, "update", "relabel_records", *arguments),
        _trigger("b_versions", table.name, "update", "check_versions"),
    ]
    if table.has_status:
        triggers.append(_trigger("c_transitions", table.name, "update", "check_transitions", *arguments))
    return triggers


def statements() -> list[str]:
    """All trigger functions and triggers, safe to run again."""
    made: list[str] = []
    for table in AUDITED:
        if table.is_record:
            made += _record_triggers(table)
        for operation in _TRANSITIONS:
            made.append(_audit_function(table, operation))
            made.append(_trigger(f"z_audit_{operation}", table.name, operation, f"audit_{operation}_{table.name}"))
    return made
