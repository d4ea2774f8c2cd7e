from bot.services.standings import Line, counted, standings
from bot.storage.polls import Poll, State, Vote

ANN, BOB, CID, DEE = 1, 2, 3, 4
NAMES = {ANN: "Ann", BOB: "Bob", CID: None}


def asked(*states: State) -> list[Poll]:
    return [
        Poll(-5, 0, "round", f"f{n}", "when", "{}", 0.0, number=n, state=state, id=n)
        for n, state in enumerate(states, 1)
    ]


def votes(user_id: int, given: str, seconds: float = 4.0) -> list[Vote]:
    """`r` right, `w` wrong, `-` not answered; one for each question from 1 on."""
    return [Vote(n, user_id, 0, mark == "r", seconds, 0.0) for n, mark in enumerate(given, 1) if mark != "-"]


def test_more_right_answers_come_first_and_quicker_ones_at_the_same_place() -> None:
    given = votes(ANN, "rrw", 6.0) + votes(BOB, "rrr", 9.0) + votes(CID, "wrr", 2.0) + votes(DEE, "--w")

    lines = standings(asked("closed", "closed", "closed"), given, NAMES)

    assert lines == (
        Line(1, "Bob", 3, 9.0, 3),
        Line(2, None, 2, 2.0, 2),
        Line(2, "Ann", 2, 6.0, 2),
        Line(4, None, 0, None, 0),
    )


def test_a_streak_ends_with_a_wrong_answer_or_none() -> None:
    given = votes(ANN, "rrwrrr") + votes(BOB, "rr-r--")

    closed: list[State] = ["closed"] * 6
    ann, bob = standings(asked(*closed), given, NAMES)

    assert (ann.right, ann.streak) == (5, 3)
    assert (bob.right, bob.streak) == (3, 2)


def test_a_question_that_nobody_had_answered_when_it_was_skipped_does_not_count() -> None:
    all_asked = asked("closed", "skipped", "uncertain", "failed", "skipped", "open")
    given = votes(ANN, "r---r")

    count = counted(all_asked, given)

    assert [poll.id for poll in count] == [1, 5, 6]
    [ann] = standings(count, given, NAMES)
    assert (ann.right, ann.streak) == (2, 2)


def test_where_nobody_answered_there_is_no_line() -> None:
    assert standings(asked("closed"), [], {}) == ()
