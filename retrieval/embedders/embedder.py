"""What every embedder is: texts in, vectors of length one out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:  # numpy takes a fifth of a second, and an embedder is chosen long before it is used
    import numpy as np
    from numpy.typing import NDArray

Vectors: TypeAlias = "NDArray[np.float32]"


class Embedder(Protocol):
    """Turns texts into vectors whose inner product says how near they are in meaning; safe to use from several threads."""

    @property
    def name(self) -> str:
        """What `CRM_AGENT_EMBEDDER` calls it, spelled out: `local`, `openai:text-embedding-3-large@512`."""
        ...

    @property
    def version(self) -> str:
        """Changes with whatever makes earlier vectors of the same name not comparable with new ones."""
        ...

    @property
    def dimensions(self) -> int:
        """How long its vectors are."""
        ...

    @property
    def is_local(self) -> bool:
        """Whether texts stay on this machine and embedding them costs no money."""
        ...

    def load(self) -> None:
        """Makes ready what is made once, and embeds nothing; raises CrmError (setup) when that cannot be done."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, (n, dimensions) float32, L2-normalised; the order and company of the texts do not matter.

        Raises CrmError: `setup` when it cannot work as it is configured, `unavailable` when it may work later.
        """
        ...

    def embed_query(self, text: str) -> Vectors:
        """The vector of what is looked for, (dimensions,) float32, L2-normalised; fails as `embed` does."""
        ...

    def close(self) -> None:
        """Lets go of model or connection; embedding again takes them up anew."""
        ...
