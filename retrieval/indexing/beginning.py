"""The first model: made when there is none, unless that is for a person to say."""

from typing import LiteralString

from retrieval.indexing import models as model_store
from retrieval.indexing.models import is_switched_off, list_models
from retrieval.indexing.sources import Sources
from schema.database import Database
from schema.errors import CrmError

UNASKED = 1_000
"""Records that are embedded at a provider without asking; more may cost more than somebody expects."""

_TEXTS: LiteralString = """
SELECT (SELECT count(*) FROM (SELECT FROM crm.embedding_queue LIMIT :most) q)
     + (SELECT count(*) FROM (SELECT FROM crm.chunks LIMIT :most) c)"""


def begin(db: Database, sources: Sources, name: str) -> None:
    """Makes and serves a model of that embedder where there is none yet.

    Raises CrmError: setup when there is no such embedder, refused when it is a provider's and there is much to embed.
    """
    with db.across_tenants() as session:
        if list_models(session) or is_switched_off(session):
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
