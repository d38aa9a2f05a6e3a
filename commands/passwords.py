"""Passwords as a command gets them: on stdin, typed unseen, or made here and shown this once."""

import secrets
import sys
from dataclasses import dataclass

import click
from argon2 import PasswordHasher

from commands.invocation import Invocation
from commands.terminal import say
from schema.checks import check_password

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from stdin. It is asked for, or made up, otherwise."
)


@dataclass(frozen=True, slots=True)
class Password:
    """A new password; only its hash is kept."""

    hash: str
    shown: str | None
    """The password itself when it was made here, and somebody has to be told."""


def new_password(invocation: Invocation, of: str, *, from_stdin: bool) -> Password:
    """The password of `of`. Raises CrmError (invalid) for one that is too short or cannot be typed."""
    if from_stdin:
        return _kept(sys.stdin.readline().rstrip("\r\n"))
    if can_ask(invocation):
        typed = click.prompt(
            f"Password of {of} (empty: one is made up)",
            hide_input=True,
            default="",
            show_default=False,
            confirmation_prompt="Once more",
            err=True,
        )
        if typed:
            return _kept(typed)
    made = secrets.token_urlsafe(15)
    return Password(PasswordHasher().hash(made), made)


def show_password(email: str, made: str | None) -> None:
    """Tells a password that was made here; one that somebody typed is known."""
    if made is not None:
        say(f"The password of {email} is {made}; it is shown this once.")


def can_ask(invocation: Invocation) -> bool:
    """Whether somebody sits there who could answer."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not invocation.as_json


def _kept(password: str) -> Password:
    return Password(PasswordHasher().hash(check_password(password)), None)
