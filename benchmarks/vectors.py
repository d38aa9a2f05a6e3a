"""Search by meaning and by words on made-up chunks of many tenants: how fast, how much of what is nearest, and what it costs.

One tenant has half of all chunks, one has 2.5 % of them, the others share the rest unevenly. All is asked through the application's
search, in a transaction of a user under row level security, in turn with pgvector's bare query on the same index. "The
statement" is the one that ranks; a whole search also opens a transaction, looks up model and tenant, and fetches passages.
"""

from collections.abc import Generator, Mapping
from contextlib import ExitStack
from statistics import median
from typing import LiteralString

from benchmarks.asking import NEAREST, Desk, Taken, in_turn, marked, rare
from benchmarks.filling import Corpus, fill
from benchmarks.installation import Server
from benchmarks.report import Figure, side_by_side

SIZES = (10_000, 100_000)
LARGE = 1_000_000
SHARES = (0.5, 0.025, *(0.475 / place / sum(1 / n for n in range(1, 19)) for place in range(1, 19)))
BIG, SMALL, SMALLEST = 0, 1, len(SHARES) - 1
QUERIES = 100
PUBLISHED = {10_000: 2, 100_000: 5, 1_000_000: 15}
"""Milliseconds that are published for a search among so many vectors."""
MANY_TENANTS, THEIR_CHUNKS = 2_000, 50

_BYTES: LiteralString = """
SELECT sum(pg_relation_size(c.oid)) FILTER (WHERE c.relname ~ '^ix_embeddings.*_near$'),
       sum(pg_relation_size(c.oid)) FILTER (WHERE c.relname ~ '^embeddings_m\\d+_p\\d\\d$'),
       sum(pg_total_relation_size(c.oid)) FILTER (WHERE c.relname ~ '^chunks_p\\d\\d$')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'crm'
"""


def measure(server: Server) -> Generator[Figure]:
    """Ten and a hundred thousand chunks of twenty tenants, then two thousand tenants of fifty chunks."""
    for size in SIZES:
        yield from _measured(server, size)
    yield from _many_tenants(server)


def measure_large(server: Server) -> Generator[Figure]:
    """A million chunks; to build their index takes minutes."""
    yield from _measured(server, LARGE)


def _measured(server: Server, size: int) -> Generator[Figure]:
    filled = fill(server.make(f"vectors_{size}"), Corpus(SHARES, size))
    with ExitStack() as stack:
        stack.callback(filled.database.close)
        desk = Desk(filled, stack, QUERIES)
        yield from _built(desk, size)
        scope = marked(filled.identity(BIG))
        ways = {
            "nothing": desk.nothing(),
            "bare": desk.bare(BIG),
            "big": desk.meaning(BIG),
            "small": desk.meaning(SMALL),
            "smallest": desk.meaning(SMALLEST),
            "marked": desk.meaning(BIG, scope),
            "rare": desk.meaning(BIG, rare()),
            "words": desk.words(BIG),
            "fused": desk.fused(BIG),
        }
        taken = in_turn(ways, QUERIES)
        yield from _speed(desk, taken, size)
        yield from _tenants(desk, taken, size)
        yield from _filtered(desk, taken, size)
        yield from _fused(desk, taken, size)


def _built(desk: Desk, size: int) -> Generator[Figure]:
    filled = desk.filled
    index, vectors, chunks = (round(each / size) for each in desk.row(_BYTES))
    yield Figure(
        f"{size:,} chunks: building the index of vectors",
        f"{filled.indexing:.0f} s",
        "",
        f"{size / filled.indexing:,.0f} vectors a second; rows and words before that {filled.copying:.0f} s",
    )
    yield Figure(
        f"{size:,} chunks: bytes a chunk",
        f"{index + vectors + chunks:,}",
        "",
        f"vectors {vectors:,}, their index {index:,}, texts with theirs {chunks:,}",
    )


def _speed(desk: Desk, taken: Mapping[str, Taken], size: int) -> Generator[Figure]:
    big, bare, nothing = taken["big"], taken["bare"], taken["nothing"]
    recall, bare_recall = big.recall(desk.nearest([BIG])), bare.recall(desk.nearest(desk.neighbours(BIG)))
    yield Figure(
        f"{size:,} chunks: search by meaning, the statement, p50",
        f"{big.p50:.1f} ms",
        f"≤ {PUBLISHED[size] / 3:.1f} ms",
        f"p95 {big.p95:.1f} ms, recall@10 {recall:.3f}; published for so many: {PUBLISHED[size]} ms; tenant of 50 %",
    )
    yield Figure(
        f"{size:,} chunks: the same ÷ pgvector's bare query",
        f"{big.p50 / bare.p50:.1f}×",
        "",
        f"{_both(big, bare)}; recall@10 {recall:.3f} and {bare_recall:.3f}",
    )
    yield Figure(
        f"{size:,} chunks: pgvector's bare query ÷ `select 1`",
        f"{bare.p50 / nothing.p50:.0f}×",
        "≤ 10×" if size == SIZES[1] else "",
        f"{_both(bare, nothing)}; recall@10 {bare_recall:.3f}",
    )
    yield Figure(
        f"{size:,} chunks: whole search, meaning and words, p50",
        f"{taken['fused'].whole_p50:.1f} ms",
        "",
        f"p95 {taken['fused'].whole_p95:.1f} ms; by meaning alone {big.whole_p50:.1f}, by words {taken['words'].whole_p50:.1f}",
    )


def _tenants(desk: Desk, taken: Mapping[str, Taken], size: int) -> Generator[Figure]:
    for name, tenant, share in (("small", SMALL, "2.5 %"), ("smallest", SMALLEST, "the least")):
        small, recall = taken[name], taken[name].recall(desk.nearest([tenant]))
        yield Figure(
            f"{size:,} chunks: recall@10 of the tenant with {share}",
            f"{recall:.3f}",
            "≥ .97",
            f"{len(desk.filled.rows_of(tenant)):,} chunks; {small.fewest} rows or more of {NEAREST}",
        )
    small, big = taken["small"], taken["big"]
    yield Figure(
        f"{size:,} chunks: tenant of 2.5 % ÷ tenant of 50 %", f"{small.p50 / big.p50:.2f}×", "≤ 1.5×", _both(small, big)
    )


def _filtered(desk: Desk, taken: Mapping[str, Taken], size: int) -> Generator[Figure]:
    corpus = desk.filled.corpus
    filters = (("a filter", "marked", corpus.is_marked), ("a record kind", "rare", corpus.is_rare))
    for what, name, chosen in filters:
        narrowed, big = taken[name], taken["big"]
        recall = narrowed.recall(desk.nearest([BIG], chosen))
        yield Figure(
            f"{size:,} chunks: {what} that keeps 1 % ÷ no filter",
            f"{narrowed.whole_p50 / big.whole_p50:.2f}×",
            "≤ 2×",
            f"whole searches {narrowed.whole_p50:.1f} ÷ {big.whole_p50:.1f} ms, statements {_both(narrowed, big)};"
            f" recall@10 {recall:.3f} (to reach 1.0)",
        )


def _fused(desk: Desk, taken: Mapping[str, Taken], size: int) -> Generator[Figure]:
    both, meaning, words = taken["fused"], taken["big"], taken["words"]
    yield Figure(
        f"{size:,} chunks: fused ÷ sum of its parts",
        f"{both.p50 / (meaning.p50 + words.p50):.2f}×",
        "≤ 1.3×",
        f"statements {both.p50:.1f} ÷ ({meaning.p50:.1f} + {words.p50:.1f}) ms",
    )
    matching = desk.matching(BIG)
    with_policy, without = side_by_side(matching.secured, matching.bare, QUERIES)
    naive = median(matching.naive() for _ in range(5))
    yield Figure(
        f"{size:,} chunks: words under row level security ÷ without",
        f"{with_policy / without:.2f}×",
        "≤ 2×",
        f"{1000 * with_policy:.1f} ÷ {1000 * without:.1f} ms for the same words; `@@` under the policy itself {1000 * naive:.1f} ms",
    )


def _many_tenants(server: Server) -> Generator[Figure]:
    size = MANY_TENANTS * THEIR_CHUNKS
    filled = fill(server.make("vectors_tenants"), Corpus((1,) * MANY_TENANTS, size, is_even=True))
    tenants = range(0, MANY_TENANTS, MANY_TENANTS // 40)
    with ExitStack() as stack:
        stack.callback(filled.database.close)
        desk = Desk(filled, stack, 5)
        taken = in_turn({str(tenant): desk.meaning(tenant) for tenant in tenants}, 5)
        recalls = [taken[str(tenant)].recall(desk.nearest([tenant])) for tenant in tenants]
        fewest = min(each.fewest for each in taken.values())
    yield Figure(
        f"{MANY_TENANTS:,} tenants × {THEIR_CHUNKS} chunks: recall@10",
        f"{min(recalls):.3f}",
        "≥ .97",
        f"the least of {len(recalls)} tenants; {fewest} rows or more of {NEAREST};"
        f" statement {median(each.p50 for each in taken.values()):.1f} ms",
    )


def _both(one: Taken, other: Taken) -> str:
    return f"{one.p50:.2f} ÷ {other.p50:.2f} ms"
