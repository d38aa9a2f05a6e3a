"""Which embedder `CRM_AGENT_EMBEDDER` means; each is imported only when it is chosen."""

import os
import re
from collections.abc import Callable, Mapping
from functools import cache
from pkgutil import resolve_name
from typing import cast

from retrieval.embedders.embedder import Embedder
from schema.errors import CrmError

LOCAL = "local"
MOST_DIMENSIONS = 4000
"""What pgvector's index over halfvec takes."""
_SPELLING = re.compile(r"(?P<model>[\w/.-]+:[^@\s]+)(?:@(?P<dimensions>\d+))?")
_OWN_DIMENSIONS = {
    "openai:text-embedding-3-large": 3072,
    "openai:text-embedding-3-small": 1536,
    "openai:text-embedding-ada-002": 1536,
}


@cache
def shared_embedder(name: str) -> Embedder:
    """As `choose_embedder`, but one for the whole process: a model takes memory, and whoever searches and whoever indexes can
    use the same."""
    return choose_embedder(name)


def choose_embedder(wanted: str, environment: Mapping[str, str] = os.environ) -> Embedder:
    """The embedder of that name: `local`, or `provider:model`, `provider:model@DIMENSIONS`.

    Loads no model and opens no connection. Raises CrmError (setup) in one sentence for a name that nobody knows and for a
    missing key.
    """
    name = wanted.strip()
    if name.lower() == LOCAL:
        return cast("Callable[[], Embedder]", resolve_name("retrieval.embedders.local:LocalEmbedder"))()
    match = _SPELLING.fullmatch(name)
    if match is None:
        raise CrmError(
            "setup",
            f"The embedder {name!r} is not known; use local, openai:text-embedding-3-large@512 or PROVIDER:NAME@DIMENSIONS.",
        )
    model, asked = match["model"], int(match["dimensions"]) if match["dimensions"] else None
    own = _OWN_DIMENSIONS.get(model)
    dimensions = own if asked is None else asked
    if dimensions is not None and not 1 <= dimensions <= (own or MOST_DIMENSIONS):
        raise CrmError(
            "setup", f"The embedder {model} can have 1 to {own or MOST_DIMENSIONS} dimensions, not {dimensions}."
        )
    # A base URL of one's own may need no key: openai then sends a placeholder.
    if model.startswith("openai:") and not any(
        environment.get(name, "").strip() for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL")
    ):
        raise CrmError("setup", f"The embedder {name} needs a key: set OPENAI_API_KEY, or use the embedder local.")
    make = cast("Callable[..., Embedder]", resolve_name("retrieval.embedders.provider:ProviderEmbedder"))
    return make(model, dimensions=dimensions, is_cut=asked is not None and asked != own)
