"""`crm-agent tools`: what an agent may do, and how much of a model's attention that costs."""

import json
from typing import Any

import click

from commands import wordpiece
from commands.environment import open_settings
from commands.invocation import Command, Invocation, pass_invocation
from commands.terminal import rows, say
from tools import MODULES
from tools.registry import REGISTRY, ToolSpec


@click.command(cls=Command)
@click.option("--tokens", is_flag=True, help="Count the tokens that each tool's description costs.")
@pass_invocation
def tools(invocation: Invocation, tokens: bool) -> None:
    """List what an agent may do: each tool's name, effect, scope and arguments."""
    open_settings()
    specs = list(REGISTRY.values()) if MODULES else []
    described = [_described(spec, with_tokens=tokens) for spec in specs]
    document: dict[str, Any] = {"tools": described}
    if tokens:
        document |= {"total_tokens": sum(each["tokens"] for each in described), "tokenizer": wordpiece.NAME}

    def show() -> None:
        extra = ("tokens",) if tokens else ()
        lines = [
            (spec.name, spec.effect, spec.scope, *([each["tokens"]] if tokens else []), spec.description)
            for spec, each in zip(specs, described, strict=True)
        ]
        rows(("tool", "effect", "scope", *extra, "what it does"), lines, empty="There are none.")
        if tokens:
            say(f"{document['total_tokens']} tokens together, counted by {document['tokenizer']}.")

    invocation.answer(document, show)


def _described(spec: ToolSpec, *, with_tokens: bool) -> dict[str, Any]:
    schema = spec.input_schema()
    told = {"name": spec.name, "effect": str(spec.effect), "scope": spec.scope, "input_schema": schema}
    if not with_tokens:
        return told
    sent = {"name": spec.name, "description": spec.description, "parameters": schema}
    return told | {"tokens": wordpiece.count_tokens(json.dumps(sent, separators=(",", ":")))}
