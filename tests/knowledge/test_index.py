"""Joining packs into one index."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.index import Index, build
from knowledge.pack import PackError, load_pack
from tests.knowledge.conftest import ENTITIES, write_pack


def test_items_know_what_they_can_answer(lights: Index) -> None:
    assert {"date", "place", "person"} <= lights.by_id["ada-born"].slots
    assert {"number", "date"} <= lights.by_id["storm-ships"].slots
    assert "reason" in lights.by_id["vik-saved"].slots
    assert "number" not in lights.by_id["skarholm-lit"].slots, "the day of a date is no figure"


def test_an_alias_counts_as_its_entity(lights: Index) -> None:
    assert "@ada-holm" in lights.by_id["jon-son"].terms
    assert "@great-storm" in lights.by_id["storm-ships"].asks[0]


def test_sections_are_found_by_line(lights: Index) -> None:
    assert lights.section("lights.txt", 1) == ""
    assert lights.section("lights.txt", 5) == "The skerry"


def test_the_main_person_is_the_one_most_facts_are_about(lights: Index) -> None:
    assert lights.main_person == "ada-holm"


def test_facts_with_an_entity_as_their_subject_come_first(lights: Index) -> None:
    assert lights.about["jon-holm"] == ("jon-son", "jon-who")
    assert lights.about["norvik"] == ("skarholm-what", "ada-born")


def test_two_packs_share_an_entity(tmp_path: Path) -> None:
    first = load_pack(write_pack(tmp_path / "one"))
    facts = "- {id: ada-again, says: Ada Holm kept bees., about: [ada-holm], intent: habit, source: 'lights.txt:9.1'}\n"
    entities = "- {id: ada-holm, kind: person, name: Ada Holm, aliases: [Bee-Ada], pronoun: she}\n"
    second = load_pack(write_pack(tmp_path / "two", facts=facts, entities=entities, gaps="[]"))
    index = build([first, second])
    assert {"ada-who", "ada-again"} <= set(index.about["ada-holm"])
    assert {"Ada", "Bee-Ada"} <= set(index.entities["ada-holm"].aliases)


def test_two_packs_with_one_fact_id_are_refused_with_its_place(tmp_path: Path) -> None:
    packs = [load_pack(write_pack(tmp_path / name)) for name in ("one", "two")]
    with pytest.raises(PackError) as refused:
        build(packs)
    said = [str(m) for m in refused.value.mistakes]
    assert "facts/lights.yaml:2: id: 'skarholm-what' stands in the pack 'lights' too; rename one of them" in said


def test_a_pack_without_facts_about_persons_has_no_main_person(pack_of: Callable[..., Path]) -> None:
    facts = "- {id: a, says: Norvik is a town., about: [norvik], intent: description, source: 'lights.txt:3'}\n"
    assert build([load_pack(pack_of(facts=facts, entities=ENTITIES, gaps="[]"))]).main_person is None
