"""The `crm-agent` command: its table of commands, and the one place where an error becomes a sentence and an exit code."""

import logging
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pkgutil import resolve_name
from typing import Any, NoReturn

import click

from commands.invocation import Lazy, LazyGroup, fail
from schema.errors import CrmError

DONE, FAILED, BAD_USAGE = 0, 1, 2

COMMANDS = {
    "serve": Lazy("commands.serve:serve", "Serve the API and the pages."),
    "ask": Lazy("commands.ask:ask", "Ask for something in plain language."),
    "chat": Lazy("commands.chat:chat", "Talk, a request a line."),
    "sql": Lazy("commands.sql:sql", "Answer one SELECT over the views."),
    "search": Lazy("commands.search:search", "Find records by what their texts say."),
    "records": Lazy("commands.records:records", "Find, list, read and change records."),
    "approvals": Lazy("commands.approvals:approvals", "Decide on the changes that wait for a person."),
    "insights": Lazy("commands.insights:insights", "Read what was inferred about records, and say yes or no to it."),
    "clusters": Lazy("commands.clusters:clusters", "Read what complaints and leads have in common, and tag them."),
    "summaries": Lazy("commands.summaries:summaries", "Read where things stand with an account."),
    "audit": Lazy("commands.audit:audit", "Read who changed what, when and why."),
    "undo": Lazy("commands.undo:undo", "Take back a change, or all changes of a run."),
    "export": Lazy("commands.export:export", "Write the rows of a view as csv, jsonl or parquet."),
    "embed": Lazy("commands.embed:embed", "Keep the semantic index: status, backfill, rebuild, worker."),
    "field": Lazy("commands.field:field", "Add and list fields of your own."),
    "erase": Lazy("commands.erase:erase_person", "Erase a person's data for good."),
    "db": Lazy("commands.db:db", "Start, stop, prepare and fill the database."),
    "tenant": Lazy("commands.tenant:tenant", "Make and list tenants."),
    "user": Lazy("commands.user:user", "List, make, disable and enable users."),
    "token": Lazy("commands.token:token", "Make, list and withdraw API tokens."),
    "tools": Lazy("commands.tools:tools", "List what an agent may do."),
    "completion": Lazy("commands.completion:completion", "Print what makes bash, zsh or fish complete with Tab."),
    "doctor": Lazy("commands.doctor:doctor", "Say in full sentences what works and what does not."),
}


def _show_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        click.echo(f"crm-agent {version('crm-agent')}")
        context.exit()


crm_agent = LazyGroup(
    name="crm-agent",
    lazy=COMMANDS,
    help="An LLM agent over a CRM: plain language in, audited and undoable changes out.",
    epilog="Everything that can be changed can be seen with `audit list` and taken back with `undo`.",
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help="Show the version and exit.",
        )
    ],
)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs one command line and ends the process: 0 done or waiting, 1 refused, failed or interrupted, 2 bad usage."""
    for stream in (sys.stdout, sys.stderr):
        # A name or an emoji that the terminal cannot show must not end the command.
        stream.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    given = list(sys.argv[1:] if arguments is None else arguments)
    if asked := os.environ.get("_CRM_AGENT_COMPLETE"):
        sys.exit(resolve_name("commands.completing:complete")(crm_agent, asked))
    code = _run(given, as_json="--json" in given)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
    sys.exit(code)


def _run(arguments: list[str], *, as_json: bool) -> int:
    try:
        return _code(crm_agent.main(arguments, prog_name="crm-agent", standalone_mode=False))
    except click.UsageError as error:
        if as_json:
            fail(CrmError("invalid", error.format_message()), as_json=True)
        else:
            error.show()
        return BAD_USAGE
    except click.ClickException as error:
        fail(CrmError("invalid", error.format_message()), as_json=as_json)
    except CrmError as error:
        _log_details(error)
        fail(error, as_json=as_json)
    except (click.Abort, KeyboardInterrupt):
        fail(CrmError("refused", "Interrupted."), as_json=as_json)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        _silence()
        return DONE
    except ModuleNotFoundError as error:
        # After an update that needs a package more.
        _log_details(error)
        fail(CrmError("setup", f"The package {error.name} is not installed; `make install` does it."), as_json=as_json)
    except Exception as error:  # noqa: BLE001 — whatever it is, people get one sentence
        _log_details(error)
        fail(
            CrmError("unavailable", "Something went wrong inside crm-agent; CRM_AGENT_LOG=debug shows the details."),
            as_json=as_json,
        )
    return FAILED


def _code(result: Any) -> int:
    return result if isinstance(result, int) else DONE


def _log_details(error: Exception) -> None:
    """The traceback, for whoever asked for it; it may hold values of records."""
    if os.environ.get("CRM_AGENT_LOG", "").strip().lower() == "debug":
        logging.getLogger("crm-agent").error("the command failed", exc_info=error)


def _silence() -> None:
    # Python flushes stdout once more at exit, and would complain of the closed pipe.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
