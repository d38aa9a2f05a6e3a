"""Names of embedders, what is said of wrong ones, and queries that are embedded once."""

import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest

from retrieval.embedders.cached import QueryCache
from retrieval.embedders.choosing import choose_embedder
from retrieval.embedders.embedder import Vectors
from schema.errors import CrmError
from schema.metrics import REGISTRY

KEY = {"OPENAI_API_KEY": "sk-made-up"}


@pytest.mark.parametrize(
    ("name", "spelled", "dimensions"),
    [
        ("local", "local", 384),
        (" Local ", "local", 384),
        ("openai:text-embedding-3-large@512", "openai:text-embedding-3-large@512", 512),
        ("openai:text-embedding-3-small", "openai:text-embedding-3-small@1536", 1536),
        ("ollama:nomic-embed-text@768", "ollama:nomic-embed-text@768", 768),
        ("bedrock:amazon.titan-embed-text-v2:0@256", "bedrock:amazon.titan-embed-text-v2:0@256", 256),
    ],
)
def test_a_name_chooses(name: str, spelled: str, dimensions: int) -> None:
    embedder = choose_embedder(name, KEY)
    assert (embedder.name, embedder.dimensions) == (spelled, dimensions)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("word2vec", "is not known"),
        ("openai:", "is not known"),
        ("openai:text-embedding-3-small@many", "is not known"),
        ("openai:text-embedding-3-small@2000", "1 to 1536 dimensions"),
        ("openai:text-embedding-3-small@0", "1 to 1536 dimensions"),
        ("ollama:nomic-embed-text@5000", "1 to 4000 dimensions"),
    ],
)
def test_a_wrong_name_is_told_in_one_sentence(name: str, told: str) -> None:
    with pytest.raises(CrmError, match=told) as caught:
        choose_embedder(name, KEY)
    assert caught.value.kind == "setup"


def test_a_missing_key_is_told() -> None:
    with pytest.raises(CrmError, match="needs a key: set OPENAI_API_KEY"):
        choose_embedder("openai:text-embedding-3-large@512", {})


@pytest.mark.parametrize(
    ("name", "told"),
    [("nobody:model@8", "its provider is not known"), ("cohere:embed-v4.0@256", "package that is not installed")],
)
def test_a_provider_that_cannot_be_used_is_told_when_it_is_loaded(name: str, told: str) -> None:
    with pytest.raises(CrmError, match=told) as caught:
        choose_embedder(name).load()
    assert caught.value.kind == "setup"


def test_choosing_local_needs_no_provider_and_a_provider_needs_no_model() -> None:
    code = (
        "import sys; from retrieval.embedders.choosing import choose_embedder;"
        "print([m for m in ('numpy', 'openai', 'onnxruntime', 'pydantic_ai') if m in sys.modules]);"
        "choose_embedder('local'); print([m for m in ('openai', 'pydantic_ai') if m in sys.modules]);"
    )
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout.split() == [b"[]"] * 2


class Counting:
    """Embeds each text as its length, and counts."""

    name, version, dimensions, is_local = "counting", "1", 1, True

    def __init__(self) -> None:
        self.asked: list[str] = []

    def load(self) -> None: ...

    def close(self) -> None: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text)] for text in texts], np.float32)

    def embed_query(self, text: str) -> Vectors:
        return self.embed([text])[0]


def test_a_query_is_embedded_once() -> None:
    embedder = Counting()
    cache = QueryCache(embedder, size=2)
    for text in ("late invoice", " late  invoice\n", "Late invoice"):
        cache.embed_query(text)
    assert (cache.hits, cache.misses, embedder.asked) == (1, 2, ["late invoice", "Late invoice"])
    with pytest.raises(ValueError, match="read-only"):
        cache.embed_query("late invoice")[0] = 0


def test_only_what_is_embedded_is_measured() -> None:
    def measured() -> float:
        labels = {"entity_type": "query"}
        return REGISTRY.get_sample_value("embedding_generation_duration_seconds_count", labels) or 0

    cache, before = QueryCache(Counting()), measured()
    for text in ("late invoice", "late invoice", "refund"):
        cache.embed_query(text)
    assert measured() == before + 2


def test_a_failed_query_is_asked_again() -> None:
    class Failing(Counting):
        def embed_query(self, text: str) -> Vectors:
            if not self.asked:
                self.asked.append(text)
                raise CrmError("unavailable", "Not now.")
            return super().embed_query(text)

    cache = QueryCache(Failing())
    with pytest.raises(CrmError):
        cache.embed_query("late")
    assert cache.embed_query("late") == [4]
