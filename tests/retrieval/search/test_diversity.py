"""The order of a page: threads and accounts give way to others that are about as good, and to no others."""

from retrieval.search.diversity import Placed, diversified


def one(name: str, near: float, *, thread: str | None = None, account: str | None = None) -> Placed[str]:
    return Placed(name, near, 0.0, thread, account)


def test_what_belongs_to_nothing_keeps_its_order() -> None:
    found = [one(str(number), 1 - number / 100) for number in range(20)]
    assert diversified(found, 10) == [each.result for each in found]


def test_a_thread_has_two_places_before_others() -> None:
    mails = [one(f"mail {number}", 0.9, thread="offer", account="acme") for number in range(30)]
    others = [one(f"other {number}", 0.6, account=f"account {number}") for number in range(5)]
    ordered = diversified([*mails, *others], 10)
    assert ordered[:7] == ["mail 0", "mail 1", *(each.result for each in others)]
    assert sorted(ordered) == sorted(each.result for each in [*mails, *others])


def test_an_account_has_three_places_before_others() -> None:
    acme = [one(f"acme {number}", 0.9, account="acme") for number in range(6)]
    ordered = diversified([*acme, one("other", 0.8, account="other")], 10)
    assert ordered[:4] == ["acme 0", "acme 1", "acme 2", "other"]


def test_an_account_has_more_places_on_a_longer_page() -> None:
    acme = [one(f"acme {number}", 0.9, account="acme") for number in range(8)]
    assert diversified([*acme, one("other", 0.8)], 20).index("other") == 6


def test_what_is_clearly_worse_does_not_push_ahead() -> None:
    acme = [one(f"acme {number}", 0.9, account="acme") for number in range(6)]
    assert diversified([*acme, one("other", 0.3)], 10)[-1] == "other"


def test_the_words_count_as_well() -> None:
    """Whoever names an account finds its records first, however near in meaning others are."""
    acme = [Placed(f"acme {number}", 0.5, 0.9, None, "acme") for number in range(6)]
    assert diversified([*acme, Placed("other", 0.5, 0.1, None, "other")], 10)[-1] == "other"
