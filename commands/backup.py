"""`crm-agent db backup|restore`: everything in one file, and the way back."""

import sys
from pathlib import Path
from typing import Any

import click

from commands.environment import open_settings
from commands.invocation import Command, Invocation, end, pass_invocation
from commands.progress import bars
from commands.terminal import say
from schema import roles
from schema.backup import Backup, Found, Manifest, Restored, back_up, look_at, restore
from schema.errors import CrmError
from schema.installation import admin_url
from schema.world import World

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("backup", cls=Command)
@click.argument("file", type=_FILE)
@click.option("--without-key", is_flag=True, help="Leave the key of the seals out; keep it yourself.")
@pass_invocation
def backup(invocation: Invocation, file: Path, without_key: bool) -> None:
    """Write the whole installation to FILE: every tenant's data, the seals, and the key they are signed with.

    It is one moment's state, whatever is written meanwhile.
    """
    settings, world, path = open_settings(), World.from_environment(), file.absolute()
    address = admin_url(settings)
    with bars() as tell:
        manifest = back_up(address, settings, world, path, tell, with_key=not without_key)
    document = {"file": str(path), "bytes": path.stat().st_size, **_told(manifest)}
    invocation.answer(document, lambda: _show_taken(path, manifest))


@click.command("restore", cls=Command)
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="Replace the data that is there.")
@click.option("--yes", is_flag=True, help="Do not ask before replacing.")
@click.option("--without-key", is_flag=True, help="Do without the key of the seals.")
@pass_invocation
def restore_backup(invocation: Invocation, file: Path, replace: bool, yes: bool, without_key: bool) -> None:
    """Restore FILE into an empty database, or with --replace in the place of what is there, and verify its log.

    What is there stays untouched until the backup has been restored beside it and is whole.
    """
    settings, world = open_settings(), World.from_environment()
    with Backup.open(file.absolute()) as opened:
        with bars() as tell:
            opened.check(tell)
        address = admin_url(settings)
        found = look_at(address, roles.load(settings))
        if replace and found.tenants and not yes:
            _confirm(invocation, found, opened.manifest)
        with bars() as tell:
            done = restore(opened, address, settings, world, found, tell, replace=replace, with_key=not without_key)
        is_open = opened.manifest.has_key and opened.is_open_to_others
    document = _restored(done, found)
    invocation.answer(document, lambda: _show_restored(done, found))
    if is_open:
        click.secho(f"Others may read {file}, and it holds the key of the seals: chmod 600 it.", fg="yellow", err=True)
    if not done.verdict.is_ok:
        end(1)


def _confirm(invocation: Invocation, found: Found, manifest: Manifest) -> None:
    if invocation.as_json or not sys.stdin.isatty():
        raise CrmError("refused", f"Replacing what is in database {found.name} needs --yes as well.")
    question = (
        f"Replace everything in database {found.name} (tenants {', '.join(found.tenants)}) by the backup of"
        f" {manifest.taken_at}?"
    )
    if not click.confirm(question, err=True):
        raise CrmError("refused", "Nothing was replaced.")


def _told(manifest: Manifest) -> dict[str, Any]:
    told = manifest.to_json()
    return {
        **{
            name: told[name]
            for name in (
                "taken_at",
                "revision",
                "tenants",
                "rows",
                "seals",
                "seals_left_out",
                "seals_missing",
                "key_id",
            )
        },
        "total_rows": manifest.total_rows,
        "has_key": manifest.has_key,
    }


def _restored(done: Restored, found: Found) -> dict[str, Any]:
    return {
        "database": found.name,
        **_told(done.manifest),
        "revision": done.revision,
        "restored_from_revision": done.manifest.revision,
        "replaced": list(done.replaced),
        "kept": [str(path) for path in done.kept],
        "erased_since": [str(individual_id) for individual_id in done.erased_since],
        "verify": done.verdict.to_json(),
    }


def _show_taken(path: Path, manifest: Manifest) -> None:
    tenants = ", ".join(manifest.tenants) or "no tenant"
    say(f"Wrote {manifest.total_rows:,} rows ({tenants}) and {manifest.seals:,} seals to {path}.")
    if manifest.seals_left_out:
        say(f"{manifest.seals_left_out:,} newer seals are left out: the snapshot was taken before them.")
    if manifest.seals_missing:
        say(
            f"The seals file lacks {manifest.seals_missing:,} seals that the database has; this log does not verify.",
            fg="red",
        )
    if manifest.has_key:
        say("It holds the key that the log is sealed with: whoever has the file can seal a log of their own making.")
    elif manifest.key_id:
        say(f"The key of the seals ({manifest.key_id}) is not in it; without it the restored log cannot be verified.")


def _show_restored(done: Restored, found: Found) -> None:
    manifest, verdict = done.manifest, done.verdict
    say(f"Restored {manifest.total_rows:,} rows ({', '.join(manifest.tenants) or 'no tenant'}) into {found.name}.")
    if done.revision != manifest.revision:
        say(f"It was at revision {manifest.revision}, and is at {done.revision} now.")
    for path in done.kept:
        say(f"What was there before is kept as {path}.")
    for individual_id in done.erased_since:
        say(
            f"Individual {individual_id} was erased after this backup was taken, and is back: erase it again.", fg="red"
        )
    if verdict.first_bad is not None:
        say(f"The log does not verify: {verdict.first_bad.problem} `crm-agent audit verify` says more.", fg="red")
    else:
        say(
            f"The log is as it was written: {verdict.checked:,} sealed events checked, {verdict.unsealed:,} not yet sealed."
        )
