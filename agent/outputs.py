"""How a run may end besides with an answer: a question back to the person, or a refusal."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic_ai import ToolOutput


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


Output = str | Question | Refusal

OUTPUT_TYPES = [str, ToolOutput(Question, name="ask_person"), ToolOutput(Refusal, name="decline")]
