"""Which language a text is written in, as the text search of PostgreSQL calls it."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from py3langid import langid  # pyright: ignore[reportMissingTypeStubs]

_LANGID: Any = langid  # it has no types
UNKNOWN = "simple"
"""The configuration that takes words as they are."""

_LEAST_LETTERS = 12
_LEAST_CONFIDENCE = 0.5
_LONGEST = 240
"""Characters that are looked at; more say nothing new."""

# Those that PostgreSQL 16 and newer have words for.
_CONFIGURATIONS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
# Recognised so that they are not taken for one of those.
_OTHERS = ("bg", "bn", "cs", "et", "fa", "he", "hr", "is", "ja", "ko", "lv", "mk", "ms", "pl", "sk", "sl", "sq", "th", "uk",
           "ur", "vi", "zh")  # fmt: skip

_NOT_WORDS = re.compile(r"\S*[@/\\<>]\S*|[\d_]+")


def language_of(text: str) -> str:
    """The text search configuration of the text's language; `simple` when it is too short or nothing speaks clearly."""
    words = _NOT_WORDS.sub(" ", text[:_LONGEST])
    if sum(map(str.isalpha, words)) < _LEAST_LETTERS:
        return UNKNOWN
    code, confidence = _identifier().classify(words)
    return _CONFIGURATIONS.get(code, UNKNOWN) if confidence >= _LEAST_CONFIDENCE else UNKNOWN


def load_languages() -> None:
    """Takes up what recognises languages, which lasts a second; else the first text waits for it."""
    _identifier()


@cache
def _identifier() -> Any:
    path = Path(_LANGID.__file__).parent / "data" / "model.npz.xz"
    whole = _LANGID.LanguageIdentifier.from_model_file(path, norm_probs=True)
    whole.set_languages([*_CONFIGURATIONS, *_OTHERS])
    # A new one of the chosen languages lets go of the other hundred.
    return _LANGID.LanguageIdentifier(
        whole.nb_ptc,
        whole.nb_pc,
        whole.nb_classes,
        whole.tk_nextmove,
        whole.tk_output,
        norm_probs=True,
        tk_row=whole.tk_row,
    )
