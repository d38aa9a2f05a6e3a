"""How records are named: "the Acme renewal", "Jan at Globex", "that deal", "the last call with Maria", an id."""

from dataclasses import replace

from agent.offline.clause import Clause
from agent.offline.form import Mention
from agent.offline.grammar.names import is_name, is_title
from agent.offline.grammar.roles import role_of
from agent.offline.lexicon.kinds import COMPANIES, KindWord, kind_at
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.verbs import ARTICLES
from agent.offline.text import Shape
from agent.offline.words import word_set

_PERSON_PRONOUNS = ("her", "him", "she", "he", "them", "they")
_PRONOUNS = (
    "it",
    "that",
    "this",
    "that one",
    "this one",
    "the same",
    "that record",
    "this record",
    "the one",
    "itself",
    "these",
    "those",
)
_SELF = ("me", "myself", "i", "mine", "us")
_PREPOSITIONS = (
    "at",
    "from",
    "of",
    "with",
    "for",
    "about",
    "to",
    "on",
    "regarding",
    "re",
    "called",
    "named",
    "titled",
    "in",
    "by",
)
_NEWEST = ("last", "latest", "newest", "most recent", "recent")


_TITLED = {"task", "note", "interaction"}
"""Kinds that are called by a sentence rather than a name."""


def mention_of(clause: Clause, kinds: tuple[str, ...] = ()) -> Mention | None:
    """The record a clause names, looked for among `kinds` unless the words say which; None when it names nothing."""
    clause = _trimmed(clause)
    if not len(clause):
        return None
    if all(token.word in ARTICLES for token in clause.tokens) and not _pronoun(clause, kinds):
        return None
    found = (
        _pronoun(clause, kinds)
        or _by_id(clause, kinds)
        or _newest(clause)
        or _by_role(clause, kinds)
        or _named(clause, kinds)
    )
    return replace(found, as_said=found.as_said or clause.said()) if found else None


_TRIMMED_WORDS = word_set(", . : ; ! ? - too also a an the has is now new recently lately up down")


def _trimmed(clause: Clause) -> Clause:
    start = clause.skip(0, ",", ":", ".", "-", "!")
    end = len(clause)
    while end > start and clause.word(end - 1) in _TRIMMED_WORDS:
        end -= 1
    return clause.cut(start, end)


def _pronoun(clause: Clause, kinds: tuple[str, ...]) -> Mention | None:
    text = " ".join(clause.words(0, len(clause)))
    if nth := _place(clause):
        return Mention(text, kinds, "focus", nth=nth)
    if text in _SELF:
        return Mention("me", ("user",), "me")
    if text in _PERSON_PRONOUNS:
        return Mention(text, kinds or ("contact", "individual", "user"), "focus")
    if text in _PRONOUNS:
        return Mention(text, kinds, "focus")
    if (
        clause.word(0) in ("that", "this", "the", "his", "her", "their", "its")
        and (hit := kind_at(clause.tokens, 1))
        and hit[1] == len(clause)
    ):
        return Mention(text, hit[0].lookup, "focus", where=hit[0].where)
    return None


_LISTED = Phrases.of(
    "one, of them, of those, of these, one of them, one of those, of the list, in the list, on the list"
)


def _place(clause: Clause) -> int:
    """The place in a list that "the first one", "the second of them" or "the last one" names; else 0."""
    if clause.word(0) not in ("the", "number"):
        return 0
    if clause.word(1) == "last" and clause.length(_LISTED, 2) == len(clause) - 2 > 0:
        return -1
    hit = clause.number(1)
    if hit is None or hit[0].whole is None or not (hit[0].is_ordinal or clause.word(0) == "number"):
        return 0
    return hit[0].whole if hit[1] + clause.length(_LISTED, hit[1]) == len(clause) else 0


def _by_id(clause: Clause, kinds: tuple[str, ...]) -> Mention | None:
    last = clause.tokens[-1]
    if last.shape is not Shape.RECORD_ID or len(last.text) != 36:
        return None
    return Mention(last.text.lower(), kinds, "id") if len(clause) <= 3 else None


def _by_role(clause: Clause, kinds: tuple[str, ...]) -> Mention | None:
    return role_of(clause) if not kinds or "contact" in kinds else None


def _newest(clause: Clause) -> Mention | None:
    """ "the last call with Maria", "my latest note", "the most recent task"."""
    at = clause.skip(0, "the", "my", "our")
    length = clause.starts(at, *_NEWEST)
    if not length or (hit := kind_at(clause.tokens, at + length)) is None:
        return None
    word, end = hit
    rest = clause.cut(clause.skip(end, *_PREPOSITIONS))
    about = _named(rest, ()) if len(rest) else None
    return Mention(clause.said(), word.kinds[:1], "latest", at=about, where=word.where)


def _named(clause: Clause, kinds: tuple[str, ...]) -> Mention | None:
    start = 0
    while start < len(clause) - 1 and clause.word(start) in ARTICLES and not _is_initial(clause, start):
        start += 1
    clause = clause.cut(start)
    leading = _leading_kind(clause)
    if leading is not None:
        return leading
    trailing = _trailing_kind(clause)
    if trailing is not None:
        return trailing
    at = _at_account(clause)
    if at is not None:
        person, account = at
        return replace(person, kinds=person.kinds or kinds, at=account)
    return _plain(clause, kinds)


def _is_initial(clause: Clause, at: int) -> bool:
    """Whether "A" or "This" begins a name ("A. Novak", "The North Face")."""
    return clause.tokens[at].is_capitalised and at > 0


def _plain(clause: Clause, kinds: tuple[str, ...]) -> Mention | None:
    text = name_in(clause)
    fits = is_title(clause) if set(kinds) & _TITLED and len(kinds) <= 2 else is_name(clause)
    return Mention(text, kinds) if fits and any(char.isalnum() for char in text) else None


def name_in(clause: Clause) -> str:
    """The name a clause is: its words without quotes and possessives."""
    pieces = [token for token in clause.tokens if token.shape is not Shape.POSSESSIVE]
    if any(token.shape is Shape.QUOTE for token in pieces) and len(pieces) <= 2:
        return next(token.inner for token in pieces if token.shape is Shape.QUOTE)
    if len(pieces) == len(clause.tokens):
        return clause.said().strip("\"'")
    return " ".join(token.inner for token in pieces).strip(" ,.;:!?-")


def _leading_kind(clause: Clause) -> Mention | None:
    """ "contact Maria Lopez", "deal with Globex", "task to call Ben", "call with Maria": the kind, then the name."""
    hit = kind_at(clause.tokens, 0)
    if (
        hit is None
        or hit[1] == len(clause)
        or (clause.tokens[0].is_capitalised and clause.tokens[hit[1]].is_capitalised and _mid_sentence(clause))
    ):
        return None
    word, end = hit
    rest = clause.cut(clause.skip(end, ":", "-"))
    linked = rest.word(0) in _PREPOSITIONS or clause.word(end) == "'"
    after = rest.cut(1) if linked else rest
    if not len(after):
        return None
    if word.kinds == ("interaction",) and linked:
        return Mention(clause.said(), word.kinds, "latest", at=_named(after, ()), where=word.where)
    inner = _at_account(after) if not linked or rest.word(0) in ("called", "named", "titled") else None
    if inner is not None:
        return replace(inner[0], kinds=word.lookup, at=inner[1])
    plain = _plain(after, word.lookup)
    return replace(plain, where=word.where) if plain and word.kinds == ("interaction",) else plain


def _mid_sentence(clause: Clause) -> bool:
    return clause.tokens[0].start > 0


def _trailing_kind(clause: Clause) -> Mention | None:
    """ "Globex deal", "Acme's account", "'Send brochure' task": the name, then the kind."""
    for start in range(len(clause) - 1, 0, -1):
        hit = kind_at(clause.tokens, start)
        if hit and hit[1] == len(clause) and not (clause.tokens[start].is_capitalised and _all_capitalised(clause)):
            longer = next(
                (s for s in range(1, start) if (other := kind_at(clause.tokens, s)) and other[1] == len(clause)), start
            )
            return _before_kind(clause.cut(0, longer), hit[0])
    return None


def _all_capitalised(clause: Clause) -> bool:
    return all(token.is_capitalised for token in clause.tokens if token.shape is Shape.WORD)


def _before_kind(clause: Clause, word: KindWord) -> Mention | None:
    plain = _plain(clause, word.lookup)
    if plain is None:
        return None
    if word.kinds == ("interaction",):
        return Mention(plain.text, word.kinds, "latest", at=Mention(plain.text), where=word.where)
    return plain


def _at_account(clause: Clause) -> tuple[Mention, Mention] | None:
    """ "Jan at Globex", "the Smith from Acme": a name, and the account it is at."""
    for at in clause.find("at", "from", "@"):
        if not 0 < at < len(clause) - 1:
            continue
        first, second = _plain(clause.cut(0, at), ()), _plain(_without_articles(clause.cut(at + 1)), COMPANIES)
        if first and second:
            return first, second
    return None


def _without_articles(clause: Clause) -> Clause:
    return clause.cut(clause.skip(0, "the", "our") if len(clause) > 1 else 0)
