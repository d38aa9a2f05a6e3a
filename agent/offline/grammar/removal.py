"""Deleting, restoring, undoing and tagging."""

from agent.offline.clause import Clause
from agent.offline.form import Delete, Puzzled, Restore, Tag, Undo, Update
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.values import tag_words
from agent.offline.lexicon.kinds import EVERY_KIND, kind_at
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.text import Shape
from agent.offline.words import word_set
from schema.kinds import KINDS

_MANY = ("everything", "all", "every", "everyone", "each", "any", "both", "anything", "database", "tables")


_EXCUSES = Phrases.of(
    "oops, whoops, ups, oh no, no, nope, wait, hang on, hold on, stop, damn, argh, sorry, my bad, my mistake, oh, ah, actually, "
    "that was wrong, that is wrong, that's wrong, this is wrong, it was wrong, that was a mistake, that was my mistake, "
    "it was a mistake, that's a mistake, that is a mistake, that was not right, that wasn't right, that's not right, "
    "that is not right, not what i meant, that's not what i meant, that is not what i meant, that's not what i wanted, wrong one, "
    "wrong record, wrong deal, that was the wrong one, that was the wrong record, that was the wrong deal, i made a mistake, "
    "i was wrong, please, so, can you, could you"
)
_SCRAPPED = Phrases.of("scrap that, scrap it, scrap this, take that back, take it back")


_NO_WAIT = Phrases.of(
    "no wait, wait no, no sorry, sorry no, scratch that, scrap that, no hang on, no hold on, no scratch that, actually no, oh wait, "
    "no i mean, i mean, sorry i mean, sorry i meant, no i meant"
)
_BREAKS = (",", ".", "...", "-", ";", "!", "\n")


def without_false_start(clause: Clause) -> Clause:
    """ "which company does Mike's boss... no wait, which company does Michelle work for?": what is asked after all."""
    for at in range(len(clause) - 2, 1, -1):
        length = clause.length(_NO_WAIT, at) if clause.word(at - 1) in _BREAKS else 0
        length = length or (clause.word(at) == "sorry" and clause.word(at - 1) == "." and clause.word(at - 2) == ".")
        after = clause.skip(at + length, *_BREAKS)
        if not length or after >= len(clause):
            continue
        verbs, _ = clause.at(VERBS, after) or ((), 0)
        if verbs and Verb.UNDO not in verbs and not clause.length(_SCRAPPED, after):
            return clause.cut(after)
    return clause


def without_excuse(clause: Clause) -> Clause:
    """ "oops, that was wrong - undo it": from the undo on, when nothing but excuses stands before it."""
    at = 0
    while at < len(clause):
        verbs, _ = clause.at(VERBS, at) or ((), 0)
        if at and (Verb.UNDO in verbs or clause.length(_SCRAPPED, at) or _put_back(clause.cut(at))):
            # "no undo", in one breath, says what not to do.
            return clause if clause.word(at - 1) in ("no", "nope", "stop") else clause.cut(at)
        length = clause.length(_EXCUSES, at) or int(clause.word(at) in (",", ".", "!", "-", ";", ":", "...", "\n"))
        if not length:
            return clause
        at += length
    return clause


def read_undo(clause: Clause) -> Undo | Puzzled | None:
    """ "undo that", "undo my last change", "undo run 0199…", "revert change 0199…"."""
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    if (length := clause.length(_SCRAPPED, 0)) and clause.skip(length, ".", "!", "please") == len(clause):
        return Undo()
    if (merge := _merge_undone(clause, start, is_undo=Verb.UNDO in verbs)) or (merge := _put_back(clause)):
        return merge
    if Verb.UNDO not in verbs:
        return None
    ids = [token for token in clause.tokens[start:] if token.shape is Shape.RECORD_ID]
    rest = [token.word for token in clause.tokens[start:] if token.word not in ("?", ".", "!", ",", "#", ":")]
    if len(ids) == 1:
        return Undo(ids[0].text.lower(), is_run="run" in rest)
    about = next((i for i in clause.find("to", "of", "on", "for", start=start) if i + 1 < len(clause)), None)
    if (
        about
        and {"change", "changes", "edit", "update"} & set(clause.words(start, about - start))
        and (mention := mention_of(clause.cut(about + 1), ()))
    ):
        return Undo(mention=mention)
    allowed = {
        "that",
        "it",
        "this",
        "last",
        "the",
        "my",
        "previous",
        "latest",
        "what",
        "you",
        "i",
        "we",
        "did",
        "just",
        "change",
        "changes",
        "run",
        "action",
        "thing",
        "edit",
        "update",
        "one",
        "have",
        "done",
        "made",
        "again",
        "please",
        "step",
        "request",
        "your",
        "recent",
        "most",
        "a",
        "them",
        "those",
        "of",
        "operation",
        "everything",
        "all",
        "from",
        "in",
        "whole",
        "entire",
        "bulk",
        "mass",
        "batch",
        "whatever",
        "were",
        "was",
    }
    if set(rest) <= allowed:
        return Undo(is_run="run" in rest, only_last="change" in rest)
    return Puzzled(
        "Say which change to take back: that, the last change, or a change's or run's id (crm-agent audit list shows them).",
        "undo something",
    )


_UNMERGED = Phrases.of("unmerge, un-merge, split up again, split, take apart, separate")
_THE_MERGE = Phrases.of("merge, merger, merging")
_AS_IT_WAS = Phrases.of(
    "back to how they were, back to how it was, back how they were, back as they were, back to what they were, back to what it was, "
    "back the way they were, back the way it was, back as it was, back where they were, back to where they were, back to before, "
    "to how they were before, to how it was before, the way they were before, the way it was before, as they were before, "
    "as it was before, back to normal"
)
_WHAT_WAS = word_set(
    "all of those these them that it this everything the deals records tasks accounts contacts opportunities changes both"
)


def _merge_undone(clause: Clause, start: int, *, is_undo: bool) -> Undo | None:
    """ "undo the merge of A and B", "unmerge B"."""
    unmerged = clause.length(_UNMERGED, 0)
    if unmerged and clause.word(0) in ("unmerge", "un-merge"):
        rest = clause.cut(clause.skip(unmerged, "the", "them", "it", "that", "those", "again"))
        mention = mention_of(rest, ()) if len(rest) else None
        return Undo(is_merge=True, mention=mention if mention and mention.refers in ("name", "id") else None)
    at = clause.skip(start, "the", "that", "this", "my", "your", "last", "latest", "previous", "whole")
    length = clause.length(_THE_MERGE, at) if is_undo else 0
    if not length:
        return None
    rest = clause.cut(
        clause.skip(at + length, "of", "with", "for", "into", "that", "you", "did", "just", "made", "again", ".", "!")
    )
    into = next((i for i in rest.find("and", "into", "with") if i + 1 < len(rest)), -1)
    mention = mention_of(rest.cut(into + 1), ()) if len(rest) else None
    return Undo(is_merge=True, mention=mention if mention and mention.refers in ("name", "id") else None)


def _put_back(clause: Clause) -> Undo | None:
    """ "put all of those deals back to how they were"."""
    if clause.word(0) not in ("put", "set", "change", "bring", "turn", "move", "restore", "revert", "make"):
        return None
    at = clause.skip(1, *_WHAT_WAS)
    length = clause.length(_AS_IT_WAS, at)
    end = clause.skip(at + length, "before", "again", "please", ".", "!") if length else 0
    return Undo() if length and end == len(clause) else None


CLEARED = ("clear", "empty", "unset", "blank out", "blank", "wipe")


def read_clear(clause: Clause) -> Update | None:
    """ "remove the phone number of Dana Whitfield", "clear Jan's email": a field is emptied, the record stays."""
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    cleared = clause.starts(0, *CLEARED)
    if not cleared and Verb.DELETE not in verbs:
        return None
    begin = clause.skip(cleared or start, "the", "a", "out")
    field = clause.names_at(begin)
    if field and clause.word(field[1]) in ("of", "from", "for", "on") and field[1] + 1 < len(clause):
        return _cleared(clause.cut(field[1] + 1), clause.cut(begin, field[1]), field[0], is_plain=bool(cleared))
    for at in range(begin + 1, len(clause) - 1):
        after = clause.names_at(at + 1) if clause.shape(at) is Shape.POSSESSIVE else None
        if after and clause.skip(after[1], ".", "!") == len(clause):
            return _cleared(clause.cut(begin, at), clause.cut(at + 1, after[1]), after[0], is_plain=bool(cleared))
    return None


def _cleared(target: Clause, named: Clause, names: tuple[str, ...], *, is_plain: bool) -> Update | None:
    """Emptying the named field; after a verb that may delete, not where the word may also mean a record."""
    if not is_plain and kind_at(named.tokens, 0):
        return None
    mention = mention_of(target, ())
    if mention is None or mention.refers == "me":
        return None
    by_kind = {
        kind: {name: None}
        for kind in mention.kinds or _CLEARABLE
        if kind in KINDS
        for name in names[:1]
        if name in target.writable(kind) and name not in KINDS[kind].required
    }
    named_kinds = tuple(by_kind)
    return (
        Update(
            mention.among(named_kinds),
            by_kind,
            f"clear {named.said()}",
        )
        if by_kind
        else None
    )


_CLEARABLE = ("contact", "opportunity", "account", "task", "organization", "individual", "job", "partnership")


def read_delete(clause: Clause) -> Delete | Puzzled | None:
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    if Verb.DELETE not in verbs:
        return None
    rest = clause.cut(start)
    while len(rest) and rest.word(len(rest) - 1) in (".", "!", "?"):
        rest = rest.cut(0, len(rest) - 1)
    if not len(rest):
        return Puzzled("Say which record to delete.", "delete a record")
    if any(token.word in _MANY for token in rest.tokens[:3]) or _is_plural(rest):
        return Puzzled("I delete one record at a time; name the one.", "delete several records")
    if any(
        rest.starts(i, "from")
        and kind_at(rest.tokens, rest.skip(i + 1, "the")) is None
        and i
        and rest.word(i - 1) in ("phone", "email", "number")
        for i in range(len(rest))
    ):
        return None
    mention = mention_of(rest, EVERY_KIND)
    return (
        Delete(mention)
        if mention and mention.refers != "me"
        else Puzzled("Say which record to delete.", "delete a record")
    )


_IS_PLURAL_SKIPPED = word_set("the my our these those old open lost")


def _is_plural(rest: Clause) -> bool:
    at = rest.skip(0, *_IS_PLURAL_SKIPPED)
    hit = kind_at(rest.tokens, at) if at < len(rest) else None
    return bool(hit and rest.word(hit[1] - 1).endswith("s") and not rest.tokens[at].is_capitalised)


def read_restore(clause: Clause) -> Restore | Puzzled | None:
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    if Verb.RESTORE not in verbs:
        return None
    start = clause.skip(start, "the", "deleted")
    mention = mention_of(clause.cut(start), EVERY_KIND) if start < len(clause) else None
    return Restore(mention) if mention else Puzzled("Say which record to restore.", "restore a record")


def read_tag(clause: Clause) -> Tag | Puzzled | None:
    """ "tag Acme as key account", "add the tag vip to Maria", "remove the tag vip from Acme", "tag it #hot"."""
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    if under := _under_tag(clause):
        return under
    remove = Verb.UNTAG in verbs
    if not remove and Verb.TAG not in verbs:
        return None
    first = clause.tokens[0].word
    named_first = first in ("tag", "label", "untag", "un-tag") and not clause.starts(0, "label it")
    for at in range(start, len(clause)):
        word, is_tag = clause.word(at), clause.shape(at) is Shape.TAG
        if not (is_tag or word in ("as", "with", "to", "on", "from", "for", "onto", "in")):
            continue
        if (named_first and word in ("as", "with")) or (is_tag and at > start):
            target, tags = (
                clause.cut(start, at),
                clause.cut(at if is_tag else clause.skip(at + 1, "a", "an", "the", "tag")),
            )
        elif not named_first and word in ("to", "on", "from", "for", "onto") and at > start:
            target, tags = clause.cut(at + 1), clause.cut(clause.skip(start, "a", "the", ":"), at)
        else:
            continue
        mention = mention_of(target, ())
        words = tag_words(tags)
        if mention and mention.refers != "me" and words:
            return Tag(mention, tuple(words), remove)
    last = clause.tokens[-1]
    if named_first and len(clause) - start >= 2 and not last.is_capitalised and last.shape in (Shape.WORD, Shape.QUOTE):
        mention = mention_of(clause.cut(start, len(clause) - 1), ())
        if (
            mention
            and (clause.tokens[start].is_capitalised or mention.refers == "focus")
            and clause.word(len(clause) - 2) not in ("as", "with", "the")
        ):
            return Tag(mention, (last.inner.lower(),), remove)
    return Puzzled("Say which record and which tag, for instance: tag Acme as key account.", "tag a record")


_UNDER_TAG = (
    "to tag",
    "to the tag",
    "under tag",
    "under the tag",
    "the tag",
    "with tag",
    "with the tag",
    "a tag",
    "to label",
)


def _under_tag(clause: Clause) -> Tag | None:
    """ "add Globex to tag strategic", "give Acme the tag vip"."""
    if clause.word(0) not in ("add", "put", "give", "file"):
        return None
    for at in range(2, len(clause) - 1):
        length = clause.starts(at, *_UNDER_TAG)
        words = tag_words(clause.cut(at + length)) if length and at + length < len(clause) else []
        if words and (clause.tokens[1].is_capitalised or clause.word(1) in ("the", "it", "that")):
            mention = mention_of(clause.cut(1, at), ())
            return Tag(mention, tuple(words)) if mention and mention.refers != "me" else None
    return None
