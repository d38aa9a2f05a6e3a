"""Questions whose answer is worked out: what is measured, by what it is grouped, ranked or compared, and over which records."""

from agent.offline.grammar.analytics.reading import read_analysis, read_total

__all__ = ["read_analysis", "read_total"]
