"""What a suite's run comes to, as a table for people."""

from collections.abc import Sequence
from statistics import median

from rich.table import Table

from evals.run import CaseResult


def table(results: Sequence[CaseResult], seconds: float) -> Table:
    """Passed and failed cases by tag, with the median time of a case."""
    title = f"{sum(each.is_passed for each in results)} of {len(results)} cases passed in {seconds:.0f} s"
    made = Table("tag", "cases", "passed", "median ms", title=title)
    by_tag: dict[str, list[CaseResult]] = {}
    for result in results:
        for tag in result.case.tags:
            by_tag.setdefault(tag, []).append(result)
    for tag, tagged in sorted(by_tag.items(), key=lambda item: (-len(item[1]), item[0])):
        passed = sum(each.is_passed for each in tagged)
        made.add_row(tag, str(len(tagged)), str(passed), f"{median(each.seconds for each in tagged) * 1000:.0f}")
    return made
