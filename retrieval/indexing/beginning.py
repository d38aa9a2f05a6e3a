"""The first model, and the next version of a local one: made without asking, unless that is for a person to say."""

from typing import LiteralString

from retrieval.indexing import models as model_store
from retrieval.indexing.models import Model, is_switched_off, list_models
from retrieval.indexing.sources import Sources
from schema.database import Database
from schema.errors import CrmError

UNASKED = 1_000
"""Records that are embedded at a provider without asking; more may cost more than somebody expects."""

_TEXTS: LiteralString = """
SELECT (SELECT count(*) FROM (SELECT FROM crm.embedding_queue LIMIT :most) q)
     + (SELECT count(*) FROM (SELECT FROM crm.chunks LIMIT :most) c)"""


def begin(db: Database, sources: Sources, name: str) -> None:
    """Makes and serves a model of that embedder where there is none yet; where an earlier version of a local one serves, a new
    one is made beside it, to be filled.

    Raises CrmError: setup when there is no such embedder, refused when it is a provider's and there is much to embed.
    """
    with db.across_tenants() as session:
        models = list_models(session)
        if models or is_switched_off(session):
            _renew(
                db, sources, next((model for model in models if (model.name, model.state) == (name, "serving")), None)
            )
            return
        texts = int(session.scalar(_TEXTS, most=UNASKED + 1))
    source = sources.named(name)
    if not source.embedder.is_local and texts > UNASKED:
        raise CrmError(
            "refused",
            f"More than {UNASKED:,} texts wait to be embedded by {name}, which costs money: `crm-agent embed backfill` says how"
            " much and begins. Until then searches go by words alone.",
        )
    source.load()
    model_store.serve(db, model_store.add(db, source.embedder))


def _renew(db: Database, sources: Sources, serving: Model | None) -> None:
    """Beside a model whose vectors this version of the program does not make any more, one whose it does."""
    if serving is None:
        return
    embedder = sources.named(serving.name).embedder
    if embedder.is_local and not serving.is_of(embedder):
        model_store.add(db, embedder)
