"""The registry of tools: each says once what it is called, what it does to the world, and what it takes."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast, get_type_hints

from pydantic import BaseModel, ConfigDict

from guardrails.effects import Effect
from tools.context import Call

Result = dict[str, Any]


class ToolArgs(BaseModel):
    """Arguments of a tool; an argument it does not know is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, str_strip_whitespace=True)


Args = TypeVar("Args", bound=ToolArgs)
Tool = Callable[[Call, Args], Result]


@dataclass(frozen=True)
class ToolSpec:
    """One tool as agent, CLI, REST and MCP see it."""

    name: str
    effect: Effect
    scope: str
    """`kind:effect`; the kind `record` means that of the record it is called for."""
    description: str
    args_model: type[ToolArgs]
    run: Callable[[Call, Any], Result]

    def input_schema(self) -> dict[str, Any]:
        """JSON schema of the arguments: flat, without titles and null defaults, so that it costs few tokens."""
        schema = self.args_model.model_json_schema()
        parts = cast("dict[str, Any]", schema.pop("$defs", {}))
        schema.pop("description", None)
        flat = cast("dict[str, Any]", _flat(schema, parts))
        if "reason" in flat["properties"]:
            # Last, so that a model writes what it does before it says why.
            flat["properties"]["reason"] = flat["properties"].pop("reason")
        return flat


REGISTRY: dict[str, ToolSpec] = {}
"""Every tool by name; filled by importing `tools`."""


def tool(*, effect: Effect, scope: str) -> Callable[[Tool[Args]], Tool[Args]]:
    """Registers a function `(call, args)`; its docstring is the model's manual, its name the tool's."""

    def register(function: Tool[Args]) -> Tool[Args]:
        name = function.__name__
        if name in REGISTRY:
            raise ValueError(f"two tools are called {name}")
        hints = get_type_hints(function)
        REGISTRY[name] = ToolSpec(
            name=name,
            effect=effect,
            scope=scope,
            description=" ".join((inspect.getdoc(function) or "").split()),
            args_model=hints["args"],
            run=function,
        )
        return function

    return register


def _flat(node: Any, parts: Mapping[str, Any]) -> Any:
    """The schema with references resolved; drops titles, and nullability that a default already says."""
    if isinstance(node, list):
        return [_flat(each, parts) for each in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    schema = dict(cast("dict[str, Any]", node))
    if "$ref" in schema:
        schema = {**parts[schema.pop("$ref").rpartition("/")[2]], **schema}
    options = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(options) == 1:
        del schema["anyOf"]
        schema = {**options[0], **schema}
    if schema.get("default", ...) is None:
        del schema["default"]
    if isinstance(schema.get("title"), str):
        del schema["title"]
    if isinstance(schema.get("description"), str):
        schema["description"] = " ".join(schema["description"].split())
    return {
        key: {name: _flat(each, parts) for name, each in value.items()} if key == "properties" else _flat(value, parts)
        for key, value in schema.items()
    }
