import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.playground import Message, Person, Playground
from handlers.buttons import TOO_OLD
from tests.handlers.forging import with_button

pytestmark = pytest.mark.usefixtures("bot")
DEATH_OF_ADA = "3 March"


def heading(message: Message) -> str:
    return message.text.splitlines()[0]


def day(date: dt.date) -> str:
    return f"{date.day} {date:%B}"


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


async def test_today_tells_of_this_day_with_its_footnotes_and_buttons(ann: Person) -> None:
    page = await ann.private.ask("/today")

    assert day(today()) in heading(page)
    assert re.search(r"\n\n¹ The Lighthouse on Skerry, “[^”]+”, paragraph \d+", page.text)
    before, after = (today() + dt.timedelta(days=n) for n in (-1, 1))
    assert page.buttons[:5] == [f"◀ {day(before)}", f"{day(after)} ▶", "Source", "Share", "Report"]
    assert page.buttons[5].startswith("More about ")


async def test_an_event_of_the_day_says_how_long_ago_it_was(ann: Person) -> None:
    page = await ann.private.ask(f"/onthisday {DEATH_OF_ADA}")

    assert heading(page) == "On this day · 3 March"
    assert f"{today().year - 1931} years ago today" in page.text
    bold = [page.text[e["offset"] : e["offset"] + e["length"]] for e in page.entities if e["type"] == "bold"]
    assert bold == ["On this day · 3 March", f"{today().year - 1931} years ago today"]


@pytest.mark.parametrize("typed", ["3 March", "march 3rd", "3.3.", "3/3", "03-03", "the third of March", "3 MARCH!"])
async def test_a_day_may_be_written_in_any_form(ann: Person, typed: str) -> None:
    page = await ann.private.ask(f"/onthisday {typed}")

    assert heading(page) == "On this day · 3 March"


async def test_a_day_may_be_named_from_today(ann: Person) -> None:
    page = await ann.private.ask("/onthisday tomorrow")

    assert day(today() + dt.timedelta(days=1)) in heading(page)


async def test_without_a_day_it_is_today(ann: Person) -> None:
    page = await ann.private.ask("/onthisday")

    assert day(today()) in heading(page)


@pytest.mark.parametrize("typed", ["<b>blue</b> moon", "31 February", "99/99", "Lenin", "a" * 4000])
async def test_nonsense_gets_a_friendly_word(ann: Person, typed: str) -> None:
    answer = await ann.private.ask(f"/onthisday {typed}")

    assert answer.buttons == []
    assert re.search(r"(Write it like 5 March|has \d\d days)", answer.text)


async def test_29_february_has_its_page(ann: Person) -> None:
    page = await ann.private.ask("/onthisday 29 February")

    assert "29 February" in heading(page)
    assert page.buttons[:2] == ["◀ 28 February", "1 March ▶"]


async def test_the_arrows_turn_the_page_in_place(ann: Person) -> None:
    page = await ann.private.ask("/onthisday 2 March")

    press = await ann.private.press(page, "3 March ▶")

    assert await press.answer() == ("", False, None)
    turned = await ann.private.expect("On this day · 3 March")
    assert turned.edited
    assert turned.id == page.id
    press = await ann.private.press(turned, "◀ 2 March")
    assert await press.answer() == ("", False, None)
    back = await ann.private.expect("2 March")
    assert back.text == page.text
    assert back.buttons == page.buttons


async def test_an_arrow_that_was_pressed_twice_changes_nothing_more(ann: Person) -> None:
    page = await ann.private.ask("/onthisday 2 March")

    presses = [await ann.private.press(page, "3 March ▶") for _ in range(2)]

    assert [await press.answer() for press in presses] == [("", False, None)] * 2
    await ann.private.expect("On this day · 3 March")
    said = await ann.private.ask("/help", "How to ask")
    assert said.id == page.id + 2


async def test_where_the_page_is_gone_the_arrow_brings_a_new_one(playground: Playground, ann: Person) -> None:
    page = await ann.private.ask("/onthisday 2 March")
    press = await ann.private.press(page, "3 March ▶")
    await press.answer()
    await ann.private.expect("On this day · 3 March")
    await playground.fault(
        "editMessageText", code=400, description="Bad Request: message can't be edited"
    )  # as after 48 hours

    press = await ann.private.press(page, "4 March ▶")

    assert await press.answer() == ("", False, None)
    anew = await ann.private.expect("4 March")
    assert not anew.edited


async def test_source_shows_where_a_page_stands(ann: Person) -> None:
    page = await ann.private.ask(f"/onthisday {DEATH_OF_ADA}")

    press = await ann.private.press(page, "Source")

    assert await press.answer() == ("", False, None)
    source = await ann.private.expect("sentence", after=page)
    assert "The Lighthouse on Skerry" in source.text
    assert "blockquote" in [entity["type"] for entity in source.entities]


async def test_more_about_somebody_tells_what_the_page_did_not(ann: Person) -> None:
    page = await ann.private.ask(f"/onthisday {DEATH_OF_ADA}")

    press = await ann.private.press(page, "More about Ada Merrow")

    assert await press.answer() == ("", False, None)
    further = await ann.private.expect("Ada Merrow", after=page)
    assert "1931" not in further.text
    assert further.buttons == ["Source", "More", "Why", "Report"]
    follow_up = await ann.private.ask("and when was she born?")
    assert "1862" in follow_up.text


async def test_share_passes_on_a_link_that_opens_that_day(playground: Playground, ann: Person) -> None:
    page = await ann.private.ask(f"/onthisday {DEATH_OF_ADA}")
    share = next(b for row in page.keyboard for b in row if b["text"] == "Share")
    carried = parse_qs(urlsplit(share["url"]).query)
    assert share["url"].startswith("https://t.me/share/url?")
    assert carried["text"] == ["On this day: 3 March"]

    bob = await playground.user("Bob")
    opened = await bob.follow(carried["url"][0])

    shown = await bob.private.expect("", after=opened)
    assert heading(shown) == "On this day · 3 March"


async def test_a_link_to_no_day_gets_a_friendly_word(ann: Person) -> None:
    answer = await ann.private.ask("/start day_9999")

    assert "There is no month 99" in answer.text


async def test_any_other_link_begins_as_usual(ann: Person) -> None:
    await ann.private.ask("/start day_tomorrow", "Every answer has a footnote")


async def test_this_week_tells_of_seven_days_in_one_message(ann: Person) -> None:
    week = await ann.private.ask("/thisweek", "This week")

    days = [today() + dt.timedelta(days=n) for n in range(7)]
    assert [line.split(" ·")[0] for line in week.text.splitlines() if re.match(r"\w{3} \d", line)] == [
        f"{date:%a} {date.day}" for date in days
    ]
    assert week.buttons == [f"{date:%a}" for date in days]
    assert len(week.text) <= 4096
    press = await ann.private.press(week, f"{days[3]:%a}")
    assert await press.answer() == ("", False, None)
    await ann.private.expect(day(days[3]))


@pytest.mark.parametrize(
    "data",
    ["d:", "d:20260230", "d:99991231", "d:00010101", "d:2026031", "n:20260303:x", "a:20260303", "a:20260303:nobody"],
)
async def test_a_forged_button_gets_a_friendly_alert(data: str, playground: Playground, ann: Person) -> None:
    message = await with_button(playground, ann, data)

    press = await ann.private.press(message, "Press me")

    assert await press.answer() == (TOO_OLD, True, None)


async def test_in_a_topic_pages_stay_in_the_topic(playground: Playground, ann: Person) -> None:
    forum = await playground.supergroup("Forum", ann, is_forum=True)
    topic = await forum.topic("History")
    there = ann.at(forum, topic)

    page = await there.ask("/onthisday 3 March", "On this day")
    press = await there.press(page, "Source")
    await press.answer()

    source = await there.expect("sentence", after=page)
    assert page.thread_id == source.thread_id == topic


async def test_any_member_of_a_group_may_turn_pages(playground: Playground, ann: Person) -> None:
    bob = await playground.user("Bob")
    group = await playground.group("Friends", ann, bob)
    page = await ann.at(group).ask("/onthisday 2 March")

    press = await bob.at(group).press(page, "3 March ▶")

    assert await press.answer() == ("", False, None)
    await bob.at(group).expect("On this day · 3 March")


async def test_a_channel_can_ask_for_a_day(playground: Playground, ann: Person) -> None:
    channel = await playground.channel("News", ann)

    page = await ann.at(channel).ask("/onthisday 3 March", "On this day · 3 March")

    assert page.sender == "News"
