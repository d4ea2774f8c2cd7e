import pytest

from bot.playground import Message, Person, Playground
from handlers.buttons import TOO_OLD
from tests.handlers.forging import with_button

pytestmark = pytest.mark.usefixtures("bot")
BORN = "When was Ada Merrow born?"


@pytest.fixture
async def told(ann: Person) -> Message:
    return await ann.private.ask(BORN, "1862")


def data_of(message: Message, text: str) -> str:
    return next(str(b["callback_data"]) for row in message.keyboard for b in row if b["text"] == text)


async def test_source_shows_the_place_and_the_documents_words(ann: Person, told: Message) -> None:
    press = await ann.private.press(told, "Source")

    assert await press.answer() == ("", False, None)
    source = await ann.private.expect("She was born in Wick in 1862, and the lamp was hers")
    assert "The Lighthouse on Skerry" in source.text
    assert "sentence 2" in source.text
    assert [entity["type"] for entity in source.entities] == ["bold", "blockquote"]
    assert source.buttons == []


async def test_more_tells_another_fact_with_buttons_of_its_own(ann: Person, told: Message) -> None:
    press = await ann.private.press(told, "More")

    assert await press.answer() == ("", False, None)
    further = await ann.private.expect("Ada Merrow", after=told)
    assert "1862" not in further.text
    assert further.buttons == ["Source", "More", "Why", "Report"]


async def test_more_comes_to_an_end(ann: Person, told: Message) -> None:
    last = told
    for _ in range(6):
        if "More" not in last.buttons:
            break
        press = await ann.private.press(last, "More")
        await press.answer()
        last = await ann.private.expect("", after=last)

    assert last.text == "That is all I know of it."


async def test_why_tells_what_led_to_the_answer(ann: Person, told: Message) -> None:
    press = await ann.private.press(told, "Why")

    assert await press.answer() == ("", False, None)
    why = await ann.private.expect("Asked for")
    assert "About: Ada Merrow" in why.text
    assert "I speak from" in why.text


async def test_the_conversation_goes_on_after_a_button(ann: Person, told: Message) -> None:
    press = await ann.private.press(told, "Source")
    await press.answer()

    await ann.private.ask("and when did she die?", "3 March 1931")


async def test_anybody_in_a_group_may_press(playground: Playground, ann: Person) -> None:
    bob = await playground.user("Bob")
    group = await playground.group("Friends", ann, bob)
    told = await ann.at(group).ask(f"/ask {BORN}", "1862")

    press = await bob.at(group).press(told, "Source")

    assert await press.answer() == ("", False, None)
    source = await bob.at(group).expect("The keepers", after=told)
    assert source.raw["reply_to_message"]["message_id"] == told.id


@pytest.mark.parametrize(
    "data",
    [
        "s:AAAAAAAAAAAA",
        "c:AAAAAAAAAAAA:9",
        "c:AAAAAAAAAAAA",
        "s:",
        "x:AAAAAAAAAAAA",
        "nonsense",
        "s:' OR 1=1 --",
        "s:…",
    ],
)
async def test_a_forged_button_gets_a_friendly_alert(data: str, playground: Playground, ann: Person) -> None:
    message = await with_button(playground, ann, data)

    press = await ann.private.press(message, "Press me")

    assert await press.answer() == (TOO_OLD, True, None)


@pytest.mark.parametrize("button", ["Source", "More", "Why"])
async def test_a_button_of_another_chat_gets_a_friendly_alert(
    button: str, playground: Playground, told: Message
) -> None:
    bob = await playground.user("Bob")
    message = await with_button(playground, bob, data_of(told, button))

    press = await bob.private.press(message, "Press me")

    assert await press.answer() == (TOO_OLD, True, None)


async def test_a_choice_that_was_not_offered_gets_a_friendly_alert(
    playground: Playground, ann: Person, told: Message
) -> None:
    key = data_of(told, "Source").partition(":")[2]
    message = await with_button(playground, ann, f"c:{key}:0")

    press = await ann.private.press(message, "Press me")

    assert await press.answer() == (TOO_OLD, True, None)
