"""A desk with an index behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import text

from retrieval.embedders.embedder import Embedder
from retrieval.indexing import models
from retrieval.indexing.models import Model
from retrieval.indexing.sources import Sources
from retrieval.indexing.worker import Worker
from schema.database import Database
from tests.retrieval.indexing.hashing import HashEmbedder
from tests.tools.desk import Desk


@dataclass
class Office:
    desk: Desk
    embedder: HashEmbedder
    others: dict[str, HashEmbedder] = field(default_factory=dict[str, HashEmbedder])
    """Further embedders by name."""
    sources: Sources = field(init=False)

    def __post_init__(self) -> None:
        self.renew()

    @property
    def db(self) -> Database:
        return self.desk.database

    @property
    def tenant(self) -> UUID:
        return self.desk.who.tenant_id

    def renew(self) -> None:
        """As another process would see the embedders: none rests."""
        self.sources = Sources(self.choose)

    def serve(self, embedder: Embedder | None = None) -> Model:
        model = models.add(self.db, embedder or self.embedder)
        models.serve(self.db, model)
        return model

    def serve_later(self, embedder: Embedder) -> Model:
        """A model beside the one that serves."""
        return models.add(self.db, embedder)

    def index(self, **options: Any) -> int:
        """Whatever is due; how many records were finished."""
        return Worker(self.db, self.sources, **options).drain(lambda: False)

    def note(self, body: str) -> dict[str, Any]:
        return self.desk.create("note", body=body, about_id=self.account()["record_id"])

    def account(self) -> dict[str, Any]:
        """The one that notes are about, made when it is first asked for."""
        found = self.desk.find("Quayside")["records"]
        return found[0] if found else self.desk.create("account", name="Quayside")

    def delete(self, record: dict[str, Any]) -> None:
        self.desk.ok("delete_record", record_id=record["record_id"])

    def rows(self, sql: LiteralString, **values: Any) -> list[dict[str, Any]]:
        with self.db.across_tenants() as session:
            return session.rows(sql, **values)

    def change(self, sql: LiteralString, **values: Any) -> None:
        with self.db.across_tenants() as session:
            session.execute(text(sql).bindparams(**values))

    def texts(self, record: dict[str, Any]) -> list[str]:
        """What is stored of a record, in order."""
        return [row["text"] for row in self.chunks(record)]

    def chunks(self, record: dict[str, Any]) -> list[dict[str, Any]]:
        return self.rows(
            "SELECT id, text, content_hash, language::text, start_at, end_at FROM crm.chunks WHERE record_id = :id ORDER BY position",
            id=record["record_id"],
        )

    def vectors(self, record: dict[str, Any]) -> list[dict[str, Any]]:
        """One row a chunk and model that has a vector of what the chunk says now, in order."""
        return self.rows(
            "SELECT e.model_id, c.text, e.embedding::text AS vector FROM crm.embeddings e JOIN crm.chunks c"
            " ON c.tenant_id = e.tenant_id AND c.id = e.chunk_id AND c.content_hash = e.content_hash"
            " WHERE e.record_id = :id ORDER BY e.model_id, c.position",
            id=record["record_id"],
        )

    def queue(self) -> list[dict[str, Any]]:
        return self.rows(
            "SELECT record_id, attempts, error, set_aside_at, extract(epoch FROM due_at - now())::float8 AS wait"
            " FROM crm.embedding_queue ORDER BY id"
        )

    def hurry(self) -> None:
        """As if all waits were over."""
        self.change("UPDATE crm.embedding_queue SET due_at = now()")
        self.renew()

    def matches(self) -> bool:
        """Whether each chunk of a living record has one vector of each kept model, the one of its own text."""
        lacking = self.rows(
            "SELECT c.id FROM crm.chunks c JOIN crm.embedding_models m ON m.state <> 'retired'"
            " LEFT JOIN crm.embeddings e ON e.tenant_id = c.tenant_id AND e.chunk_id = c.id AND e.model_id = m.id"
            "     AND e.content_hash = c.content_hash WHERE e.chunk_id IS NULL"
        )
        return not lacking and self.count("crm.embeddings") >= self.count("crm.chunks")

    def count(self, table: LiteralString) -> int:
        return int(self.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])

    def choose(self, name: str) -> Embedder:
        return {self.embedder.name: self.embedder, **self.others}[name]


def long_text(marks: Sequence[str]) -> str:
    """Sentences of a chunk each."""
    return "\n".join(
        f"The {mark} customer asks {', '.join(f'when part {n} comes' for n in range(18))}." for mark in marks
    )
