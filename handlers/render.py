"""Results as Telegram shows them: HTML, keyboards, lengths. The only place that knows markup."""

import datetime as dt
import re
from calendar import day_abbr, day_name
from collections.abc import Iterable, Sequence
from html import escape, unescape
from urllib.parse import quote, urlencode

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.services.answering import Explained, Given, Shown
from bot.services.desk import mark_of
from bot.services.subscriptions import Subscription, due_date
from bot.services.zones import Zone, named
from handlers.presses.answers import AnswerPress
from handlers.presses.callback_data import Press, fits
from handlers.presses.days import DayPress
from handlers.presses.marks import MOST_MARKS
from handlers.presses.quizzes import QuizPress
from handlers.presses.reports import ReportPress
from handlers.presses.settings import SettingPress
from handlers.presses.timelines import TimelinePress
from handlers.render_buttons import button, keyboard
from knowledge.dates import MONTHS
from knowledge.pack import Pack
from knowledge.posts import Post, PostItem
from knowledge.results import Ambiguous, Chat, Source, Unknown, footnotes
from knowledge.timeline import Timeline

LONGEST_MESSAGE = 4096  # characters after markup is parsed
LONGEST_LABEL = 60  # characters of a button that phones show whole on two lines
LONGEST_PASSAGE = 1200  # characters of a document shown under a source
LONGEST_TITLE = 200  # characters of a timeline's title, and of the documents under it: a caption has room for 1024
LONGEST_NOTE = 1500  # characters of places under a timeline's text; where there are more, the documents are named
LONGEST_VALUE = 400  # characters of a line in an explanation, which may repeat what the person wrote
HOURS = range(6, 22)  # full hours that are offered; any other time can be written
MOST_TOPICS = 2  # "More about …" under a page
NOTHING = "My documents tell nothing for this day."
DOUBTED = "This was reported as mistaken and is put aside until that is settled. Source shows what the document says."
_TAG = re.compile(r"<[^>]*>")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def answer(given: Given) -> tuple[str, InlineKeyboardMarkup | None]:
    """An answer as HTML, with the buttons that fit it."""
    rows: list[list[tuple[str, Press]]]
    found, key = given.answer, given.key
    if isinstance(found, Chat) or key is None:
        return escape(found.text), None
    if isinstance(found, Ambiguous):
        labels = [short(choice.label, LONGEST_LABEL) for choice in found.choices]
        rows = [[(label, AnswerPress("choose", key, n))] for n, label in enumerate(labels)]
        return escape(found.text), keyboard(*rows)
    text, why = _with_footnote(found.text, found.sources), ("Why", AnswerPress("why", key))
    if isinstance(found, Unknown):
        return text, keyboard([why])
    doubt = f"\n\n<i>{DOUBTED}</i>" if given.is_doubted else ""
    source, more = ("Source", AnswerPress("source", key)), ("More", AnswerPress("more", key))
    press = QuizPress("about", entity=given.quiz or "")
    quiz = [("Quiz me on this", press)] if given.quiz and not given.is_doubted and fits(press) else []
    return f"{text}{doubt}", keyboard([source, more, why, ("Report", ReportPress(key))], *([quiz] if quiz else []))


def told(text: str, found: tuple[Source, ...]) -> str:
    """What an answer tells, with its footnote."""
    return _with_footnote(text, found)


def sources(shown: Shown) -> str:
    """Where an answer stands, with the document's words where there are any."""
    parts = []
    for source, passage in shown.passages:
        part = f"<b>{escape(footnotes((source,))[0])}</b>{_sentences(source)}"
        if passage:
            part += f"\n<blockquote>{escape(short(passage, LONGEST_PASSAGE))}</blockquote>"
        parts.append(part)
    return _fitting(parts)


def explanation(explained: Explained) -> str:
    """What led to an answer."""
    why = explained.why
    if why is None:
        return "You picked this fact yourself, or asked for more; nothing was guessed."
    rows = [
        ("Asked for", why.slot or "no particular thing"),
        ("About", ", ".join(why.entities) or "nobody and nothing that I know"),
        ("Unknown words", ", ".join(why.unknown)),
        ("Sure", f"{why.score:.0%} (I speak from {why.threshold:.0%} on)"),
        ("Runner-up", f"{why.runner_up_score:.0%}" if why.runner_up else ""),
        ("What counted", ", ".join(f"{name.replace('_', ' ')} {value:+.1f}" for name, value in why.features[:5])),
    ]
    return "\n".join(f"<b>{name}:</b> {escape(short(value, LONGEST_VALUE))}" for name, value in rows if value)


def post(told: Post, username: str | None) -> tuple[str, InlineKeyboardMarkup]:
    """A day's page: its date, what it tells, where that stands; with buttons for the days beside it and for more."""
    title = f"<b>{_title(told)}</b>"
    items = [_item(item, number) for number, item in enumerate(told.items, 1)]
    return _footnoted(title, items or [(NOTHING, "")], "\n\n"), _page_buttons(told, username)


def week(told: Sequence[Post]) -> tuple[str, InlineKeyboardMarkup]:
    """Days on end: the first thing that each tells; with a button for each day's page."""
    title = f"<b>This week · {_day(told[0].date)} to {_day(told[-1].date)}</b>"
    items = []
    for number, page in enumerate((page for page in told if page.items), 1):
        text, note = _item(page.items[0], number)
        others = f" <i>(and {len(page.items) - 1} more)</i>" if len(page.items) > 1 else ""
        items.append((f"<b>{page.date:%a} {page.date.day}</b> · {text}{others}", note))
    days = [_to_day(page.date, f"{page.date:%a}") for page in told]
    return _footnoted(title, items or [(NOTHING, "")], "\n\n"), InlineKeyboardMarkup([days[:4], days[4:]])


def timeline_caption(drawn: Timeline, asked: str) -> tuple[str, InlineKeyboardMarkup | None]:
    """What stands under a timeline's picture; without a button where none can carry what was asked."""
    number = f"{len(drawn.entries)} events" if len(drawn.entries) > 1 else "One event"
    years = sorted({drawn.entries[0].when.first.year, drawn.entries[-1].when.last.year})
    text = f"<b>{escape(short(drawn.title, LONGEST_TITLE))}</b>\n{number}, {' to '.join(map(str, years))}."
    note = f"<i>¹ {escape(short('; '.join(drawn.documents), LONGEST_TITLE))}</i>"
    press = TimelinePress(asked)
    return f"{text}\n\n{note}", keyboard([("As text", press)]) if fits(press) else None


def timeline_text(drawn: Timeline) -> str:
    """A timeline for those who can't see its picture, or want to search it."""
    lines = [(f"<b>{escape(entry.date)}</b>: {escape(entry.says)}", "") for entry in drawn.entries]
    title = f"<b>{escape(short(drawn.title, LONGEST_TITLE))}</b>"
    note = f"\n\n<i>¹ {escape('; '.join(footnotes(drawn.sources)))}</i>"
    if _shown_length(note) > LONGEST_NOTE:
        note = f"\n\n<i>¹ {escape(short('; '.join(drawn.documents), LONGEST_TITLE))}</i>"
    return _footnoted(title, lines, "\n", LONGEST_MESSAGE - _shown_length(note)) + note


def hours(zone: str | None, usual: int) -> InlineKeyboardMarkup:
    """A choice of hours and the usual time (minutes from midnight), for a zone that is chosen already or not yet."""
    offered = sorted({usual, *(hour * 60 for hour in HOURS)})
    buttons = [button(f"{n // 60:02}:{n % 60:02}", SettingPress("set", n, zone)) for n in offered]
    return InlineKeyboardMarkup(_rows(buttons, 4))


def zones(choice: Sequence[Zone], moment: dt.datetime, minute: int | None) -> InlineKeyboardMarkup:
    """A choice of zones, for a time that is chosen already or not yet, and a way to others."""
    buttons = [button(zone.label(moment), SettingPress("set", minute, zone.name)) for zone in choice]
    return InlineKeyboardMarkup([*_rows(buttons, 2), [button("Another city …", SettingPress("city", minute))]])


def timetable(kept: Subscription) -> str:
    """When posts come: `every day at 08:30 (Kyiv, UTC+3)`."""
    zone = named(kept.zone).label(kept.next_local).replace(" (", ", ").removesuffix(")")
    return escape(f"{_weekdays(kept)} at {kept.time} ({zone})")


def coming(kept: Subscription, today: dt.date) -> str:
    """When the next post comes: `tomorrow, Tuesday 24 November`."""
    date = due_date(kept)
    near = {0: "today, ", 1: "tomorrow, "}.get((date - today).days, "on ")
    return f"{near}{date:%A} {_day(date)}"


def settings(kept: Subscription) -> InlineKeyboardMarkup:
    """The settings of a daily post, each a button that changes it."""
    days = [
        button(
            f"{'✓' if kept.falls_on(day) else '–'} {name}",
            SettingPress("weekday", weekday=day, on=not kept.falls_on(day)),
        )
        for day, name in enumerate(day_abbr)
    ]
    return InlineKeyboardMarkup(
        [
            [button(f"Time: {kept.time}", SettingPress("hours")), button(_zone_label(kept), SettingPress("zones"))],
            days[:4],
            days[4:],
            [
                button(f"Silent: {_on(kept.silent)}", SettingPress("silent", on=not kept.silent)),
                button(f"Daily question: {_on(kept.daily_quiz)}", SettingPress("quiz", on=not kept.daily_quiz)),
            ],
            [button("End the daily post", SettingPress("end"))],
        ]
    )


def back_to_settings() -> list[InlineKeyboardButton]:
    """A row that leads from a choice back to all settings."""
    return [button("‹ Back", SettingPress("card"))]


def resume(label: str) -> InlineKeyboardMarkup:
    """The one button under the offer to go on."""
    return keyboard([(label, SettingPress("resume"))])


def packs(known: Iterable[Pack]) -> str:
    """What packs hold: their titles, how many facts, and the documents."""
    parts = []
    for pack in known:
        titles = "\n".join(f"• {escape(d.title)}" for d in pack.info.documents)
        parts.append(f"<b>{escape(pack.info.title)}</b>: {len(pack.facts)} facts from\n{titles}")
    return _fitting(parts)


def _title(told: Post) -> str:
    """What a page may claim to be: nothing of another day stands under "On this day"."""
    date, kinds = _day(told.date), {item.precision for item in told.items}
    if "day" in kinds:
        return f"On this day · {date}"
    if "month" in kinds:
        return f"{date} · this month in history"
    return f"{date} · years ago" if "year" in kinds else f"{date} · worth knowing"


def _item(item: PostItem, number: int) -> tuple[str, str]:
    """What an item tells, and its footnote."""
    mark = str(number).translate(_RAISED) if item.sources else ""
    lead = f"<b>{escape(item.lead)}</b>: " if item.lead else ""
    note = f" <i>{escape(item.note)}</i>" if item.note else ""
    places = escape("; ".join(footnotes(item.sources)[:3]))
    return f"{lead}{escape(item.says)}{mark}{note}", f"<i>{mark} {places}</i>" if mark else ""


def _footnoted(title: str, items: Sequence[tuple[str, str]], between: str, most: int = LONGEST_MESSAGE) -> str:
    """As many items as fit, then their footnotes."""
    message = title
    for number in range(1, len(items) + 1):
        notes = "\n".join(note for _, note in items[:number] if note)
        longer = f"{title}\n\n{between.join(text for text, _ in items[:number])}" + (f"\n\n{notes}" if notes else "")
        if _shown_length(longer) > most:
            break
        message = longer
    return message


def _shown_length(message: str) -> int:
    """The characters that Telegram counts: those that are left without the markup."""
    return len(unescape(_TAG.sub("", message)))


def _page_buttons(told: Post, username: str | None) -> InlineKeyboardMarkup:
    before, after = told.date - dt.timedelta(days=1), told.date + dt.timedelta(days=1)
    rows = [[_to_day(before, f"◀ {_day(before)}"), _to_day(after, f"{_day(after)} ▶")]]
    marks = tuple(map(mark_of, told.facts[:MOST_MARKS]))
    row = [button("Source", DayPress("sources", told.date, marks=marks))] if told.items else []
    if username:
        row.append(InlineKeyboardButton("Share", url=_share_link(told.date, username)))
    if told.facts:
        row.append(button("Report", ReportPress(marks=marks)))
    about = [
        [button(short(f"More about {topic.name}", LONGEST_LABEL), press)]
        for topic in told.topics
        if fits(press := DayPress("about", told.date, topic.entity))
    ]
    return InlineKeyboardMarkup([*rows, *([row] if row else []), *about[:MOST_TOPICS]])


def _share_link(date: dt.date, username: str) -> str:
    """Telegram's own page for passing a link on; the link opens this bot on that day."""
    link = f"https://t.me/{username}?start=day_{date:%m%d}"
    return f"https://t.me/share/url?{urlencode({'url': link, 'text': f'On this day: {_day(date)}'}, quote_via=quote)}"


def _day(date: dt.date) -> str:
    return f"{date.day} {MONTHS[date.month - 1]}"


def _to_day(date: dt.date, label: str) -> InlineKeyboardButton:
    return button(label, DayPress("show", date))


def _rows(buttons: Sequence[InlineKeyboardButton], width: int) -> list[Sequence[InlineKeyboardButton]]:
    return [buttons[n : n + width] for n in range(0, len(buttons), width)]


def _weekdays(kept: Subscription) -> str:
    days = [day for day in range(7) if kept.falls_on(day)]
    if len(days) == 7:
        return "every day"
    if days == [0, 1, 2, 3, 4]:
        return "Monday to Friday"
    names = [day_name[day] for day in days]
    return "on " + (" and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0])


def _zone_label(kept: Subscription) -> str:
    return f"Zone: {named(kept.zone).label(kept.next_local)}"


def _on(flag: bool) -> str:
    return "on" if flag else "off"


def _with_footnote(text: str, found: tuple[Source, ...]) -> str:
    if not found:
        return escape(text)
    notes = "; ".join(footnotes(found)[:3])
    return f"{escape(text)}\n\n<i>¹ {escape(notes)}</i>"


def _sentences(source: Source) -> str:
    if not source.sentences:
        return ""
    first, last = source.sentences[0], source.sentences[-1]
    return f", sentence {first}" if first == last else f", sentences {first} to {last}"


def short(text: str, most: int) -> str:
    """A text cut to so many characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _fitting(parts: list[str]) -> str:
    """As many parts as one message holds; markup counts here too, so it errs on the short side."""
    message = ""
    for part in parts:
        if message and len(message) + len(part) + 2 > LONGEST_MESSAGE:
            break
        message = f"{message}\n\n{part}" if message else part
    return message
