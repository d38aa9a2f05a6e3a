"""Mending typing errors: only words of the lexicon are mended to, and only where a first reading failed."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from agent.offline.clause import Clause
from agent.offline.lexicon.fields import FIELD_WORDS
from agent.offline.lexicon.kinds import KIND_WORDS
from agent.offline.lexicon.statuses import STATUS_WORDS
from agent.offline.lexicon.verbs import POLITE, VERBS
from agent.offline.text import SAID_SHORT, Shape, Token
from agent.offline.values.dates import MONTHS, WEEKDAYS
from agent.offline.words import word_set

_TIME_WORDS = word_set(
    "tomorrow yesterday today quarter month months weeks minutes minute between overdue assigned closing without"
)
_ORDINARY = word_set(
    "about above account after again also always another anyone around because been before being below "
    "best better both came case changes clear come could course days does doing done down each early even "
    "ever every face fact family feel felt find fine first food four free from full game gave girl give "
    "goes gold gone good great half hand hard have head hear heard help here high hold home hope hour "
    "house idea into just keep kind knew know land last late least left less life like line little live "
    "long look love made main make many mark matter maybe mean might mind mine more most much must name "
    "near need never news next nice night nothing once only other over own page part past peace place "
    "plan play point poor pretty price quite rain rather read real rest right road room said same seen "
    "sell send sense several shall ship side sign site size sold some song soon sort sound speak stand "
    "star start stay still stop story such sure talk team tell than that their them then there these they "
    "thing think this those though three through time told took town tree true turn under until upon very "
    "wait walk wall want warm warmer was watch water weather week well went were what when where which "
    "while white whole whom whose wide wife will wind wish with woman wood word work world would write "
    "wrong year young your pizza dale dean stage stages"
)


_MEASURED = word_set(
    "average amount median revenue pipeline forecast percentage probability industry country largest highest lowest"
)


@cache
def vocabulary() -> tuple[str, ...]:
    """Every word of the lexicon that is long enough to be recognised in spite of an error."""
    tables = (VERBS, POLITE, KIND_WORDS, FIELD_WORDS, *STATUS_WORDS.values())
    words = {word for table in tables for word in table.words} | _MEASURED | _TIME_WORDS | set(WEEKDAYS) | set(MONTHS)
    return tuple(sorted(word for word in words if len(word) >= 4 and word.isalpha()))


def mended(clause: Clause) -> Clause | None:
    """The clause with its likely typing errors mended; None when there are none, or so many that it is no language."""
    own = [word for word in clause.situation.own.words if len(word) >= 4 and word.isalpha()]
    words = (*vocabulary(), *own)
    known = {*words, *clause.situation.own.words}
    tokens = tuple(_mended(token, words, known, first=at < 3) for at, token in enumerate(clause.tokens))
    changed = sum(new.word != old.word for new, old in zip(tokens, clause.tokens, strict=True))
    if not changed or changed > (1 if len(tokens) < 3 else max(2, len(tokens) // 2)):
        return None
    return replace(clause, tokens=tokens)


def with_first_word(clause: Clause) -> Clause:
    """The clause with two letters of its first word put back in their order: "mvoe" is move, "waht's" is what is.

    Done before the first reading, because a name can be anything, and with it half a request.
    """
    first = clause.tokens[0] if len(clause) else None
    if first is None or first.shape is not Shape.WORD or len(first.word) < 4 or first.word in _ORDINARY:
        return clause
    openers = _openers()
    if first.word in openers or first.word in _known():
        return clause
    fits = [word for word in openers if _is_swap(first.word, word)]
    if len(fits) != 1:
        return clause
    tokens = [replace(first, word=fits[0]), *clause.tokens[1:]]
    if len(tokens) > 1 and tokens[1].shape is Shape.POSSESSIVE and fits[0] in SAID_SHORT:
        tokens[1] = replace(tokens[1], word="is", shape=Shape.WORD)
    return replace(clause, tokens=tuple(tokens))


@cache
def _known() -> frozenset[str]:
    return frozenset(vocabulary())


@cache
def _openers() -> frozenset[str]:
    """Words that a request begins with."""
    return frozenset(phrase.split()[0] for phrase, _ in VERBS.items()) & _known()


def _is_swap(word: str, other: str) -> bool:
    """Whether two neighbouring letters, the first one perhaps, are all that differs."""
    if len(word) != len(other) or word == other:
        return False
    at = next(i for i, (one, two) in enumerate(zip(word, other, strict=True)) if one != two)
    return word[at : at + 2] == other[at : at + 2][::-1] and word[at + 2 :] == other[at + 2 :]


def _mended(token: Token, words: Sequence[str], known: set[str], *, first: bool) -> Token:
    word = token.word
    too_short = len(word) < (3 if first else 4)
    if (
        token.shape is not Shape.WORD
        or too_short
        or word in known
        or word in _ORDINARY
        or (token.is_capitalised and not first)
    ):
        return token
    allowed = 1 if len(word) < 8 else 2
    if first and len(word) == 3:
        swapped = {
            "lgo": "log",
            "sohw": "show",
            "shw": "show",
            "fnd": "find",
            "ad": "add",
            "ast": "set",
            "ste": "set",
            "olg": "log",
            "mve": "move",
            "mak": "make",
            "crt": "create",
        }.get(word)
        return replace(token, word=swapped) if swapped else token
    near = process.extract(word, words, scorer=OSA.distance, score_cutoff=allowed, limit=8)
    fits = [found for found in near if found[0][0] == word[0] or len(word) >= 6]
    if not fits:
        return token
    # Between equals, swapped letters are likelier than others put in their place.
    best = min(fits, key=lambda found: (found[1], sorted(found[0]) != sorted(word), found[0]))
    return replace(token, word=best[0])
