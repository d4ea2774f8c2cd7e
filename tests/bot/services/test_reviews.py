"""What comes back to somebody, in which order, and what becomes of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.days import Days
from bot.services.feedback import Feedback
from bot.services.library import Library
from bot.services.polls import Place, Polls
from bot.services.reviews import KEPT_SECONDS, MOST, Next, NoCards, Over, Rest, Reviews, Unanswered
from bot.services.subscriptions import Subscriptions
from bot.storage import cards
from bot.storage.database import migrate, open_database, reading
from knowledge.quiz import KINDS, Question
from tests.fakes import Clock
from tests.mistakes import in_a_game, in_a_round

ANN = 7_000_000_001
MINUTE, DAY = 60.0, 24 * 3600.0


@pytest.fixture
def questions(shipped: Library) -> tuple[Question, ...]:
    return shipped.quiz.questions(seed=7, n=30)


class Reviewer:
    """Somebody who reviews, as the handlers let them."""

    def __init__(self, engine: AsyncEngine, library: Library, clock: Clock) -> None:
        days = Days(engine, library, "UTC", clock)
        self.feedback = Feedback(engine)
        self.polls = Polls(engine, days.today, clock)
        self.reviews = Reviews(engine, library, self.feedback, days.zone, clock, fuzz=False)
        self._clock = clock

    async def show(self, step: Next) -> int:
        """Send a question, with success."""
        poll = await self.polls.begin(Place(ANN, 0), step.question, "review", number=step.number)
        await self.polls.sent(poll, f"review {poll}", 1000 + poll, None)
        return poll

    async def vote(self, poll: int, *, is_right: bool, after: float = 5.0) -> bool:
        """Answer it; whether it counted."""
        asked = await self.polls.of(f"review {poll}")
        assert asked is not None
        self._clock.now += after
        option = asked.question.correct if is_right else (asked.question.correct + 1) % len(asked.question.options)
        return await self.polls.vote(asked, ANN, "Ann", option) is not None

    async def go_through(self, *, right: Sequence[bool] = (), after: float = 5.0) -> tuple[list[Next], Over]:
        """A whole review; all answers are right but for those that are said to be wrong."""
        steps: list[Next] = []
        step: Next | Over = await self.begin()
        while isinstance(step, Next):
            steps.append(step)
            poll = await self.show(step)
            await self.vote(poll, is_right=right[len(steps) - 1] if len(steps) <= len(right) else True, after=after)
            following = await self.reviews.go_on(ANN)
            assert following is not None
            step = following
        assert isinstance(step, Over)
        return steps, step

    async def begin(self) -> Next:
        step = await self.reviews.begin(ANN)
        assert isinstance(step, Next), step
        return step


@pytest.fixture
def ann(engine: AsyncEngine, shipped: Library, clock: Clock) -> Reviewer:
    return Reviewer(engine, shipped, clock)


async def kept(engine: AsyncEngine) -> list[cards.Card]:
    async with reading(engine) as connection:
        return await cards.cards_of(connection, ANN)


async def test_who_got_nothing_wrong_has_nothing_to_review(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:3], clock.now - DAY, is_right=True)
    await in_a_round(engine, ANN + 1, questions[:3], clock.now - DAY)

    assert await ann.reviews.begin(ANN) == NoCards()


async def test_nothing_more_is_kept_of_people_who_never_review(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:3], clock.now - DAY)
    assert await kept(engine) == []

    await ann.begin()
    assert len(await kept(engine)) == 3


async def test_what_was_got_wrong_anywhere_comes_back_the_longest_ago_first(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:1], clock.now - 2 * DAY)
    await in_a_game(engine, ANN, questions[1], clock.now - 3 * DAY)
    await in_a_round(engine, ANN, questions[2:3], clock.now - 59 * DAY)
    await in_a_round(engine, ANN, questions[3:4], clock.now - 61 * DAY)

    steps, over = await ann.go_through(right=[True, False, True])

    assert [step.question.key for step in steps] == [questions[n].key for n in (2, 1, 0)]
    assert [(step.number, step.of) for step in steps] == [(1, 3), (2, 3), (3, 3)]
    assert (over.answered, over.right) == (3, 2)


async def test_the_same_question_comes_again_perhaps_in_other_words(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions, clock.now - DAY)
    met = [step.question for _ in range(3) for step in (await ann.go_through())[0]]

    by_key = {question.key: question for question in questions}
    assert {question.key for question in met} == set(by_key)
    assert len(met) == len(by_key)
    assert any(question.options != by_key[question.key].options for question in met)


async def test_looking_twice_changes_nothing(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:3], clock.now - DAY)
    first = await ann.begin()
    before = await kept(engine)

    assert await ann.begin() == first
    assert await kept(engine) == before


async def test_a_review_is_no_longer_than_ten_questions_and_the_rest_waits(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:13], clock.now - DAY)

    steps, over = await ann.go_through()
    further, rest = await ann.go_through()

    assert [step.of for step in steps] == [MOST] * MOST
    assert over.progress.due == 3
    assert len({step.question.key for step in steps + further}) == 13
    assert (rest.answered, rest.progress.due) == (3, 0)


async def test_what_was_got_wrong_comes_back_when_ten_minutes_have_passed_not_at_once(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:2], clock.now - DAY)
    steps, over = await ann.go_through(right=[False])

    assert len(steps) == 2
    assert over.progress.next_due is not None
    rest = await ann.reviews.begin(ANN)
    assert isinstance(rest, Rest)
    clock.now = over.progress.next_due.timestamp()
    assert (await ann.begin()).question.key == steps[0].question.key


async def test_within_a_long_review_it_comes_back_once_it_is_due(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:4], clock.now - DAY)

    steps, _ = await ann.go_through(right=[False], after=4 * MINUTE)

    keys = [step.question.key for step in steps]
    assert keys == [*keys[:4], keys[0]]
    assert len(set(keys)) == 4


async def test_what_is_known_comes_back_ever_later(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:1], clock.now - DAY)
    waits = []
    for _ in range(6):
        _, over = await ann.go_through(after=8.0)
        assert over.progress.next_due is not None
        waits.append(over.progress.next_due.timestamp() - clock.now)
        clock.now += waits[-1]

    assert waits == sorted(waits)
    assert waits[0] >= DAY
    assert waits[-1] > 30 * DAY
    assert over.progress.stages["firm"] == 1


async def test_a_fast_answer_counts_for_more_than_a_slow_one(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:2], clock.now - DAY)
    for seconds in (1.0, 200.0):
        await ann.vote(await ann.show(await ann.begin()), is_right=True, after=seconds)
    clock.now += 3 * DAY
    for seconds in (1.0, 200.0):
        await ann.vote(await ann.show(await ann.begin()), is_right=True, after=seconds)
    await ann.reviews.end(ANN)

    dues = {card.fact: card.due_at for card in await kept(engine)}
    assert dues[questions[0].fact] > dues[questions[1].fact] + DAY


async def test_a_mistake_in_a_quiz_brings_a_known_question_back(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:1], clock.now - DAY)
    for _ in range(4):
        _, over = await ann.go_through()
        assert over.progress.next_due is not None
        clock.now = over.progress.next_due.timestamp()
    await ann.go_through()
    await in_a_round(engine, ANN, questions[:1], clock.now + MINUTE)
    clock.now += 12 * MINUTE

    assert (await ann.begin()).progress.stages["learning"] == 1


async def test_an_open_question_is_pointed_at_and_its_answer_goes_on(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock, shipped: Library
) -> None:
    await in_a_round(engine, ANN, questions[:2], clock.now - DAY)
    poll = await ann.show(await ann.begin())

    after_a_restart = Reviewer(engine, shipped, clock)
    await after_a_restart.polls.recover()
    found = await after_a_restart.reviews.begin(ANN)
    assert isinstance(found, Unanswered)
    assert found.asked.message_id == 1000 + poll
    assert await after_a_restart.reviews.go_on(ANN) is None
    assert await after_a_restart.vote(poll, is_right=True)
    step = await after_a_restart.reviews.go_on(ANN)
    assert isinstance(step, Next)
    assert (step.number, step.question.key) == (2, questions[1].key)


async def test_an_answer_that_a_stop_left_uncounted_counts_later(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock, shipped: Library
) -> None:
    """Killed between keeping the answer and going on."""
    await in_a_round(engine, ANN, questions[:2], clock.now - DAY)
    assert await ann.vote(await ann.show(await ann.begin()), is_right=True)
    at = clock.now
    clock.now += 3 * DAY

    step = await Reviewer(engine, shipped, clock).begin()

    assert step.progress.due == 2
    assert next(card for card in await kept(engine) if card.fact == questions[0].fact).updated_at == at
    assert step.question.key == questions[1].key


async def test_a_question_whose_sending_is_uncertain_is_not_waited_for(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock, shipped: Library
) -> None:
    await in_a_round(engine, ANN, questions[:1], clock.now - DAY)
    step = await ann.begin()
    await ann.polls.begin(Place(ANN, 0), step.question, "review", number=1)

    after_a_restart = Reviewer(engine, shipped, clock)
    await after_a_restart.polls.recover()

    assert (await after_a_restart.begin()).question == step.question


async def test_what_an_answer_may_have_been_told_doesnt_count_as_known(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    """The question was open while the same one was got wrong, and its answer shown, elsewhere."""
    await in_a_round(engine, ANN, questions[:1], clock.now - DAY)
    poll = await ann.show(await ann.begin())
    await in_a_round(engine, ANN, questions[:1], clock.now)
    clock.now += 20
    await ann.reviews.end(ANN)
    assert await ann.vote(poll, is_right=True)

    over = await ann.reviews.go_on(ANN)

    assert isinstance(over, Over)
    assert over.progress.stages["learning"] == 1


async def test_a_skipped_question_takes_no_answer_and_comes_back_later(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:2], clock.now - DAY)
    poll = await ann.show(await ann.begin())

    skipped = await ann.reviews.skip(ANN)

    assert skipped is not None
    assert (skipped.poll, skipped.message_id) == (poll, 1000 + poll)
    assert await ann.reviews.skip(ANN) is None
    assert not await ann.vote(poll, is_right=True)
    step = await ann.reviews.go_on(ANN)
    assert isinstance(step, Next)
    assert (step.number, step.question.key) == (2, questions[1].key)
    clock.now += 10 * MINUTE
    assert (await ann.begin()).progress.due == 2


async def test_enough_is_enough(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:5], clock.now - DAY)
    assert await ann.vote(await ann.show(await ann.begin()), is_right=True)
    following = await ann.reviews.go_on(ANN)
    assert isinstance(following, Next)
    await ann.show(following)
    await ann.reviews.skip(ANN)

    over = await ann.reviews.end(ANN)

    assert (over.answered, over.right, over.progress.due) == (1, 1, 3)
    assert (await ann.begin()).number == 1


@pytest.mark.parametrize("how", ["withheld", "vanished", "of another kind"])
async def test_a_question_that_is_no_longer_there_drops_its_card(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock, shipped: Library, how: str
) -> None:
    gone = questions[0]
    if how == "vanished":
        gone = replace(gone, fact="a-fact-of-last-year")
    if how == "of another kind":
        gone = replace(gone, kind=next(kind for kind in KINDS if (gone.fact, kind) not in shipped.quiz.prompts))
    await in_a_round(engine, ANN, [gone, questions[1]], clock.now - DAY)
    if how == "withheld":
        await ann.begin()
        ann.feedback.withheld = frozenset({gone.fact})

    step = await ann.begin()

    assert step.question.key == questions[1].key
    assert [card.key for card in await kept(engine)] == [questions[1].key]


async def test_days_are_those_of_the_persons_own_clock(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await Subscriptions(engine, clock=clock).subscribe(Place(ANN, 0), zone="Pacific/Kiritimati", minute=0)
    clock.now = dt.datetime(2025, 6, 15, 9, 55, tzinfo=dt.UTC).timestamp()  # five to midnight in Kiritimati
    await in_a_round(engine, ANN, questions[:1], clock.now - 60)

    rest = await ann.reviews.begin(ANN)

    assert isinstance(rest, Rest)
    assert (rest.progress.later_today, rest.progress.tomorrow) == (0, 1)


async def test_cards_outlive_the_answers_that_made_them_but_not_their_person(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:1], clock.now - DAY)
    await ann.go_through()
    clock.now += KEPT_SECONDS - DAY
    await ann.polls.forget_old()
    await ann.reviews.forget_old()
    assert (await ann.begin()).progress.cards == 1

    clock.now += 2 * DAY
    await ann.reviews.forget_old()
    assert await ann.reviews.begin(ANN) == NoCards()


async def test_a_picture_is_drawn_of_any_progress(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    over = await ann.reviews.end(ANN)
    assert (await ann.reviews.picture(over.progress)).startswith(b"\x89PNG")

    await in_a_round(engine, ANN, questions, clock.now - DAY)
    _, over = await ann.go_through()
    assert (await ann.reviews.picture(over.progress)).startswith(b"\x89PNG")


async def test_a_review_works_on_postgresql_too(
    postgresql_url: str, shipped: Library, questions: Sequence[Question], clock: Clock
) -> None:
    engine = open_database(postgresql_url)
    await migrate(engine)
    await in_a_round(engine, ANN, questions[:3], clock.now - DAY)

    steps, over = await Reviewer(engine, shipped, clock).go_through(right=[True, False, True])

    assert (len(steps), over.answered, over.right) == (3, 3, 2)
    await engine.dispose()


async def test_a_review_is_running_while_a_question_waits_or_is_on_its_way(
    engine: AsyncEngine, ann: Reviewer, questions: Sequence[Question], clock: Clock
) -> None:
    await in_a_round(engine, ANN, questions[:1], clock.now - DAY)
    assert not await ann.reviews.is_running(ANN)
    async with ann.reviews.turn(ANN):
        assert await ann.reviews.is_running(ANN)
        assert not await ann.reviews.is_running(ANN + 1)
        poll = await ann.show(await ann.begin())
    assert await ann.reviews.is_running(ANN)

    await ann.vote(poll, is_right=True)

    assert not await ann.reviews.is_running(ANN)
