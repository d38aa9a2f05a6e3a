"""What the guard knows of relations, columns and expressions while it reads a query."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from guardrails.sql.refusal import RefusalError, near
from schema.views import VIEWS

Audience = Literal["person", "model"]
"""Who reads the answer; the signed context knows the same two."""
ANY = "any"
"""The type of what is not a view's column as it is."""
NAMELESS = "?column?"
"""What PostgreSQL calls a column that nothing names."""
LEAF = 20
"""The precedence of what needs no parentheses."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of one expression, or of the column it becomes."""

    name: str = NAMELESS
    """What PostgreSQL calls the column when nobody names it."""
    strength: int = 0
    """How sure that name is: 2 for columns and functions, 1 for types and CASE (FigureColname in parse_target.c)."""
    level: int = LEAF
    """Precedence, as in the table of PostgreSQL's manual, 4.1.6."""
    weight: int = 1
    """How many values it is made of once every subquery is written out, which is what the planner may do."""
    type: str = ANY
    zone: str | None = None
    """The privacy zone of the column that it is, unchanged."""
    literal: str | None = None
    """The text of a string constant."""
    far: bool = False
    """Whether it may be a number that nobody counts to: a large constant, a product, what a function makes."""
    rewritten: bool = False
    """Whether what runs has another name than what was written, so that it needs AS."""

    def named(self, name: str) -> "Fact":
        """The same as a column of this name."""
        return Fact(name, 2, LEAF, self.weight, self.type, self.zone, far=self.far)


@dataclass(frozen=True, slots=True)
class Relation:
    """Something in FROM: its name there and its columns in order."""

    name: str
    columns: Sequence[Fact]
    view: str | None = None
    """The view it is, when it is one."""
    has_schema: bool = False
    """Whether it may be named with its schema: a view without an alias."""
    hidden: frozenset[str] = frozenset()
    """Columns that USING has merged into another relation's: only found when qualified."""

    is_scalar: bool = False
    """Whether it is a function's one column, which the relation's own name means too."""

    def has(self, name: str) -> bool:
        return any(column.name == name for column in self.columns)

    def find(self, name: str) -> Fact | None:
        """The column of this name; two of them are a sentence, as in PostgreSQL."""
        found = [column for column in self.columns if column.name == name]
        if len(found) > 1:
            raise RefusalError("known_columns", f"{self.name} has two columns {name}; give each its own name with AS.")
        return found[0] if found else None


@dataclass(slots=True)
class Scope:
    """The relations one query level can name, and the levels around it."""

    outer: "Scope | None" = None
    relations: list[Relation] = field(default_factory=list[Relation])
    ctes: dict[str, Sequence[Fact]] = field(default_factory=dict[str, "Sequence[Fact]"])
    shown: Sequence[Fact] = ()
    """What `*` stands for."""

    def levels(self) -> Iterator["Scope"]:
        level: Scope | None = self
        while level is not None:
            yield level
            level = level.outer

    def cte(self, name: str) -> Sequence[Fact] | None:
        return next((level.ctes[name] for level in self.levels() if name in level.ctes), None)

    def add(self, relation: Relation) -> None:
        """Adds a relation. Raises RefusalError for a second of its name: they could not be told apart."""
        if any(each.name == relation.name for each in self.relations):
            raise RefusalError("known_views", f"{relation.name} stands twice in FROM; give each its own name with AS.")
        self.relations.append(relation)

    def column(self, name: str) -> Fact:
        """The column an unqualified name means. Raises RefusalError."""
        for level in self.levels():
            found = [
                (relation, column)
                for relation in level.relations
                if name not in relation.hidden and (column := relation.find(name))
            ]
            if len(found) > 1:
                which = " or ".join(f"{relation.name}.{name}" for relation, _ in found)
                raise RefusalError("known_columns", f"{name} could be {which}; say which.")
            if found:
                return found[0][1]
        if (relation := self.row(name)) and relation.is_scalar:
            return replace(relation.columns[0], name=name)
        raise self._no_column(name)

    def row(self, name: str) -> Relation | None:
        """The relation that a bare name means as a whole row: no column is called so, which would come first."""
        if any(relation.has(name) for level in self.levels() for relation in level.relations):
            return None
        return next((each for level in self.levels() for each in level.relations if each.name == name), None)

    def qualified(self, relation_name: str, name: str, view_only: bool) -> Fact:
        """The column `relation.name` means. Raises RefusalError."""
        relation = self.relation(relation_name, view_only=view_only)
        if found := relation.find(name):
            return found
        # `t.f` calls the function f with the whole row of t in PostgreSQL, when t has no column f.
        names = [column.name for column in relation.columns]
        raise RefusalError(
            "known_columns", f"{relation.view or relation.name} has no column {name}.{_instead(name, names)}"
        )

    def relation(self, name: str, *, view_only: bool = False) -> Relation:
        for level in self.levels():
            for relation in level.relations:
                if relation.name == name and (relation.has_schema or not view_only):
                    return relation
        known = [relation.name for level in self.levels() for relation in level.relations]
        raise RefusalError(
            "known_columns", f"Nothing in FROM is called {name}; there is {', '.join(known) or 'nothing'}."
        )

    def _no_column(self, name: str) -> RefusalError:
        known = [column.name for level in self.levels() for each in level.relations for column in each.columns]
        if any(each.name == name for level in self.levels() for each in level.relations):
            return RefusalError("whole_rows", f"{name} is a whole row; name the columns you want, or write {name}.*")
        views = [view.name for view in VIEWS.values() if name in view.by_name]
        where = f" {' and '.join(views[:3])} would have it." if views else ""
        return RefusalError("known_columns", f"There is no column {name} here.{_instead(name, known)}{where}")


def _instead(name: str, known: Iterable[str]) -> str:
    names = list(dict.fromkeys(known))
    return near(name, names) or (f" There are {', '.join(names[:30])}." if names else "")
