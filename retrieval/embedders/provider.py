"""Embedders at providers, through pydantic-ai: OpenAI's and any other that it names."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from typing import Any, cast

import numpy as np
from pydantic_ai.embeddings import EmbeddingModel, EmbeddingSettings, infer_embedding_model
from pydantic_ai.embeddings.result import EmbedInputType
from pydantic_ai.exceptions import UserError
from pydantic_ai.providers import Provider, infer_provider

from retrieval.embedders import placeholders
from retrieval.embedders.background import Background
from retrieval.embedders.embedder import Vectors
from retrieval.embedders.failures import explain
from schema.errors import CrmError

_SECONDS: dict[EmbedInputType, float] = {"query": 30, "document": 180}
"""How long one request may take, its client's own retries included."""
_MOST_TEXTS = 256
_MOST_BYTES = 250_000
"""Of one request; OpenAI takes 300,000 tokens, and a token is a byte or more."""
_LONGEST = 8_000
"""Bytes of one text, for the same reason: OpenAI takes 8,191 tokens."""


class ProviderEmbedder:
    """Texts that leave carry placeholders for sensitive values; the connection is opened when it is first used."""

    is_local = False
    version = f"placeholders-{placeholders.VERSION}"

    def __init__(self, model: str, *, dimensions: int | None, is_cut: bool) -> None:
        """`model` is pydantic-ai's name for it. With `is_cut` the provider is asked for that many dimensions; with None
        the first answer tells how many there are."""
        self._model = model
        self._wanted = EmbeddingSettings(dimensions=dimensions) if is_cut and dimensions else None
        self._dimensions = dimensions
        self.name = f"{model}@{dimensions}" if dimensions else model
        self._lock = threading.Lock()
        self._open: tuple[Background, AsyncExitStack, EmbeddingModel] | None = None

    @property
    def dimensions(self) -> int:
        if self._dimensions is None:
            self.embed_query("dimensions")
        return cast("int", self._dimensions)

    def load(self) -> None:
        self._opened()

    def embed(self, texts: Sequence[str]) -> Vectors:
        sent = [_sendable(text) for text in texts]
        found = [self._ask(batch, "document") for batch in _batches(sent)]
        return np.concatenate(found) if found else np.empty((0, self.dimensions), np.float32)

    def embed_query(self, text: str) -> Vectors:
        return self._ask([_sendable(text)], "query")[0]

    def close(self) -> None:
        with self._lock:
            opened, self._open = self._open, None
        if opened is not None:
            background, stack, _ = opened
            background.run(stack.aclose(), 10)
            background.close()

    def _ask(self, texts: Sequence[str], kind: EmbedInputType) -> Vectors:
        background, model = self._opened()
        try:
            work = model.embed(texts, input_type=kind, settings=self._wanted)
            result = background.run(work, _SECONDS[kind])
            return self._checked(result.embeddings, len(texts))
        except Exception as error:
            raise explain(error, self.name) from error

    def _opened(self) -> tuple[Background, EmbeddingModel]:
        with self._lock:
            if self._open is None:
                background, stack = Background(), AsyncExitStack()
                try:
                    model = background.run(self._enter(stack), _SECONDS["query"])
                except BaseException:
                    background.close()
                    raise
                self._open = background, stack, model
            background, _, model = self._open
            return background, model

    async def _enter(self, stack: AsyncExitStack) -> EmbeddingModel:
        entered: list[Provider[Any]] = []

        def provider(name: str) -> Provider[Any]:
            entered.append(infer_provider(name))
            return entered[-1]

        try:
            model = infer_embedding_model(self._model, provider_factory=provider)
        except ImportError:
            package = self._model.partition(":")[0]
            raise CrmError(
                "setup",
                f"The embedder {self._model} needs a package that is not installed: pip install 'pydantic-ai-slim[{package}]'.",
            ) from None
        except (UserError, ValueError):
            raise CrmError(
                "setup", f"The embedder {self._model} cannot be used: its provider is not known, or its key is missing."
            ) from None
        for each in entered:
            await stack.enter_async_context(each)
        return model

    def _checked(self, embeddings: Sequence[Sequence[float]], count: int) -> Vectors:
        """The vectors at length one; raises CrmError when they are too few, of another length, or none."""
        if len(embeddings) != count:
            raise CrmError(
                "unavailable",
                f"The embedder {self.name} sent {len(embeddings)} vectors for {count} texts; try again later.",
            )
        lengths = {len(vector) for vector in embeddings}
        expected = self._dimensions or min(lengths)
        if lengths != {expected}:
            other = max(lengths - {expected})
            raise CrmError(
                "setup",
                f"The embedder {self.name} sent vectors of {other} dimensions instead of {expected}; "
                f"set CRM_AGENT_EMBEDDER to {self._model}@{other} if that is right.",
            )
        vectors = np.asarray(embeddings, np.float64)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or not norms.all():
            raise CrmError(
                "unavailable",
                f"The embedder {self.name} sent a vector without a direction (NaN or zero); try again later.",
            )
        self._dimensions = expected
        return (vectors / norms).astype(np.float32)


def _sendable(text: str) -> str:
    """The text as it may leave: with placeholders, no longer than a provider takes, and never blank, which some reject."""
    text = text.encode(errors="replace").decode()
    if len(text) > 4 * _LONGEST:
        # Where it is cut half an address may be left, which nobody would recognise as one.
        text = text[: 4 * _LONGEST].rpartition(" ")[0] or text[:_LONGEST]
    sent = placeholders.with_placeholders(text).encode()[:_LONGEST].decode(errors="ignore")
    return sent if sent.strip() else "[EMPTY]"


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        length = len(text.encode())
        if batch and (len(batch) == _MOST_TEXTS or size + length > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += length
    if batch:
        yield batch
