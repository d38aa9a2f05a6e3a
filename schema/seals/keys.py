"""The key that heads are signed with (Ed25519): in the environment, or a file for this user's eyes only."""

import base64
import binascii
import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schema.errors import CrmError
from schema.settings import Settings

KEY_FILE = "seal.key"
SEED_BYTES = 32


@dataclass(frozen=True)
class PublicKey:
    """What a signature is checked with."""

    raw: bytes

    @property
    def key_id(self) -> str:
        """The start of the key's SHA-256, which heads name it by."""
        return sha256(self.raw).hexdigest()[:16]

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SealKey:
    """The private key; whoever has it can seal."""

    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


def find_key(settings: Settings) -> SealKey | None:
    """The installation's key, or None before the first seal. Raises CrmError (setup) for one that cannot be used."""
    if settings.seal_key is not None:
        return _key(settings.seal_key, "CRM_AGENT_SEAL_KEY")
    path = settings.home / KEY_FILE
    try:
        return _key(path.read_text(encoding="ascii", errors="replace"), str(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CrmError("setup", f"The key of the seals, {path}, cannot be read: {error.strerror}.") from None


def make_key(settings: Settings) -> SealKey:
    """A new key, kept in the home; the first of two processes wins, and both use its key."""
    path = settings.home / KEY_FILE
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    seed = os.urandom(SEED_BYTES)
    settings.home.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(seed.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return _key(Path(path).read_text(encoding="ascii"), str(path))
    finally:
        draft.unlink()
    return SealKey(Ed25519PrivateKey.from_private_bytes(seed))


def _key(text: str, source: str) -> SealKey:
    for decode in (bytes.fromhex, _base64):
        try:
            seed = decode(text.strip())
        except (ValueError, binascii.Error):
            continue
        if len(seed) == SEED_BYTES:
            return SealKey(Ed25519PrivateKey.from_private_bytes(seed))
    raise CrmError(
        "setup", f"{source} must hold an Ed25519 key: {SEED_BYTES} bytes as 64 hexadecimal digits or base64."
    )


def _base64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
