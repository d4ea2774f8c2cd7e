import pytest

from bot.playground import Person, Playground
from bot.services.feedback import Reported
from handlers.inline import ASK_IN_PRIVATE, CACHE_SECONDS, TODAY_CACHE_SECONDS, WRITE_HERE, parameter
from handlers.reports import ANSWERS
from tests.packs import SHIPPED

pytestmark = pytest.mark.usefixtures("bot")
BOT_SETTINGS = {"FOOTNOTE_PACKS": str(SHIPPED)}


@pytest.fixture
async def ann(playground: Playground, ann: Person) -> Person:
    await playground.inline_mode()
    return ann


async def test_a_question_lists_its_answer_first_and_sends_it_with_its_footnote(ann: Person) -> None:
    results = await ann.inline("who was Kato")

    assert results.titles[0] == "Kato Svanidze"
    assert "first wife" in results.descriptions[0]
    sent = await (await results.choose(0)).now()
    assert sent.text.startswith("Kato Svanidze was Stalin's first wife")
    assert "\n\n¹ Joseph Stalin, “" in sent.text
    assert [entity["type"] for entity in sent.entities] == ["italic"]
    assert sent.buttons == ["Report"]


async def test_what_was_sent_can_be_reported_by_whoever_sees_it(playground: Playground, ann: Person) -> None:
    sent = await (await ann.inline("who was Kato")).choose(0)
    bob = await playground.user("Bob")

    first, again = [await (await bob.press(sent, "Report")).answer() for _ in range(2)]

    assert (first.text, first.show_alert) == (ANSWERS[Reported.NOTED], True)
    assert again.text == ANSWERS[Reported.ALREADY]


async def test_a_long_list_has_pages_that_dont_overlap(ann: Person) -> None:
    first = await ann.inline("zhukov")
    second = await first.more()

    assert len(first.ids) == 25
    assert not set(first.ids) & set(second.ids)
    last = second
    while last.next_offset:
        last = await last.more()
    assert 0 < len(last.ids) <= 25


async def test_facts_are_the_same_for_everybody_and_kept_for_a_while(playground: Playground, ann: Person) -> None:
    bob = await playground.user("Bob")
    facts = await ann.inline("beria")
    again = await bob.inline("beria")

    assert (facts.raw["cache_time"], facts.raw["is_personal"]) == (CACHE_SECONDS, False)
    assert again.is_cached
    assert again.ids == facts.ids


async def test_games_are_offered_anew_to_everybody(playground: Playground, ann: Person) -> None:
    bob = await playground.user("Bob")
    games = await ann.inline("quiz")

    assert (games.raw["cache_time"], games.raw["is_personal"]) == (0, True)
    assert games.titles[0] == "Quiz: a bit of everything"
    assert [line.split(".")[0] for line in games.descriptions[:3]] == ["5 questions", "3 questions", "10 questions"]
    assert not (await bob.inline("quiz")).is_cached


@pytest.mark.parametrize(
    ("typed", "title", "line"),
    [
        ("quiz 7 hard 1941", "Quiz: Hard, 1941", "7 questions"),
        ("Quiz Zhukov", "Quiz: Georgy Zhukov", "5 questions"),
        ("quiz me on Zhukov please", "Quiz: Georgy Zhukov", "5 questions"),
        ("quiz 1 easy", "Quiz: Easy", "1 question"),
    ],
)
async def test_a_game_is_offered_as_it_is_wished_for(ann: Person, typed: str, title: str, line: str) -> None:
    games = await ann.inline(typed)

    assert games.titles[0] == title
    assert games.descriptions[0].startswith(f"{line}.")
    sent = await (await games.choose(0)).now()
    assert sent.text.lower().startswith(f"a quiz · {line} · {title.removeprefix('Quiz: ').lower()}")
    assert sent.buttons == ["Begin"]


async def test_a_wish_that_cant_be_met_offers_other_games_and_says_why(ann: Person) -> None:
    strange = await ann.inline("quiz Harry Potter")
    empty = await ann.inline("quiz 1066")

    assert "“Harry Potter”" in strange.button
    assert empty.button == "I have no questions about that."
    assert strange.titles == empty.titles
    assert "Quiz: a bit of everything" in strange.titles


async def test_nothing_typed_lists_the_day_some_facts_and_a_game(ann: Person) -> None:
    results = await ann.inline("")

    assert len(results.titles) > 5
    assert results.titles[-1] == "Quiz: a bit of everything"
    assert (results.raw["cache_time"], results.raw["is_personal"]) == (TODAY_CACHE_SECONDS, False)


async def test_nothing_found_leads_to_the_private_chat_which_answers_what_was_typed(ann: Person) -> None:
    results = await ann.inline("Who won the Nobel Prize?")

    assert results.titles == []
    assert results.button == ASK_IN_PRIVATE
    said = await results.press_button()
    await ann.private.expect("My documents don't tell", after=said)


async def test_what_is_too_long_for_a_link_leads_to_the_private_chat_all_the_same(ann: Person) -> None:
    results = await ann.inline("Who won " + "the Nobel Prize " * 8)

    said = await results.press_button()
    await ann.private.expect(WRITE_HERE, after=said)


@pytest.mark.parametrize("typed", ["Хто така Като?", "¿Qué?", "a" * 45, "who? -_-"])
def test_a_link_carries_any_script(typed: str) -> None:
    assert len(parameter(typed)) <= 64
    assert parameter(typed).startswith("ask_")


@pytest.mark.parametrize("link", ["ask_%%%", "ask_A", "ask_gICA", "ask_", "asking"])
async def test_a_forged_link_starts_the_bot(ann: Person, link: str) -> None:
    await ann.private.ask(f"/start {link}", f"Every answer has a footnote|{WRITE_HERE}")


@pytest.mark.parametrize(
    "typed", ["x" * 256, "<b>&amp;</b>", "'; DROP TABLE games; --", "\u200f\u200e", "🎲🎲🎲", "%s {0}"]
)
async def test_odd_queries_are_answered(ann: Person, typed: str) -> None:
    results = await ann.inline(typed)

    assert results.titles or results.button == ASK_IN_PRIVATE


@pytest.mark.parametrize("offset", ["nonsense", "-1", "99999999999999999999", "25 "])
async def test_odd_offsets_are_answered(ann: Person, offset: str) -> None:
    assert len((await ann.inline("stalin", offset=offset)).ids) == 25


async def test_of_keystrokes_that_come_together_the_last_one_is_answered(ann: Person) -> None:
    typed = [await ann.type_inline("molotov"[:length]) for length in range(1, 8)]

    assert "Vyacheslav Molotov" in (await typed[-1].results()).titles[0]
