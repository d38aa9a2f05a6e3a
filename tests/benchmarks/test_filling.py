"""What the benchmarks of search fill in bulk is what the application searches."""

from contextlib import ExitStack

from benchmarks.asking import Desk, in_turn, marked
from benchmarks.filling import Corpus, fill
from schema.database import Database

QUERIES = 4


def test_each_tenant_finds_what_is_nearest_among_its_own(empty_database: Database) -> None:
    filled = fill(empty_database, Corpus((0.9, 0.1), 600))
    with ExitStack() as stack:
        desk = Desk(filled, stack, QUERIES)
        scope = marked(filled.identity(0))
        ways = {"bare": desk.bare(0), "big": desk.meaning(0), "small": desk.meaning(1), "words": desk.words(0)}
        taken = in_turn(ways | {"marked": desk.meaning(0, scope), "fused": desk.fused(0)}, QUERIES)

        assert taken["bare"].recall(desk.nearest(desk.neighbours(0))) > 0.9
        assert taken["big"].recall(desk.nearest([0])) > 0.9
        assert taken["small"].recall(desk.nearest([1])) > 0.9
        assert taken["marked"].recall(desk.nearest([0], filled.corpus.is_marked)) == 1.0
        assert min(taken["words"].fewest, taken["fused"].fewest) > 0


def test_a_corpus_is_the_same_each_time_and_even_where_that_is_asked() -> None:
    one, other = Corpus((1,) * 5, 100, is_even=True), Corpus((1,) * 5, 100, is_even=True)

    assert one.tenants == other.tenants
    assert (one.vectors == other.vectors).all()
    assert [int((one.owners == tenant).sum()) for tenant in range(5)] == [20] * 5
