import pytest

from bot.playground import Person, Playground
from handlers.buttons import TOO_OLD
from tests.handlers.forging import with_button

pytestmark = pytest.mark.usefixtures("bot")


async def test_a_timeline_is_a_picture_with_a_short_caption(playground: Playground, ann: Person) -> None:
    picture = await ann.private.ask("/timeline Ada Merrow", "Ada Merrow")

    assert picture.picture is not None
    assert picture.picture[0] == 1080
    assert "The Lighthouse on Skerry" in picture.text
    assert len(picture.text) <= 1024
    assert picture.buttons == ["As text"]
    called = [
        call["method"] for call in await playground.calls() if str(call["parameters"].get("chat_id")) == str(ann.id)
    ]
    assert called == ["sendChatAction", "sendPhoto"]


async def test_the_same_stands_in_words_for_those_who_cannot_see_it(ann: Person) -> None:
    picture = await ann.private.ask("/timeline Ada Merrow")

    press = await ann.private.press(picture, "As text")

    assert await press.answer() == ("", False, None)
    words = await ann.private.expect("3 March 1931: ", after=picture)
    assert words.picture is None
    assert "¹ The Lighthouse on Skerry, “" in words.text


async def test_a_year_has_a_timeline(ann: Person) -> None:
    picture = await ann.private.ask("/timeline 1931", "1931")

    assert "One event, 1931." in picture.text


async def test_what_no_button_can_carry_comes_in_words_at_once(ann: Person) -> None:
    picture = await ann.private.ask("/timeline " + "Ada Merrow " * 6, "Ada Merrow")

    assert picture.buttons == []
    words = await ann.private.expect("3 March 1931: ")
    assert words.id == picture.id + 1


@pytest.mark.parametrize("typed", ["", "   ", "<b>nonsense</b>", "3000", "12", "☃" * 1000])
async def test_nonsense_gets_a_friendly_word_with_an_example(ann: Person, typed: str) -> None:
    answer = await ann.private.ask(f"/timeline {typed}", "For example: /timeline 1")

    example = answer.text.partition("For example: ")[2]
    picture = await ann.private.ask(example)
    assert picture.picture is not None


async def test_a_forged_button_gets_a_friendly_alert(playground: Playground, ann: Person) -> None:
    message = await with_button(playground, ann, "t:nobody at all")

    press = await ann.private.press(message, "Press me")

    assert await press.answer() == (TOO_OLD, True, None)


async def test_where_pictures_are_not_allowed_it_comes_in_words(playground: Playground, ann: Person) -> None:
    group = await playground.supergroup("Readers", ann)
    await group.set_status("bot", "restricted", lacking=["can_send_photos"])

    await ann.at(group).ask("/timeline Ada Merrow", "3 March 1931: ")


async def test_in_a_topic_it_stays_in_the_topic(playground: Playground, ann: Person) -> None:
    forum = await playground.supergroup("Forum", ann, is_forum=True)
    topic = await forum.topic("History")

    asked = await ann.at(forum, topic).say("/timeline Ada Merrow")
    picture = await ann.at(forum, topic).expect("Ada Merrow", after=asked)

    assert picture.picture is not None
    assert picture.thread_id == topic
    assert picture.raw["reply_to_message"]["message_id"] == asked.id


async def test_it_comes_also_where_the_work_cannot_be_shown(playground: Playground, ann: Person) -> None:
    await playground.fault("sendChatAction", code=500)

    picture = await ann.private.ask("/timeline Ada Merrow", "Ada Merrow")

    assert picture.picture is not None
