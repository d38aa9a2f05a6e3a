"""Times of day as people say them: "3pm", "half past 3", "in the morning", "afternoon at 4"."""

import re
from collections.abc import Sequence
from datetime import time, timedelta

from agent.offline.text import Shape, Token
from agent.offline.values.calendar import When
from agent.offline.values.numbers import number_at

CLOCK_WORDS = {
    "noon": time(12), "midday": time(12), "lunchtime": time(12), "morning": time(9), "afternoon": time(14),
    "evening": time(18), "midnight": time(0), "night": time(20), "eod": time(17), "cob": time(17),
}  # fmt: skip
BEFORE_TIME = ("at", "@", "around", "about", "by", "before", "in", "the", ",", "-")
DAYTIMES = ("morning", "afternoon", "evening", "night")


def time_at(tokens: Sequence[Token], at: int) -> tuple[time, int] | None:
    """A time of day: "3pm", "15:30", "noon", "half past 3"."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.shape is Shape.TIME and (read := _clock(token.word)):
        return read, at + 1
    words = [t.word for t in tokens[at : at + 3]]
    if words[0] in CLOCK_WORDS:
        return CLOCK_WORDS[words[0]], at + 1
    if words[:2] == ["half", "past"] and (hour := number_at(tokens, at + 2) if at + 2 < len(tokens) else None):
        return time(_office_hour(int(hour[0].amount)), 30), at + 3
    if words[1:2] in (["o'clock"], ["oclock"], ["pm"], ["am"]) and (hour := number_at(tokens, at)):
        value = int(hour[0].amount) % 24
        return time(
            value + 12 if words[1] == "pm" and value < 12 else value if words[1] == "am" else _office_hour(value)
        ), at + 2
    return None


def _office_hour(hour: int) -> int:
    """An hour said without am or pm, read within the working day."""
    return hour + 12 if 1 <= hour <= 6 else hour % 24


def _clock(text: str) -> time | None:
    match = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2}))?\s?([ap])?\.?m?\.?", text)
    if not match:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] == "p" and hour < 12:
        hour += 12
    elif match[3] == "a" and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def with_time(tokens: Sequence[Token], end: int, when: When) -> tuple[When, int]:
    """A day with the time that follows it: "at 3pm", "in the morning", "around noon"."""
    if when.is_instant or when.end - when.start > timedelta(days=1, hours=1):
        return when, end
    if [t.word for t in tokens[end : end + 2]] == ["first", "thing"]:
        return when.at(CLOCK_WORDS["morning"]), end + 2
    at = end
    while at < len(tokens) and at < end + 2 and tokens[at].word in BEFORE_TIME:
        at += 1
    if read := daytime(tokens, at) or time_at(tokens, at):
        return when.at(read[0]), read[1]
    if at > end and (read := plain_hour(tokens, at - 1)):
        return when.at(read[0]), read[1]
    return when, end


def daytime(tokens: Sequence[Token], at: int) -> tuple[time, int] | None:
    """A part of the day with the hour said after it: "afternoon at 4"."""
    if at >= len(tokens) or tokens[at].word not in DAYTIMES:
        return None
    step = at + 2 if at + 1 < len(tokens) and tokens[at + 1].word in ("at", "@", "around", ",") else at + 1
    return time_at(tokens, step) or (plain_hour(tokens, step - 1) if step > at + 1 else None)


def plain_hour(tokens: Sequence[Token], at: int) -> tuple[time, int] | None:
    """An hour with nothing but "at" to say so: "at 3", "at 14.30", "at 8 in the evening"."""
    if at + 1 >= len(tokens) or tokens[at].word not in ("at", "@", "around", "by"):
        return None
    token, end = tokens[at + 1], at + 2
    match = re.fullmatch(r"(\d{1,2})(?:\.(\d{2}))?", token.word) if token.shape is Shape.NUMBER else None
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    hour, tail = int(match[1]), [t.word for t in tokens[end : end + 3]]
    if tail[:2] == ["in", "the"] and tail[2:] and tail[2] in DAYTIMES:
        end, hour = end + 3, hour + 12 if tail[2] != "morning" and hour < 12 else hour
    elif len(match[1]) == 1 or not match[2]:
        hour = _office_hour(hour)
    return time(hour, int(match[2] or 0)), end
