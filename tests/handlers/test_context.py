"""What only Telegram itself can bring about, played in this process."""

import pytest

from bot.playground import Playground
from tests.handlers.conftest import InProcess

BOT_SETTINGS = None  # only the application of this process answers


@pytest.mark.parametrize(("button", "shown"), [("3 March ▶", "On this day · 3 March"), ("Source", "paragraph")])
async def test_a_button_under_a_message_that_telegram_has_forgotten_works_on(
    in_process: InProcess, playground: Playground, button: str, shown: str
) -> None:
    ann = await playground.user("Ann")
    await ann.private.say("/onthisday 2 March")
    await in_process.handle_newest()
    page = await ann.private.expect("2 March")
    press = await ann.private.press(page, button)

    await in_process.handle_newest_as_if_long_ago()

    assert await press.answer() == ("", False, None)
    await ann.private.expect(shown)


async def test_so_do_settings(in_process: InProcess, playground: Playground) -> None:
    ann = await playground.user("Ann")
    group = await playground.supergroup("Readers", ann)
    await ann.at(group).say("/subscribe 08:30 Kyiv")
    await in_process.handle_newest()
    await ann.at(group).say("/settings")
    await in_process.handle_newest()
    card = await ann.at(group).expect("The daily post")
    press = await ann.at(group).press(card, "Silent: off")

    await in_process.handle_newest_as_if_long_ago()

    assert await press.answer() == ("", False, None)
    assert "Silent: on" in (await ann.at(group).expect("The daily post")).buttons
