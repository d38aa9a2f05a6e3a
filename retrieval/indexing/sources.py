"""Where vectors come from: a model's embedder, which may fail for one text or need a rest."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from retrieval.embedders.choosing import shared_embedder
from retrieval.embedders.embedder import Embedder, Vectors
from retrieval.indexing.models import Model
from retrieval.indexing.queue import backoff
from retrieval.indexing.vectors import spelled
from schema.errors import CrmError
from schema.metrics import EMBEDDING_GENERATION

_log = logging.getLogger("crm-agent")

_HARMLESS = "A short text."
"""An embedder that cannot do even this is itself at fault."""
_LONGEST_REST = 3600.0
_UNTIL_SET_UP = 60.0
"""Seconds that a record waits for an embedder that its process cannot make: another process may."""


class Resting(CrmError):
    """The embedder cannot work now; until then no text is held against it."""

    def __init__(self, why: str, seconds: float, *, is_lasting: bool) -> None:
        super().__init__("setup" if is_lasting else "unavailable", why)
        self.seconds = seconds
        self.is_lasting = is_lasting


@dataclass(frozen=True, slots=True)
class Refused:
    """Why one text has no vector."""

    why: str


@dataclass
class Source:
    """One model's embedder; after a failure of its own it rests, for longer each time."""

    embedder: Embedder
    _failures: int = 0
    _rests_until: float = 0.0
    _why: str = ""
    _is_lasting: bool = False

    def embed(self, texts: Sequence[str]) -> list[str | Refused]:
        """A vector a text as PostgreSQL reads it, or why it has none. Raises Resting when it is not the texts' fault."""
        self._check_rest()
        try:
            found = self._embed(texts)
        except Exception as error:  # noqa: BLE001 — whatever an embedder raises, other texts go on
            found = self._apart(texts, error)
        self._failures = 0
        return found

    def load(self) -> None:
        """Makes the embedder ready, before anything is claimed that a long start could be held against."""
        self._check_rest()
        try:
            self.embedder.load()
        except Exception as error:
            raise self._rest(error) from error

    def _check_rest(self) -> None:
        left = self._rests_until - time.monotonic()
        if left > 0:
            raise Resting(self._why, left, is_lasting=self._is_lasting)

    def _embed(self, texts: Sequence[str]) -> list[str | Refused]:
        with EMBEDDING_GENERATION.labels(entity_type="record").time():
            vectors = self.embedder.embed(texts)
        return self._checked(vectors, len(texts))

    def _checked(self, vectors: Vectors, count: int) -> list[str | Refused]:
        expected, name = self.embedder.dimensions, self.embedder.name
        if vectors.shape != (count, expected):
            told = " × ".join(map(str, vectors.shape))
            raise CrmError("setup", f"The embedder {name} made vectors of {told} instead of {count} × {expected}.")
        with np.errstate(all="ignore"):
            lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
        why = Refused(f"The embedder {name} made a vector without a direction (NaN or zero) of this text.")
        is_right = np.isfinite(lengths) & (lengths > 0)
        scaled = np.where(is_right[:, None], vectors, 0).astype(np.float32)
        scaled /= np.where(is_right, lengths, 1).astype(np.float32)[:, None]
        return [vector if right else why for vector, right in zip(spelled(scaled), is_right.tolist(), strict=True)]

    def _apart(self, texts: Sequence[str], error: Exception) -> list[str | Refused]:
        """The texts by halves, until the one that spoilt it for all is alone; unless nothing goes well."""
        if self._is_at_fault(error):
            raise self._rest(error) from error
        if len(texts) == 1:
            return [Refused(_sentence(error, self.embedder.name))]
        middle = len(texts) // 2
        found: list[str | Refused] = []
        for half in (texts[:middle], texts[middle:]):
            try:
                found += self._embed(half)
            except Exception as again:  # noqa: BLE001 — told with the text that it comes from
                found += self._apart(half, again)
        return found

    def _is_at_fault(self, error: Exception) -> bool:
        if _retry_after(error) is not None or _is_setup(error):
            return True
        try:
            return isinstance(self._embed([_HARMLESS])[0], Refused)
        except Exception:  # noqa: BLE001 — what it says of this text does not matter
            return True

    def _rest(self, error: Exception) -> Resting:
        self._failures += 1
        self._why = _sentence(error, self.embedder.name)
        wait = _retry_after(error)
        seconds = backoff(self._failures) if wait is None else min(max(wait, 0.1), _LONGEST_REST)
        self._rests_until = time.monotonic() + seconds
        self._is_lasting = _is_setup(error)
        return Resting(self._why, seconds, is_lasting=self._is_lasting)


@dataclass
class Sources:
    """The embedders of the models, each opened once; which of them this process can use depends on its settings."""

    choose: Callable[[str], Embedder] = shared_embedder
    _opened: dict[str, Source] = field(default_factory=dict[str, Source])

    def of(self, model: Model) -> Source | None:
        """None when this version of crm-agent makes other vectors under that name. Raises Resting when it cannot be used."""
        source = self.named(model.name)
        return source if model.is_of(source.embedder) else None

    def named(self, name: str) -> Source:
        """Raises Resting when there is no such embedder, or its key is missing."""
        if name not in self._opened:
            try:
                self._opened[name] = Source(self.choose(name))
            except CrmError as error:
                raise Resting(error.message, _UNTIL_SET_UP, is_lasting=True) from error
        return self._opened[name]


def _is_setup(error: Exception) -> bool:
    return isinstance(error, CrmError) and error.kind == "setup"


def _retry_after(error: Exception) -> float | None:
    """What the provider asks for, in seconds."""
    wait = getattr(error.__cause__, "retry_after", None)
    return float(wait) if isinstance(wait, int | float) else None


def _sentence(error: Exception, name: str) -> str:
    if isinstance(error, CrmError):
        return error.message
    _log.debug("embedding failed", exc_info=error)
    return f"The embedder {name} failed at this text ({type(error).__name__})."
