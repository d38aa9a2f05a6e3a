"""Places and trades in a list's conditions: "in Germany", "based in Berlin", "in the energy sector"."""

from rapidfuzz import process
from rapidfuzz.distance import OSA

from agent.offline.clause import Clause
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.grammar.conditions.wording import name_end
from agent.offline.lexicon.fields import fields_of
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.places import ADJECTIVES, countries
from agent.offline.words import word_set

_PLACE_SAID = Phrases.of(
    "in, from, based in, located in, headquartered in, in the, that are in, who are in, country is, "
    "country =, country, with country, with headquarters in, out of"
)


def read_place(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "in Germany", "based in Berlin", "from France", "German"."""
    if found.kinds == ("contact",) and not found.conditions:
        as_people = Gathered(("individual",))
        if (end := read_place(clause, at, as_people)) is not None:
            found.kinds, found.conditions = as_people.kinds, as_people.conditions
        return end
    own = fields_of(found.kind)
    if clause.word(at) in ADJECTIVES and "country" in own:
        found.add("country", "=", ADJECTIVES[clause.word(at)], f"in {ADJECTIVES[clause.word(at)]}")
        return at + 1
    if outside := _outside(clause, at, found):
        return outside
    length = clause.length(_PLACE_SAID, at)
    if not length or clause.when(at + length) or clause.when(at):
        return None
    country = clause.at(countries(), at + length) or (
        clause.at(countries(), at + length + 1) if clause.word(at + length) == "the" else None
    )
    if country or (country := _misspelt(clause, at + length)):
        return _countries(clause, country, found)
    if (
        "city" in own
        and clause.word(at + length - 1) == "in"
        and clause.tokens[at + length : at + length + 1]
        and clause.tokens[at + length].is_capitalised
    ):
        end = name_end(clause, at + length)
        found.add("city", "~", clause.said(at + length, end), f"in {clause.said(at + length, end)}")
        return end
    return None


def _countries(clause: Clause, first: tuple[str, int], found: Gathered) -> int | None:
    """ "Germany", "Germany or France", "Spain, Italy and Portugal": any of them."""
    if "country" not in fields_of(found.kind):
        return None
    names, end = [first[0]], first[1]
    while clause.word(end) in ("or", "and", ","):
        more = clause.at(countries(), clause.skip(end, "or", "and", ",", "in", "the", "from"))
        if more is None:
            break
        names.append(more[0])
        end = more[1]
    told = " or ".join(names)
    found.add("country", "in" if len(names) > 1 else "=", ", ".join(names), f"in {told}")
    return end


_OUTSIDE = Phrases.of(
    "outside, outside of, not in, not from, not based in, not located in, except in, except, that are not in, excluding"
)


def _outside(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "outside Germany", "not in the UK"."""
    length = clause.length(_OUTSIDE, at)
    country = clause.at(countries(), clause.skip(at + length, "the")) if length else None
    if country is None or "country" not in fields_of(found.kind):
        return None
    found.add("country", "!=", country[0], f"not in {country[0]}")
    return country[1]


def _misspelt(clause: Clause, at: int) -> tuple[str, int] | None:
    """A country's name with one or two letters wrong, which no town or trade is called."""
    word = clause.word(at)
    if len(word) < 5 or not word.isalpha():
        return None
    names = {phrase: name for phrase, name in countries().items() if " " not in phrase and len(phrase) >= 5}
    near = process.extractOne(word, list(names), scorer=OSA.distance, score_cutoff=1 if len(word) < 8 else 2)
    return (names[near[0]], at + 1) if near else None


def read_department(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "in procurement", "from the finance department", "working in IT"."""
    length = clause.length(_INDUSTRY_SAID, at)
    if found.kind != "contact" or not length or at + length >= len(clause) or clause.when(at + length):
        return None
    end = clause.skip(at + length, "the")
    named = clause.said(end, end + 1)
    if not named or (clause.tokens[end].is_capitalised and clause.tokens[end].text not in ("IT", "HR", "R&D")):
        return None
    found.add("department", "~", named, f"in {named}")
    return clause.skip(end + 1, "department", "dept", "team")


_INDUSTRY_SAID = Phrases.of(
    "in the, in, from the, within the, industry, industry is, industry =, sector, with industry, "
    "working in, active in, operating in"
)


_INDUSTRY_WORDS = word_set(
    "industry sector space business , with over above in owned that who ? . from without and since created "
    "have has had haven't hasn't are is were was we nobody"
)


def read_industry(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "in the software industry", "in finance", "from the retail sector", "industry is energy"."""
    if "industry" not in fields_of(found.kind):
        return None
    length = clause.length(_INDUSTRY_SAID, at)
    if not length or clause.when(at) or at + length >= len(clause):
        return None
    end = at + length
    while end < len(clause) and clause.word(end) not in _INDUSTRY_WORDS:
        end += 1
    named = clause.said(at + length, end)
    if not named or end - at - length > 3:
        return None
    found.add("industry", "~", named, f"in {named}")
    return clause.skip(end, "industry", "sector", "space", "business")
