"""`crm-agent completion`: the script by which a shell completes commands, options, kinds and views."""

import click

from commands.completing import VARIABLE, complete
from commands.invocation import Command, LazyGroup
from schema.errors import CrmError

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", cls=Command)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what makes SHELL complete crm-agent with Tab.

    For bash: echo 'eval "$(crm-agent completion bash)"' >> ~/.bashrc
    """
    group = context.find_root().command
    if not isinstance(group, LazyGroup) or complete(group, f"{shell}_source"):
        raise CrmError("unavailable", f"There is no completion for {shell} here ({VARIABLE}).")
