"""Embedders at providers: what leaves, what comes back, and what is said when nothing does."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from evals.standin.script import Fault, FaultKind, Outcome, Reply, Script, Slow, in_turn
from evals.standin.server import StandIn
from retrieval.embedders.choosing import choose_embedder
from retrieval.embedders.embedder import Embedder
from schema.errors import CrmError

LARGE = "openai:text-embedding-3-large@512"
Serve = Callable[..., tuple[StandIn, Embedder]]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts a stand-in that does what it is told, and makes an embedder that asks it."""
    started: list[tuple[StandIn, Embedder]] = []

    def start(script: Script | Outcome | None = None, name: str = LARGE) -> tuple[StandIn, Embedder]:
        stand_in = StandIn(script if callable(script) else in_turn([script or Reply()])).__enter__()
        monkeypatch.setenv("OPENAI_API_KEY", "sk-made-up")
        monkeypatch.setenv("OPENAI_BASE_URL", stand_in.url)
        started.append((stand_in, choose_embedder(name)))
        return started[-1]

    yield start
    for stand_in, embedder in started:
        embedder.close()
        stand_in.__exit__(None, None, None)


def sent(stand_in: StandIn) -> list[str]:
    return [message.text for request in stand_in.requests for message in request.messages]


@pytest.mark.parametrize(
    ("name", "spelled", "dimensions", "asked"),
    [
        (LARGE, LARGE, 512, 512),
        ("openai:text-embedding-3-large", "openai:text-embedding-3-large@3072", 3072, None),
        ("openai:text-embedding-3-small", "openai:text-embedding-3-small@1536", 1536, None),
        ("openai:text-embedding-3-small@1536", "openai:text-embedding-3-small@1536", 1536, None),
        ("openai:one-of-ones-own", "openai:one-of-ones-own", 64, None),
    ],
)
def test_a_model_embeds_at_its_dimensions(
    serve: Serve, name: str, spelled: str, dimensions: int, asked: int | None
) -> None:
    stand_in, embedder = serve(name=name)
    assert (embedder.name, embedder.dimensions, embedder.is_local) == (spelled, dimensions, False)
    vectors = embedder.embed(["The invoice is wrong.", "a wrong invoice", "The weather"])
    assert (vectors.shape, vectors.dtype) == ((3, dimensions), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
    assert vectors[0] @ vectors[1] > vectors[1] @ vectors[2]
    assert np.array_equal(embedder.embed_query("a wrong invoice"), vectors[1])
    assert {request.body.get("dimensions") for request in stand_in.requests} == {asked}


def test_sensitive_values_do_not_leave(serve: Serve) -> None:
    stand_in, embedder = serve()
    text = "Anna (anna@example.com, +49 30 1234567) is angry about the invoice."
    embedder.embed([text])
    embedder.embed_query(text)
    assert sent(stand_in) == ["Anna ([EMAIL], [PHONE]) is angry about the invoice."] * 2
    assert not any("anna@" in str(request.body) + str(request.headers) for request in stand_in.requests)


@pytest.mark.parametrize("text", ["", " \n", "\ud83d", "x" * 1_000_000, "anna@example.com " * 60_000, "😡" * 300_000])
def test_any_text_is_embedded(serve: Serve, text: str) -> None:
    stand_in, embedder = serve()
    assert embedder.embed(["before", text, "after"]).shape == (3, 512)
    assert 1 <= len(sent(stand_in)[1].encode()) <= 8_000
    assert "@" not in sent(stand_in)[1]


def test_many_texts_go_in_batches_and_come_back_in_order(serve: Serve) -> None:
    stand_in, embedder = serve()
    texts = [f"text {number} " + "long " * (1500 * (number % 2)) for number in range(300)]
    vectors = embedder.embed(texts)
    assert len(stand_in.requests) > 2
    assert sent(stand_in) == [text[:8_000] for text in texts]
    assert np.array_equal(vectors[299], embedder.embed_query(texts[299]))


def test_no_texts_are_not_sent(serve: Serve) -> None:
    stand_in, embedder = serve()
    assert embedder.embed([]).shape == (0, 512)
    assert stand_in.requests == []


@pytest.mark.parametrize(
    ("outcome", "kind", "told", "requests"),
    [
        (Fault(FaultKind.STATUS, 401, "invalid_api_key"), "setup", "rejected the key", 1),
        (Fault(FaultKind.STATUS, 404, "model_not_found"), "setup", "knows no embedder", 1),
        (Fault(FaultKind.STATUS, 400, "invalid_request_error"), "invalid", "rejected the request", 1),
        (Fault(FaultKind.STATUS, 429, "insufficient_quota", retry_after="0.01"), "unavailable", "quota is used up", 3),
        (Fault(FaultKind.STATUS, 429, "rate_limit_exceeded", retry_after="0.01"), "unavailable", "rate limit", 3),
        (Fault(FaultKind.STATUS, 500, retry_after="0.01"), "unavailable", "failed", 3),
        (Fault(FaultKind.MALFORMED), "unavailable", "could not be read", 1),
        (Fault(FaultKind.EMPTY), "unavailable", ".", 1),
        (Reply(vectors=((1.0,) * 512,) * 2), "unavailable", "sent 2 vectors for 1 texts", 1),
        (Reply(vectors=((1.0,) * 64,)), "setup", "64 dimensions instead of 512", 1),
        (Reply(vectors=((float("nan"),) * 512,)), "unavailable", "without a direction", 1),
        (Reply(vectors=((0.0,) * 512,)), "unavailable", "without a direction", 1),
    ],
)
def test_a_failure_is_one_sentence(serve: Serve, outcome: Outcome, kind: str, told: str, requests: int) -> None:
    stand_in, embedder = serve(outcome)
    with pytest.raises(CrmError) as caught:
        embedder.embed(["text"])
    assert caught.value.kind == kind
    assert told in caught.value.message
    assert caught.value.message.endswith((".", "right."))
    assert "secret-detail" not in caught.value.message
    assert len(stand_in.requests) == requests


def test_after_a_failure_it_goes_on(serve: Serve) -> None:
    _, embedder = serve(in_turn([Fault(FaultKind.STATUS, 400), Slow(0.05), Reply()]))
    with pytest.raises(CrmError):
        embedder.embed(["text"])
    first = embedder.embed_query("text")
    embedder.close()
    assert np.array_equal(embedder.embed_query("text"), first)


def test_a_provider_that_is_down_is_told(serve: Serve) -> None:
    stand_in, embedder = serve()
    stand_in.__exit__(None, None, None)
    with pytest.raises(CrmError, match="cannot be reached") as caught:
        embedder.embed_query("text")
    assert caught.value.kind == "unavailable"
