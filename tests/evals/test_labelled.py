"""The labelled records and queries are enough, hold together, and are hard in the way they claim."""

from collections import Counter

from evals.retrieval.labelled import is_paraphrase, queries, records
from retrieval.chunks import chunks_of


def test_there_are_enough_records_and_queries_and_each_query_has_an_answer() -> None:
    assert len(records()) >= 500
    assert len(queries()) >= 150
    for query in queries():
        assert set(query.relevant) <= set(records()), query.id
        assert set(query.relevant.values()) <= {1, 2}
        assert 2 in query.relevant.values(), query.id


def test_ids_texts_and_queries_are_distinct() -> None:
    assert len({query.id for query in queries()}) == len(queries())
    assert len({query.query for query in queries()}) == len(queries())
    assert len({(record.title, record.text) for record in records().values()}) == len(records())


def test_half_of_the_queries_share_no_word_with_what_answers_them() -> None:
    paraphrases = [query for query in queries() if is_paraphrase(query)]

    assert len(paraphrases) >= 150
    assert len(paraphrases) >= len(queries()) / 2


def test_they_are_in_several_languages_and_kinds_and_some_are_long() -> None:
    languages = Counter(record.language for record in records().values())
    chunks = [len(chunks_of(record.kind, record.row())) for record in records().values()]

    assert languages["en"] > languages["de"] > 40
    assert len(languages) >= 8
    assert {record.kind for record in records().values()} == {"interaction", "note", "task", "opportunity"}
    assert min(chunks) == 1
    assert sum(pieces > 1 for pieces in chunks) >= 5
