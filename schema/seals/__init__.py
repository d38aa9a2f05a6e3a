"""Seals of the audit log: signed Merkle batches whose heads also lie outside the database."""

from schema.seals.background import sealing
from schema.seals.erasure import erase_parts
from schema.seals.export import export
from schema.seals.offline import verify_export
from schema.seals.sealer import Sealed, Sealer
from schema.seals.verdict import Verdict
from schema.seals.verify import verify

__all__ = ["Sealed", "Sealer", "Verdict", "erase_parts", "export", "sealing", "verify", "verify_export"]
