"""Users of a tenant: made, disabled and enabled, each an audited change that an admin answers for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import LiteralString
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError

from guardrails.effects import Effect
from guardrails.rights import check
from schema.checks import read_email, read_name, read_time_zone
from schema.database import Database, sqlstate
from schema.errors import CrmError
from schema.identity import Identity
from schema.models import Team, User
from schema.models.tenancy import ROLES
from schema.session import Change, ReadSession, Row, WriteSession

_LIST: LiteralString = (
    "SELECT u.id AS user_id, u.email, u.name, u.role, t.name AS team, u.time_zone, u.is_active FROM crm.users u"
    " LEFT JOIN crm.teams t ON t.tenant_id = u.tenant_id AND t.id = u.team_id ORDER BY u.email"
)


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody who shall be able to sign in."""

    email: str
    name: str
    role: str = "member"
    team: str | None = None
    """A team's name; its case does not matter."""
    makes_team: bool = False
    """Whether a team that is not there is made."""
    time_zone: str | None = None
    """None means the tenant's."""
    password_hash: str | None = field(default=None, repr=False)
    """argon2; None means no sign-in by password."""


def list_users(db: Database, who: Identity) -> list[Row]:
    """Everybody of the tenant, disabled ones too, by e-mail."""
    with db.read(who) as session:
        return session.rows(_LIST)


def create_user(db: Database, who: Identity, new: NewUser, reason: str | None = None) -> Row:
    """Makes the user, as `list_users` shows it. Raises CrmError: denied, invalid, conflict, not_found."""
    check_may_change_users(who)
    email, name = read_email(new.email), read_name(new.name, "The user's name")
    zone = read_time_zone(new.time_zone) if new.time_zone else None
    if new.role not in ROLES:
        raise CrmError("invalid", f"There is no role {new.role!r}; the roles are {', '.join(ROLES)}.")
    now, change = db.world.now(), Change(db.world.new_id(), reason or f"{who.name} added {name}.")
    with db.write(who, change) as session:
        if session.row("SELECT 1 FROM crm.users WHERE email = :email", email=email):
            raise _is_there(email)
        _check_zone(session, zone)
        row = insert(User).values(
            tenant_id=who.tenant_id,
            id=db.world.new_id(),
            email=email,
            name=name,
            role=new.role,
            team_id=_team(db, who, session, new) if new.team else None,
            time_zone=zone,
            password_hash=new.password_hash,
            created_at=now,
            updated_at=now,
        )
        try:
            session.execute(row)
        except DBAPIError as error:
            if sqlstate(error) == "23505":
                raise _is_there(email) from None
            raise
        return _named(session, email)


def set_active(db: Database, who: Identity, email: str, *, is_active: bool, reason: str | None = None) -> Row:
    """Lets the user sign in, or no longer: tokens and sessions stop with it. One that is so already stays unchanged.

    Raises CrmError: denied to all but admins, not_found, refused for the last admin who can sign in.
    """
    check_may_change_users(who)
    change = Change(db.world.new_id(), reason or f"{who.name} {'enabled' if is_active else 'disabled'} {email}.")
    with db.write(who, change) as session:
        # Two admins who disable each other wait for one another here, and the second is refused.
        admins = session.rows("SELECT id FROM crm.users WHERE role = 'admin' AND is_active ORDER BY id FOR UPDATE")
        user = _named(session, email)
        if user["is_active"] == is_active:
            return user
        if not is_active and [each["id"] for each in admins] == [user["user_id"]]:
            raise CrmError("refused", f"{user['email']} is the last admin who can sign in; make another one first.")
        values = {"is_active": is_active, "updated_at": db.world.now()}
        session.execute(update(User).where(User.id == user["user_id"]).values(values))
        return {**user, "is_active": is_active}


def check_may_change_users(who: Identity) -> None:
    """Raises CrmError (denied) to all but admins."""
    check(who.role, None, "user", Effect.WRITE, is_own=False)


def _is_there(email: str) -> CrmError:
    return CrmError("conflict", f"There is a user {email} already; `user enable` lets a disabled one in again.")


def _named(session: ReadSession, email: str) -> Row:
    users = {row["email"]: row for row in session.rows(_LIST)}
    wanted = email.strip().lower()
    if wanted not in users:
        raise CrmError("not_found", f"There is no user {email}{_near(wanted, list(users))}")
    return users[wanted]


def _check_zone(session: ReadSession, zone: str | None) -> None:
    try:
        # One that this PostgreSQL does not know would fail each transaction of the user.
        session.scalar("SELECT CAST(now() AT TIME ZONE coalesce(:zone, 'UTC') AS text)", zone=zone)
    except DBAPIError as error:
        if sqlstate(error) == "22023":
            raise CrmError("invalid", f"This PostgreSQL does not know the time zone {zone}.") from None
        raise


def _team(db: Database, who: Identity, session: WriteSession, new: NewUser) -> UUID:
    name = read_name(new.team or "", "A team's name")
    teams = {row["name"]: row["id"] for row in session.rows("SELECT id, name FROM crm.teams ORDER BY name")}
    for each, team_id in teams.items():
        if each.casefold() == name.casefold():
            return team_id
    if not new.makes_team:
        raise CrmError("not_found", f"There is no team {name}{_near(name, list(teams))} --new-team makes one.")
    team_id = db.world.new_id()
    session.execute(insert(Team).values(tenant_id=who.tenant_id, id=team_id, name=name))
    return team_id


def _near(wanted: str, known: Sequence[str]) -> str:
    folded = {each.casefold(): each for each in known}
    near = [folded[each] for each in get_close_matches(wanted.casefold(), folded, n=2, cutoff=0.7)]
    return f"; did you mean {' or '.join(near)}?" if near else "."
