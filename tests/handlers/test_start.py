import pytest

from bot.playground import Playground
from handlers.start import COMMANDS

pytestmark = pytest.mark.usefixtures("bot")


async def test_start_greets_with_an_example_that_works(playground: Playground) -> None:
    ann = await playground.user("Ann")

    greeting = await ann.private.ask("/start", "Every answer has a footnote")
    example = next(line for line in greeting.text.splitlines() if line.startswith("• ")).removeprefix("• ")
    answer = await ann.private.ask(example)

    assert greeting.entities[0]["type"] == "bold"
    assert answer.text


async def test_start_begins_the_conversation_anew(playground: Playground) -> None:
    ann = await playground.user("Ann")
    await ann.private.ask("Who was Tom Merrow?", "brother")

    await ann.private.ask("/start", "Every answer")

    await ann.private.ask("and when did he die?", "don't tell")


async def test_help_lists_every_command_that_the_menu_shows(playground: Playground) -> None:
    ann = await playground.user("Ann")

    answer = await ann.private.ask("/help", "How to ask")

    [menu] = await playground.commands()
    assert [command["command"] for command in menu["commands"]] == [name for name, _ in COMMANDS]
    for name, description in COMMANDS:
        assert f"/{name} – {description}" in answer.text


async def test_every_command_of_the_menu_is_answered(playground: Playground) -> None:
    for name, _ in COMMANDS:
        ann = await playground.user("Ann")
        answer = await ann.private.ask(f"/{name}")
        assert "don't know that command" not in answer.text


async def test_about_names_packs_documents_and_what_is_kept(playground: Playground) -> None:
    ann = await playground.user("Ann")

    answer = await ann.private.ask("/about", "Footnote")

    assert "The lighthouse & its keepers: 10 facts from\n• The Lighthouse on Skerry" in answer.text
    assert "never what you wrote" in answer.text


async def test_commands_work_in_groups_too(playground: Playground) -> None:
    ann = await playground.user("Ann")
    group = await playground.supergroup("Friends", ann)

    asked = await ann.at(group).say("/help")
    answer = await ann.at(group).expect("How to ask", after=asked)

    assert answer.raw["reply_to_message"]["message_id"] == asked.id
