"""stub"""

from collections.abc import Iterator
from schema.demo.company import Company
from schema.demo.history import Version


def tasks(company: Company) -> Iterator[Version]:
    return iter(())


def notes(company: Company) -> Iterator[Version]:
    return iter(())
