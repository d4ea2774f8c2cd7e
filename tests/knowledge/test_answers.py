"""What is told, asked back, corrected or not known, on a small pack and on the shipped one."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.answers import answer, more, tell
from knowledge.index import Index, build
from knowledge.pack import load_pack
from knowledge.questions import Context
from knowledge.results import Ambiguous, Answer, Answered, Chat, Corrected, Source, Unknown, as_json, footnotes
from tests.knowledge.conftest import ENTITIES, FACTS, write_pack


def converse(index: Index, *turns: str) -> Answer:
    """The answer to the last of some messages."""
    context = Context()
    for turn in turns[:-1]:
        context = answer(index, turn, context).context
    return answer(index, turns[-1], context).answer


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("When was Ada Holm born?", "ada-born"),
        ("where was Ada born", "ada-born"),
        ("WHEN WAS ADA BORN???", "ada-born"),
        ("pls tell me when ada holm was born 🙏", "ada-born"),
        ("wen was ada holm bron", "ada-born"),
        ("Who was Ada Holm?", "ada-who"),
        ("tell me about Jon Holm", "jon-who"),
        ("What did the keeper write?", "fog-bell-book"),
        ("How many ships were wrecked in the Great Storm?", "storm-ships"),
        ("how many ships sank in the storm of 1891", "storm-ships"),
        ("When was the first inspection of Skarholm?", "first-inspection"),
        ("When was the second inspection of Skarholm?", "second-inspection"),
        ("What happened on 4 October 1887?", "skarholm-lit"),
        ("What happened in 1890?", "jon-son"),
        ("I read about Ada Holm yesterday. When was she born?", "ada-born"),
    ],
)
def test_a_question_gets_its_fact(lights: Index, question: str, fact: str) -> None:
    found = converse(lights, question)
    assert isinstance(found, Answered)
    assert found.facts[0] == fact


@pytest.mark.parametrize(
    ("turns", "fact"),
    [
        (("Who was Ada Holm?", "when was she born?"), "ada-born"),
        (("Who was Ada Holm?", "and what did she write?"), "fog-bell-book"),
        (("When was the first inspection of Skarholm?", "and the second?"), "second-inspection"),
        (("Who was the keeper?", "and her son?"), "jon-son"),
        (("When was Ada born?", "and Jon?"), "jon-son"),
    ],
)
def test_a_follow_up_leans_on_what_was_said_before(lights: Index, turns: tuple[str, ...], fact: str) -> None:
    found = converse(lights, *turns)
    assert isinstance(found, Answered)
    assert found.facts[0] == fact


def test_a_change_of_topic_drops_the_old_one(lights: Index) -> None:
    found = converse(lights, "Who was Ada Holm?", "How many ships were wrecked in the Great Storm?")
    assert isinstance(found, Answered)
    assert found.facts == ("storm-ships",)


@pytest.mark.parametrize(
    "question",
    [
        "Who won the 1998 World Cup?",
        "Did Ada Holm win the Nobel Prize?",
        "When did Ada Holm visit Paris?",
        "give me a recipe for pancakes",
        "Who was Napoleon?",
        "asdf qwer zxcv",
    ],
)
def test_what_is_not_told_is_not_known(lights: Index, question: str) -> None:
    assert isinstance(converse(lights, question), Unknown)


def test_not_knowing_names_the_word_that_nothing_explains(lights: Index) -> None:
    found = converse(lights, "Did Ada Holm win the Nobel Prize?")
    assert isinstance(found, Unknown)
    assert "“Nobel”" in found.text
    assert "Ada Holm" in found.topics


def test_a_gap_answers_with_its_reply_and_its_place(lights: Index) -> None:
    found = converse(lights, "When did Ada Holm die?")
    assert isinstance(found, Unknown)
    assert found.text == "The document does not tell when Ada Holm died."
    assert [s.line for s in found.sources] == [6]


@pytest.mark.parametrize(
    "question",
    ["In which year was Skarholm lit in 1899?", "When was the third inspection of Skarholm?"],
)
def test_a_wrong_date_or_number_in_the_question_is_corrected(lights: Index, question: str) -> None:
    found = converse(lights, question)
    assert isinstance(found, Corrected)
    assert "Skarholm" in found.text


def test_a_fact_that_speaks_of_nothing_in_the_question_corrects_nothing(shipped: Index) -> None:
    found = converse(shipped, "When did Mao visit Stalin in 1955?", "Who won the 1998 World Cup?")
    assert isinstance(found, Unknown)


def test_the_opposite_of_what_is_told_is_corrected(shipped: Index) -> None:
    found = converse(shipped, "Why did Stalin flee Moscow in October 1941?")
    assert isinstance(found, Corrected)
    assert "stay in Moscow" in found.text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("When did Stalin take Lviv?", "bent on taking"),
        ("When did the Okhrana arrest Stalin in 1901?", "tried to arrest"),
    ],
)
def test_what_was_only_wished_or_tried_is_corrected_where_it_is_taken_for_done(
    shipped: Index, question: str, told: str
) -> None:
    found = converse(shipped, question)
    assert isinstance(found, Corrected)
    assert told in found.text


@pytest.mark.parametrize(
    "question",
    [
        "Did Stalin contemplate an invasion of Yugoslavia?",
        "What did Stalin propose in October 1940?",
        "How did the Okhrana try to arrest Stalin in 1901?",
        "How did Stalin escape from Novaya Uda?",
        "When did Stalin withdraw the Red Army from northern Iran?",
    ],
)
def test_what_is_asked_as_a_wish_or_came_about_is_no_wrong_premise(shipped: Index, question: str) -> None:
    assert isinstance(converse(shipped, question), Answered)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Why was Finland expelled from the League of Nations?", "The Soviet Union was expelled"),
        ("Which country did Finland invade in 1939?", "The Soviets invaded Finland"),
        ("Why did the Soviet Union tear up the pact and invade Germany in 1941?", "invading the Soviet Union"),
    ],
)
def test_a_deed_with_its_roles_turned_is_corrected(shipped: Index, question: str, told: str) -> None:
    found = converse(shipped, question)
    assert isinstance(found, Corrected)
    assert told in found.text


def test_an_outcome_that_another_fact_tells_the_other_way_round_is_corrected(shipped: Index) -> None:
    found = converse(shipped, "Why did the Red Army lose the Battle of Stalingrad?")
    assert isinstance(found, Corrected)
    assert "The Soviets won at Stalingrad" in found.text


@pytest.mark.parametrize(
    "question",
    [
        "Which commander did Zhukov take over from at Leningrad?",
        "What was the name of the medical examiner in Krasnoyarsk?",
    ],
)
def test_a_person_without_a_name_is_no_answer_to_which_one(shipped: Index, question: str) -> None:
    assert isinstance(converse(shipped, question), Unknown)


def test_a_date_known_less_exactly_than_asked_is_said_so(lights: Index) -> None:
    found = converse(lights, "On what day was Ada Holm born?")
    assert isinstance(found, Unknown)
    assert "exact day" in found.text
    assert "March 1860" in found.text


def test_a_dispute_is_told_with_both_views(lights: Index) -> None:
    found = converse(lights, "Did Ada save Vik's crew?")
    assert isinstance(found, Answered)
    assert set(found.facts) == {"vik-saved", "ida-denied"}
    assert "Per Vik" in found.text
    assert "Ida Vik" in found.text


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("hi", "greeting"),
        ("Hi there, how's your day going?", "greeting"),
        ("thanks a lot, that was really helpful!", "thanks"),
        ("Quiz me on Zhukov, please!", "quiz"),
        ("let's play a quiz", "quiz"),
        ("ask me 7 questions about Lenin", "quiz"),
        ("good bot", "praise"),
        ("you are stupid", "insult"),
        ("help", "help"),
        ("what can you do?", "help"),
        ("bye", "farewell"),
        ("source?", "source"),
        ("more", "more"),
        ("why do you say that?", "explain"),
        ("", "help"),
        ("???", "help"),
    ],
)
def test_small_talk_is_answered_without_a_fact(lights: Index, message: str, intent: str) -> None:
    found = converse(lights, message)
    assert isinstance(found, Chat)
    assert found.intent == intent
    assert found.text


def test_more_tells_other_facts_until_there_are_none(lights: Index) -> None:
    reply = answer(lights, "Who was Ada Holm?")
    told = {"ada-who"}
    for _ in range(10):
        reply = more(lights, reply.context)
        if isinstance(reply.answer, Chat):
            break
        assert isinstance(reply.answer, Answered)
        assert not told & set(reply.answer.facts)
        told |= set(reply.answer.facts)
    assert told >= set(lights.about["ada-holm"])


@pytest.mark.parametrize("without", ["skarholm-lit", "ada-born"])
def test_more_leaves_out_what_it_is_told_to(lights: Index, without: str) -> None:
    """By the button and in words alike; what is asked for is told all the same."""
    for entity in lights.facts[without].about:
        context = Context((entity,))
        while isinstance((reply := answer(lights, "more", context, without={without})).answer, Answered):
            assert without not in reply.answer.facts
            assert more(lights, context, without={without}).answer == reply.answer
            context = reply.context
        assert without in lights.about[entity]


def test_more_begins_with_what_is_nearest_to_what_was_told(lights: Index) -> None:
    born = more(lights, answer(lights, "When was Jon Holm born?").context).answer
    assert isinstance(born, Answered)
    assert born.facts == ("jon-who",)
    wrecked = more(lights, answer(lights, "When was the second inspection of Skarholm?").context).answer
    assert isinstance(wrecked, Answered)
    assert wrecked.facts == ("first-inspection",)


def test_asking_for_the_source_names_the_place_of_what_was_told(lights: Index) -> None:
    found = converse(lights, "When was Ada Holm born?", "where do you know that from?")
    assert isinstance(found, Chat)
    assert "Lights of the coast" in found.text
    assert "paragraph 4" in found.text


def test_a_shared_name_is_asked_back_and_a_reply_picks_one(tmp_path: Path) -> None:
    entities = ENTITIES + "\n- {id: jon-vik, kind: person, name: Jon Vik, aliases: [Jon], pronoun: he}\n"
    facts = FACTS + (
        "\n- id: jon-vik-born\n  says: Jon Vik was born in 1895.\n  about: [jon-vik]\n  intent: birth\n  date: 1895\n"
        "  asks: [When was Jon Vik born]\n  source: lights.txt:7.1\n"
    )
    index = build([load_pack(write_pack(tmp_path / "two-jons", entities=entities, facts=facts))])
    reply = answer(index, "When was Jon born?")
    assert isinstance(reply.answer, Ambiguous)
    assert {c.label for c in reply.answer.choices} == {"Jon Holm", "Jon Vik"}
    for message in ("2", "the second one", reply.answer.choices[1].label):
        picked = answer(index, message, reply.context).answer
        assert isinstance(picked, Answered)
        assert picked.facts == (reply.answer.choices[1].fact,)


def test_every_view_that_is_told_has_its_footnote(lights: Index) -> None:
    told = tell(lights, "vik-saved", Context()).answer
    assert isinstance(told, Answered)
    assert told.facts == ("vik-saved", "ida-denied")
    assert [s.sentences for s in told.sources] == [(2,), (3,)]


def test_telling_a_fact_makes_it_what_the_conversation_is_about(lights: Index) -> None:
    context = tell(lights, "ada-born", Context()).context
    assert context.facts[0] == "ada-born"
    assert context.entities[0] == "ada-holm"


def test_footnotes_of_one_section_are_joined() -> None:
    sources = [Source("a.txt", "A", "One", line, (1,)) for line in (3, 5, 3)] + [Source("a.txt", "A", "A", 9, ())]
    assert footnotes(sources) == ("A, “One”, paragraphs 3 and 5", "A, paragraph 9")


def test_an_answer_as_json_has_every_promised_key(lights: Index) -> None:
    data = as_json(converse(lights, "When was Ada Holm born?"), "q1")
    assert list(data) == ["id", "status", "text", "facts", "sources", "confidence", "choices", "why"]
    assert data["sources"] == [
        {"document": "lights.txt", "title": "Lights of the coast", "section": "The skerry", "line": 4, "sentences": [2]}
    ]
    assert json.loads(json.dumps(data)) == data


def test_why_tells_what_counted(lights: Index) -> None:
    found = converse(lights, "When was Ada Holm born?")
    assert isinstance(found, Answered)
    assert found.why is not None
    assert found.why.slot == "date"
    assert found.why.entities == ("Ada Holm",)
    assert found.why.fact == "ada-born"
    assert found.why.score >= found.why.threshold
    assert dict(found.why.features)["covered"] > 0


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("When was Ada Holm born?", "When was Per Vik born?"),
        ("What happened on 4 October 1887?", "What happened on 4 October 1888?"),
        ("When was the first inspection of Skarholm?", "When was the fourth inspection of Skarholm?"),
        ("Which book did Ada Holm write?", "Which book did Ida Vik write?"),
    ],
)
def test_another_name_number_or_date_changes_the_outcome(lights: Index, question: str, changed: str) -> None:
    before, after = converse(lights, question), converse(lights, changed)
    assert isinstance(before, Answered)
    assert (after.status, getattr(after, "facts", ())) != (before.status, before.facts)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_an_answer_object(lights: Index, text: str) -> None:
    reply = answer(lights, text)
    assert reply.answer.text
    assert len(reply.answer.text) <= 600


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_words_that_stand_together_in_the_pack_get_one_too(shipped: Index, data: st.DataObject) -> None:
    context = Context()
    for most in (9, 4):
        item = data.draw(st.sampled_from(shipped.items))
        known = sorted({word for tokens in item.wording for word in tokens})
        reply = answer(shipped, " ".join(data.draw(st.lists(st.sampled_from(known), max_size=most))), context)
        assert 0 < len(reply.answer.text) <= 600
        context = reply.context


@pytest.mark.parametrize(
    "text", ["x" * 4096, "ada " * 1024, "?" * 4096, "😀" * 4096, "who was " * 500, "\u0301" * 4096, "1941 " * 800]
)
def test_the_longest_messages_are_answered_too(shipped: Index, text: str) -> None:
    assert answer(shipped, text).answer.text


SHIPPED_DIALOGS = [
    (("Who took over the defence of Leningrad in September 1941?",), "Zhukov", "stalin-and-zhukov.txt"),
    (
        ("When did German forces encircle Leningrad?", "And how long did the siege last?"),
        "900",
        "stalin-and-zhukov.txt",
    ),
    (("Who was Stalin's first wife?", "and when did she die?"), "November 1907", "joseph-stalin.txt"),
    (("How many casualties at Kharkiv in May 1942?",), "280,000", "stalin-and-zhukov.txt"),
]


@pytest.mark.parametrize(("turns", "word", "document"), SHIPPED_DIALOGS)
def test_the_shipped_pack_answers(shipped: Index, turns: tuple[str, ...], word: str, document: str) -> None:
    found = converse(shipped, *turns)
    assert isinstance(found, Answered)
    assert word in found.text
    assert document in {s.document for s in found.sources}


def test_no_shipped_answer_is_longer_than_promised(shipped: Index) -> None:
    asks = itertools.islice((a for f in shipped.facts.values() for a in f.asks[:1]), 0, None, 9)
    assert max(len(answer(shipped, ask).answer.text) for ask in asks) <= 600


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("In which year did the Soviets invade Finland?", "In which year did Finland invade the Soviets?"),
        ("When was Kirov murdered?", "When was Zhdanov murdered?"),
        ("Who commanded the defence of Leningrad in 1941?", "Who commanded the defence of Napoleon's Paris in 1941?"),
        ("What happened at Kharkiv in May 1942?", "What happened at Kharkiv in May 1935?"),
        ("Who was Stalin's second wife?", "Who was Stalin's third wife?"),
    ],
)
def test_another_meaning_in_nearly_the_same_words_gets_another_outcome(
    shipped: Index, question: str, changed: str
) -> None:
    before, after = converse(shipped, question), converse(shipped, changed)
    assert isinstance(before, Answered)
    assert (after.status, getattr(after, "facts", ())) != (before.status, before.facts)


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("Which came first, the Great Storm or Ada Holm's birth?", ("ada-born", "storm-ships")),
        ("the great storm or the lighting of Skarholm, which was earlier?", ("skarholm-lit", "storm-ships")),
        ("Who is older, Jon Holm or Ada Holm?", ("ada-born", "jon-son")),
    ],
)
def test_of_two_dated_things_the_earlier_is_told_first(lights: Index, question: str, facts: tuple[str, ...]) -> None:
    found = converse(lights, question)
    assert isinstance(found, Answered)
    assert found.facts == facts
    assert found.text.startswith("First: ")
    assert "Later: " in found.text


def test_what_has_no_date_is_not_compared(lights: Index) -> None:
    found = converse(lights, "Which came first, Norvik or the Great Storm?")
    assert not getattr(found, "text", "").startswith("First: ")
