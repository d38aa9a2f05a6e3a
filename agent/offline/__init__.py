"""The offline planner: plans the tool calls a model would, from words alone, with no network."""

from agent.offline.model import OfflineModel
from agent.offline.situation import Situation

__all__ = ["OfflineModel", "Situation"]
