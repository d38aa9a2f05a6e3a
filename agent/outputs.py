"""How a run may end besides with an answer: a question back to the person, a refusal, or calls that wait for a person."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic_ai import DeferredToolRequests, ToolOutput


class Question(BaseModel):
    """Ends the run with a question to the person: when a name fits several records, or something needed is missing."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    question: str = Field(min_length=1)
    """One question, naming what is unclear."""
    options: list[str] = []
    """What to choose from, each with what tells it apart. Empty when the answer is open."""

    @property
    def text(self) -> str:
        return "\n".join([self.question, *(f"{number}. {option}" for number, option in enumerate(self.options, 1))])


class Refusal(BaseModel):
    """Ends the run without doing what was asked: outside this CRM, not allowed to this person, or harmful."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    why: str = Field(min_length=1)
    """One sentence to the person, saying why and, if possible, what would work."""


OUTPUT_TOOLS = ("ask_person", "decline")

Output = str | Question | Refusal | DeferredToolRequests

OUTPUT_TYPES = [
    str,
    ToolOutput(Question, name=OUTPUT_TOOLS[0]),
    ToolOutput(Refusal, name=OUTPUT_TOOLS[1]),
    # Not the model's to choose: the run ends so when a call of its waits for a person.
    DeferredToolRequests,
]
