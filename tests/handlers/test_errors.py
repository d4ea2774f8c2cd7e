import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.playground import Playground
from handlers.errors import SORRY
from tests.handlers.conftest import InProcess

BOT_SETTINGS = None  # only the application of this process answers


@pytest.fixture
async def broken(engine: AsyncEngine) -> None:
    """A database whose tables are gone."""
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE answers"))


@pytest.mark.usefixtures("broken")
async def test_a_fault_is_logged_and_the_person_told(
    in_process: InProcess, playground: Playground, caplog: pytest.LogCaptureFixture
) -> None:
    ann = await playground.user("Ann")
    await ann.private.say("When was Ada Merrow born?")

    await in_process.handle_newest()

    assert (await ann.private.expect("")).text == SORRY
    assert "a handler failed on update" in caplog.text
    assert "no such table" in caplog.text
    assert "When was Ada" not in caplog.messages[0]


@pytest.mark.usefixtures("broken")
async def test_a_fault_in_a_button_is_told_as_an_alert(in_process: InProcess, playground: Playground) -> None:
    ann = await playground.user("Ann")
    await ann.private.say("/start")
    keyboard = {"inline_keyboard": [[{"text": "Source", "callback_data": "s:AAAAAAAAAAAA"}]]}
    sent = await playground.call("sendMessage", chat_id=ann.id, text="Look", reply_markup=keyboard)
    [message] = [m for m in await ann.private.transcript() if m.id == sent["result"]["message_id"]]
    press = await ann.private.press(message, "Source")

    await in_process.handle_newest()

    assert await press.answer() == (SORRY, True, None)


@pytest.mark.usefixtures("broken")
async def test_what_needs_no_database_works_on(in_process: InProcess, playground: Playground) -> None:
    ann = await playground.user("Ann")
    await ann.private.say("When was Ada Merrow born?")
    await in_process.handle_newest()
    await ann.private.say("/help")

    await in_process.handle_newest()

    await ann.private.expect("How to ask")
