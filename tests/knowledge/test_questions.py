"""Reading a message: words mended, names linked, what is asked for."""

import pytest

from knowledge.index import Index
from knowledge.questions import Context, understand

ADA = Context(entities=("ada-holm",), facts=("ada-who",), terms=("@ada-holm", "keeper"))


@pytest.mark.parametrize(
    ("message", "slot"),
    [
        ("When was Ada born?", "date"),
        ("In which year was Ada born?", "date"),
        ("On what date was the light lit?", "date"),
        ("ada's birth, when?", "date"),
        ("What did Ada do when the storm came?", "thing"),
        ("Where was Ada born?", "place"),
        ("In which town was Ada born?", "place"),
        ("Who kept the light?", "person"),
        ("Whose bell sounded?", "person"),
        ("How many ships were lost?", "number"),
        ("How far is it to Norvik?", "number"),
        ("How long did the storm last?", "duration"),
        ("How old was Ada?", "age"),
        ("Why did Ada row out?", "reason"),
        ("How come the ships sank?", "reason"),
        ("How did the crew get ashore?", "manner"),
        ("What happened in 1891?", "event"),
        ("Did Ada save the crew?", "truth"),
        ("Which two inspections were there?", "list"),
        ("ada holm", None),
    ],
)
def test_a_question_shows_what_it_asks_for(lights: Index, message: str, slot: str | None) -> None:
    assert understand(lights, message, Context()).slot == slot


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("When was Ada Holm born?", ("ada-holm",)),
        ("when was ADA born", ("ada-holm",)),
        ("when was captian vik born", ("per-vik",)),
        ("Was the Skarholm light lit in the storm of 1891?", ("skarholm", "great-storm")),
        ("Who wrote ‘The Fog Bell’?", ("fog-bell",)),
        ("When was Ada's son born?", ("jon-holm",)),
        ("Who was Napoleon?", ()),
    ],
)
def test_names_are_linked_whatever_their_spelling(lights: Index, message: str, named: tuple[str, ...]) -> None:
    assert understand(lights, message, Context()).named == named


@pytest.mark.parametrize(
    ("message", "entity"),
    [
        ("when was she born?", "ada-holm"),
        ("what is her book?", "ada-holm"),
        ("and her son?", "jon-holm"),
        ("why?", "ada-holm"),
    ],
)
def test_pronouns_and_ellipsis_mean_what_was_said_before(lights: Index, message: str, entity: str) -> None:
    question = understand(lights, message, ADA)
    assert question.leans
    assert entity in question.entities


def test_a_pronoun_without_context_means_the_pack_s_main_person(lights: Index) -> None:
    assert understand(lights, "when was she born?", Context()).entities == ("ada-holm",)
    assert understand(lights, "when was he born?", Context()).entities == ()


def test_a_pronoun_beside_its_name_is_no_lean_on_the_context(lights: Index) -> None:
    question = understand(lights, "Did Per Vik say what he saw?", ADA)
    assert not question.leans
    assert question.entities == ("per-vik",)


def test_an_ordinal_takes_the_place_of_the_one_before(lights: Index) -> None:
    context = Context(("skarholm",), ("first-inspection",), ("first", "inspect", "@skarholm"), "date")
    question = understand(lights, "and the second?", context)
    terms = {t.term for t in question.terms}
    assert {"second", "inspect", "@skarholm"} <= terms
    assert "first" not in terms
    assert question.slot == "date"


def test_words_that_nothing_explains_are_kept_as_written(lights: Index) -> None:
    assert understand(lights, "Did Ada like Khachapuri?", Context()).unknown == ("Khachapuri",)


def test_short_years_are_read_in_full(lights: Index) -> None:
    question = understand(lights, "what happened in nov '91", Context())
    assert [(d.year, d.month) for d in question.dates] == [(1991, 11)]
    assert "1991" in {t.term for t in question.terms}


@pytest.mark.parametrize(
    ("message", "precision"),
    [
        ("On what date was it lit?", "day"),
        ("which day was it lit", "day"),
        ("In what month and year was it lit?", "month"),
        ("When was it lit?", None),
    ],
)
def test_a_question_shows_how_exact_a_date_it_wants(lights: Index, message: str, precision: str | None) -> None:
    assert understand(lights, message, Context()).precision == precision


def test_only_the_question_among_several_sentences_is_asked(lights: Index) -> None:
    question = understand(lights, "I saw Skarholm. Lovely! When was Ada Holm born? Thanks", Context())
    assert question.slot == "date"
    assert question.named == ("ada-holm",)


@pytest.mark.parametrize(
    ("message", "head", "deed"),
    [
        ("Who was the captain of the Skarholm light?", "captain", None),
        ("Who rescued Ada Holm?", "rescu", None),
        ("When was Ada Holm born?", None, "bear"),
        ("Why did she leave Norvik?", None, "leav"),
        ("When did the storm come?", None, None),
    ],
)
def test_what_is_asked_for_and_what_was_done_are_told_apart(
    lights: Index, message: str, head: str | None, deed: str | None
) -> None:
    question = understand(lights, message, ADA)
    assert (question.head and question.head.term, question.deed and question.deed.term) == (head, deed)


def test_a_word_of_a_name_is_no_deed(lights: Index) -> None:
    assert understand(lights, "Which storm of 1891 Ada Holm saw, who knows?", Context()).deeds == ()


def test_a_phrase_takes_no_words_of_a_name(shipped: Index) -> None:
    question = understand(shipped, "Why did the Red Army lose the Battle of Stalingrad?", Context())
    assert [t.term for t in question.terms] == ["@red-army", "lose", "@battle-of-stalingrad"]


@pytest.mark.parametrize(
    ("message", "undertaken"),
    [
        ("When did Ada light Skarholm?", "light"),
        ("When did Vik take Norvik?", "@norvik"),
        ("How did Ada manage to light Skarholm?", "light"),
    ],
)
def test_what_was_done_is_the_deed_or_the_object_of_a_light_verb(lights: Index, message: str, undertaken: str) -> None:
    found = understand(lights, message, Context()).undertaken
    assert found is not None
    assert found.term == undertaken
