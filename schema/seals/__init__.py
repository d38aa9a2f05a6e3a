"""Seals of the audit log: signed Merkle batches whose heads also lie outside the database."""

from schema.seals.background import sealing
from schema.seals.sealer import Sealed, Sealer
from schema.seals.verify import verify

__all__ = ["Sealed", "Sealer", "sealing", "verify"]
