"""People named by what they do: "COO of Initech", "the head of procurement at Solvento", "Acme's CFO"."""

from agent.offline.clause import Clause
from agent.offline.form import Mention
from agent.offline.lexicon.kinds import COMPANIES, kind_at
from agent.offline.text import Shape
from agent.offline.words import word_set

_SHORT = word_set("ceo cfo coo cto cio cmo cso cpo chro ciso vp svp evp md cro")
_FIRST = _SHORT | word_set("head director president chief chairman chairwoman chair founder boss")
_LAST = _SHORT | word_set(
    "head director manager president chief chairman founder boss buyer engineer lead analyst assistant secretary controller "
    "accountant planner supervisor officer consultant specialist coordinator administrator clerk architect"
)
_PRIMARY = (("primary", "contact"), ("main", "contact"), ("key", "contact"), ("contact", "person"))
_EXPANDED = {
    "ceo": "chief executive officer", "cfo": "chief financial officer", "coo": "chief operating officer",
    "cto": "chief technology officer", "cio": "chief information officer", "cmo": "chief marketing officer",
    "cpo": "chief procurement officer", "ciso": "chief information security officer", "vp": "vice president",
    "svp": "senior vice president", "md": "managing director", "chro": "chief human resources officer", "boss": "managing director",
}  # fmt: skip
PRIMARY = "primary contact"


def readings(title: str) -> list[frozenset[str]]:
    """The words a title has to hold, in each way it may be written."""
    words = [word for word in title.lower().replace("-", " ").split() if word not in ("of", "the", "for", "and", "&")]
    found = [frozenset(words)]
    for index, word in enumerate(words):
        if word in _EXPANDED:
            found.append(frozenset([*words[:index], *_EXPANDED[word].split(), *words[index + 1 :]]))
    spelt = {frozenset(full.split()): short for short, full in _EXPANDED.items()}
    found.extend(frozenset({*(found[0] - full), short}) for full, short in spelt.items() if full <= found[0])
    return found


def is_job_title(clause: Clause) -> bool:
    """Whether words by themselves say what somebody does: "VP Sales", "procurement manager", "Head of IT"."""
    words = clause.words(0, len(clause))
    return 0 < len(words) <= 6 and (words[0] in _FIRST or words[-1] in _LAST)


def role_of(clause: Clause) -> Mention | None:
    """The person by title and company; None when the words are no title, or name no company."""
    clause = clause.cut(clause.skip(0, "the", "our", "their", "a", "an"))
    hit = kind_at(clause.tokens, 0) if len(clause) else None
    if hit and hit[0].kinds != ("contact",):
        return None
    for at in range(len(clause) - 2, 0, -1):
        if clause.shape(at) is Shape.POSSESSIVE:
            return _role(clause.cut(at + 1), clause.cut(0, at))
        if clause.word(at) in ("at", "of", "from", "for", "in", "@") and clause.shape(at) in (Shape.WORD, Shape.MARK):
            return _role(clause.cut(0, at), clause.cut(clause.skip(at + 1, "the")))
    if len(clause) >= 2 and clause.word(len(clause) - 1) in _SHORT:
        return _role(clause.cut(len(clause) - 1), clause.cut(0, len(clause) - 1))
    return None


def _role(title: Clause, company: Clause) -> Mention | None:
    words = title.words(0, len(title))
    if (
        not 0 < len(words) <= 7
        or not len(company)
        or {"is", "are", "was"} & set(company.words(0, len(company)))
        or any(token.shape not in (Shape.WORD, Shape.MARK) for token in title.tokens)
    ):
        return None
    named = company.said()
    is_company = company.tokens[0].is_capitalised or company.shape(0) is Shape.QUOTE or len(company) == 1
    if words in _PRIMARY:
        return Mention(PRIMARY, ("contact",), "role", at=Mention(named, COMPANIES))
    if words == ("contact", "person") or not is_company or not (words[0] in _FIRST or words[-1] in _LAST):
        return None
    if words in (("head",), ("vp",), ("chief",)) and not company.tokens[0].is_capitalised:
        return None
    if words[:2] in (("account", "manager"), ("account", "owner"), ("deal", "owner")):
        return None
    return Mention(title.said(), ("contact",), "role", at=Mention(named, COMPANIES))
