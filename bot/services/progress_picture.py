"""How somebody stands with what they are learning, as a picture (PNG)."""

import datetime as dt

from bot.services.drawing import BODY, FAINT, HEAD, INK, LINE, MARGIN, MARK, PAPER, SMALL, WIDTH, Page, height
from bot.services.progress import Progress
from bot.services.remembering import Stage

# All lengths are pixels of the finished picture.
SHARE_HEIGHT = 56  # of the bar that the stages share
LEAST_SHARE = 20  # of a stage with any cards at all, so that it is seen
FORECAST_HEIGHT = 220  # of the tallest bar
LEAST_BAR = 8
GAP = 14  # between two bars

STAGES: dict[Stage, tuple[str, str]] = {  # how each is called and drawn, the least known first
    "learning": ("still to learn", PAPER),
    "young": ("taking hold", LINE),
    "firm": ("firm", MARK),
}


def draw_progress(progress: Progress) -> bytes:
    """All cards by how well they are known, and on which of the next days they come back."""
    share = MARGIN + height(1, HEAD) + 18
    key = share + SHARE_HEIGHT + 18
    title = key + height(1, SMALL) + 44
    base = title + height(1, HEAD) + 18 + height(1, SMALL) + FORECAST_HEIGHT
    page = Page(round(base + 12 + 2 * height(1, SMALL) + MARGIN))
    page.text([f"{progress.cards} question{'s' if progress.cards != 1 else ''} to know"], MARGIN, MARGIN, HEAD, INK)
    _draw_stages(page, progress, share, key)
    page.text([f"Coming back within {len(progress.forecast)} days"], MARGIN, title, HEAD, INK)
    _draw_forecast(page, progress, base)
    return page.png()


def _draw_stages(page: Page, progress: Progress, top: float, key: float) -> None:
    """One bar that the stages share, and beneath it what is what."""
    there = [stage for stage in STAGES if progress.stages[stage]]
    room = WIDTH - 2 * MARGIN - LEAST_SHARE * len(there)
    left = float(MARGIN)
    for stage in there:
        right = left + LEAST_SHARE + room * progress.stages[stage] / progress.cards
        page.bar((left, top, right, top + SHARE_HEIGHT), STAGES[stage][1])
        left = right
    for n, (stage, (name, colour)) in enumerate(STAGES.items()):
        x, centre = MARGIN + n * (WIDTH - 2 * MARGIN) / len(STAGES), key + height(1, SMALL) / 2
        page.bar((x, centre - 13, x + 26, centre + 13), colour)
        page.text([f"{progress.stages[stage]} {name}"], x + 40, centre, SMALL, FAINT, "lm")


def _draw_forecast(page: Page, progress: Progress, base: float) -> None:
    """A bar a day with its number, the days' names beneath."""
    width = (WIDTH - 2 * MARGIN) / len(progress.forecast)
    most = max(*progress.forecast, 1)
    for n, due in enumerate(progress.forecast):
        date = progress.moment.date() + dt.timedelta(days=n)
        middle = MARGIN + (n + 0.5) * width
        if due:
            top = base - max(FORECAST_HEIGHT * due / most, LEAST_BAR)
            box = (middle - width / 2 + GAP / 2, top, middle + width / 2 - GAP / 2, base)
            page.bar(box, MARK)
            page.text([str(due)], middle, top - 6, BODY, INK, "mb")
        page.text([f"{date:%a}", str(date.day)], middle, base + 10, SMALL, FAINT, "ma")
    page.line([(MARGIN, base), (WIDTH - MARGIN, base)], 3)
