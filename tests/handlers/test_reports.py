"""Reports, told over HTTP to a bot of this module's own: what is put aside there is missed nowhere else."""

import re
import signal

import pytest

from bot.playground import Message, Person, Playground, RefusedError
from bot.services.desk import mark_of
from bot.services.feedback import Reported
from handlers.buttons import TOO_OLD
from handlers.presses.reports import DeskPress, ReportPress
from handlers.render import DOUBTED
from handlers.reports import ANSWERS
from tests.bot.processes import BotProcess
from tests.handlers.conftest import SMALL_PACK
from tests.handlers.forging import with_button

pytestmark = pytest.mark.usefixtures("bot")
OWNER = 770_077_000
BOT_SETTINGS = SMALL_PACK | {"FOOTNOTE_OWNERS": str(OWNER)}
BORN, DIED = "When was Ada Merrow born?", "When did Ada Merrow die?"


@pytest.fixture
async def owner(playground: Playground) -> Person:
    try:
        return await playground.user("Olga", id=OWNER, started=True)
    except RefusedError:  # an earlier test has brought them
        return Person(playground, {"id": OWNER, "first_name": "Olga"})


async def reported(person: Person, question: str) -> tuple[str, bool]:
    """What somebody is told who asks and presses Report."""
    told = await person.private.ask(question)
    answer = await (await person.private.press(told, "Report")).answer()
    return answer.text, answer.show_alert


async def settled(owner: Person, command: str) -> Message:
    """What an owner's command is answered with."""
    return await owner.private.ask(command, "")


async def test_who_reports_is_thanked_at_once(ann: Person) -> None:
    assert await reported(ann, BORN) == (ANSWERS[Reported.NOTED], True)
    assert await reported(ann, BORN) == (ANSWERS[Reported.ALREADY], True)


async def test_what_three_report_is_put_aside_until_an_owner_restores_it(playground: Playground, owner: Person) -> None:
    people = [await playground.user(name) for name in ("Bob", "Cat", "Dan")]

    before = await people[0].private.ask("/onthisday 3 March", "Ada Merrow died")
    told = [await reported(person, DIED) for person in people]

    assert told == [(ANSWERS[Reported.NOTED], True)] * 2 + [(ANSWERS[Reported.ASIDE], True)]
    notice = await owner.private.expect("A fact is put aside")
    assert "ada-death · 3 reports · put aside" in notice.text
    assert "Ada Merrow died on 3 March 1931." in notice.text
    page = await people[0].private.ask("/onthisday 3 March")
    assert "Ada Merrow died" not in page.text
    await (await people[0].private.press(before, "Source")).answer()
    await people[0].private.expect("sentence 3", after=before)
    answer = await people[0].private.ask(DIED)
    assert answer.text.startswith("Ada Merrow died on 3 March 1931.")
    assert answer.text.endswith(DOUBTED)

    press = await owner.private.press(notice, "Restore")
    await press.answer()

    done = await owner.private.expect("ada-death is in use. I tell the 3 who reported it.")
    assert done.edited
    for person in people:
        said = await person.private.expect("checked against the document")
        assert "Ada Merrow died on 3 March 1931.\n\n¹ The Lighthouse on Skerry, “The keepers”, paragraph 5" in said.text
    assert "Ada Merrow died" in (await people[0].private.ask("/onthisday 3 March")).text
    assert DOUBTED not in (await people[0].private.ask(DIED)).text


async def test_what_an_owner_reports_is_put_aside_and_not_told_as_more(owner: Person, ann: Person) -> None:
    assert await reported(owner, "When did Tom Merrow die?") == (ANSWERS[Reported.ASIDE], True)

    told = await ann.private.ask("Who was Tom Merrow?")
    for _ in range(5):
        if "More" not in told.buttons:
            break
        await (await ann.private.press(told, "More")).answer()
        told = await ann.private.expect("", after=told)
        assert "9 June 1940" not in told.text
    await ann.private.ask("Who was Tom Merrow?", "brother")
    assert "9 June 1940" not in (await ann.private.ask("more")).text

    assert "tom-death is in use." in (await settled(owner, "/restore tom-death")).text


async def test_who_was_right_is_thanked_in_private_wherever_they_reported(
    playground: Playground, owner: Person, ann: Person
) -> None:
    await ann.private.ask("/help")
    shy = await playground.user("Shy")  # who has never written to the bot: it may not write first
    group = await playground.supergroup("Friends", ann, shy)
    told = await ann.at(group).ask("/ask What was Stone paid for the repair of the lamp?", "no wage")
    for person in (shy, ann):
        answer = await (await person.at(group).press(told, "Report")).answer()
        assert (answer.text, answer.show_alert) == (ANSWERS[Reported.NOTED], True)

    done = await settled(owner, "/fix david-wage")

    assert done.text == (
        "david-wage stays put aside until the pack is corrected; then /restore brings it back. "
        "I tell the 2 who reported it."
    )
    said = await ann.private.expect("you were right")
    assert "David Stone took no wage" in said.text
    assert "no reports" not in (await settled(owner, "/restore david-wage")).text


async def test_the_desk_lists_what_is_open_with_place_and_passage(owner: Person, ann: Person) -> None:
    assert await reported(ann, "How high is the tower?") == (ANSWERS[Reported.NOTED], True)

    desk = await settled(owner, "/reports")

    assert "1. tower-height · 1 report\nThe tower of the lighthouse is 31 metres high, with <148> steps" in desk.text
    assert re.search(r"¹ The Lighthouse on Skerry, “[^”]+”, paragraph 11\n.*148", desk.text)
    assert desk.buttons[:2] == ["1: Fix", "1: Restore"]

    await (await owner.private.press(desk, "1: Fix")).answer()

    await ann.private.expect("you were right")
    after = await owner.private.expect("tower-height stays put aside")
    assert "tower-height · put aside" in after.text
    await settled(owner, "/restore tower-height")
    assert "tower-height" not in (await settled(owner, "/reports")).text


async def test_an_owner_who_misspells_is_helped(owner: Person) -> None:
    assert (
        await settled(owner, "/fix ada-brith")
    ).text == "I know no fact “ada-brith”. Do you mean ada-birth or ada-death?"
    assert (await settled(owner, "/restore <b>")).text.startswith("I know no fact “<b>”.")
    assert "/fix kato-svanidze-wedding" in (await settled(owner, "/fix")).text


@pytest.mark.parametrize("command", ["/reports", "/fix ada-birth", "/restore ada-birth"])
async def test_others_know_nothing_of_the_owners_commands(command: str, ann: Person) -> None:
    await ann.private.ask(command, "I don't know that command")


async def test_owners_settle_in_private_only(playground: Playground, owner: Person, ann: Person) -> None:
    group = await playground.group("Friends", ann, owner)

    await owner.at(group).say("/reports")
    last = await ann.at(group).ask("/help", "How to ask")

    assert last.id == max(message.id for message in await group.transcript())
    assert len([m for m in await group.transcript() if m.raw["from"]["is_bot"]]) == 1


async def test_a_page_of_several_facts_asks_which_one_is_meant(playground: Playground, ann: Person) -> None:
    facts = ("david-trade", "david-visit")
    page = await with_button(playground, ann, ReportPress(marks=tuple(map(mark_of, facts))).data())

    assert (await (await ann.private.press(page, "Press me")).answer()).text == ""
    which = await ann.private.expect("Which of these is wrong?")

    assert which.buttons == ["1", "2"]
    assert "2. David Stone came back in 1903" in which.text
    assert (await (await ann.private.press(which, "2")).answer()).text == ANSWERS[Reported.NOTED]


async def test_a_page_has_the_button(ann: Person) -> None:
    page = await ann.private.ask("/onthisday 9 June")

    press = await ann.private.press(page, "Report")

    assert (await press.answer()).text == ANSWERS[Reported.NOTED]


@pytest.mark.parametrize(
    "data",
    [
        "r:",
        "r:AAAAAAAAAAAA",
        "r:f:AAAAAAAA",
        "r:fix:AAAAAAAA",
        "r:nonsense",
        DeskPress("fix", mark_of("ada-birth")).data(),
    ],
)
async def test_a_forged_button_gets_a_friendly_alert(data: str, playground: Playground, ann: Person) -> None:
    message = await with_button(playground, ann, data)

    press = await ann.private.press(message, "Press me")

    assert await press.answer() == (TOO_OLD, True, None)


async def test_reports_survive_a_kill(bot: BotProcess, playground: Playground, owner: Person) -> None:
    await settled(owner, "/fix david-description")
    bot.stop(signal.SIGKILL)
    bot.start()

    told = await (await playground.user("Eve")).private.ask("Who was David Stone?")

    assert DOUBTED in told.text
    await settled(owner, "/restore david-description")
    assert str(owner.id) not in bot.log
