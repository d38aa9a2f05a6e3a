"""What every command has in common: its options, who asks, and how an answer leaves; light, for `--help` is fast."""

import gc
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any, cast

import click

from schema.errors import CrmError

DEMO_ADMIN = "admin@brightwater.example"


@dataclass
class Invocation:
    """One call of the command line, as its common options say; they may stand before and after the subcommand."""

    as_json: bool = False
    email: str = DEMO_ADMIN
    tenant: str | None = None

    def answer(self, document: Mapping[str, Any], show: Callable[[], None]) -> None:
        """The one document of `--json`, or else what `show` prints for people."""
        if self.as_json:
            print_json(document)
        else:
            show()


pass_invocation = click.make_pass_decorator(Invocation, ensure=True)


def print_json(document: Mapping[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False))


def fail(error: CrmError, *, as_json: bool) -> None:
    """Tells what went wrong: a document on stdout for programs, a sentence on stderr for people."""
    if as_json:
        print_json({"error": {"kind": error.kind, "message": error.message}})
    else:
        click.secho(error.message, fg="red", err=True)


def end(code: int) -> None:
    """Ends the command with an exit code; what was written stays."""
    click.get_current_context().exit(code)


def is_terminal() -> bool:
    return sys.stdout.isatty()


class Suggested(click.ParamType[str]):
    """A text for which a shell offers what is known; the command itself says what is wrong with another one."""

    name = "text"

    def __init__(self, known: Iterable[str]) -> None:
        self.known = tuple(known)


def _kept(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    """A callback that keeps the option's value when it was given; the one nearest to the end wins."""

    def keep(context: click.Context, _: click.Parameter, value: Any) -> None:
        invocation = context.find_root().ensure_object(Invocation)
        if value:
            setattr(invocation, name, value)

    return keep


COMMON: tuple[click.Parameter, ...] = (
    click.Option(
        ["--json", "as_json"],
        is_flag=True,
        expose_value=False,
        callback=_kept("as_json"),
        help="One JSON document on stdout; failures too.",
    ),
    click.Option(
        ["--as", "email"],
        metavar="EMAIL",
        expose_value=False,
        callback=_kept("email"),
        help=f"Who asks (default {DEMO_ADMIN}).",
    ),
    click.Option(
        ["--tenant"],
        metavar="SLUG",
        expose_value=False,
        callback=_kept("tenant"),
        help="Which tenant, where the e-mail is in several.",
    ),
)


class Command(click.Command):
    """A command with the common options."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        own = super().get_params(ctx)
        return [*own[:-1], *COMMON, own[-1]]


class Group(click.Group):
    """A group whose commands, and itself, have the common options."""

    command_class = Command

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        own = super().get_params(ctx)
        return [*own[:-1], *COMMON, own[-1]]


@dataclass(frozen=True, slots=True)
class Lazy:
    """A command that is imported when it is called."""

    path: str
    help: str
    hidden: bool = False


class LazyGroup(Group):
    """A group that lists its commands without importing them."""

    def __init__(self, *, lazy: Mapping[str, Lazy], **settings: Any) -> None:
        super().__init__(**settings)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 — click's signature
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        found = self.lazy.get(cmd_name)
        if found is None:
            return None
        # Importing makes many objects that stay: looking through them for garbage takes a sixth of the time.
        gc.disable()
        try:
            return cast("click.Command", resolve_name(found.path))
        finally:
            gc.freeze()
            gc.enable()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.help) for name, lazy in self.lazy.items() if not lazy.hidden])
