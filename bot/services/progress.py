"""How somebody stands with what they are learning."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.services.remembering import Stage

FORECAST_DAYS = 14


@dataclass(frozen=True)
class Progress:
    """How many questions somebody learns, how well they know them, and when they come back; days are those of their
    own clock.
    """

    moment: dt.datetime
    due: int  # now
    forecast: tuple[int, ...]  # that come back on each of the next days, today first, what is due now in it
    stages: Mapping[Stage, int]
    next_due: dt.datetime | None  # when the next one is due that isn't yet

    @property
    def later_today(self) -> int:
        return self.forecast[0] - self.due

    @property
    def tomorrow(self) -> int:
        return self.forecast[1]

    @property
    def cards(self) -> int:
        return sum(self.stages.values())


def progress_at(moment: dt.datetime, stages: Iterable[Stage], due: Iterable[float]) -> Progress:
    """The progress at a moment: the stage of each question, and when each is due."""
    times = [dt.datetime.fromtimestamp(at, moment.tzinfo) for at in due]
    days = Counter(max((at.date() - moment.date()).days, 0) for at in times)
    return Progress(
        moment,
        sum(at <= moment for at in times),
        tuple(days[day] for day in range(FORECAST_DAYS)),
        Counter(stages),
        min((at for at in times if at > moment), default=None),
    )
