"""An error is a sentence and a kind, however it was said."""

import pickle

from schema.errors import CrmError


class StageNotInPipeline(CrmError):
    """That stage belongs to another pipeline."""

    kind = "conflict"


def test_an_error_said_on_the_spot() -> None:
    error = CrmError(kind="not_found", message="No such record.")

    assert (error.kind, error.message, str(error)) == ("not_found", "No such record.", "No such record.")


def test_an_error_whose_class_says_it() -> None:
    error = StageNotInPipeline()

    assert (error.kind, str(error)) == ("conflict", "That stage belongs to another pipeline.")


def test_an_error_travels_between_processes() -> None:
    copy = pickle.loads(pickle.dumps(CrmError("limit", "Too many rows.")))

    assert (copy.kind, copy.message) == ("limit", "Too many rows.")
