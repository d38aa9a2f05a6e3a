"""The SQL guard: what of a model's SQL may run, and in which words."""

from guardrails.sql.guarded import GuardedQuery, guard
from guardrails.sql.refusal import Refused
from guardrails.sql.rules import RULES

__all__ = ["RULES", "GuardedQuery", "Refused", "guard"]
