"""What texts say: "search for onboarding problems", "calls about pricing", "unhappy customers who mentioned billing"."""

from dataclasses import dataclass, replace

from agent.offline.clause import Clause
from agent.offline.form import Condition, Mention, SearchFor
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.talks import without_end_marks
from agent.offline.lexicon.kinds import kind_at
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.lexicon.places import countries
from agent.offline.text import Shape
from agent.offline.values.calendar import When
from agent.offline.words import word_set

TALKED = ("interaction", "note")
"""Where people's own words are kept."""
_LEADS_IN = Phrases.of(
    "show me, show, find, find me, list, get me, get, give me, look for, pull up, tell me, i need, i want, i want to see, are there, "
    "is there, do we have, do i have, have we got, have we, can i see, see, what are, which, any, all, all the, the, find all, show all, "
    "show me all, list all, find any, show me the, find the, let me see, who are, where are, what"
)
_SEARCHES = Phrases.of(
    "search for, search, do a search for, run a search for, semantic search for, full text search for, search everything for, "
    "search in, search through, search the crm for, search our crm for, search all records for, look through, go through, comb through"
)
_ANYTHING = Phrases.of(
    "anything, something, everything, any mention, any mentions, mentions, any news, any record, any records, records, any text, texts, "
    "passages, whatever we have, whatever we know, what do we have, what do we know, what have we, what is there, all we have, all we know"
)
_ABOUT = Phrases.of(
    "about, regarding, concerning, mentioning, that mention, which mention, that mentioned, which mentioned, discussing, talking about, "
    "that talk about, that discuss, that talk of, on the subject of, on the topic of, dealing with, that deal with, referring to, "
    "that refer to, where somebody mentions, where someone mentions, where they mention, where they mentioned, where we talked about, "
    "where we discussed, in which we discussed, in which they mention, complaining about, that complain about, with complaints about, "
    "asking about, that ask about, related to, to do with, having to do with, of, on, for"
)
_LOOSE = ("of", "on", "for")
"""Said of things as well as of topics: they count only after words that can mean nothing else."""
_PEOPLE = word_set(
    "who whoever anyone anybody someone somebody customers customer clients client accounts account people contacts "
    "companies they prospects"
)
_SAYING = Phrases.of(
    "complained, complain, complains, complaining, mentioned, mention, mentions, mentioning, brought up, raised, reported, praised, "
    "worried, is worried, are worried, was worried, were worried, concerned, is concerned, are concerned, "
    "unhappy, is unhappy, are unhappy, was unhappy, were unhappy, happy, is happy, are happy, were happy, was happy, "
    "angry, is angry, are angry, was angry, were angry, frustrated, is frustrated, are frustrated, were frustrated, "
    "annoyed, is annoyed, are annoyed, were annoyed, dissatisfied, is dissatisfied, are dissatisfied, disappointed, are disappointed, "
    "satisfied, are satisfied, upset, is upset, are upset, furious, are furious, asked about, ask about, asked for help with, "
    "talked about, talk about, spoke about, wrote about, said something about, said anything about, had trouble, had problems, "
    "have trouble, have problems, had issues, have issues, struggle, struggled, struggling, are struggling, threatened, "
    "are thinking about, are considering, is considering, want to cancel, wants to cancel, wanted to cancel, criticised, criticized"
)
_FEELING = word_set(
    "unhappy happy angry frustrated annoyed dissatisfied disappointed satisfied upset furious worried concerned displeased"
)
_SAID_OF = Phrases.of(
    "did customers say, do customers say, did clients say, do clients say, did people say, do people say, did they say, do they say, "
    "did customers think, do customers think, do people think, do clients think, was said, has been said, is being said, "
    "did customers write, are customers saying, are people saying, have customers said"
)
_TIERS: Phrases[str] = grouped(
    (
        (
            "enterprise",
            "enterprise customers, enterprise accounts, enterprise clients, enterprise companies, our enterprise customers",
        ),
        ("mid_market", "mid-market customers, mid-market accounts, midmarket customers, mid market customers"),
        ("smb", "smb customers, smb accounts, small customers, smbs, smb clients"),
    )
)
_LIKE = Phrases.of(
    "like, similar to, that look like, that are like, resembling, comparable to, that resemble, much like"
)
_BIGGEST = Phrases.of(
    "our biggest win, our largest win, our best win, the biggest win, the largest win, my biggest win, our biggest deal, "
    "our largest deal, our biggest won deal, the biggest deal we won, the largest deal we won, our top deal, our top win"
)
_SINCE = word_set("since after")
_IN = word_set("in during over within from since after the of for on through throughout")
_PRONOUNS = word_set("it this that them him her us me you one ones which who what")


@dataclass(slots=True)
class _Narrowed:
    """What stands at the end of a search and is no part of its topic."""

    conditions: list[Condition]
    account: Mention | None = None


def read_search(clause: Clause) -> SearchFor | None:
    """What is looked for in texts; None for what names a record, or is counted."""
    clause = without_end_marks(clause)
    for reading in (_like, _explicit, _anything, _said_of, _of_kind, _by_people):
        if (found := reading(clause)) is not None:
            return found
    return None


def _like(clause: Clause) -> SearchFor | None:
    """ "deals like our biggest win this quarter", "tasks similar to the Globex kick-off"."""
    at = _after_leads(clause)
    kind = kind_at(clause.tokens, at)
    length = clause.length(_LIKE, kind[1]) if kind else 0
    if kind is None or not length or kind[0].kinds[0] == "user":
        return None
    start = kind[1] + length
    kinds, conditions = kind[0].kinds, [Condition(column, "=", value, "") for column, value in kind[0].where]
    biggest = clause.at(_BIGGEST, start)
    if biggest is not None:
        read = clause.when(biggest[1])
        if biggest[1] < len(clause) and (read is None or read[1] != len(clause)):
            return None
        when = read[0].past if read else None
        return SearchFor(
            "", kinds, tuple(conditions), like_best=True, best_within=_bounds(when), said=clause.said(start)
        )
    mention = mention_of(clause.cut(start), ())
    return SearchFor("", kinds, tuple(conditions), like=mention, said=clause.said(start)) if mention else None


def _explicit(clause: Clause) -> SearchFor | None:
    """ "search for onboarding problems", "search our notes for a works council"."""
    length = clause.length(_SEARCHES, 0)
    if not length:
        return None
    at = clause.skip(length, "the", "our", "all", "my", "in", "through", "of")
    kind = kind_at(clause.tokens, at)
    if kind and clause.word(kind[1]) in ("for", "about", "on", "mentioning", "regarding"):
        return _searched(clause, kind[1] + 1, kind[0].kinds, kind[0].where)
    return _searched(clause, length, ())


def _anything(clause: Clause) -> SearchFor | None:
    """ "anything about data residency last quarter", "do we have anything on GDPR"."""
    starts = (0, _after_leads(clause))
    for start in starts:
        length = clause.length(_ANYTHING, start)
        about = clause.length(_ABOUT, start + length) if length else 0
        if about:
            return _searched(clause, start + length + about, ())
    return None


def _said_of(clause: Clause) -> SearchFor | None:
    """ "what did customers say about the new release"."""
    at = clause.skip(0, "what")
    length = clause.length(_SAID_OF, at) if at else 0
    about = clause.length(_ABOUT, at + length) if length else 0
    return _searched(clause, at + length + about, TALKED) if about else None


def _of_kind(clause: Clause) -> SearchFor | None:
    """ "calls about pricing", "show me my notes mentioning the works council"."""
    at = _after_leads(clause)
    is_mine = clause.word(at) == "my"
    at = clause.skip(at, "my", "our", "all", "the", "recent", "any")
    kind = kind_at(clause.tokens, at)
    if kind is None or kind[0].kinds[0] not in (*TALKED, "task"):
        return None
    length = clause.length(_ABOUT, kind[1])
    if not length or clause.words(kind[1], length) in {(word,) for word in _LOOSE}:
        return None
    found = _searched(clause, kind[1] + length, kind[0].kinds, kind[0].where)
    if found is None or not is_mine:
        return found
    mine = Condition("owner", "=", Mention("me", ("user",), "me"), "yours")
    return replace(found, conditions=(*found.conditions, mine))


def _by_people(clause: Clause) -> SearchFor | None:
    """ "who complained about billing", "unhappy customers who mentioned billing", "which customers are unhappy with support"."""
    at = _after_leads(clause)
    start = at
    is_felt = clause.word(at) in _FEELING
    at = clause.skip(at, *_FEELING, "and", "or", "very", "our", "the")
    if clause.word(at) not in _PEOPLE:
        return None
    at = clause.skip(at, *_PEOPLE)
    saying = clause.length(
        _SAYING, clause.skip(at, "that", "have", "has", "had", "ever", "recently", "also", "really", "already")
    )
    about = clause.length(_ABOUT, at)
    if not saying and not (is_felt and about):
        return None
    return _searched(clause, start, TALKED, is_told=True)


def _searched(
    clause: Clause,
    start: int,
    kinds: tuple[str, ...],
    where: tuple[tuple[str, str], ...] = (),
    *,
    is_told: bool = False,
) -> SearchFor | None:
    """A search for what stands from here on, without what only narrows it; None when that is the name of a record."""
    end, narrowed = _narrowing(clause, start)
    topic = clause.cut(clause.skip(start, "the", "a", "an", "any", "our", "all"), end)
    if not len(topic) or (not is_told and (_is_name(topic) or _is_listed(topic))):
        return None
    query = clause.said(start, end) if is_told else topic.said()
    conditions = [*(Condition(column, "=", value, "") for column, value in where), *narrowed.conditions]
    return SearchFor(query, kinds, tuple(conditions), account=narrowed.account)


def _is_name(topic: Clause) -> bool:
    """Whether it is called by a name, or pointed at: other readers know records."""
    words = [token for token in topic.tokens if token.word not in ("the", "of", "and", "at", "for", "with", "'s")]
    if not words or all(token.word in _PRONOUNS for token in words):
        return True
    if any(token.shape is Shape.QUOTE for token in words):
        return all(token.inner[:1].isupper() for token in words)
    named = [token for token in words if token.is_capitalised and not token.inner.isupper()]
    return bool(named) and (
        len(named) == len(words) or words[0] in named or kind_at(topic.tokens, len(topic) - 1) is not None
    )


def _is_listed(topic: Clause) -> bool:
    """Whether records are meant that a list knows by their fields: "open deals", "tasks about deals in negotiation"."""
    feels = any(token.word in _FEELING or topic.length(_SAYING, at) for at, token in enumerate(topic.tokens))
    found = (hit[0].kinds[0] for at in range(len(topic)) if (hit := kind_at(topic.tokens, at)))
    return any(kind not in TALKED and not feels for kind in found)


def _narrowing(clause: Clause, start: int) -> tuple[int, _Narrowed]:
    """Where the topic ends, and the time, tier, country and account that stand behind it."""
    narrowed = _Narrowed([])
    end = len(clause)
    while end > start:
        cut = _time(clause, start, end, narrowed) or _place(clause, start, end, narrowed)
        if cut is None:
            break
        end = cut
    return end, narrowed


def _time(clause: Clause, start: int, end: int, narrowed: _Narrowed) -> int | None:
    for at in range(start + 1, end):
        skipped = clause.skip(at, *_IN)
        read = clause.when(skipped) or clause.when(at)
        if read is None or read[1] != end:
            continue
        is_open = bool(_SINCE & set(clause.words(at, skipped - at)))
        when = read[0].past
        narrowed.conditions.append(
            Condition("date", ">=", when.start.isoformat(), f"{'since' if is_open else 'in'} {when.said}")
        )
        if not is_open:
            narrowed.conditions.append(Condition("date", "<", when.end.isoformat(), ""))
        return at
    return None


def _place(clause: Clause, start: int, end: int, narrowed: _Narrowed) -> int | None:
    """ "from enterprise customers", "in Germany", "at Acme"."""
    for at in range(start + 1, end):
        if clause.word(at) not in ("from", "by", "of", "at", "with", "in", "among"):
            continue
        tier = clause.at(_TIERS, at + 1)
        if tier and tier[1] == end:
            narrowed.conditions.append(Condition("tier", "=", tier[0], clause.said(at + 1, end)))
            return at
        country = clause.at(countries(), clause.skip(at + 1, "the"))
        if country and country[1] == end and clause.word(at) in ("in", "from"):
            narrowed.conditions.append(Condition("country", "=", country[0], f"in {country[0]}"))
            return at
        if clause.word(at) in ("at", "from", "with") and clause.tokens[at + 1 : end] and narrowed.account is None:
            name = clause.cut(at + 1, end)
            if all(token.is_capitalised and not token.inner.isupper() for token in name.tokens):
                narrowed.account = mention_of(name, ("account",))
                return at if narrowed.account else None
    return None


def _bounds(when: When | None) -> tuple[str, str] | None:
    return (when.start.isoformat(), when.end.isoformat()) if when else None


def _after_leads(clause: Clause) -> int:
    at = 0
    while length := clause.length(_LEADS_IN, at):
        at += length
    return at
