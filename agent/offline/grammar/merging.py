"""Merging duplicates: "merge A into B", "A and B are the same, keep B", "merge the duplicate contacts of Jana Vogel"."""

from agent.offline.clause import Clause
from agent.offline.form import Mention, Merge, Puzzled
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.several import parted
from agent.offline.lexicon.fields import FIELD_WORDS
from agent.offline.lexicon.kinds import KindWord, kind_at
from agent.offline.lexicon.phrases import Phrases
from agent.offline.words import word_set

_MERGING = Phrases.of(
    "merge, combine, consolidate, dedupe, deduplicate, de-duplicate, unify, join, join together, fuse, fold, bring together, "
    "clean up the duplicates of, clean up the duplicate, unite, collapse"
)
_SURELY = word_set("merge dedupe deduplicate de-duplicate fuse consolidate")
"""Verbs that are about records only, so that what is not read is said."""
_DEDUPING = word_set("dedupe deduplicate de-duplicate clean")
_SAME = Phrases.of(
    "are the same, is the same as, are one and the same, are duplicates, are duplicate, is a duplicate of, are dupes, "
    "is a dupe of, are identical, is identical to, are really the same, are actually the same, are both the same, "
    "are duplicates of each other, are one, is a copy of, is the duplicate of, is just a duplicate of, is a double of"
)
_ABOUT = word_set("same duplicate duplicates dupe dupes identical twice double doubled one times")
"""Words without one of which nothing is said to be the same."""
_KEEP = Phrases.of("keep, and keep, keeping, but keep, please keep, stay with, the one to keep is, retain")
_DUPLICATE = word_set(
    "duplicate duplicated double duplicates dupes doubles two three both same doubled the our my all of for"
)
_AFTER = Phrases.of(
    "it's a double entry, it is a double entry, they're duplicates, they are duplicates, they're the same, they are the same, "
    "it's a duplicate, it is a duplicate, they are the same company, they're the same company, into one, together, in one, "
    "they are the same person, they're the same person, duplicate, duplicates, as they are the same, because they are the same"
)
_TWICE = Phrases.of("twice, two times, double, in there twice, in duplicate, doubled")
_HAVE = Phrases.of("we have, i have, we've got, there is, there are, we seem to have, i see, you have, we got")


def read_merge(clause: Clause) -> Merge | Puzzled | None:
    """The records that are to be one; a puzzle when merging was plainly meant and they were not made out."""
    if passive := _to_be_merged(clause):
        return passive
    if not clause.length(_MERGING, 0) and not any(token.word in _ABOUT for token in clause.tokens):
        return None
    clause, keep, keeps_with = _keeping(_without_order(clause.without_end(*_MARKS)))
    if same := _said_same(clause, keep):
        return same
    if twice := _twice(clause):
        return twice
    length = clause.length(_MERGING, 0)
    if not length or length >= len(clause):
        return None
    rest = _without_after(clause.cut(length))
    found = _into(rest) or _duplicates(rest, keep, keeps_with) or _those(rest, keep)
    named = _mentions(rest) or []
    if found is None and len(named) > 1:
        found = _pair(named, keep)
    if found is None and clause.word(0) in _DEDUPING and named:
        found = Merge(same=named[0], keep=keep, keeps_with=keeps_with)
    if found or clause.word(0) not in _SURELY:
        return found
    return Puzzled("Say which record goes into which, for instance: merge Acme Ltd into Acme Corp.", clause.said())


_MERGED_INTO = Phrases.of("merged into, merged with, folded into, combined with, merge into")
_MARKS = (".", "!", "?", ",")
_TO_BE = word_set("should must can needs need has have to be is are ought shall , please now")


def _to_be_merged(clause: Clause) -> Merge | None:
    """ "A should be merged into B"."""
    at = next((at for at in clause.find("merged", "folded", "combined", start=2)), None)
    length = clause.length(_MERGED_INTO, at) if at else 0
    if at is None or not length or clause.word(at - 1) not in ("be", "to"):
        return None
    others, keep = (
        _mentions(clause.cut(0, at).without_end(*_TO_BE)),
        mention_of(clause.cut(at + length).without_end(*_MARKS), ()),
    )
    if not others or keep is None or keep.refers not in ("name", "id"):
        return None
    return Merge(tuple(others), keep) if clause.word(at + 1) == "into" else Merge((*others, keep))


_ORDER = Phrases.of(
    "merge them, please merge them, so merge them, merge the two, please merge the two, can you merge them, could you merge them, "
    "merge both, please merge, merge, so please merge them, merge them please"
)


def _without_order(clause: Clause) -> Clause:
    """ "A is a duplicate of B, please merge them": what is said of them, without the order at its end."""
    for at in clause.find(",", "-", ".", ";", start=2):
        if clause.length(_ORDER, at + 1) == len(clause) - at - 1 > 0:
            return clause.cut(0, at)
    return clause


def _without_after(clause: Clause) -> Clause:
    """Without what is said by the way at the end: ", it's a double entry", "into one"."""
    for at in range(1, len(clause)):
        length = clause.length(_AFTER, at)
        end = clause.skip(
            at + length, "record", "account", "contact", "company", "of", "each", "other", "please", "entry"
        )
        if length and end == len(clause):
            return clause.cut(0, _before(clause, at)).without_end(*_MARKS)
    return clause


def _before(clause: Clause, at: int) -> int:
    while at and clause.word(at - 1) in (",", "-", ";", ":", "since", "because", "as"):
        at -= 1
    return at


def _keeping(clause: Clause) -> tuple[Clause, Mention | None, str]:
    """The clause up to "keep X", and X, or the field that the one to keep has."""
    for at in range(1, len(clause)):
        length = clause.length(_KEEP, at)
        begin = clause.skip(at + length, "the", "only", ":")
        if not length or begin >= len(clause):
            continue
        before = clause.cut(0, _before(clause, at))
        field = _with_field(clause.cut(begin))
        if field:
            return before, None, field
        mention = mention_of(clause.cut(begin), ())
        if mention and mention.refers in ("name", "id"):
            return before, mention, ""
    return clause, None, ""


def _with_field(part: Clause) -> str:
    """ "the one with the phone number"."""
    length = part.starts(0, "one with", "one that has", "one which has", "record with", "one having")
    field = part.at(FIELD_WORDS, part.skip(length, "the", "a", "an")) if length else None
    return field[0][0] if field and field[1] == len(part) else ""


def _said_same(clause: Clause, keep: Mention | None) -> Merge | None:
    """ "A and B are the same company"; "these two accounts are the same: keep X"."""
    for at in range(1, len(clause)):
        length = clause.length(_SAME, at)
        end = clause.skip(
            at + length, "company", "account", "contact", "person", "record", "organization", "customer", "deal", ":"
        )
        if not length or (end != len(clause) and clause.word(at) != "is"):
            continue
        if clause.word(at) == "is":
            one, other = mention_of(clause.cut(0, at), ()), mention_of(clause.cut(at + length), ())
            return Merge((one,), other) if one and other and one.refers == other.refers == "name" else None
        before = clause.cut(0, at)
        if those := _those(before, keep):
            return those
        named = _mentions(before)
        return _pair(named, keep) if named and len(named) > 1 else None
    return None


_THEM = word_set("them those these both it please")
_BETWEEN = word_set(", - . ; in the system crm please and so")


def _twice(clause: Clause) -> Merge | None:
    """ "we have Acme twice - merge them"."""
    length = clause.length(_HAVE, 0)
    for at in range(length + 1, len(clause)) if length else ():
        said = clause.length(_TWICE, at)
        after = clause.skip(at + said, *_BETWEEN)
        if said and clause.length(_MERGING, after) and clause.skip(after + 1, *_THEM) == len(clause):
            mention = mention_of(clause.cut(length, at), ())
            return Merge(same=mention) if mention and mention.refers == "name" else None
    return None


def _into(rest: Clause) -> Merge | None:
    """ "A into B", "A and B into C", "A with B" where it is still to be said which stays."""
    for at in reversed(list(rest.find("into", "onto", start=1))):
        keep = mention_of(rest.cut(at + 1), ())
        others = _mentions(rest.cut(0, at))
        if keep and others and keep.refers in ("name", "id", "focus"):
            return Merge(tuple(others), keep)
    for at in rest.find("with", "to", start=1):
        one, other = mention_of(rest.cut(0, at), ()), mention_of(rest.cut(at + 1), ())
        if one and other and {one.refers, other.refers} <= {"name", "id"}:
            return Merge((one, other))
    return None


def _duplicates(rest: Clause, keep: Mention | None, keeps_with: str) -> Merge | None:
    """ "the duplicate contacts of Jana Vogel", "the two Nordwind accounts", "the Anna Schmidt contacts"."""
    at = rest.skip(0, *_DUPLICATE)
    hit = kind_at(rest.tokens, at) if at < len(rest) else None
    if hit and rest.word(hit[1] - 1).endswith("s") and not rest.tokens[at].is_capitalised:
        name = rest.skip(hit[1], "of", "for", "called", "named", "with", "the", "name", "from", ":")
        return _same_name(rest.cut(name), hit[0], keep, keeps_with) if name < len(rest) else None
    for start in range(len(rest) - 1, at, -1):
        hit = kind_at(rest.tokens, start)
        if (
            hit
            and hit[1] == len(rest)
            and rest.word(hit[1] - 1).endswith("s")
            and not rest.tokens[start].is_capitalised
        ):
            return _same_name(rest.cut(at, start), hit[0], keep, keeps_with)
    if at and at < len(rest) and _DUPLICATE & set(rest.words(0, at)) - {"the", "our", "my", "all", "of", "for"}:
        return _same_name(rest.cut(at), None, keep, keeps_with)
    return None


def _same_name(part: Clause, word: KindWord | None, keep: Mention | None, keeps_with: str) -> Merge | None:
    mention = mention_of(part, word.kinds[:1] if word else ())
    if mention is None or mention.refers != "name" or len(parted(part)) > 1:
        return None
    return Merge(same=mention, keep=keep, keeps_with=keeps_with)


_LISTED = Phrases.of(
    "these two, those two, these, those, both, the two, them, both of them, these three, those three, the three, both of these, "
    "all of them, all of these, all three, the two of them"
)


def _those(part: Clause, keep: Mention | None) -> Merge | None:
    """ "these two accounts": those of the list that was shown last."""
    length = part.length(_LISTED, 0)
    hit = kind_at(part.tokens, length) if length and length < len(part) else None
    if not length or (hit[1] if hit else length) != len(part):
        return None
    kinds = hit[0].kinds[:1] if hit else ()
    return Merge((Mention("them", kinds, "focus"),), keep)


def _mentions(part: Clause) -> list[Mention] | None:
    """Each record of "A, B and C", every one by its name; None when one is none."""
    word = kind_at(part.tokens, part.skip(0, "the", "our")) if len(part) else None
    kinds: tuple[str, ...] = ()
    if (
        word
        and part.word(word[1] - 1).endswith("s")
        and word[1] < len(part)
        and not part.tokens[word[1] - 1].is_capitalised
    ):
        part, kinds = part.cut(word[1]), word[0].kinds[:1]
    found = [mention_of(each, kinds) for each in parted(part)]
    named = [mention for mention in found if mention and mention.refers in ("name", "id", "focus")]
    return named if named and len(named) == len(found) else None


def _pair(named: list[Mention], keep: Mention | None) -> Merge:
    """Records of which one stays: the one to keep, where it was said, is not among the others."""
    if keep is None:
        return Merge(tuple(named))
    wanted = keep.text.lower()
    exact = [each for each in named if each.text.lower() == wanted] or [e for e in named if wanted in e.text.lower()]
    if len(exact) == 1:
        return Merge(tuple(each for each in named if each is not exact[0]), exact[0])
    return Merge(tuple(named), keep)
