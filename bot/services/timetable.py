"""When a post is due: a wall clock's time on chosen weekdays of a zone, as a moment."""

import datetime as dt
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
FARTHEST = 15  # days: a zone may skip the one weekday that is wished for, and then it is a week later


def next_due(zone: str, minute: int, weekdays: int, after: dt.datetime) -> dt.datetime:
    """The first moment after `after` (UTC) at which a clock in `zone` shows that minute of a day on `weekdays`.

    Bit 0 of `weekdays` is Monday. A time that the clock jumps over is due at the first moment behind the jump, one
    that it shows twice is due the first time, and a date that the zone leaves out has none. Raises ValueError without a
    weekday, ZoneInfoNotFoundError for a zone that nobody knows.
    """
    clock = ZoneInfo(zone)
    today = after.astimezone(clock).date()
    for date in (today + n * DAY for n in range(-1, FARTHEST + 1)):
        if weekdays >> date.weekday() & 1:
            moment = _moment(clock, date, minute)
            if moment is not None and moment > after:
                return moment
    raise ValueError(f"no weekday among {weekdays:#09b}")


def date_of(zone: str, minute: int, moment: dt.datetime) -> dt.date:
    """The local date that a due moment belongs to.

    It may be the day before the one that the clock shows, where the clock jumps over midnight.
    """
    clock = ZoneInfo(zone)
    shown = moment.astimezone(clock).date()
    before = shown - DAY
    return before if _moment(clock, before, minute) == moment else shown


def _moment(clock: ZoneInfo, date: dt.date, minute: int) -> dt.datetime | None:
    wanted = dt.datetime.combine(date, dt.time(minute // 60, minute % 60), clock)  # fold=0: the first of two
    moment = wanted.astimezone(dt.UTC)
    if moment.astimezone(clock).replace(tzinfo=None) == wanted.replace(tzinfo=None):
        return moment
    jump = _jump(clock, wanted.replace(fold=1).astimezone(dt.UTC), moment)
    before, behind = (jump - SECOND).astimezone(clock).date(), jump.astimezone(clock).date()
    return None if before < date < behind else jump


def _jump(clock: ZoneInfo, low: dt.datetime, high: dt.datetime) -> dt.datetime:
    """The first second that has the offset of `high`, knowing that `low` has the one before it."""
    old = low.astimezone(clock).utcoffset()
    while high - low > SECOND:
        middle = low + dt.timedelta(seconds=(high - low) // SECOND // 2)
        if middle.astimezone(clock).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high
