"""Writes ONNX models without the `onnx` package, which would be 60 MB for a few kilobytes: its messages, by field number.

Format: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto and https://protobuf.dev/programming-guides/encoding
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

ElementType = Literal["float32", "int32"]
FLOAT32 = 1
_ELEMENT_TYPES: dict[ElementType, int] = {"float32": FLOAT32, "int32": 6}
_IR_VERSION = 8
_OPSETS = {"": 17, "com.microsoft": 1}
_LENGTH_DELIMITED, _FIXED32 = 2, 5


@dataclass(frozen=True, slots=True)
class Node:
    """One operator; without a `domain` it is ONNX's own."""

    operator: str
    inputs: Sequence[str]
    outputs: Sequence[str]
    attributes: Mapping[str, int | float] = field(default_factory=dict[str, int | float])
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A graph's input or output; a side that is named rather than counted may have any length."""

    name: str
    element_type: ElementType
    shape: Sequence[int | str]


def model(
    nodes: Sequence[Node], inputs: Sequence[Value], outputs: Sequence[Value], weights: Mapping[str, Sequence[int]]
) -> bytes:
    """A model whose float32 `weights`, given by their shapes, are added when it is loaded."""
    graph = b"".join(
        [
            *(_message(1, _node(node)) for node in nodes),
            _text(2, "graph"),
            *(_message(5, _external_tensor(name, shape)) for name, shape in weights.items()),
            *(_message(11, _value(value)) for value in inputs),
            *(_message(12, _value(value)) for value in outputs),
        ]
    )
    opsets = (_text(1, domain) + _integer(2, version) for domain, version in _OPSETS.items())
    return _integer(1, _IR_VERSION) + _message(7, graph) + b"".join(_message(8, opset) for opset in opsets)


def _node(node: Node) -> bytes:
    return b"".join(
        [
            *(_text(1, name) for name in node.inputs),
            *(_text(2, name) for name in node.outputs),
            _text(3, node.outputs[0]),
            _text(4, node.operator),
            *(_message(5, _attribute(name, value)) for name, value in node.attributes.items()),
            _text(7, node.domain),
        ]
    )


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _integer(3, value) + _integer(20, 2)
    return _text(1, name) + _tag(2, _FIXED32) + struct.pack("<f", value) + _integer(20, 1)


def _external_tensor(name: str, shape: Sequence[int]) -> bytes:
    """A tensor that says its data lie elsewhere; the place it names is never looked at."""
    place = _text(1, "location") + _text(2, "added-when-loaded")
    dimensions = b"".join(_integer(1, side) for side in shape)
    return dimensions + _integer(2, FLOAT32) + _text(8, name) + _message(13, place) + _integer(14, 1)


def _value(value: Value) -> bytes:
    sides = (_text(2, side) if isinstance(side, str) else _integer(1, side) for side in value.shape)
    shape = b"".join(_message(1, side) for side in sides)
    tensor = _integer(1, _ELEMENT_TYPES[value.element_type]) + _message(2, shape)
    return _text(1, value.name) + _message(2, _message(1, tensor))


def _integer(number: int, value: int) -> bytes:
    return _tag(number, 0) + _varint(value)


def _text(number: int, text: str) -> bytes:
    return _message(number, text.encode())


def _message(number: int, content: bytes) -> bytes:
    return _tag(number, _LENGTH_DELIMITED) + _varint(len(content)) + content


def _tag(number: int, wire_type: int) -> bytes:
    return _varint(number << 3 | wire_type)


def _varint(value: int) -> bytes:
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])
