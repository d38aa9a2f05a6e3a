"""Countries, as the world's lists name them, so that "in Germany" is a place and "in finance" is not."""

from functools import cache
from typing import cast

from babel import Locale

from agent.offline.lexicon.phrases import Phrases

_SHORT = {
    "uk": "United Kingdom", "u.k.": "United Kingdom", "britain": "United Kingdom", "great britain": "United Kingdom",
    "england": "United Kingdom", "usa": "United States", "us": "United States", "america": "United States",
    "the states": "United States", "the us": "United States", "holland": "Netherlands", "czech republic": "Czechia",
    "deutschland": "Germany", "uae": "United Arab Emirates", "turkey": "Türkiye",
}  # fmt: skip
ADJECTIVES = {
    "german": "Germany", "french": "France", "spanish": "Spain", "italian": "Italy", "british": "United Kingdom",
    "english": "United Kingdom", "american": "United States", "dutch": "Netherlands", "swiss": "Switzerland",
    "austrian": "Austria", "polish": "Poland", "swedish": "Sweden", "danish": "Denmark", "norwegian": "Norway",
    "finnish": "Finland", "portuguese": "Portugal", "belgian": "Belgium", "irish": "Ireland", "czech": "Czechia",
    "japanese": "Japan", "chinese": "China", "canadian": "Canada", "brazilian": "Brazil", "mexican": "Mexico",
    "indian": "India", "australian": "Australia",
}  # fmt: skip


@cache
def countries() -> Phrases[str]:
    """Country names and their short forms → the English name."""
    territories = cast("dict[str, str]", dict(Locale("en").territories))
    names = {name.lower(): name for code, name in territories.items() if len(code) == 2}
    return Phrases(names | _SHORT)
