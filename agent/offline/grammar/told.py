"""Words that tell of something that happened: "spoke to", "left a voicemail for", "Ana called", "sent Viktor an email"."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.offline.clause import Clause
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.words import word_set


@dataclass(frozen=True, slots=True)
class Told:
    """What kind of interaction is told of, which way it went, and what is known of it without another word."""

    kind: str
    direction: str = ""
    body: str = ""


_CALL, _MISSED = Told("call"), Told("call", "outbound", "No answer")
_WE_DID: tuple[tuple[Told, str], ...] = (
    (
        _CALL,
        (
            "spoke to, spoke with, talked to, talked with, phoned with, was on the phone with, been on the phone with, "
            "got off the phone with, got off a call with, got off the line with, had a word with, caught up with, "
            "finished a call with, had a phone call with, had a call with, spoken to, spoken with, talked by phone with"
        ),
    ),
    (Told("call", "outbound"), "called, phoned, rang, dialled, rang up, called up, called back, phoned back"),
    (
        _MISSED,
        (
            "no answer from, no reply on the phone from, couldn't reach, could not reach, couldn't get hold of, "
            "could not get hold of, couldn't get through to, unable to reach, tried to reach, tried calling, tried to call, "
            "tried, tried ringing, tried to ring, tried to phone, tried phoning, attempted to call"
        ),
    ),
    (
        Told("call", "outbound", "Left a voicemail"),
        (
            "left a voicemail for, left a voicemail with, left voicemail for, left a voice message for, left a voicemail to, "
            "left a voice mail for"
        ),
    ),
    (Told("call", "outbound", "Left a message"), "left a message for, left a message with"),
    (
        Told("call", "inbound"),
        (
            "got a call from, received a call from, call from, phone call from, had a call from, missed a call from, "
            "call received from, incoming call from, inbound call from, missed call from, got called by, took a call from, "
            "got a phone call from, received a phone call from"
        ),
    ),
    (
        Told("call", "inbound", "Left a voicemail"),
        "got a voicemail from, received a voicemail from, voicemail from, got a voice message from, had a voicemail from",
    ),
    (
        Told("meeting"),
        (
            "met, met with, met up with, had a meeting with, visited, had lunch with, had coffee with, had a coffee with, "
            "had dinner with, had breakfast with, had drinks with, sat down with, was at a meeting with, grabbed lunch with, "
            "grabbed a coffee with, grabbed coffee with, presented to, gave a demo to, did a demo for, did a demo with"
        ),
    ),
    (
        Told("email", "outbound"),
        (
            "emailed, e-mailed, mailed, sent an email to, sent email to, sent an e-mail to, sent e-mail to, wrote to, "
            "sent a mail to, wrote an email to, wrote an e-mail to, email sent to, e-mail sent to, mail sent to, sent mail to, "
            "email went to, replied to, responded to, answered the email from, dropped an email to, shot an email to"
        ),
    ),
    (
        Told("email", "inbound"),
        (
            "got an email from, received an email from, got an e-mail from, received an e-mail from, got a mail from, "
            "received a mail from, email from, e-mail from, mail from, email received from, e-mail received from, "
            "mail received from, received email from, got email from, got mail from, received mail from, got a reply from, "
            "received a reply from, reply from, email came in from, email in from, had an email from, had a mail from"
        ),
    ),
    (
        Told("chat"),
        (
            "chatted with, chatted to, exchanged messages with, texted with, messaged with, had a chat with, had a quick chat with"
        ),
    ),
    (
        Told("chat", "outbound"),
        "messaged, texted, whatsapped, pinged, sent a message to, sent a text to, sent a whatsapp to, dropped a message to",
    ),
    (
        Told("chat", "inbound"),
        (
            "got a message from, received a message from, got a text from, received a text from, message from, text from, "
            "whatsapp from, got a whatsapp from"
        ),
    ),
)
_TOLD = grouped(_WE_DID)
_TELLER = ("i", "we", "just", "have", "i've", "we've", "also", "finally", "had", "'ve", "only", "already")
_GAVE = ("sent", "gave", "dropped", "wrote", "shot", "left", "forwarded", "emailed", "mailed")
_GIVEN: Mapping[str, Told] = {
    "email": Told("email", "outbound"), "e-mail": Told("email", "outbound"), "mail": Told("email", "outbound"),
    "call": Told("call", "outbound"), "ring": Told("call", "outbound"), "bell": Told("call", "outbound"),
    "message": Told("chat", "outbound"), "text": Told("chat", "outbound"), "whatsapp": Told("chat", "outbound"),
    "voicemail": Told("call", "outbound", "Left a voicemail"), "demo": Told("meeting"), "visit": Told("meeting"),
}  # fmt: skip
THEY_DID: Phrases[Told] = grouped(
    (
        (Told("call", "inbound"), "called, phoned, rang, called back, rang back, phoned back, called in, rang in"),
        (
            Told("call", "inbound", "Left a voicemail"),
            "left a voicemail, left me a voicemail, left us a voicemail, left a voice message",
        ),
        (
            Told("email", "inbound"),
            (
                "emailed, e-mailed, mailed, wrote, wrote back, wrote in, replied, responded, emailed back, replied by email, "
                "sent an email, sent me an email, sent us an email, sent a mail, sent me a mail, sent us a mail, "
                "sent an e-mail, sent me an e-mail, replied to my email, replied to our email, replied to my mail, "
                "answered my email, answered our email, responded to my email, responded to our email"
            ),
        ),
        (
            Told("chat", "inbound"),
            (
                "messaged, texted, pinged, whatsapped, sent a message, sent me a message, sent me a text, sent us a message, "
                "wrote me on chat, wrote us on chat, wrote on chat, wrote in chat, wrote me in chat, wrote in the chat, "
                "wrote me on whatsapp, wrote on whatsapp, wrote me on slack, wrote on slack, wrote me on teams, wrote on teams, "
                "wrote me a message, wrote me a text, wrote via chat, wrote me via chat"
            ),
        ),
        (Told("meeting", "inbound"), "visited, dropped by, came by, stopped by, came to see, visited us"),
        (
            _MISSED,
            "did not answer, didn't answer, did not pick up, didn't pick up, was not reachable, wasn't reachable",
        ),
    )
)
"""What the other side did, by its words."""


def teller_end(clause: Clause, at: int) -> int:
    """The position after "I just", "we have"."""
    return clause.skip(at, *_TELLER)


def told_at(clause: Clause, at: int) -> tuple[Told, int] | None:
    """What is told of from a position on, and where the words for it end."""
    told = clause.at(_TOLD, at) or clause.at(_TOLD, teller_end(clause, at))
    return None if told and clause.word(told[1] - 1) == "tried" and not _is_somebody(clause, told[1]) else told


def _is_somebody(clause: Clause, at: int) -> bool:
    """Whether a bare name stands here: "tried Javier Ruiz, …", and not "tried the new portal"."""
    end = at
    while end < len(clause) and clause.tokens[end].is_capitalised:
        end += 1
    return at + 1 < end <= at + 4 and clause.word(end) in _AFTER_NAME


_AFTER_NAME = (
    "",
    ",",
    ".",
    "-",
    ":",
    ";",
    "!",
    "but",
    "today",
    "yesterday",
    "again",
    "twice",
    "at",
    "from",
    "earlier",
    "this",
    "just",
)


def is_told(clause: Clause, at: int) -> bool:
    """Whether something that happened is told from here on, so that what follows may be its text."""
    return told_at(clause, at) is not None


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody was sent or given: "sent Viktor an email", "sent the offer to Viktor", "sent Ana the offer"."""

    told: Told
    who: Clause
    end: int
    """Where what follows it begins."""


_ARTICLES = (
    "a",
    "an",
    "the",
    "our",
    "my",
    "another",
    "over",
    "some",
    "two",
    "three",
    "it",
    "out",
    "updated",
    "revised",
)
_ENDS_NAME = word_set(": , ; . ! ? - about regarding yesterday today on this that and so with for last at")


def given_at(clause: Clause, at: int) -> Given | None:
    """Something sent to somebody, from a position on."""
    at = teller_end(clause, at)
    if clause.word(at) not in _GAVE:
        return None
    start = at + 1
    if start < len(clause) and clause.tokens[start].is_capitalised and not clause.when(start):
        end = _name_end(clause, start)
        return _sent_them(clause, at, start, end)
    if clause.word(start) not in _ARTICLES or clause.word(at) in ("gave", "left"):
        return None
    for to in clause.find("to", start=start):
        end = _name_end(clause, to + 1)
        if end > to + 1 and clause.tokens[to + 1].is_capitalised and not clause.when(to + 1):
            body = f"Sent {clause.said(start, to)}" if clause.word(at) != "forwarded" else clause.said(at, to)
            return Given(Told("email", "outbound", body), clause.cut(to + 1, end), end)
    return None


def _sent_them(clause: Clause, at: int, start: int, end: int) -> Given | None:
    """ "sent Viktor an email …", "sent Ana the offer"."""
    if clause.word(end) not in _ARTICLES:
        return None
    noun = clause.skip(end, "a", "an", "another", "quick", "short", "follow-up", "long")
    if noun > end and (told := _GIVEN.get(clause.word(noun))):
        return Given(told, clause.cut(start, end), noun + 1)
    if clause.word(at) in ("gave", "left", "wrote"):
        return None
    stop = next(
        (i for i in range(end, len(clause)) if clause.word(i) in (":", ",", ".", ";", "-") or clause.when(i)),
        len(clause),
    )
    return Given(Told("email", "outbound", f"Sent {clause.said(end, stop)}"), clause.cut(start, end), stop)


def _name_end(clause: Clause, start: int) -> int:
    at = start
    while at < len(clause) and (
        clause.tokens[at].is_capitalised or clause.word(at) in ("de", "van", "von", "der", "den", "da", "di", "la")
    ):
        if at > start and (clause.when(at) or clause.word(at) in _ENDS_NAME):
            break
        at += 1
    return at
