"""The local embedder beside sentence-transformers: how far its vectors lie apart, texts a second, time to the first vector.

sentence-transformers is not installed with crm-agent. Its side is measured in the environment whose Python SENTENCE_TRANSFORMERS names,
on the same weights; without one, only ours is.
"""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.installation import Server
from benchmarks.report import Figure, seconds, side_by_side
from retrieval.embedders.cached import QueryCache
from retrieval.embedders.local import LocalEmbedder, installed_folder

REFERENCE = Path(__file__).parent.parent / "tests" / "retrieval" / "embedders"
LENGTHS = (16, 64, 128)
TEXTS = 64
ROUNDS = 3
SENTENCE = "the customer was charged twice and asks for a refund of the second invoice before the end of this week"
OURS = "from retrieval.embedders.local import LocalEmbedder; LocalEmbedder().embed_query('Who is unhappy?')"
LOAD_THEIRS = (
    "from sentence_transformers import SentenceTransformer\n"
    "model = SentenceTransformer({folder!r}, device='cpu')\n"
    "model.encode('Who is unhappy?', normalize_embeddings=True)\n"
)
SERVE_THEIRS = """
import json, sys, time
for line in sys.stdin:
    texts = json.loads(line)
    started = time.perf_counter()
    model.encode(texts, batch_size=32, normalize_embeddings=True)
    print(time.perf_counter() - started, flush=True)
"""


def measure(_: Server) -> Generator[Figure]:
    """Batches of 32 texts of one length, in turn; each first vector in a process of its own."""
    embedder = LocalEmbedder()
    texts = json.loads((REFERENCE / "texts.json").read_text(encoding="utf-8"))
    apart = np.abs(embedder.embed(texts) - np.load(REFERENCE / "vectors.npy")).max()
    yield Figure(
        "local embedder, difference to sentence-transformers",
        f"{apart:.0e}",
        "≤ 1e-5",
        f"the most, over {len(texts)} texts",
    )
    theirs = os.environ.get("SENTENCE_TRANSFORMERS")
    yield from _throughput(embedder, theirs)
    yield from _cold_start(theirs)
    yield from _queries(embedder)


def _throughput(embedder: LocalEmbedder, theirs: str | None) -> Generator[Figure]:
    batches = {length: [_text(length, number) for number in range(TEXTS)] for length in LENGTHS}
    if theirs is None:
        for length, texts in batches.items():
            took = median(seconds(lambda texts=texts: embedder.embed(texts)) for _ in range(ROUNDS))
            yield Figure(f"local embedder, {length} tokens", f"{TEXTS / took:,.0f} texts/s", "", f"median of {ROUNDS}")
        return
    with _their_server(theirs) as server:
        for length, texts in batches.items():
            _ask(server, texts)
            ours = partial(seconds, lambda texts=texts: embedder.embed(texts))
            our, their = side_by_side(ours, partial(_ask, server, texts), ROUNDS)
            yield Figure(
                f"local embedder ÷ sentence-transformers, {length} tokens",
                f"{their / our:.1f}×",
                "≥ .75×, ≥ 1.5× with a graph",
                f"{TEXTS / our:,.0f} ÷ {TEXTS / their:,.0f} texts a second",
            )
        server.communicate()


def _cold_start(theirs: str | None) -> Generator[Figure]:
    ours = partial(seconds, partial(subprocess.run, [sys.executable, "-c", OURS], check=True))
    if theirs is None:
        took = median(ours() for _ in range(ROUNDS))
        yield Figure("local embedder, to the first vector", f"{took:.2f} s", "", f"a new process, median of {ROUNDS}")
        return
    command = [theirs, "-c", LOAD_THEIRS.format(folder=str(installed_folder()))]
    their_start = partial(seconds, partial(subprocess.run, command, check=True, capture_output=True, env=_offline()))
    our, their = side_by_side(ours, their_start, ROUNDS)
    yield Figure(
        "cold start: sentence-transformers ÷ local embedder",
        f"{their / our:.0f}×",
        "≥ 10×",
        f"{their:.1f} ÷ {our:.2f} s to the first vector, each in a new process",
    )


def _queries(embedder: LocalEmbedder) -> Generator[Figure]:
    cache = QueryCache(embedder)
    queries = [_text(12, number) for number in range(50)]
    new = median(seconds(lambda text=text: cache.embed_query(text)) for text in queries)
    known = median(seconds(lambda text=text: cache.embed_query(text)) for text in queries)
    yield Figure(
        "a query embedded",
        f"{1000 * new:.1f} ms",
        "",
        f"asked again {1e6 * known:.0f} µs; {cache.hits} hits, {cache.misses} misses",
    )


def _text(tokens: int, number: int) -> str:
    """As many words as make that many tokens together with the model's two marks."""
    words = SENTENCE.split()
    return " ".join([str(number), *(words[(number + at) % len(words)] for at in range(tokens - 3))])


def _their_server(python: str) -> subprocess.Popen[str]:
    program = LOAD_THEIRS.format(folder=str(installed_folder())) + SERVE_THEIRS
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [python, "-c", program], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=_offline()
    )


def _ask(server: subprocess.Popen[str], texts: list[str]) -> float:
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps(texts) + "\n")
    server.stdin.flush()
    return float(server.stdout.readline())


def _offline() -> dict[str, str]:
    return os.environ | {"HF_HUB_OFFLINE": "1"}
