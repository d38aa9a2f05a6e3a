"""The triggers on business tables: registry, state machine, versions and audit."""

from dataclasses import dataclass
from string import Template

from schema.labels import label, label_source


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
    AuditedTable("custom_fields", "custom_field"),
)

# Transition tables have no statistics, and a plan made for one row is kept for the next statement's hundred thousand:
# a nested loop over two of them would be quadratic, so it is switched off where only they are joined.
_HASHED = "SET search_path = pg_catalog, pg_temp SET enable_nestloop = off"
# Where registry rows are looked up by key the opposite holds: a hash join kept from a bulk would read the whole table.
_LOOKED_UP = "SET search_path = pg_catalog, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off"

# Every value among a row's own fields, beside its declaration.
_EACH_CUSTOM = Template("""CROSS JOIN LATERAL
             jsonb_each(CASE jsonb_typeof(a.custom) WHEN 'object' THEN a.custom ELSE '{"": null}' END) given
        LEFT JOIN crm.custom_fields f ON f.tenant_id = a.tenant_id AND f.record_kind = ${kind} AND f.name = given.key""")

_REGISTER = Template("""
CREATE OR REPLACE FUNCTION crm.register_${table}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER ${settings}
AS $$$$
BEGIN
    IF EXISTS (SELECT FROM after_rows a WHERE a.custom <> '{}') THEN
        PERFORM crm.refuse_custom(${kind}, given.key)
        FROM after_rows a ${each_custom}
        WHERE crm.fits_custom(f.type, f.options, given.value) IS NOT TRUE;
    END IF;
    INSERT INTO crm.records (tenant_id, id, kind, label, is_deleted)
    SELECT a.tenant_id, a.id, ${kind}, coalesce(${label}, ''), a.deleted_at IS NOT NULL FROM after_rows a;
    INSERT INTO crm.embedding_queue (tenant_id, record_id, record_kind) SELECT a.tenant_id, a.id, ${kind} FROM after_rows a;
    RETURN NULL;
END
$$$$;
ALTER FUNCTION crm.register_${table}() OWNER TO @system@;
""")

# The optimistic lock (each update counts one up from the version it saw), the tenant's own fields, the state machine
# (a move that status_transitions does not list is refused, whoever asks), and which registry rows have to follow. Every
# change is queued for the semantic index; what its text's hash says is done later, when nobody waits.
_FOLLOW = Template("""
CREATE OR REPLACE FUNCTION crm.follow_${table}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER ${settings}
AS $$$$
DECLARE
    is_stale boolean;
    is_custom boolean;
    tenants uuid[];
    renamed uuid[];
    moves text[][];
    move text[];
BEGIN
    SELECT bool_or(a.version <> b.version + 1), bool_or(a.custom <> b.custom),
           array_agg(a.tenant_id) FILTER (WHERE ${differs}), array_agg(a.id) FILTER (WHERE ${differs})${moves}
    INTO is_stale, is_custom, tenants, renamed${into_moves}
    FROM after_rows a JOIN before_rows b ON b.tenant_id = a.tenant_id AND b.id = a.id;
    IF is_stale THEN
        RAISE EXCEPTION 'An update must count the version up by one.' USING ERRCODE = 'CA003';
    END IF;
    IF is_custom THEN
        PERFORM crm.refuse_custom(${kind}, given.key)
        FROM after_rows a JOIN before_rows b ON b.tenant_id = a.tenant_id AND b.id = a.id ${each_custom}
        WHERE given.value IS DISTINCT FROM b.custom -> given.key
          AND crm.fits_custom(f.type, f.options, given.value) IS NOT TRUE;
    END IF;
    IF moves IS NOT NULL THEN
        FOREACH move SLICE 1 IN ARRAY moves LOOP
            PERFORM crm.check_move(move[1]::uuid, move[2], move[3], move[4]);
        END LOOP;
    END IF;
    IF renamed IS NOT NULL THEN
        PERFORM crm.relabel_${table}(tenants, renamed);
    END IF;
    INSERT INTO crm.embedding_queue (tenant_id, record_id, record_kind) SELECT a.tenant_id, a.id, ${kind} FROM after_rows a;
    RETURN NULL;
END
$$$$;
ALTER FUNCTION crm.follow_${table}() OWNER TO @system@;
""")

_MOVES = (
    ", array_agg(DISTINCT ARRAY[a.tenant_id::text, ${kind}, b.status, a.status]) FILTER (WHERE a.status <> b.status)"
)

_RELABEL = Template("""
CREATE OR REPLACE FUNCTION crm.relabel_${table}(tenants uuid[], ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER ${settings}
AS $$$$
BEGIN
    UPDATE crm.records r
    SET label = coalesce(${label}, ''), is_deleted = a.deleted_at IS NOT NULL
    FROM unnest(tenants, ids) AS told (tenant_id, id)
    JOIN crm.${table} a ON a.tenant_id = told.tenant_id AND a.id = told.id
    WHERE r.tenant_id = told.tenant_id AND r.id = told.id;
${and_contacts}END
$$$$;
ALTER FUNCTION crm.relabel_${table}(uuid[], uuid[]) OWNER TO @system@;
""")

# A contact goes by its individual's name.
_RELABEL_CONTACTS = """    UPDATE crm.records r
    SET label = i.label
    FROM unnest(tenants, ids) AS told (tenant_id, id)
    JOIN crm.contacts c ON c.tenant_id = told.tenant_id AND c.individual_id = told.id
    JOIN crm.records i ON i.tenant_id = told.tenant_id AND i.id = told.id
    WHERE r.tenant_id = c.tenant_id AND r.id = c.id;
"""

_AUDIT_FUNCTION = Template("""
CREATE OR REPLACE FUNCTION crm.audit_${operation}_${table}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER ${settings}
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
FOR EACH STATEMENT EXECUTE FUNCTION crm.${function}();
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
        "CASE WHEN b.merged_into_id IS NULL AND r.merged_into_id IS NOT NULL THEN 'merge'"
        " WHEN b.deleted_at IS NULL AND r.deleted_at IS NOT NULL THEN 'delete'"
        " WHEN b.deleted_at IS NOT NULL AND r.deleted_at IS NULL THEN 'restore' ELSE 'update' END"
    )
    return _AUDIT_FUNCTION.substitute(
        settings=_HASHED,
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


def _trigger(name: str, table: str, operation: str, function: str) -> str:
    return _TRIGGER.substitute(
        name=name,
        table=table,
        operation=operation.upper(),
        transitions=_TRANSITIONS[operation],
        function=function,
    )


def _record_triggers(table: AuditedTable) -> list[str]:
    """Registry, versions and state machine of a table that holds records; names set the order: audit comes last."""
    kind = f"'{table.record_kind}'" if table.record_kind else "a.kind"
    shown = label(table.record_kind, "a")
    sides = tuple(f"({label_source(table.record_kind, row)}, {row}.deleted_at IS NULL)" for row in ("a", "b"))
    relabel = _RELABEL.substitute(
        table=table.name,
        settings=_LOOKED_UP,
        label=shown,
        and_contacts=_RELABEL_CONTACTS if table.name == "individuals" else "",
    )
    each_custom = _EACH_CUSTOM.substitute(kind=kind)
    register = _REGISTER.substitute(
        table=table.name, settings=_LOOKED_UP, kind=kind, label=shown, each_custom=each_custom
    )
    follow = _FOLLOW.substitute(
        table=table.name,
        settings=_HASHED,
        kind=kind,
        each_custom=each_custom,
        differs=f"{sides[0]} IS DISTINCT FROM {sides[1]}",
        moves=Template(_MOVES).substitute(kind=kind) if table.has_status else "",
        into_moves=", moves" if table.has_status else "",
    )
    return [
        relabel,
        register,
        follow,
        _trigger("a_register", table.name, "insert", f"register_{table.name}"),
        _trigger("b_follow", table.name, "update", f"follow_{table.name}"),
    ]


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
