"""Score boards and names on them. Nobody has answered anything here; tests/bot/test_daily_question.py has answers."""

import re

import pytest

from bot.playground import Person, Playground
from handlers.buttons import TOO_OLD
from handlers.render_scores import HIDDEN
from handlers.top import IN_A_CHANNEL, WHO_ARE_YOU
from tests.handlers.forging import with_button

pytestmark = pytest.mark.usefixtures("bot")


async def test_an_empty_board_says_how_to_fill_it_and_turns_its_pages(playground: Playground, ann: Person) -> None:
    here = ann.at(await playground.supergroup("Readers", ann))
    board = await here.ask("/top", "Who answers best · today\n\nNobody has answered here today.*/quiz")
    assert board.buttons == ["The last 7 days", "All time"]

    press = await here.press(board, "All time")
    assert await press.answer() == ("", False, None)
    turned = await here.expect("Who answers best · all time")

    assert turned.id == board.id
    assert turned.buttons == ["Today", "The last 7 days"]


async def test_in_private_one_sees_ones_own_figures(ann: Person) -> None:
    await ann.private.ask("/top", "You have not answered a question yet")


async def test_in_a_channel_there_is_no_score(playground: Playground, ann: Person) -> None:
    here = ann.at(await playground.channel("News", ann))

    await here.ask("/top", re.escape(IN_A_CHANNEL))
    await here.ask("/anonymous", re.escape(WHO_ARE_YOU))


async def test_who_hides_is_told_so_and_may_come_back(ann: Person) -> None:
    hidden = await ann.private.ask("/anonymous", re.escape(HIDDEN))
    assert hidden.buttons == ["Show my name"]

    press = await ann.private.press(hidden, "Show my name")
    assert (await press.answer()).text == "Score boards show your name again."
    shown = await ann.private.expect("Score boards show your name, Ann.")

    assert shown.id == hidden.id
    assert shown.buttons == ["Hide my name"]
    await ann.private.ask("/anonymous", re.escape(HIDDEN))
    await ann.private.ask("/anonymous", "show your name, Ann")


async def test_in_a_group_the_button_is_each_ones_own(playground: Playground, ann: Person) -> None:
    bob = await playground.user("Bob")
    group = await playground.supergroup("Readers", ann, bob)
    hidden = await ann.at(group).ask("/anonymous", re.escape(HIDDEN))

    press = await bob.at(group).press(hidden, "Show my name")

    assert (await press.answer()).show_alert
    await ann.at(group).ask("/anonymous", "show your name, Ann")
    await bob.at(group).ask("/anonymous", re.escape(HIDDEN))


async def test_who_speaks_for_the_group_is_asked_to_come_to_private(playground: Playground, ann: Person) -> None:
    here = ann.at(await playground.supergroup("Readers", ann))

    said = await here.say("/anonymous", anonymous=True)

    await here.expect(re.escape(WHO_ARE_YOU), after=said)


async def test_a_button_that_none_of_ours_is_explains_itself(playground: Playground, ann: Person) -> None:
    await ann.private.ask("/start")
    odd = await with_button(playground, ann, "l:year")

    press = await ann.private.press(odd, data="l:year")

    assert await press.answer() == (TOO_OLD, True, None)
