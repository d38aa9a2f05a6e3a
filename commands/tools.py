"""`crm-agent tools`: what an agent may do, and how much of a model's attention that costs."""

import click

from commands.environment import open_settings
from commands.invocation import Command, Invocation, pass_invocation
from commands.terminal import rows, say
from tools import MODULES
from tools.registry import REGISTRY
from tools.tokens import tool_tokens


@click.command(cls=Command)
@click.option("--tokens", is_flag=True, help="Count the tokens that each tool's description costs.")
@pass_invocation
def tools(invocation: Invocation, tokens: bool) -> None:
    """List what an agent may do: each tool's name, effect, scope and arguments."""
    open_settings()
    document = tool_tokens(REGISTRY) if MODULES else {}
    if not tokens:
        uncounted = [{name: value for name, value in each.items() if name != "tokens"} for each in document["tools"]]
        document = {"tools": uncounted}

    def show() -> None:
        columns = ("name", "effect", "scope", *(["tokens"] if tokens else []))
        lines = [(*(each[name] for name in columns), REGISTRY[each["name"]].description) for each in document["tools"]]
        rows((*columns, "what it does"), lines, empty="There are none.")
        if tokens:
            say(f"{document['total_tokens']} tokens together, counted by the {document['tokenizer']}.")

    invocation.answer(document, show)
