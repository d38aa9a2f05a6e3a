"""What a person may ask: the checks on a request's text before anything is stored or sent."""

import unicodedata

from guardrails.limits import RunLimits
from schema.errors import CrmError

_KEPT_CONTROLS = "\n\t"


def check_request(text: str, limits: RunLimits) -> str:
    """`text` as it is stored and sent: line ends are `\\n`, other control characters and the blanks around it are gone.

    Raises CrmError (invalid, limit) with one sentence when it is empty, too long, or no text that can be stored.
    """
    if len(text) > limits.request_characters:
        raise CrmError(
            "limit",
            f"The request has {len(text):,} characters and at most {limits.request_characters:,} are read; "
            "shorten it, or bring long material in as a note or a file.",
        )
    if "\0" in text:
        raise CrmError("invalid", "The request holds a null byte, which is not text; remove it and ask again.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise CrmError(
            "invalid", "The request is not valid Unicode (it holds half a surrogate pair); send it as UTF-8."
        )
    kept = "".join(character for character in _unix_lines(text) if _is_text(character)).strip()
    if not any(unicodedata.category(character) not in {"Cf", "Zs", "Zl", "Zp"} for character in kept):
        raise CrmError("invalid", "The request is empty; say what you want to know or to change.")
    return kept


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_text(character: str) -> bool:
    return character in _KEPT_CONTROLS or unicodedata.category(character) != "Cc"
