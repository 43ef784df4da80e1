"""What a person sees of a run: a bar with rate and time left, and a line for each page done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from livelihood.display.characters import visible
from livelihood.display.messages import say
from livelihood.project.editions import kept_notebook

if TYPE_CHECKING:
    from livelihood.batch.make import Made


class Progress:
    """A bar with rate and time left that says which notebooks run, and a line for each one done."""

    def __enter__(self) -> Progress:
        from tqdm import tqdm

        tqdm.monitor_interval = 0  # no thread of its own: the jobs are forks of this process
        form = "{n_fmt}/{total_fmt} {bar:20} {elapsed}<{remaining} {rate_fmt} {desc}"
        unit = say("run_unit")
        self.bar = tqdm(
            file=sys.stderr, bar_format=form, unit=unit, disable=None, dynamic_ncols=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def __call__(self, total: int, running: list[str] | None, made: Made | None) -> None:
        """Show how many there are, what runs now and, if given, how a page went."""
        self.bar.total = total
        if running is not None:
            now = say("run_now", names=", ".join(running)) if running else ""
            self.bar.set_description_str(now)
        if made is not None:
            self.bar.update()
            self.bar.write(_line(made), file=sys.stderr)


def _line(made: Made) -> str:
    if not made.error:
        return say("run_done", name=made.job.name, seconds=made.seconds)
    error = "\n".join(map(visible, made.error.split("\n")))
    if made.cell is None:  # no notebook, or none of it ran
        return say("run_failed_whole", name=made.job.name, error=error)
    return say("run_failed", name=made.job.name, cell=made.cell, error=error,
               kept=kept_notebook(made.job).as_posix())  # fmt: skip
