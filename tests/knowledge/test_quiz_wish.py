import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.index import Index
from knowledge.quiz import Quiz
from knowledge.quiz_wish import LONGEST_NAME, MOST, NoWish, Wish, is_only_grave, read_wish, subject, title


@pytest.fixture(scope="module")
def quiz(shipped: Index) -> Quiz:
    return Quiz.of(shipped)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("", Wish()),
        ("  ", Wish()),
        ("10 hard 1941", Wish(10, "hard", 1941)),
        ("1941 hard 10", Wish(10, "hard", 1941)),
        ("Zhukov", Wish(about=("zhukov",))),
        ("3 questions about Zhukov, please", Wish(3, about=("zhukov",))),
        ("easy Lenin", Wish(5, "easy", None, ("lenin",))),
        ("Difficult", Wish(5, "hard")),
        ("normal 1 question", Wish(1, "medium")),
        ("30", Wish(30)),
        ("US", Wish(about=("united-states",))),
        ("quiz me on Zhukov", Wish(about=("zhukov",))),
        ("Can you quiz us about 1941?", Wish(year=1941)),
        ("let's play a quiz", Wish()),
        ("ask me 7 questions", Wish(7)),
        ("Lenin and Trotsky", Wish(about=("lenin", "trotsky"))),
        ("Великий", None),
        ("flying saucers", None),
        ("0", None),
        ("31", None),
        ("1941 1942", None),
        ("the famine", None),
    ],
)
def test_a_wish_is_read_in_any_order(shipped: Index, text: str, wish: Wish | None) -> None:
    found = read_wish(shipped, text)

    assert found == wish if wish else isinstance(found, NoWish)


def test_what_nobody_knows_is_said_back_shortened(shipped: Index) -> None:
    found = read_wish(shipped, "flying saucers" * 20)

    assert isinstance(found, NoWish)
    assert "flying saucers" in found.why
    assert len(found.why) < LONGEST_NAME + 60


def test_grave_words_are_told_why(shipped: Index) -> None:
    found = read_wish(shipped, "the famine")

    assert isinstance(found, NoWish)
    assert "not for a game" in found.why


@given(st.text(max_size=200))
def test_whatever_is_written_is_read_or_not_but_never_fails(shipped: Index, text: str) -> None:
    found = read_wish(shipped, text)

    assert isinstance(found, NoWish) or 1 <= found.n <= MOST


def test_a_wish_is_fulfilled_as_far_as_the_pack_goes(shipped: Index, quiz: Quiz) -> None:
    asked = Wish(4, "easy", 1941).questions(quiz, seed=1)

    assert asked
    assert {question.difficulty for question in asked} == {"easy"}
    assert all(1941 in shipped.by_id[question.fact].years for question in asked)
    assert all("zhukov" in shipped.by_id[q.fact].about for q in Wish(3, about=("zhukov",)).questions(quiz, seed=1))


def test_a_wish_has_a_title(shipped: Index) -> None:
    assert title(shipped, Wish(10)) == ""
    assert title(shipped, Wish(10, "hard", 1941, ("zhukov", "gone-from-the-pack"))) == "hard, Georgy Zhukov, 1941"


def test_only_an_open_wish_is_open() -> None:
    assert Wish(10).is_open
    assert not any(wish.is_open for wish in (Wish(5, "hard"), Wish(year=1941), Wish(about=("zhukov",))))


def test_a_quiz_can_follow_an_answer_whose_subject_has_questions(shipped: Index, quiz: Quiz) -> None:
    def about(entity: str) -> str | None:
        facts = [f.id for f in shipped.facts.values() if f.about[:1] == (entity,) and not f.solemn]
        return subject(shipped, quiz, facts[:1])

    assert about("zhukov") == "zhukov"
    assert about("julius-martov") is None


def test_none_follows_what_is_grave_or_gone(shipped: Index, quiz: Quiz) -> None:
    solemn = [fact.id for fact in shipped.facts.values() if fact.solemn and fact.about]
    playful = next(f.id for f in shipped.facts.values() if f.about[:1] == ("zhukov",) and not f.solemn)

    assert len(solemn) > 50
    assert all(subject(shipped, quiz, [fact]) is None for fact in solemn)
    assert subject(shipped, quiz, [playful, solemn[0]]) is None
    assert subject(shipped, quiz, ["gone-from-the-pack"]) is None


def test_a_subject_that_is_grave_throughout_is_known(shipped: Index, quiz: Quiz) -> None:
    assert is_only_grave(shipped, quiz, Wish(about=("great-famine",)))
    assert not is_only_grave(shipped, quiz, Wish(about=("zhukov",)))
    assert not is_only_grave(shipped, quiz, Wish(year=1789))
