"""Clock and ids, which come in from outside so that a run can be replayed."""

import fcntl
import os
import random
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from schema.errors import CrmError
from schema.settings import Settings

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    now: Callable[[], datetime]
    """The present moment, in UTC."""

    new_id: Callable[[], UUID]
    """A fresh UUIDv7, greater than every one this world gave before."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "World":
        """The world that `CRM_AGENT_NOW` (a moment the clock stands still at) and `CRM_AGENT_SEED` ask for.

        Raises CrmError (setup) naming the variable whose value cannot be used.
        """
        now = environment.get("CRM_AGENT_NOW", "").strip()
        seed = environment.get("CRM_AGENT_SEED", "").strip()
        clock = _standing_still(_moment(now)) if now else real_clock
        if not seed:
            return cls(clock, new_ids(clock, random.SystemRandom()))
        turn = _next_turn(Settings.from_environment(environment).home, _whole_number(seed))
        return cls(clock, new_ids(clock, random.Random(f"{_whole_number(seed)}/{turn}")))  # noqa: S311

    @classmethod
    def fixed(cls, moment: datetime, seed: int = 0) -> "World":
        """A world where it is always `moment` and the ids are those of `seed`."""
        clock = _standing_still(moment)
        return cls(clock, new_ids(clock, random.Random(seed)))  # noqa: S311


def real_clock() -> datetime:
    return datetime.now(UTC)


def new_ids(now: Callable[[], datetime], generator: random.Random) -> Callable[[], UUID]:
    """A maker of UUIDv7 (RFC 9562 §5.7), safe to call from several threads.

    48 bits of milliseconds, then 74 bits that are random for a new millisecond. Within one, or when the clock goes
    back, the last id grows by a random step (RFC 9562 §6.2, method 2), into the milliseconds if need be.
    """
    last = 0
    lock = threading.Lock()

    def new_id() -> UUID:
        nonlocal last
        milliseconds = (now() - EPOCH) // _MILLISECOND
        with lock:
            fresh = milliseconds << 74 | generator.getrandbits(74)
            last = fresh if fresh >> 74 > last >> 74 else last + 1 + generator.getrandbits(32)
            return _version_7(last)

    return new_id


_MILLISECOND = datetime.resolution * 1000


def _version_7(value: int) -> UUID:
    high, low = value >> 62, value & (1 << 62) - 1
    milliseconds, middle = high >> 12, high & 0xFFF
    return UUID(int=milliseconds << 80 | 0x7 << 76 | middle << 64 | 0b10 << 62 | low)


def _standing_still(moment: datetime) -> Callable[[], datetime]:
    moment = moment.astimezone(UTC)
    return lambda: moment


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CrmError(
            "setup", f"CRM_AGENT_NOW is {text!r}; it must be a moment such as 2026-11-21T09:30:00+01:00."
        ) from None
    if moment < EPOCH:
        raise CrmError("setup", f"CRM_AGENT_NOW is {text!r}; it must not lie before 1970, where ids cannot reach.")
    return moment


def _whole_number(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise CrmError("setup", f"CRM_AGENT_SEED is {text!r}; it must be a whole number of at most 18 digits.")
    return int(text)


def _next_turn(home: Path, seed: int) -> int:
    """How many seeded worlds this home has seen before.

    With seed and clock both fixed, a second command would otherwise give out the ids of the first, which are taken.
    A fresh home still gives the same ids to the same sequence of commands.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(home / f"seed-{seed}", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CrmError(
            "setup", f"CRM_AGENT_HOME is {home}, and nothing can be written there: {error.strerror}."
        ) from None
    with os.fdopen(descriptor, "r+", encoding="ascii") as counter:
        fcntl.flock(counter, fcntl.LOCK_EX)
        text = counter.read().strip()
        turn = int(text) if text.isdigit() else 0
        counter.seek(0)
        counter.truncate()
        counter.write(str(turn + 1))
        return turn
