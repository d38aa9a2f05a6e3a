"""Other fields in a list's conditions: "without a phone", "called Smith", "tagged vip", "at Acme"."""

from agent.offline.clause import Clause
from agent.offline.grammar.conditions.gathered import Gathered, about, name_mention, whose
from agent.offline.grammar.conditions.wording import BOUNDS, name_end
from agent.offline.grammar.mentions import mention_of, name_in
from agent.offline.lexicon.fields import field_at, fields_of
from agent.offline.lexicon.kinds import kind_at, label_column, owner_column
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.text import Shape
from schema.fields import FieldType

_LACKING_SAID = Phrases.of(
    "without, with no, missing, lacking, that have no, have no, who have no, having no, that lack, no, "
    "without any, with missing, has no, do not have, don't have, that don't have"
)


_LACKING_SAID_2 = Phrases.of("with, that have, who have, having, have")


def read_lacking(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "without a phone", "with no email", "missing an owner", "that have an e-mail"."""
    without = clause.length(_LACKING_SAID, at)
    having = 0 if without else clause.length(_LACKING_SAID_2, at)
    length = without or having
    if not length:
        return None
    start = clause.skip(at + length, "a", "an", "any", "known", "the")
    hit = clause.field_at(start, (found.kind,))
    if hit is None or hit[0].name in ("tags", "participants"):
        return None
    end = clause.skip(
        hit[1], "set", "known", "on", "file", "given", "entered", "recorded", "yet", "specified", "filled"
    )
    end += clause.word(end) == "in" and clause.word(end - 1) == "filled"
    if having and (end < len(clause) and clause.word(end) not in (",", "and", "?", ".", "in", "at")):
        return None
    found.add(
        hit[0].name,
        "is",
        "null" if without else "not null",
        f"{'without' if without else 'with'} {hit[0].label or hit[0].name.removesuffix('_id').replace('_', ' ')}",
    )
    return end


_CALLED_SAID = Phrases.of(
    "called, named, titled, containing, with the name, with name, whose name contains, whose name is, "
    "that contain, whose title contains, with the title, name contains, matching, like, by the name of, "
    "name like, with surname, whose last name is, with the last name, with last name, with the surname, "
    "whose surname is"
)


def read_called(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "called Smith", "named Acme", "whose name contains data", "mentioning pricing"."""
    length = clause.length(_CALLED_SAID, at)
    if not length or at + length >= len(clause):
        return None
    if "title" in clause.words(at, length) and label_column(found.kind) != "title" and "title" in fields_of(found.kind):
        return None
    end = name_end(clause, at + length)
    column = label_column(found.kind)
    name = name_in(clause.cut(at + length, end))
    found.add(column, "~", name, f"named {name}")
    return end


_TAGGED_SAID = Phrases.of(
    "tagged, tagged as, tagged with, with the tag, with tag, labelled, labeled, with the label, "
    "having the tag, that are tagged, labelled as, with a tag, that have the tag, tag is, tag =, tag:, "
    "which are tagged, marked as, who are tagged, carrying the tag, have the tag, has the tag"
)


def read_tagged(clause: Clause, at: int, found: Gathered) -> int | None:
    if clause.shape(at) is Shape.TAG:
        found.add("tag", "=", clause.tokens[at].word.lstrip("#"), f"tagged {clause.word(at)}")
        return at + 1
    length = clause.length(_TAGGED_SAID, at)
    if not length or at + length >= len(clause):
        return None
    end = name_end(clause, at + length)
    tag = name_in(clause.cut(at + length, end)).lower().lstrip("#")
    found.add("tag", "=", tag.replace(" ", "-") if " " in tag else tag, f"tagged {tag}")
    return end


_FIELD_IS_SAID = Phrases.of("is, contains, =, :, like, of, containing, equals, includes")


def read_field_is(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "department sales", "title contains director", "source is referral", "department = IT"."""
    start = clause.skip(at, "with", "whose", "where", "the", "a", "an")
    hit = field_at(clause.tokens, start, (found.kind,)) if start < len(clause) else None
    if hit is None or hit[0].type is not FieldType.TEXT:
        return None
    length = clause.length(_FIELD_IS_SAID, hit[1])
    if hit[1] + length >= len(clause):
        return None
    end = name_end(clause, hit[1] + length)
    text = name_in(clause.cut(hit[1] + length, end))
    if not text:
        return None
    found.add(hit[0].name, "~", text, f"{hit[0].name.replace('_', ' ')} {text}")
    return end


_WITH_RECORD_SAID = Phrases.of(
    "at, for, with, of, from, about, on, regarding, to, related to, linked to, belonging to, concerning, "
    "by, in, involving, written by, attached to, under, around"
)


def read_with_record(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "at Acme", "for Globex", "with Maria Lopez", "about the Acme renewal", "by Ben"."""
    length = clause.length(_WITH_RECORD_SAID, at)
    if not length or at + length >= len(clause) or clause.when(at + length):
        return None
    said = clause.words(at, length)
    if said == ("with",) and clause.word(at + 1) == "us":
        # All customers are: "who has been with us since 2024".
        return at + 2
    end = name_end(clause, at + length)
    part = clause.cut(at + length, end)
    column = owner_column(found.kind)
    if said[-1] == "by" and column:
        mention = mention_of(part, ("user",))
        if mention:
            found.add(column, "=", mention, f"by {mention.spoken}")
        return end if mention else None
    if said == ("in",) and not any(t.is_capitalised for t in part.tokens):
        return None
    mention = mention_of(part, name_mention(part, found).kinds)
    plural = kind_at(part.tokens, 0)
    if mention is None or (
        plural and plural[1] == 1 and part.word(0).endswith("s") and not part.tokens[0].is_capitalised
    ):
        return None
    if said[-1] in ("for", "of") and column and mention.refers == "name" and not mention.kinds[2:]:
        whose(mention, found)
        return end
    about(mention, found)
    if found.kind == "interaction" and said in (("from",), ("to",)) and mention.refers != "me":
        way = "inbound" if said == ("from",) else "outbound"
        found.add("direction", "=", way, way)
    return end


_FROM = Phrases.of(
    "from, coming from, came from, that came from, which came from, via, through, that came via, came via, coming via, sourced from, "
    "sourced by, that came through, came through, from the source, with the source, generated by, that come from, come from, comes from"
)
_SOURCES: Phrases[str] = grouped(
    (
        ("website", "website, the website, our website, the web, online, inbound web"),
        ("referral", "referral, referrals, a referral, recommendation, recommendations, word of mouth"),
        (
            "trade fair",
            "trade fair, trade fairs, a trade fair, fairs, fair, trade show, trade shows, exhibitions, exhibition",
        ),
        ("partner", "partner, partners, a partner, our partners, the partners"),
        ("outbound", "outbound, cold calls, cold calling, outreach"),
        (
            "existing customer",
            "existing customer, existing customers, existing clients, current customers, an existing customer",
        ),
    )
)
"""Where leads usually come from; what a company writes there is its own."""


def is_source(clause: Clause, at: int) -> bool:
    """Whether a word belongs to where leads came from: the customers of "from existing customers"."""
    return any(
        (length := clause.length(_FROM, start))
        and (hit := clause.at(_SOURCES, start + length))
        and start + length <= at < hit[1]
        for start in range(max(0, at - 4), at)
    )


def read_source(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "that came from trade fairs", "from referrals", "via the website"."""
    length = clause.length(_FROM, at)
    hit = clause.at(_SOURCES, at + length) if length and found.kind == "opportunity" else None
    if hit is None:
        return None
    found.add("source", "=", hit[0], f"from {hit[0]}")
    return hit[1]


_LOST_TO = Phrases.of("to a, to the, to an, to, over, on")
_BECAUSE = Phrases.of("because of, due to, on account of, because, for the reason, with reason, with loss reason")


def read_reason(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "lost because of price", "lost due to no budget"."""
    length = clause.length(_BECAUSE, at) or (clause.length(_LOST_TO, at) if found.has("is_lost") else 0)
    if not length or found.kind != "opportunity" or at + length >= len(clause):
        return None
    if clause.word(at + length) in ("close", "end", "start", "finish", "be"):
        # "due to close in December" tells when, not why.
        return None
    start = clause.skip(at + length, "the", "of")
    end = next((i for i in range(start + 1, len(clause)) if _begins_time(clause, i)), len(clause))
    reason = name_in(clause.cut(start, end))
    found.add("loss_reason", "~", reason, f"lost because of {reason}")
    return end


def _begins_time(clause: Clause, at: int) -> bool:
    bound = clause.at(BOUNDS, at)
    return clause.when(at) is not None or (bound is not None and clause.when(clause.skip(bound[1], "the")) is not None)
