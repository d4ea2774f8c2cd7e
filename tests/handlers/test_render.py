import datetime as dt
import html
import re
from dataclasses import replace

import pytest

from bot.services.answering import Explained, Given, Shown
from bot.services.desk import mark_of
from bot.services.subscriptions import EVERY_DAY, Subscription
from handlers import render
from knowledge import dates
from knowledge.posts import Post, PostItem, Precision, Topic
from knowledge.results import Ambiguous, Answered, Choice, Corrected, Source, Unknown, Why
from knowledge.timeline import Timeline, TimelineEntry

KEY = "abcdefghij_-"
SOURCE = Source("a.txt", "A & B", "On <things>", 5, (2,))
WHY = Why(
    slot="date",
    intents=("birth",),
    entities=("Ada Merrow",),
    unknown=(),
    score=0.91,
    threshold=0.4,
    fact="ada-birth",
    runner_up="ada-death",
    runner_up_score=0.28,
    features=(("covered_by_says", 2.5), ("in_order", -0.25)),
)


def shown_length(message: str) -> int:
    """The characters that Telegram counts: those left when the markup is gone."""
    return len(html.unescape(re.sub(r"<[^>]+>", "", message)))


@pytest.mark.parametrize("kind", [Answered, Corrected])
def test_an_answer_is_escaped_and_has_its_footnote(kind: type[Answered] | type[Corrected]) -> None:
    text, keyboard = render.answer(Given(kind("1 < 2 & 3", ("f",), (SOURCE,), 1.0), KEY))

    assert text.startswith("1 &lt; 2 &amp; 3\n\n<i>¹ ")
    assert "A &amp; B" in text
    assert "On &lt;things&gt;" in text
    assert keyboard
    assert [(b.text, b.callback_data) for b in keyboard.inline_keyboard[0]] == [
        ("Source", f"s:{KEY}"),
        ("More", f"m:{KEY}"),
        ("Why", f"w:{KEY}"),
        ("Report", f"r:{KEY}"),
    ]


def test_a_quiz_is_offered_under_an_answer_whose_subject_has_one() -> None:
    told = Given(Answered("It is so.", ("f",), (SOURCE,), 1.0), KEY, quiz="ada-merrow")

    def offered(given: Given) -> list[object]:
        _, keyboard = render.answer(given)
        assert keyboard
        return [button.callback_data for row in keyboard.inline_keyboard[1:] for button in row]

    assert offered(told) == ["q:about:ada-merrow"]
    assert offered(replace(told, quiz=None)) == []
    assert offered(replace(told, quiz="x" * 60)) == []
    assert offered(replace(told, is_doubted=True)) == []


def test_an_answer_that_is_put_aside_says_so() -> None:
    text, _ = render.answer(Given(Answered("It is so.", ("f",), (SOURCE,), 1.0), KEY, is_doubted=True))

    assert text.endswith(f"</i>\n\n<i>{render.DOUBTED}</i>")


def test_what_is_not_known_has_no_footnote_unless_the_documents_raise_it() -> None:
    without, _ = render.answer(Given(Unknown("Not told.", (), (), 0.0), KEY))
    raised, _ = render.answer(Given(Unknown("Not told.", (), (SOURCE,), 0.9), KEY))

    assert without == "Not told."
    assert "A &amp; B" in raised


def test_choices_are_buttons_below_one_another_with_labels_that_fit() -> None:
    choices = (Choice("Short?", "one"), Choice("Long " * 40, "two"))

    text, keyboard = render.answer(Given(Ambiguous("Which one?", choices, 0.3), KEY))

    assert text == "Which one?"
    assert keyboard
    [[first], [second]] = keyboard.inline_keyboard
    assert (first.text, first.callback_data) == ("Short?", f"c:{KEY}:0")
    assert (len(second.text) <= 60, second.text[-1], second.callback_data) == (True, "…", f"c:{KEY}:1")


def test_sources_name_place_and_sentences() -> None:
    places = [SOURCE, replace(SOURCE, sentences=(2, 3, 4)), replace(SOURCE, sentences=())]

    told = render.sources(Shown(tuple((place, None) for place in places)))

    assert [part.rpartition("</b>")[2] for part in told.split("\n\n")] == [", sentence 2", ", sentences 2 to 4", ""]


def test_passages_are_quoted_escaped_and_shortened() -> None:
    told = render.sources(Shown(((SOURCE, "x < y & " * 500),)))

    assert told.count("<blockquote>") == 1
    assert told.endswith("…</blockquote>")
    assert shown_length(told) < 1400


def test_sources_fit_into_one_message() -> None:
    told = render.sources(Shown(tuple((replace(SOURCE, line=n), "word " * 200) for n in range(20))))

    assert 2000 < shown_length(told) <= 4096
    assert told.count("<blockquote>") == told.count("</blockquote>")


def test_an_explanation_tells_what_counted() -> None:
    assert render.explanation(Explained(WHY)).splitlines() == [
        "<b>Asked for:</b> date",
        "<b>About:</b> Ada Merrow",
        "<b>Sure:</b> 91% (I speak from 40% on)",
        "<b>Runner-up:</b> 28%",
        "<b>What counted:</b> covered by says +2.5, in order -0.2",
    ]


def test_an_explanation_fits_into_one_message_whatever_was_asked() -> None:
    why = replace(WHY, unknown=tuple("<&>" * 400 for _ in range(60)), entities=("É" * 300,) * 60)

    told = render.explanation(Explained(why))

    assert shown_length(told) <= 4096


def test_a_picked_fact_was_not_guessed() -> None:
    assert "nothing was guessed" in render.explanation(Explained(None))


def item(precision: Precision, lead: str = "", says: str = "A < B.", *, note: str | None = None) -> PostItem:
    topics = (Topic("ada-merrow", "Ada & Tom"), Topic("x" * 60, "Too long a name for a button"))
    return PostItem(precision, None, lead, says, "fact", (SOURCE,), solemn=False, note=note, topics=topics)


def page(*items: PostItem) -> Post:
    return Post(dt.date(2026, 3, 5), items)


@pytest.mark.parametrize(
    ("precision", "title"),
    [
        ("day", "On this day · 5 March"),
        ("month", "5 March · this month in history"),
        ("year", "5 March · years ago"),
        ("none", "5 March · worth knowing"),
    ],
)
def test_a_page_claims_no_more_than_it_tells(precision: Precision, title: str) -> None:
    text, _ = render.post(page(item(precision)), "footnote_bot")

    assert text.splitlines()[0] == f"<b>{title}</b>"


def test_each_item_of_a_page_has_its_footnote() -> None:
    first = item("day", "120 years ago today", note="This date is in the Julian calendar.")

    text, _ = render.post(page(first, item("day", "5 years ago today", "C & D.")), "footnote_bot")

    assert text == (
        "<b>On this day · 5 March</b>\n\n"
        "<b>120 years ago today</b>: A &lt; B.¹ <i>This date is in the Julian calendar.</i>\n\n"
        "<b>5 years ago today</b>: C &amp; D.²\n\n"
        "<i>¹ A &amp; B, “On &lt;things&gt;”, paragraph 5</i>\n"
        "<i>² A &amp; B, “On &lt;things&gt;”, paragraph 5</i>"
    )


def test_nothing_stands_on_a_page_but_words() -> None:
    solemn = replace(item("day", "73 years ago today"), solemn=True)

    text, keyboard = render.post(page(solemn), "footnote_bot")

    symbols = [c for c in text + "".join(b.text for row in keyboard.inline_keyboard for b in row) if ord(c) > 0x2FFF]
    assert symbols == []


def test_a_page_has_its_buttons() -> None:
    told = page(item("day"))

    _, keyboard = render.post(told, "footnote_bot")

    assert [[(b.text, b.callback_data) for b in row] for row in keyboard.inline_keyboard] == [
        [("◀ 4 March", "d:20260304"), ("6 March ▶", "d:20260306")],
        [
            ("Source", f"n:20260305:{mark_of(told.items[0].fact)}"),
            ("Share", None),
            ("Report", f"r:f:{mark_of(told.items[0].fact)}"),
        ],
        [("More about Ada & Tom", "a:20260305:ada-merrow")],
    ]
    assert keyboard.inline_keyboard[1][1].url == (
        "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Ffootnote_bot%3Fstart%3Dday_0305&text=On%20this%20day%3A%205%20March"
    )


def test_where_the_bot_does_not_know_its_name_there_is_no_link() -> None:
    _, keyboard = render.post(page(item("day")), None)

    assert [b.text for b in keyboard.inline_keyboard[1]] == ["Source", "Report"]


def test_an_empty_page_says_so() -> None:
    text, keyboard = render.post(page(), "footnote_bot")

    assert text.endswith(render.NOTHING)
    assert [[b.text for b in row] for row in keyboard.inline_keyboard] == [["◀ 4 March", "6 March ▶"], ["Share"]]


def test_a_page_of_any_length_fits_in_a_message() -> None:
    text, _ = render.post(page(*[item("day", "5 years ago today", "<&> " * 70)] * 30), "footnote_bot")

    assert 2000 < shown_length(text) <= 4096
    assert text.count("<i>") == text.count("</i>") == text.count(": &lt;")


def test_a_week_of_the_longest_facts_fits_in_a_message() -> None:
    days = [
        replace(page(*[item("day", "5 years ago today", "<&> " * 70)] * 3), date=dt.date(2026, 3, n))
        for n in range(1, 8)
    ]

    text, keyboard = render.week(days)

    assert text.count("(and 2 more)") == 7
    assert shown_length(text) <= 4096
    assert [b.callback_data for row in keyboard.inline_keyboard for b in row] == [f"d:2026030{n}" for n in range(1, 8)]


def drawn(entries: int, says: str = "It was & is.") -> Timeline:
    when = dates.parse("1931-03-03")
    told = tuple(TimelineEntry(when, "3 March 1931", says, f"fact-{n}", solemn=False) for n in range(entries))
    places = tuple(replace(SOURCE, line=n, section=f"Section {n}") for n in range(entries))
    return Timeline("T" * 300, when.first, when.last, told, places)


def test_a_timeline_of_the_longest_facts_fits_in_a_message_and_under_a_picture() -> None:
    timeline = drawn(12, "<&> " * 70)

    caption, _ = render.timeline_caption(timeline, "1931")
    words = render.timeline_text(timeline)

    assert shown_length(caption) <= 1024
    assert shown_length(words) <= 4096
    assert words.count("<i>") == words.count("</i>") == 1


def test_one_event_is_called_so() -> None:
    caption, keyboard = render.timeline_caption(drawn(1), "ada")

    assert "One event, 1931." in caption
    assert keyboard
    assert keyboard.inline_keyboard[0][0].callback_data == "t:ada"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (EVERY_DAY, "every day at 08:05 (Tokyo, UTC+9)"),
        (0b0011111, "Monday to Friday at 08:05 (Tokyo, UTC+9)"),
        (0b0000100, "on Wednesday at 08:05 (Tokyo, UTC+9)"),
        (0b1100001, "on Monday, Saturday and Sunday at 08:05 (Tokyo, UTC+9)"),
    ],
)
def test_a_timetable_is_told_in_words(days: int, said: str) -> None:
    assert render.timetable(Subscription(7, 0, "Asia/Tokyo", 8 * 60 + 5, days, next_due=1_750_000_000)) == said


@pytest.mark.parametrize(
    ("today", "said"),
    [(15, "today, Sunday 15 June"), (14, "tomorrow, Sunday 15 June"), (13, "on Sunday 15 June")],
)
def test_the_next_post_is_told_in_words(today: int, said: str) -> None:
    noon = int(dt.datetime(2025, 6, 15, 12, tzinfo=dt.UTC).timestamp())
    subscription = Subscription(7, 0, "UTC", 12 * 60, next_due=noon)

    assert render.coming(subscription, dt.date(2025, 6, today)) == said
