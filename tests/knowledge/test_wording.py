"""Runs of words that stand in a document too."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.pack import load_pack
from knowledge.wording import Runs

SOURCE = "In the cold spring the old keeper slowly climbed the wet stairs and lit the great lamp again."
TITLES = "Ada Holm, First Secretary of the Central Committee of the Lighthouse Workers' Union of Norvik, came."


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("The keeper went up and lit the lamp.", []),
        # seven words in a row are still one's own
        ("Then the old keeper slowly climbed the wet steps.", []),
        ("Then the old keeper slowly climbed the wet stairs.", ["the old keeper slowly climbed the wet stairs"]),
        ("THE OLD KEEPER Slowly climbed the wet stairs", []),  # what has capitals may be a name
        (
            "One day the old keeper slowly climbed the wet stairs and lit the great fire.",
            ["the old keeper slowly climbed the wet stairs and lit the great"],
        ),
        (
            "the cold spring the old keeper slowly climbed, but the wet stairs and lit the great lamp again",
            ["the cold spring the old keeper slowly climbed", "the wet stairs and lit the great lamp again"],
        ),
        # a short quotation may stand
        ("She wrote: “the old keeper slowly climbed the wet stairs”.", []),
        ('She wrote: "the old keeper slowly climbed the wet stairs".', []),
        (
            "“the cold spring the old keeper slowly climbed the wet stairs and lit the great lamp”",
            ["the cold spring the old keeper slowly climbed the wet stairs and lit the great lamp"],
        ),
        # a quotation breaks a run
        ("the old keeper slowly “climbed” the wet stairs", []),
        ("the old keeper slowly “aye” climbed the wet stairs and lit", []),
        # names and titles
        ("First Secretary of the Central Committee of the Lighthouse Workers' Union of Norvik", []),
        ("", []),
    ],
)
def test_copied_runs_are_found_and_names_and_quotations_are_not(text: str, copied: list[str]) -> None:
    assert list(Runs([SOURCE, TITLES]).copied(text)) == copied


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("it was in the keeper house by the old lamp", True),  # keeper, house, old, lamp
        ("it was in the keeper House by the old lamp", False),
        ("it was in the keeper house by the then lamp", False),
    ],
)
def test_a_run_counts_from_four_words_of_content_on(text: str, counts: bool) -> None:
    assert list(Runs([text.lower()]).copied(text)) == ([text] if counts else [])


def test_no_run_goes_from_one_text_into_another() -> None:
    runs = Runs(["the old keeper slowly climbed", "the wet stairs at dawn"])
    assert list(runs.copied("the old keeper slowly climbed the wet stairs at dawn")) == []


@given(st.text(), st.text())
def test_any_texts_can_be_compared(source: str, text: str) -> None:
    assert all(run for run in Runs([source]).copied(text))


SHARED = next(
    (folder for up in Path(__file__).parents if (folder := up / "shared" / "check_wording.py").is_file()), None
)


@pytest.fixture(scope="module")
def rule() -> ModuleType:
    """The rule that packs are held to, where it is at hand."""
    if SHARED is None:
        pytest.skip("no shared/check_wording.py beside the checkout")
    spec = importlib.util.spec_from_file_location("check_wording", SHARED)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def copied_by_rule(rule: ModuleType, lines: list[str], text: str) -> Iterator[str]:
    """What `check_wording.py` does, for one text."""
    seen: set[tuple[str, ...]] = set()
    for line in lines:
        low = [w.lower() for w in rule.words(line)]
        seen.update(tuple(low[i : i + 8]) for i in range(len(low) - 7))
    tokens = rule.words(rule.unquoted(text))
    low = [t.lower() for t in tokens]
    i = 0
    while i + 8 <= len(low):
        j = i
        while j + 8 <= len(low) and tuple(low[j : j + 8]) in seen:
            j += 1
        if j > i and sum(t.islower() and t not in rule.FUNCTION for t in tokens[i : j + 7]) >= 4:
            yield " ".join(tokens[i : j + 7])
        i = max(j, i + 1)


def test_runs_are_those_of_the_shared_rule(rule: ModuleType) -> None:
    assert SHARED
    lines = [
        line
        for document in sorted((SHARED.parent / "documents").glob("*.txt"))
        for line in document.read_text(encoding="utf-8").splitlines()
    ]
    texts = [line.replace("was", "had been", 1) for line in lines]  # each with a slip, so that runs begin and end
    runs = Runs(lines)
    found = [list(runs.copied(text)) for text in texts[:60]]
    assert sum(map(len, found)) > 50
    assert found == [list(copied_by_rule(rule, lines, text)) for text in texts[:60]]


def test_the_shipped_pack_tells_everything_in_words_of_its_own() -> None:
    if SHARED is None:
        pytest.skip("no shared documents beside the checkout")
    documents = (SHARED.parent / "documents").glob("*.txt")
    runs = Runs(line for document in documents for line in document.read_text(encoding="utf-8").splitlines())
    pack = load_pack(Path(__file__).parents[2] / "knowledge" / "packs" / "stalin")
    told = [(f.id, text) for f in pack.facts for text in (f.says, *f.values.values(), *f.asks, *f.corrects)]
    told += [(g.id, text) for g in pack.gaps for text in (g.reply, *g.asks)]
    assert [(item, run) for item, text in told for run in runs.copied(text)] == []
