"""The demo company: two made-up tenants with two years of history."""

from schema.demo.load import SEED, is_loaded, load
from schema.demo.tenancy import DEMO_PASSWORD

__all__ = ["DEMO_PASSWORD", "SEED", "is_loaded", "load"]
