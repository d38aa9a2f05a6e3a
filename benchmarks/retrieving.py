"""What search finds of the labelled records: in meaning and words together, beside either alone."""

from collections.abc import Generator

from benchmarks.installation import Server
from benchmarks.report import Figure
from evals.retrieval.asking import Mode, library
from evals.retrieval.labelled import is_paraphrase, queries, records
from evals.retrieval.report import ALL, EXACT, MIXED, PARAPHRASES, measured
from retrieval.embedders.choosing import LOCAL


def measure(server: Server) -> Generator[Figure]:
    """Groups of queries by what they share with the records that answer them."""
    with library(server.admin_url, server.settings, LOCAL) as filled:
        found = measured(filled)
    for group in (ALL, PARAPHRASES, MIXED, EXACT):
        hybrid, vectors, words = (found[group][mode] for mode in (Mode.HYBRID, Mode.VECTORS, Mode.WORDS))
        yield Figure(
            f"search, recall@10: hybrid, by meaning alone, by words alone ({group})",
            f"{hybrid.recall:.3f}, {vectors.recall:.3f}, {words.recall:.3f}",
            "hybrid ≥ either" if group == ALL else "",
            f"MRR@10 {hybrid.reciprocal_rank:.3f}, {vectors.reciprocal_rank:.3f}, {words.reciprocal_rank:.3f};"
            f" nDCG@10 {hybrid.gain:.3f}, {vectors.gain:.3f}, {words.gain:.3f}",
        )
    paraphrases = sum(map(is_paraphrase, queries()))
    yield Figure(
        "labelled for that",
        f"{len(queries())} queries",
        "≥ 150",
        f"over {len(records())} records; {paraphrases} share no content word with a record that answers them",
    )
