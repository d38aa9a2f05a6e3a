"""Words for the fields of a tenant's own: their labels and names, and the options of choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agent.offline.lexicon.phrases import Phrases
from agent.offline.text import Token, tokens_of
from schema.customs import PREFIX, Customs
from schema.fields import Field


@dataclass(frozen=True, slots=True)
class OwnFields:
    """A tenant's own fields, under the names that filters and changes call them by: `custom.region`."""

    by_kind: Mapping[str, Mapping[str, Field]]
    phrases: Phrases[Mapping[str, Field]]
    """What people call a field → by kind, the field."""
    options: Mapping[tuple[str, ...], Phrases[str]]
    """A choice's options → their words, each with the option as it was declared."""

    @classmethod
    def of(cls, customs: Customs) -> "OwnFields":
        by_kind = {
            kind: {f"{PREFIX}{name}": replace(field, name=f"{PREFIX}{name}") for name, field in fields.items()}
            for kind, fields in customs.items()
        }
        named: dict[str, dict[str, Field]] = {}
        for kind, fields in by_kind.items():
            for name, field in fields.items():
                bare = name.removeprefix(PREFIX)
                for text in (bare, bare.replace("_", " "), field.label):
                    # Where two fields of a kind could be meant, the one whose label says it is.
                    if text == field.label or kind not in named.get(_words(text), {}):
                        named.setdefault(_words(text), {})[kind] = field
        choices = {field.choices for fields in by_kind.values() for field in fields.values() if field.choices}
        return cls(by_kind, Phrases(named), {each: Phrases({_words(one): one for one in each}) for each in choices})

    def fields_of(self, kind: str) -> Mapping[str, Field]:
        return self.by_kind.get(kind, {})

    def at(self, tokens: Sequence[Token], at: int, kinds: Sequence[str]) -> tuple[Field, int] | None:
        """The field of one of the kinds that is named at a token, and the index after it."""
        hit = self.phrases.at(tokens, at)
        while hit is not None:
            own = next((hit[0][kind] for kind in kinds if kind in hit[0]), None)
            if own is not None:
                return own, hit[1]
            hit = self.phrases.at(tokens[: hit[1] - 1], at)
        return None

    def names_at(self, tokens: Sequence[Token], at: int) -> tuple[tuple[str, ...], int] | None:
        """The fields of any kind that may be named at a token, and the index after them."""
        hit = self.phrases.at(tokens, at)
        return (tuple(dict.fromkeys(field.name for field in hit[0].values())), hit[1]) if hit else None

    def option_at(self, tokens: Sequence[Token], at: int, field: Field) -> tuple[str, int] | None:
        """The option of a choice that is named at a token, and the index after it."""
        table = self.options.get(field.choices)
        return table.at(tokens, at) if table else None

    def named(self, name: str) -> Field | None:
        """A field by its name, of whichever kind has it first."""
        return next((fields[name] for fields in self.by_kind.values() if name in fields), None)

    @property
    def words(self) -> frozenset[str]:
        """Every word of a label: what a typing error may be mended to, and what is none."""
        return self.phrases.words.union(*(table.words for table in self.options.values()))


def _words(text: str) -> str:
    """A text as the planner's own tokens spell it."""
    return " ".join(token.word for token in tokens_of(text))
