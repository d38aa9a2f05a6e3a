"""Words that say what is wanted, and words that only make it polite."""

from enum import Enum, auto

from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.words import word_set


class Verb(Enum):
    """What a request asks to be done."""

    SHOW = auto()
    COUNT = auto()
    ASK = auto()
    CREATE = auto()
    LOG = auto()
    REMIND = auto()
    SET = auto()
    MOVE = auto()
    MARK = auto()
    ASSIGN = auto()
    RENAME = auto()
    WIN = auto()
    LOSE = auto()
    CLOSE = auto()
    COMPLETE = auto()
    REOPEN = auto()
    CANCEL = auto()
    TAG = auto()
    UNTAG = auto()
    DELETE = auto()
    RESTORE = auto()
    UNDO = auto()
    POSTPONE = auto()
    CONTACT = auto()
    HELP = auto()


_SAID: tuple[tuple[Verb, str], ...] = (
    (
        Verb.SHOW,
        (
            "show, show me, show us, list, list out, display, find, find me, search, search for, look for, "
            "get, get me, give me, pull up, pull, bring up, look up, lookup, fetch, see, view, check, "
            "tell me about, tell me, tell me who, find out, dig up, print, details of, details on, "
            "details for, info on, information on, information about, info about, i want to see, let me see, "
            "could i see, can i see, may i see, can we see, could we see, "
            "any, are there, is there, are there any, is there any, do we have, do i have, do we have any, "
            "do i have any, have we got, have i got, got any, what about, go to, open up, summarise, "
            "summarize, all, every, which, what do we know about, what do you know about, everything about, "
            "everything on, everything we have on, all we have on, everything we know about, "
            "all we know about, what happened with, what happened at, what has happened with, history of, "
            "the history of, history for, any news on, any news from, news on, news from, what is new with, "
            "what is new at, what is going on with, what is going on at, what is up with, the latest on, "
            "latest on, what is the latest on, what is the latest with, brief me on, overview of, "
            "an overview of, summary of, a summary of, profile of, timeline of, timeline for, "
            "the timeline of, anything on, update me on, update on, bring me up to speed on, catch me up on, "
            "what do we have on, what have we got on, the low-down on, give me the low-down on, lowdown on, "
            "give me the lowdown on, give me a summary of, give me an overview of, give me everything on, pull up everything on, "
            "i am looking for, i'm looking for, looking for, i would like to see, i'd like to see, i need to see, i want to know about, "
            "i need info on, the contact details of, the contact details for, find the contact details of, "
            "can you find the contact details of, give me the contact details of, what are the contact details of, "
            "contact details of, contact details for, contact info for, contact info of, contact data of, "
            "details of, what can you tell me about, fill me in on, run me through, remind me about, i need details on, "
            "where can i find, do you have, can you find, have you got, got anything on, the details of, who exactly is"
        ),
    ),
    (
        Verb.ASK,
        (
            "what is, what are, what was, what were, who is, who are, whats, whos, what, who, when is, "
            "when was, when did, when does, where is, where are, when, where, which is, what kind of, "
            "who owns, how big is, how much is, how large is"
        ),
    ),
    (
        Verb.COUNT,
        (
            "how many, count, count of, count the, count all, number of, the number of, "
            "what is the number of, how many of, total number of, what number of, # of, no. of, nr of, "
            "tell me how many, show me how many, can you tell me how many, i want to know how many, let me know how many"
        ),
    ),
    (
        Verb.CREATE,
        (
            "create, create me, add, make, make me, set up, register, enter, insert, new, open a, open an, "
            "open a new, start, start a, put in, draft, add in, build, set me up"
        ),
    ),
    (
        Verb.LOG,
        (
            "log, logged, recorded, had, i had, we had, just had, i just had, we just had, held, i held, "
            "i have had, i've had, we've had, i've just had, just finished, i just finished, record, "
            "log that, note that, register, capture, track, write up, put down, document, make a record of, "
            "jot down, note down"
        ),
    ),
    (
        Verb.REMIND,
        (
            "remind me, remind me to, set a reminder, set me a reminder, set reminder, give me a reminder, "
            "don't let me forget, do not let me forget, don't forget, i need a reminder, put a reminder, "
            "make a reminder, reminder, todo, to do, to-do, task, follow-up, followup, reminder to, "
            "set up a reminder, nudge me, ping me"
        ),
    ),
    (
        Verb.SET,
        (
            "set, change, update, edit, modify, correct, fix, adjust, amend, raise, lower, increase, "
            "decrease, reduce, bump, bump up, alter, replace, switch, make, drop, cut, upgrade, downgrade, "
            "convert, turn"
        ),
    ),
    (Verb.MOVE, "move, push, advance, progress, shift, promote, take, bring, transition, put, drag, slide"),
    (Verb.MARK, "mark, flag, make, set, label, change, update, close out"),
    (
        Verb.ASSIGN,
        (
            "assign, reassign, re-assign, hand over, hand, transfer, give, pass, delegate, allocate, "
            "hand off, move, make"
        ),
    ),
    (Verb.RENAME, "rename, retitle, re-name, correct the spelling of, fix the spelling of"),
    (
        Verb.WIN,
        (
            "win, we won, we have won, we've won, won, we just won, i won, just won, we signed, we landed, "
            "we have just won, we've just won, we have signed, we've signed, we have just signed, "
            "we've just signed, we just signed, signed, we just closed"
        ),
    ),
    (Verb.LOSE, "lose, we lost, we have lost, we've lost, lost, we just lost, i lost, just lost"),
    (Verb.CLOSE, "close, close off, close out, close down, shut"),
    (
        Verb.COMPLETE,
        (
            "complete, finish, tick off, check off, done with, i have done, i've done, i finished, "
            "i completed, i have finished, i've finished, i've completed, i did, done, finished, completed, "
            "cross off, wrap up, i am done with, i'm done with, resolve"
        ),
    ),
    (Verb.REOPEN, "reopen, re-open, open again, reactivate, unclose, put back to open"),
    (Verb.CANCEL, "cancel, call off, abandon, drop, scrap"),
    (Verb.TAG, "tag, label, add the tag, add tag, add a tag, put the tag, add tags, add the tags, put a tag"),
    (
        Verb.UNTAG,
        ("untag, remove the tag, remove tag, take off the tag, delete the tag, un-tag, drop the tag, remove tags"),
    ),
    (
        Verb.DELETE,
        ("delete, remove, erase, trash, get rid of, bin, discard, throw away, throw out, drop, del, kill, purge"),
    ),
    (Verb.RESTORE, "restore, undelete, un-delete, bring back, recover, get back, reinstate, unarchive"),
    (Verb.UNDO, "undo, revert, roll back, rollback, take back, reverse, undo that, back out"),
    (
        Verb.POSTPONE,
        (
            "postpone, reschedule, delay, defer, push back, push out, move back, move up, bring forward, "
            "extend, push, snooze, put off, move"
        ),
    ),
    (
        Verb.CONTACT,
        (
            "call, email, e-mail, phone, ring, meet, message, text, write to, write, send, ping, mail, dial, "
            "schedule, book, invite, draft, compose, reply to, reply, forward"
        ),
    ),
    (
        Verb.HELP,
        (
            "help, help me, how do i, how can i, how to, how does one, how would i, what can you do, "
            "what can i do, what can i ask, how does this work, what do you do, commands, how do i use this, "
            "what are you able to do, who are you, what are you"
        ),
    ),
)


def _verbs() -> Phrases[tuple[Verb, ...]]:
    """Phrase → all it may ask for: "drop" deletes a record and lowers an amount."""
    found: dict[str, tuple[Verb, ...]] = {}
    for verb, line in _SAID:
        for phrase in line.split(","):
            found[phrase.strip()] = (*found.get(phrase.strip(), ()), verb)
    return Phrases(found)


VERBS = _verbs()
POLITE = grouped(
    (
        (
            True,
            (
                "please, pls, plz, kindly, hey, hi, hello, hi there, hey there, ok, okay, so, well, right, "
                "i'd say, i would say, i think, i guess, i believe, they signed, great news, good news, bad news, heads up, small update, "
                "quick update, we did it, fantastic, awesome, yay, hooray, hurray, super, perfect, "
                "alright, good morning, um, uh, erm, hmm, yo, dear agent, could you, can you, would you, "
                "will you, could u, can u, i need you to, i want you to, i would like you to, i'd like you to, "
                "i need to, i want to, i would like to, i'd like to, i wanna, would you mind, go ahead and, "
                "go and, just, quickly, also, then, and, now, and then, please could you, could you please, "
                "can you please, would you please, let us, let's, can we, could we, can i get, could i get, "
                "may i have, could i have, can i have, i need, i want, i would like, i'd like, i'd love, "
                "would you kindly, for me, quick one, actually, oh, ah, thanks, agent, crm, help me, try to, "
                "hope you are well, hope you're well, hope you are doing well, hope all is well, i hope you are well, need to, "
                "next, first, second, finally, after that, afterwards, btw, by the way, fyi, mind, "
                "bitte, please to, i'm after, i am after, just wondering, wondering, i was wondering, i am wondering, i'm wondering, "
                "the list of, a list of, i want see, i want to see, i wanna see, be so kind as to, "
                "quick question, question, one question, small question, one more thing, "
                "another one, quick check, sorry, "
                "excuse me, morning, good afternoon, good evening, hey team, dear crm, cheers, hiya, ciao, "
                "moin, hallo, be a dear and, you can, can you tell me, could you tell me, do you know, "
                "i'd like to know, "
                "i would like to know, i need to know, i want to know, let me know, also please, and please, "
                "and also, we should, we need to, we have to, i have to, i should, i must"
            ),
        ),
    )
)
OPENERS = Phrases.of(
    "quick one, quick question, question, one question, small question, one more thing, another one, quick check"
)
"""Words that only open a request, so that a colon after them begins no text."""
TRAILING = grouped(
    (
        (
            True,
            (
                "please, pls, plz, thanks, thank you, thx, cheers, ta, for me, now, right now, asap, right away, "
                "would you, could you, ok, okay, will you, thanks a lot, thank you very much, many thanks, "
                "these days, at the moment, on file, at present, nowadays, as of today, as of now, "
                "thanks in advance, thank you so much, thx a lot, tnx, ty, merci, danke, please and thank you, "
                "if you don't mind, "
                "if that's ok, if you would, pretty please, real quick, quickly, again, today please, buddy, "
                "from now on, from today on, going forward, in one go, in bulk, all at once, "
                "in the crm, in crm, immediately, straight away, if you can, if possible, when you can, mate"
            ),
        ),
    )
)
ARTICLES = word_set("the a an our my this that some any all every each these those of me their his her its your")
