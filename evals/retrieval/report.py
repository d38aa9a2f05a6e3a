"""What search reaches on the labelled queries, group by group and mode by mode."""

from collections.abc import Callable, Mapping

from rich.table import Table

from evals.retrieval.asking import Library, Mode
from evals.retrieval.labelled import LabelledQuery, is_paraphrase, queries
from evals.retrieval.scores import Score, average, score

Measured = Mapping[str, Mapping[Mode, Score]]
"""Group of queries → mode → averages."""

ALL, PARAPHRASES, MIXED, EXACT = "all", "no word in common", "some words in common", "asked in its own words"
_GROUPS: Mapping[str, Callable[[LabelledQuery], bool]] = {
    ALL: lambda _: True,
    PARAPHRASES: lambda query: is_paraphrase(query) and not query.is_exact,
    MIXED: lambda query: not is_paraphrase(query) and not query.is_exact,
    EXACT: lambda query: query.is_exact,
    "English": lambda query: query.language == "en",
    "German": lambda query: query.language == "de",
    "other languages": lambda query: query.language not in {"en", "de"},
}


def measured(library: Library) -> Measured:
    """Every query in every mode."""
    scores = {query.id: {mode: score(library.ask(query, mode), query.relevant) for mode in Mode} for query in queries()}
    return {
        name: {mode: average([scores[query.id][mode] for query in queries() if fits(query)]) for mode in Mode}
        for name, fits in _GROUPS.items()
    }


def table(found: Measured) -> Table:
    """Recall@10, MRR@10 and nDCG@10."""
    shown = Table("queries", "", *Mode, title="recall@10, MRR@10, nDCG@10")
    for name, fits in _GROUPS.items():
        count = sum(map(fits, queries()))
        shown.add_row(name, str(count), *(_spelled(found[name][mode]) for mode in Mode))
    return shown


def _spelled(found: Score) -> str:
    return " ".join(f"{value:.3f}".removeprefix("0") for value in (found.recall, found.reciprocal_rank, found.gain))
