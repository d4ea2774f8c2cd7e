"""Which facts can be told unasked."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.index import Index, build
from knowledge.likeness import likeness
from knowledge.pack import load_pack
from knowledge.telling import importance, is_worth_knowing, stands_alone


@pytest.mark.parametrize(
    ("says", "more", "stands"),
    [
        ("Ada Holm kept bees.", "", True),
        ('"Row, row!" was what Ada Holm shouted.', "", True),
        ("[Ada Holm] kept bees on the skerry.", "", True),
        ("It was Ada Holm who kept bees.", "", True),
        ("She kept bees.", "", False),
        ("It had bees.", "", False),
        ("This was where Ada Holm kept bees.", "", False),
        ("However, Ada Holm kept bees.", "", False),
        ("and then Ada Holm kept bees.", "", False),
        ("Ada Holm with her bees, 1902", "", False),
        ("Ada Holm kept bees, said Captain Vik.", "according_to: per-vik", True),
        ("Ada Holm kept bees.", "according_to: per-vik", False),
        ("Ada Holm kept bees.", "disputed: true", False),
        ("Ada Holm kept bees, said Captain Vik.", "disputed: true, according_to: per-vik", True),
        ("Whether Ada Holm kept bees is disputed.", "disputed: true, versus: [b, c]", True),
    ],
)
def test_a_fact_stands_alone(says: str, more: str, stands: bool, pack_of: Callable[..., Path]) -> None:
    others = "".join(
        f"- {{id: {key}, says: Bees are insects., about: [ada-holm], intent: habit, source: 'lights.txt:9'}}\n"
        for key in "bc"
    )
    extra = "".join(f"  {part}\n" for part in more.split(", ") if part and "versus" not in more)
    extra = extra or ("  disputed: true\n  versus: [b, c]\n" if "versus" in more else "")
    fact = f"- id: a\n  says: '{says}'\n  about: [ada-holm]\n  intent: habit\n  source: lights.txt:8\n{extra}"
    index = build([load_pack(pack_of(facts=fact + others, gaps="[]"))])

    assert stands_alone(index, index.facts["a"]) is stands


def test_what_only_explains_a_name_is_not_worth_a_post(lights: Index) -> None:
    worth = [key for key, fact in lights.facts.items() if is_worth_knowing(fact)]

    assert "storm-ships" in worth
    assert "skarholm-what" not in worth


def test_importance_lies_between_0_and_1_and_figures_add_to_it(shipped: Index) -> None:
    weights = importance(shipped, likeness(shipped))

    assert weights.keys() == shipped.facts.keys()
    assert all(0 <= weight <= 1 for weight in weights.values())
    assert weights["territory-swap-september-1939"] > weights["lead-stalin-full-name"]
