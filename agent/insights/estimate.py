"""How much there is to read, and what a model is likely to cost for it, before it is asked."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from genai_prices import Usage, calc_price

from agent.insights.output import Inferred
from agent.insights.reader import instructions
from retrieval.insights.claim import Maker
from retrieval.insights.rules import RULES
from retrieval.insights.store import Wanted, count_due
from schema.database import Database

_CHARACTERS_A_TOKEN = 3.5
_ANSWER = 200
"""Tokens of one answer, as a rule."""


@dataclass(frozen=True, slots=True)
class Estimate:
    maker: Maker
    texts: int
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal | None
    """None when nobody publishes the model's price."""

    @property
    def is_free(self) -> bool:
        return self.maker.model == RULES.model

    def to_json(self) -> dict[str, Any]:
        return {
            "model": self.maker.model,
            "texts": self.texts,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "cost_usd": None if self.cost_usd is None else f"{self.cost_usd:.4f}",
        }

    def sentence(self) -> str:
        if self.is_free:
            return f"There are {self.texts} texts to read, by rules: it costs nothing."
        tokens = f"about {self.input_tokens + self.output_tokens:,} tokens"
        price = "at a price that is not known" if self.cost_usd is None else f"about {self.cost_usd:.2f} US dollars"
        return f"There are {self.texts} texts to read by {self.maker.model}: {tokens}, {price}."


def estimate(db: Database, wanted: Wanted, limit: int | None) -> Estimate:
    with db.job(wanted.tenant_id) as session:
        texts, characters = count_due(session, wanted)
    if limit is not None and texts > limit:
        texts, characters = limit, characters * limit // texts
    if wanted.maker.model == RULES.model:
        return Estimate(wanted.maker, texts, 0, 0, Decimal(0))
    told = len(instructions()) + len(repr(Inferred.model_json_schema()))
    read = round((texts * told + characters) / _CHARACTERS_A_TOKEN)
    written = texts * _ANSWER
    return Estimate(wanted.maker, texts, read, written, _price(wanted.maker.model, read, written))


def _price(model: str, read: int, written: int) -> Decimal | None:
    provider, _, name = model.partition(":")
    if provider == "openai-compatible":
        return None
    try:
        usage = Usage(input_tokens=read, output_tokens=written)
        return calc_price(
            usage, model_ref=name, provider_id=provider.removesuffix("-responses").removesuffix("-chat")
        ).total_price
    except LookupError:
        return None
