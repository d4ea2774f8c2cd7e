"""Who did what to whom, read off plain statements and questions."""

import pytest

from knowledge.index import Index
from knowledge.lexicon import lexicon
from knowledge.questions import Context, understand
from knowledge.roles import Deed, told
from knowledge.text import owners, words, written

ADA, VIK, IDA, SKARHOLM = (frozenset((e,)) for e in ("ada-holm", "per-vik", "ida-vik", "skarholm"))
NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("statement", "deed"),
    [
        ("Ada Holm saved Per Vik in the storm.", Deed("save", ADA, VIK)),
        ("In the storm Ada Holm had also saved Per Vik.", Deed("save", ADA, VIK)),
        ("Per Vik was saved by Ada Holm.", Deed("save", ADA, VIK)),
        ("Per Vik was later saved.", Deed("save", NOBODY, VIK)),
        ("Per Vik and Ida Vik were saved.", Deed("save", NOBODY, VIK | IDA)),
        ("They did so by saving Per Vik.", Deed("save", NOBODY, VIK)),
        ("Ada had Per Vik saved by Ida Vik", None),
        ("Ada Holm's bell saved the ship of Per Vik.", None),
        ("Ada Holm saved Norvik sailors.", None),
    ],
)
def test_a_statement_tells_deeds(lights: Index, statement: str, deed: Deed | None) -> None:
    tokens = words(statement)
    found = told(tokens, lights.names.find(tokens), owners(written(statement)), lexicon())
    assert [d for d in found if d.term == "save"] == ([deed] if deed else [])


@pytest.mark.parametrize(
    ("question", "deeds"),
    [
        ("When did Ada Holm save Per Vik?", (Deed("save", ADA, VIK),)),
        ("When was Per Vik saved?", (Deed("save", NOBODY, VIK),)),
        ("Why was Per Vik saved by Ada Holm?", (Deed("save", ADA, VIK),)),
        ("Who saved Per Vik?", (Deed("save", NOBODY, VIK),)),
        ("Which place did Per Vik attack in 1891?", (Deed("attack", VIK, NOBODY),)),
        ("Why did Per Vik ring the bell and leave Skarholm?", (Deed("leav", VIK, SKARHOLM),)),
        ("When did Per Vik move to Norvik?", ()),
        ("Was Ada Holm keeper of Skarholm?", ()),
    ],
)
def test_a_question_asks_of_deeds(lights: Index, question: str, deeds: tuple[Deed, ...]) -> None:
    assert understand(lights, question, Context()).asked_deeds == deeds


@pytest.mark.parametrize(
    ("asked", "told_so", "turned"),
    [
        (Deed("save", VIK, ADA), Deed("save", ADA, VIK), True),
        (Deed("save", NOBODY, ADA), Deed("save", ADA, VIK), True),
        (Deed("save", ADA, VIK), Deed("save", ADA, VIK), False),
        (Deed("save", ADA, IDA), Deed("save", ADA, VIK), False),
        (Deed("marri", VIK, ADA), Deed("marri", ADA, VIK), False),
    ],
)
def test_a_deed_is_turned_where_somebody_has_the_opposite_role(asked: Deed, told_so: Deed, turned: bool) -> None:
    assert asked.turns(told_so) == turned


@pytest.mark.parametrize(
    ("asked", "told_so", "mistaken"),
    [
        (Deed("save", IDA, VIK), Deed("save", ADA, VIK), True),
        (Deed("write", IDA, NOBODY), Deed("write", ADA, SKARHOLM), True),
        (Deed("save", NOBODY, IDA), Deed("save", NOBODY, VIK), True),
        (Deed("save", NOBODY, SKARHOLM), Deed("save", NOBODY, VIK), False),
        (Deed("meet", VIK, ADA), Deed("meet", ADA, VIK), False),
        (Deed("save", ADA, NOBODY), Deed("save", NOBODY, VIK), False),
    ],
)
def test_a_deed_is_mistaken_where_somebody_else_of_the_kind_has_its_role(
    lights: Index, asked: Deed, told_so: Deed, mistaken: bool
) -> None:
    kinds = {e.id: e.kind for e in lights.entities.values()}
    assert asked.mistakes(told_so, asked.doers & told_so.done_to, kinds) == mistaken


def test_a_possessive_is_an_owner() -> None:
    assert owners(written("Stalin's son and Ada’s bell")) == {0, 3}
