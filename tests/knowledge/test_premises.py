"""What a question takes for granted, and what it wants named: told, corrected, or honestly left open."""

import pytest

from knowledge.answers import answer
from knowledge.index import Correction, Index
from knowledge.lexicon import lexicon
from knowledge.matching import candidates
from knowledge.questions import Context, understand
from knowledge.results import Answer


def asked(index: Index, question: str) -> Answer:
    return answer(index, question).answer


class TestCorrections:
    def test_a_question_like_one_that_a_fact_corrects_is_corrected_by_that_fact(self, lights: Index) -> None:
        found = asked(lights, "Which river is Skarholm on?")
        assert found.status == "corrected"
        assert found.text.startswith("Not quite")
        assert "a lighthouse on a skerry" in found.text
        assert [s.line for s in found.sources] == [3]

    @pytest.mark.parametrize(
        ("question", "told"),
        [
            ("Why did Zhukov refuse to carry out Stalin's order to attack at Rzhev?", "without protest"),
            ("When did Finland invade the Soviet Union?", "invaded Finland"),
            ("How did Zhukov talk Stalin into the offensive near Kharkiv?", "against Zhukov's advice"),
        ],
    )
    def test_what_the_shipped_facts_contradict_is_corrected(self, shipped: Index, question: str, told: str) -> None:
        found = asked(shipped, question)
        assert found.status == "corrected"
        assert told in found.text

    def test_a_question_that_a_fact_explains_wholly_is_not_corrected_by_it(self, lights: Index) -> None:
        question = "Where does the Skarholm light stand?"
        assert asked(lights, question).status == "answered"
        found = [item.entry for item, _ in candidates(lights, understand(lights, question, Context()))]
        assert not any(isinstance(entry, Correction) for entry in found)

    def test_what_is_corrected_is_remembered_like_what_is_told(self, lights: Index) -> None:
        reply = answer(lights, "Which river is Skarholm on?")
        assert reply.context.facts == ("skarholm-what",)


class TestNames:
    @pytest.mark.parametrize(
        "question",
        [
            "What was the name of the man who shot Kirov?",
            "Which spy in Tokyo warned Stalin of the German attack?",
            "What is the song called that replaced the Internationale as anthem?",
            "Which orchestra conductor led the concert for Stalin's birthday in London?",
        ],
    )
    def test_who_or_what_a_fact_leaves_nameless_is_not_told(self, shipped: Index, question: str) -> None:
        assert asked(shipped, question).status == "unknown"

    @pytest.mark.parametrize(
        ("question", "name"),
        [
            ("Which Abkhazian leader was a friend of Stalin and provided him with a dacha?", "Lakoba"),
            ("Which Israeli ambassador drew the Jewish crowds in the USSR that angered Stalin?", "Golda Meir"),
            ("What was the name of the Bolshevik weekly that was turned into Pravda?", "Zvezda"),
            ("Which keeper wrote The Fog Bell?", "Ada Holm"),
        ],
    )
    def test_a_name_that_the_question_only_describes_is_news(
        self, lights: Index, shipped: Index, question: str, name: str
    ) -> None:
        found = asked(lights if "Fog Bell" in question else shipped, question)
        assert found.status == "answered"
        assert name in found.text


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("What did Konstantin Kuzakov talk about when he met his father?", "corrected"),
        ("Did Konstantin Kuzakov ever meet his father?", "answered"),
        ("How many days off did Stalin take from politics?", "answered"),
    ],
)
def test_what_a_fact_says_never_was_is_corrected_where_it_is_taken_for_granted(
    shipped: Index, question: str, status: str
) -> None:
    assert asked(shipped, question).status == status


class TestGaps:
    def test_a_question_worded_much_like_a_gap_gets_its_reply(self, shipped: Index) -> None:
        found = asked(shipped, "When did Stalin deport all Soviet Jews to Birobidzhan?")
        assert found.status == "unknown"
        assert "rumour" in found.text
        assert found.sources

    def test_one_is_found_where_no_correction_comes_near(self, shipped: Index) -> None:
        assert "how Beria ended" in asked(shipped, "When was Beria executed?").text

    def test_a_gap_of_a_day_does_not_hide_the_reason(self, shipped: Index) -> None:
        found = asked(shipped, "Why did Lenin's government move from Petrograd to Moscow in March 1918?")
        assert found.status == "answered"
        assert "because of the First World War" in found.text

    def test_small_talk_with_a_word_of_a_gap_is_none(self, shipped: Index) -> None:
        assert "joke" not in asked(shipped, "I'd love a joke, tell me one").text


@pytest.mark.parametrize(
    ("noun", "kinds"),
    [
        ("generals", {"person"}),
        ("women", {"person"}),
        ("city", {"place"}),
        ("cities", {"place"}),
        ("interpretation", set()),
        ("goal", set()),
    ],
)
def test_a_noun_asks_for_entities_of_its_kinds(noun: str, kinds: set[str]) -> None:
    assert lexicon().kinds_of(noun) == kinds


@pytest.mark.parametrize("question", ["he", "What did he do?", "and?"])
def test_a_question_that_is_about_nothing_is_not_answered(shipped: Index, question: str) -> None:
    assert asked(shipped, question).status in ("unknown", "chat")


@pytest.mark.parametrize("question", ["when did napoleon die?", "When was Napoleon born?", "who killed caesar"])
def test_a_short_question_about_a_stranger_is_not_answered_with_somebody_else(shipped: Index, question: str) -> None:
    assert asked(shipped, question).status == "unknown"


def test_a_known_name_from_elsewhere_is_no_slip_of_the_pen(shipped: Index) -> None:
    found = understand(shipped, "What's the capital of Australia?", Context())
    assert found.unknown == ("Australia",)
    assert asked(shipped, "What's the capital of Australia?").status == "unknown"
