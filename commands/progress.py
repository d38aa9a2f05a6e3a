"""How far long work has come, as a bar on stderr."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from commands.terminal import is_watched


@contextmanager
def bars() -> Generator[Callable[[str, int, int], None]]:
    """What is told of each piece of work: its title, how much is done, how much there is. Silent where nobody watches."""
    if not is_watched():
        yield lambda _title, _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:
        tasks: dict[str, TaskID] = {}

        def tell(title: str, done: int, total: int) -> None:
            if title not in tasks:
                for earlier in tasks.values():
                    whole = shown.tasks[earlier].total
                    shown.update(earlier, completed=whole)
                    shown.stop_task(earlier)
                tasks[title] = shown.add_task(title, total=max(total, 1))
            shown.update(tasks[title], completed=done)

        yield tell
        for task in shown.tasks:
            shown.update(task.id, completed=task.total)
