import logging
import shutil
from pathlib import Path

import pytest

from bot.services.library import Library, find_pack
from knowledge.pack import PackError
from knowledge.results import Source


@pytest.fixture
def pack(lighthouse: Path, tmp_path: Path) -> Path:
    """A copy of the small pack, to be changed."""
    return shutil.copytree(lighthouse, tmp_path / "pack")


def rewrite(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


async def test_reloading_takes_up_what_has_changed(pack: Path) -> None:
    library = Library([pack])
    rewrite(pack / "facts" / "keepers.yaml", "in Wick in 1862", "in Wick, far in the north, in 1862")

    assert await library.reload()

    assert "far in the north" in library.index.facts["ada-birth"].says


async def test_a_broken_pack_leaves_the_old_one_in_use(pack: Path, caplog: pytest.LogCaptureFixture) -> None:
    library = Library([pack], pack / "documents")
    before = library.index
    rewrite(pack / "facts" / "keepers.yaml", "about: [tom-merrow]", "about: [tim-merrow]")

    with caplog.at_level(logging.ERROR):
        assert not await library.reload()

    assert library.index is before
    line = (pack / "facts" / "keepers.yaml").read_text(encoding="utf-8").split("tim-merrow")[0].count("\n") + 1
    assert f"keepers.yaml:{line}: " in caplog.text
    assert "tim-merrow" in caplog.text


async def test_documents_that_cannot_be_read_leave_the_old_ones_in_use(
    pack: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = Library([pack], pack / "documents")
    source = Source("lighthouse.txt", "", "", 7, (1,))
    passage = library.passage(source)
    (pack / "documents" / "lighthouse.txt").write_bytes(b"\xff\xfe")

    with caplog.at_level(logging.ERROR):
        assert not await library.reload()

    assert library.passage(source) == passage == "Tom Merrow, her brother & helper, rowed the oil across."
    assert "lighthouse.txt" in caplog.text


def test_a_broken_pack_is_refused_at_the_start(pack: Path) -> None:
    rewrite(pack / "facts" / "keepers.yaml", "intent: death", "intent: demise")

    with pytest.raises(PackError):
        Library([pack])


def test_a_whole_paragraph_is_shown_where_a_source_names_no_sentence(library: Library) -> None:
    passage = library.passage(Source("lighthouse.txt", "", "", 7, ()))

    assert passage
    assert passage.startswith("Tom Merrow, her brother")
    assert passage.endswith("died on 9 June 1940.")


def test_a_text_that_has_changed_is_not_quoted(pack: Path) -> None:
    rewrite(pack / "documents" / "lighthouse.txt", "Wick", "Lerwick")

    assert Library([pack], pack / "documents").passage(Source("lighthouse.txt", "", "", 5, (2,))) is None


def test_a_document_that_no_pack_knows_is_not_quoted(library: Library) -> None:
    assert library.passage(Source("other.txt", "", "", 5, ())) is None


def test_the_examples_are_the_first_asks_where_the_pack_names_none(library: Library) -> None:
    assert library.examples()[0] == "Who was Ada Merrow?"
    assert len(library.examples()) == 3


def test_the_shipped_pack_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert (find_pack(Path("knowledge/packs/stalin")) / "pack.yaml").is_file()
    assert find_pack(Path("no/such/pack")) == Path("no/such/pack")
