"""Random queries over the views, grown from a small typed grammar: every one is valid, and must pass."""

from collections.abc import Callable, Sequence
from random import Random

from schema.views import VIEWS, View

_KINDS = {
    "numeric": "number",
    "integer": "number",
    "text": "text",
    "timestamptz": "time",
    "date": "date",
    "boolean": "truth",
}


class _Grower:
    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.sources: list[tuple[str, View]] = []

    def pick(self, *choices: Callable[[], str]) -> str:
        return self.chance.choice(choices)()

    def column(self, kind: str) -> str | None:
        found = [
            f"{alias}.{column.name}"
            for alias, view in self.sources
            for column in view.columns
            if _KINDS.get(column.type) == kind and column.zone is None
        ]
        return self.chance.choice(found) if found else None

    def number(self, depth: int) -> str:
        plain = self.column("number") or "7"
        if depth <= 0:
            return self.pick(lambda: plain, lambda: str(self.chance.randrange(100)), lambda: "2.5")
        inner = depth - 1
        return self.pick(
            lambda: f"({self.number(inner)} + {self.number(inner)})",
            lambda: f"{self.number(0)} * {self.number(0)} - {self.number(0)}",
            lambda: f"{self.number(0)} / NULLIF({self.number(inner)}, 0)",
            lambda: f"coalesce({self.number(inner)}, 0)",
            lambda: f"-{plain}",
            lambda: f"abs(({self.number(inner)}))::numeric(20, 2)",
            lambda: f"extract(day FROM {self.time(inner)})",
            lambda: f"length({self.text(inner)})",
            lambda: f"CASE WHEN {self.truth(inner)} THEN {self.number(inner)} ELSE {self.number(0)} END",
            lambda: f"greatest({self.number(inner)}, {self.number(inner)})",
            lambda: f"(SELECT count(*) FROM {self.chance.choice(list(VIEWS))} s)",
        )

    def text(self, depth: int) -> str:
        plain = self.column("text") or "'x'"
        if depth <= 0:
            return self.pick(lambda: plain, lambda: "'it''s'", lambda: "'a\\b'")
        inner = depth - 1
        return self.pick(
            lambda: f"({self.text(inner)} || {self.text(inner)})",
            lambda: f"lower({self.text(inner)})",
            lambda: f"coalesce({self.text(inner)}, '-')",
            lambda: f"substring({self.text(inner)} FROM 1 FOR 3)",
            lambda: f"to_char({self.time(inner)}, 'YYYY-MM')",
            lambda: f"trim(BOTH ' ' FROM {self.text(inner)})",
            lambda: f"({self.number(inner)})::text",
            lambda: f"split_part({self.text(inner)}, ' ', 1)",
            lambda: f'{plain} COLLATE "C"',
            lambda: f"('{{\"a\": 1}}'::jsonb ->> {self.text(0)})",
            lambda: f"json_value(jsonb_build_object('a', {self.text(0)}), '$.a' DEFAULT '-' ON EMPTY)",
            lambda: f"encode(sha256(convert_to({self.text(0)}, 'UTF8')), 'hex')",
        )

    def time(self, depth: int) -> str:
        plain = self.column("time") or "TIMESTAMPTZ '2026-01-01'"
        if depth <= 0:
            return plain
        inner = depth - 1
        return self.pick(
            lambda: f"date_trunc('month', {self.time(inner)})",
            lambda: f"{self.time(inner)} - INTERVAL '{self.chance.randrange(1, 40)} days'",
            lambda: f"coalesce({self.time(inner)}, TIMESTAMPTZ '2026-06-01 10:00+02')",
            lambda: "(DATE '2026-02-01')::timestamptz + interval '1' day",
        )

    def truth(self, depth: int) -> str:
        plain = self.column("truth") or "true"
        if depth <= 0:
            return plain
        inner = depth - 1
        sign = self.chance.choice(("=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM"))
        return self.pick(
            lambda: f"{self.number(inner)} {sign} {self.number(inner)}",
            lambda: f"{self.text(inner)} {sign} {self.text(inner)}",
            lambda: f"{self.time(inner)} {sign} {self.time(inner)}",
            lambda: f"({self.truth(inner)} AND {self.truth(inner)} OR NOT {self.truth(0)})",
            lambda: f"{self.text(inner)} {self.chance.choice(('LIKE', 'NOT ILIKE', '~*'))} 'a%'",
            lambda: f"{self.number(inner)} {self.chance.choice(('', 'NOT '))}BETWEEN 1 AND {self.number(inner)}",
            lambda: f"{self.text(inner)} {self.chance.choice(('IN', 'NOT IN'))} ('a', {self.text(0)})",
            lambda: f"{self.number(0)} {self.chance.choice(('IS NULL', 'IS NOT NULL'))}",
            lambda: f"EXISTS (SELECT 1 FROM {self.chance.choice(list(VIEWS))} s WHERE {self.truth(inner)})",
            lambda: f"{plain} {self.chance.choice(('IS TRUE', 'IS NOT FALSE', '= true'))}",
            lambda: f"{self.number(0)} = ANY (ARRAY[1, {self.number(0)}])",
            lambda: f"({self.text(0)}) IS {self.chance.choice(('', 'NOT '))}JSON{self.chance.choice(('', ' OBJECT'))}",
            lambda: f"{self.text(0)} IN (VALUES ('a'), ({self.text(0)}))",
        )

    def value(self, depth: int) -> str:
        grow = self.chance.choice((self.number, self.text, self.time, self.truth))
        return grow(depth)

    def source(self) -> str:
        names = list(VIEWS)
        first = self.chance.choice(names)
        self.sources = [("a", VIEWS[first])]
        text = f"{first} a"
        for alias in ("b", "c")[: self.chance.choice((0, 0, 1, 2))]:
            name = self.chance.choice(names)
            self.sources.append((alias, VIEWS[name]))
            join = self.chance.choice(("JOIN", "LEFT JOIN", "FULL OUTER JOIN", "INNER JOIN"))
            text += f" {join} {name} AS {alias} ON {self.truth(1)}"
        return text

    def select(self, depth: int) -> str:
        source = self.source()
        return self.pick(
            lambda: self.plain(source, depth), lambda: self.grouped(source, depth), lambda: self.windowed(source, depth)
        )

    def plain(self, source: str, depth: int) -> str:
        shown = ", ".join(f"{self.value(depth)} AS v{at}" for at in range(self.chance.randrange(1, 4)))
        distinct = self.chance.choice(("", "", "DISTINCT "))
        order = self.chance.choice(("", " ORDER BY v0", " ORDER BY 1 DESC NULLS LAST", " ORDER BY v0 LIMIT 5 OFFSET 2"))
        return f"SELECT {distinct}{shown} FROM {source} WHERE {self.truth(depth)}{order}"

    def grouped(self, source: str, depth: int) -> str:
        key, other = self.value(depth), self.column("text") or "'k'"
        total = self.chance.choice(
            ("count(*)", f"sum({self.number(1)})", f"count(DISTINCT {self.text(1)})", "bool_or(true)")
        )
        some = f"max({self.time(1)}) FILTER (WHERE {self.truth(1)})"
        groups = self.chance.choice(("g", "1", "ROLLUP (g)", "GROUPING SETS ((g), ())", "DISTINCT ROLLUP (g), (g)"))
        half = f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {self.number(0)}::float)"
        joined = f"string_agg({other}, ', ' ORDER BY {other} DESC)"
        return (
            f"SELECT {key} AS g, {total}, {some}, {half}, {joined} FROM {source} GROUP BY {groups}"
            f" HAVING count(*) > {self.chance.randrange(3)}"
        )

    def windowed(self, source: str, depth: int) -> str:
        frame = self.chance.choice(("", " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW", " ROWS UNBOUNDED PRECEDING"))
        over = f"PARTITION BY {self.value(1)} ORDER BY {self.time(1)} DESC NULLS LAST{frame}"
        return (
            f"SELECT {self.value(depth)}, row_number() OVER ({over}), sum({self.number(1)}) OVER w,"
            f" lag({self.text(0)}, 1) OVER w FROM {source} WINDOW w AS (ORDER BY {self.number(1)})"
        )

    def query(self) -> str:
        return self.pick(
            lambda: self.select(2),
            lambda: self.select(3),
            lambda: f"WITH x AS ({self.select(1)}), y AS MATERIALIZED ({self.select(1)}) SELECT * FROM x, y",
            lambda: f"SELECT count(*) FROM ({self.select(2)}) q",
            lambda: f"SELECT * FROM (TABLE {self.chance.choice(list(VIEWS))}) q",
            lambda: f"WITH x AS ({self.select(1)}) TABLE x",
            lambda: f"SELECT {self.count_of()} UNION ALL SELECT {self.count_of()} ORDER BY 1",
            lambda: f"SELECT q.* FROM accounts o CROSS JOIN LATERAL ({self.select(1)}) q",
            lambda: f"({self.select(1)}) LIMIT 3",
        )

    def count_of(self) -> str:
        return f"(SELECT count(*) FROM {self.source()} WHERE {self.truth(2)})"


def queries(count: int, seed: int) -> Sequence[str]:
    """So many queries, the same for a given seed."""
    grower = _Grower(Random(seed))
    return [grower.query() for _ in range(count)]
