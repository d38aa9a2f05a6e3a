"""Why a provider did not embed, told in one sentence; its own words may hold keys and addresses, and are not passed on."""

from pydantic_ai import exceptions

from schema.errors import CrmError, Kind

# From the particular to the general: a quota error is no rate limit, a timeout is also a connection error.
_FAILURES: tuple[tuple[type[Exception], Kind, str], ...] = (
    (
        exceptions.ModelAuthenticationError,
        "setup",
        "The provider of the embedder {name} rejected the key; check it, or use the embedder local.",
    ),
    (
        exceptions.ModelQuotaExceededError,
        "unavailable",
        "The provider of the embedder {name} says that the account's quota is used up; top it up, or use the embedder local.",
    ),
    (
        exceptions.ModelRateLimitError,
        "unavailable",
        "The provider of the embedder {name} takes no more requests for now (rate limit); try again {when}.",
    ),
    (
        exceptions.ModelNotFoundError,
        "setup",
        "The provider knows no embedder {name} at this address; check CRM_AGENT_EMBEDDER.",
    ),
    (
        exceptions.ModelRequestRejectedError,
        "invalid",
        "The provider of the embedder {name} rejected the request; check the name and the dimensions in CRM_AGENT_EMBEDDER.",
    ),
    (
        exceptions.ModelTimeoutError,
        "unavailable",
        "The provider of the embedder {name} did not answer in time; try again later.",
    ),
    (
        exceptions.ModelConnectionError,
        "unavailable",
        "The provider of the embedder {name} cannot be reached; check the address and the network.",
    ),
    (
        exceptions.ModelAPIError,
        "unavailable",
        "The provider of the embedder {name} failed; try again later.",
    ),
    (
        TimeoutError,
        "unavailable",
        "The provider of the embedder {name} did not answer in time; try again later.",
    ),
)


def explain(error: Exception, name: str) -> CrmError:
    """What to raise instead: `setup` must be mended first, `invalid` are the texts, `unavailable` may pass by itself."""
    if isinstance(error, CrmError):
        return error
    if isinstance(error, exceptions.ModelAPIError) and isinstance(error.__cause__, ValueError):
        return _unreadable(name)
    for category, kind, sentence in _FAILURES:
        if isinstance(error, category):
            wait = getattr(error, "retry_after", None)
            return CrmError(kind, sentence.format(name=name, when=f"in {wait:.0f} seconds" if wait else "in a minute"))
    return _unreadable(name)


def _unreadable(name: str) -> CrmError:
    return CrmError("unavailable", f"The answer of the embedder {name} could not be read; try again later.")
