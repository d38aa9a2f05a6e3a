"""How many rows each table has, so that a restored database can be held against its backup."""

import psycopg
from psycopg import sql

_TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('crm', 'crm_private') AND c.relkind = 'r' AND c.relname <> 'signing_key'
ORDER BY 1, 2
"""


def count_rows(admin: psycopg.Connection) -> dict[str, int]:
    """Rows by table, as `crm.accounts`; the connection must see all of them."""
    counted: dict[str, int] = {}
    for schema, table in admin.execute(_TABLES).fetchall():
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        row = admin.execute(query).fetchone()
        counted[f"{schema}.{table}"] = int(row[0]) if row else 0
    return counted
