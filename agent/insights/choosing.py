"""Who infers: the model that is configured, or the rules where there is none."""

from agent.insights.reader import ModelReader
from agent.models import choose_model
from retrieval.insights.claim import Reader
from retrieval.insights.rules import RulesReader


def choose_reader(wanted: str | None) -> Reader:
    """The reader of that model's name; `rules` and `offline` are the rules. Raises CrmError (setup) as `choose_model` does."""
    if (wanted or "").strip().lower() == "rules":
        return RulesReader()
    choice = choose_model(wanted)
    return RulesReader() if choice.is_offline else ModelReader(choice)
