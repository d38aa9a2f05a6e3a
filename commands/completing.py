"""What a shell offers when Tab is pressed: answered from a small copy of all commands, since importing them is slow.

The copy lies in the user's cache folder and is made anew whenever a command's file has changed.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem, shell_complete

from commands.invocation import LazyGroup, Suggested

VARIABLE = "_CRM_AGENT_COMPLETE"
"""Through which a shell's script asks, as click names it."""

Node = dict[str, Any]
"""A command: its help, its params, and its own commands by name."""


def complete(group: LazyGroup, instruction: str) -> int:
    """Answers a shell on stdout, or prints its script for `bash_source` and the like; returns the exit code."""
    return shell_complete(_copy_of("crm-agent", _known(group)), {}, "crm-agent", VARIABLE, instruction)


def _known(group: LazyGroup) -> Node:
    """The commands as the cache has them; learnt and kept when it has none, or old ones."""
    path = _cache()
    stamp = _stamp()
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["stamp"] == stamp:
            return kept["commands"]
    learnt = _learn(group)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as draft:
            json.dump({"stamp": stamp, "commands": learnt}, draft)
        Path(draft.name).replace(path)
    return learnt


def _cache() -> Path:
    folder = os.environ.get("XDG_CACHE_HOME", "").strip()
    return (Path(folder) if folder else Path("~/.cache").expanduser()) / "crm-agent" / "completion.json"


def _stamp() -> list[Any]:
    """Changes whenever a command may have changed; another installation has another folder."""
    here = Path(__file__).resolve().parent
    files = [*here.glob("*.py"), here.parent / "cli.py"]
    return [version("crm-agent"), str(here), max(file.stat().st_mtime_ns for file in files), len(files)]


def _learn(command: click.Command) -> Node:
    context = click.Context(command)
    node: Node = {
        "help": command.get_short_help_str(100),
        "params": [told for param in command.get_params(context) for told in _param(param)],
    }
    if isinstance(command, click.Group):
        names = command.list_commands(context)
        found = {name: command.get_command(context, name) for name in names}
        node["commands"] = {name: _learn(each) for name, each in found.items() if each and not each.hidden}
    return node


def _param(param: click.Parameter) -> Iterator[Node]:
    is_option = isinstance(param, click.Option)
    if is_option and param.hidden:
        return
    known = param.type.choices if isinstance(param.type, click.Choice) else getattr(param.type, "known", ())
    yield {
        "names": [*param.opts, *param.secondary_opts] if is_option else [param.name],
        "is_option": is_option,
        "is_flag": is_option and param.is_flag,
        "is_file": str(param.metavar or "").startswith("FILE"),
        "many": (is_option and param.multiple) or param.nargs == -1,
        "known": [str(each) for each in known],
        "help": param.help if is_option else None,
    }


class _Offer(Suggested):
    """Offers what is known, or the files of the folder."""

    def __init__(self, param: Node) -> None:
        super().__init__(param["known"])
        self.is_file = param["is_file"]

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        if self.is_file:
            return [CompletionItem(incomplete, type="file")]
        return [CompletionItem(each) for each in self.known if each.startswith(incomplete)]


def _copy_of(name: str, node: Node) -> click.Command:
    """A command that does nothing and completes like the one it is a copy of."""
    params = [_copied(param, number) for number, param in enumerate(node["params"])]
    told: dict[str, Any] = {"params": params, "help": node["help"], "add_help_option": False}
    if "commands" not in node:
        return click.Command(name, **told)
    return click.Group(name, commands={each: _copy_of(each, own) for each, own in node["commands"].items()}, **told)


def _copied(param: Node, number: int) -> click.Parameter:
    name = f"param_{number}"
    if not param["is_option"]:
        return click.Argument([name], nargs=-1 if param["many"] else 1, required=False, type=_Offer(param))
    names = [*param["names"], name]
    if param["is_flag"]:
        return click.Option(names, is_flag=True, help=param["help"])
    return click.Option(names, multiple=param["many"], help=param["help"], type=_Offer(param))
