from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.feedback import Feedback
from bot.services.library import Library
from bot.services.picking import Picker
from bot.services.polls import PROVED_SECONDS, UNREPEATED_SECONDS, Place, Polls
from bot.storage import polls as storage
from bot.storage.polls import Poll
from knowledge.quiz import LEAST_ANSWERS
from knowledge.quiz_wish import Wish
from tests.fakes import Clock

GROUP, ANN = Place(-5), 7_000_000_001
ZHUKOV = Wish(30, about=("zhukov",))


async def ask(polls: Polls, picker: Picker, wish: Wish, place: Place = GROUP) -> set[tuple[str, str]]:
    picked = await picker.pick(wish, place, None)
    for question in picked:
        ours = await polls.begin(place, question, "round")
        await polls.sent(ours, f"t{ours}", 1, 30)
    return {question.key for question in picked}


async def test_as_many_are_picked_as_wished(picker: Picker) -> None:
    picked = await picker.pick(Wish(7), GROUP, None)

    assert len({question.key for question in picked}) == 7


async def test_what_a_chat_was_asked_lately_makes_a_round_shorter_rather_than_come_again(
    polls: Polls, picker: Picker
) -> None:
    first = await ask(polls, picker, Wish(20, about=("zhukov",)))

    rest = await picker.pick(ZHUKOV, GROUP, None)
    elsewhere = await picker.pick(ZHUKOV, Place(-6), None)

    assert {question.key for question in rest}.isdisjoint(first)
    assert 0 < len(rest) < len(elsewhere)


async def test_where_nothing_else_is_left_it_comes_again_the_longest_ago_first(
    polls: Polls, picker: Picker, clock: Clock
) -> None:
    everything: set[tuple[str, str]] = set()
    while not everything >= (more := await ask(polls, picker, Wish(3, about=("zhukov",)))):
        everything |= more
        clock.now += 60

    assert more <= everything
    assert len(more) == 3


async def test_after_sixty_days_it_is_new_again(polls: Polls, picker: Picker, clock: Clock) -> None:
    first = await ask(polls, picker, ZHUKOV)
    clock.now += UNREPEATED_SECONDS + 1

    assert await ask(polls, picker, ZHUKOV) & first


async def test_what_a_player_answered_elsewhere_is_not_new_to_them(polls: Polls, picker: Picker) -> None:
    picked = await picker.pick(Wish(100), GROUP, None)
    question = next(q for q in picked if q.kind == "when")  # of others not each finds its wrong options every time
    await polls.sent(await polls.begin(GROUP, question, "round"), "t1", 1, 30)
    asked = await polls.of("t1")
    assert asked is not None
    await polls.vote(asked, ANN, "Ann", 0)

    everything = await picker.pick(Wish(2000), Place(ANN), ANN)

    assert question.key not in {q.key for q in everything}
    assert question.key in {q.key for q in await picker.pick(Wish(2000), Place(8), 8)}


async def test_facts_that_are_put_aside_or_reserved_are_not_asked(picker: Picker, feedback: Feedback) -> None:
    one, other, *_ = await picker.pick(ZHUKOV, None, None)
    feedback.withheld = frozenset([one.fact])

    facts = {q.fact for q in await picker.pick(ZHUKOV, None, None, reserved=[other.fact])}

    assert facts
    assert facts.isdisjoint((one.fact, other.fact))


async def test_nothing_is_picked_of_a_grave_subject(picker: Picker) -> None:
    famine, zhukov = Wish(about=("great-famine",)), Wish(about=("zhukov",), year=1789)

    assert await picker.pick(famine, GROUP, None) == ()
    assert await picker.pick(zhukov, GROUP, None) == ()
    assert picker.is_grave(famine)
    assert not picker.is_grave(zhukov)


async def test_a_question_that_nearly_everybody_knew_is_easy_from_then_on(
    picker: Picker, polls: Polls, clock: Clock
) -> None:
    hard = (await picker.pick(Wish(1, "hard"), GROUP, None))[0]
    ours = await polls.begin(GROUP, hard, "round")
    await polls.sent(ours, "t1", 1, 30)
    asked = await polls.of("t1")
    assert asked is not None
    for player in range(LEAST_ANSWERS):
        await polls.vote(asked, player, "Ann", hard.correct)
    clock.now += PROVED_SECONDS + 1

    easy = await picker.pick(Wish(2000, "easy"), Place(-6), None)

    assert hard.key in {question.key for question in easy}
    assert {question.difficulty for question in easy} == {"easy"}


def test_some_questions_are_the_same_for_the_same_seed(picker: Picker, shipped: Library) -> None:
    assert picker.some(Wish(), "a", 3) == picker.some(Wish(), "a", 3)
    assert picker.some(Wish(), "a", 3) != picker.some(Wish(), "b", 3)
    assert len(shipped.quiz.prompts) > 3


async def test_in_a_year_of_five_questions_a_day_none_comes_twice_within_sixty_days(
    picker: Picker, clock: Clock, engine: AsyncEngine
) -> None:
    last = dict[tuple[str, str], float]()
    repeated = 0
    for _ in range(365):
        picked = (await picker.pick(Wish(5), Place(ANN), ANN))[:5]
        assert len({question.key for question in picked}) == 5
        async with engine.begin() as connection:
            for question in picked:
                asked = Poll(ANN, 0, "round", *question.key, "{}", clock.now, state="closed")
                ours = await storage.keep(connection, asked)
                await storage.vote(connection, storage.Vote(ours, ANN, 0, True, 1.0, clock.now))
        for question in picked:
            if question.key in last:
                assert clock.now - last[question.key] > UNREPEATED_SECONDS
                repeated += 1
            last[question.key] = clock.now
        clock.now += 24 * 3600

    assert repeated > 1000  # or the year would prove nothing
