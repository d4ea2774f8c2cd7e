"""Files as paragraphs, sentences and headings, and places in them."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents import (
    Document,
    Paragraph,
    Place,
    is_heading,
    read_document,
    read_documents,
    split_sentences,
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a.txt:28", Place("a.txt", 28)),
        ("a.txt:28.1", Place("a.txt", 28, 1, 1)),
        ("a.txt:28.1-3", Place("a.txt", 28, 1, 3)),
        ("a.txt:28.2-2", Place("a.txt", 28, 2, 2)),
        ("my own file.md:1.10", Place("my own file.md", 1, 10, 10)),
    ],
)
def test_a_place_is_read_and_written(text: str, place: Place) -> None:
    assert Place.parse(text) == place
    assert Place.parse(str(place)) == place


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.txt:28.3-1", "'a.txt:28.3-1' runs backwards; the first sentence of a range comes first"),
        *(
            (text, f"{text!r} is not a place; write document:line.sentence, such as joseph-stalin.txt:28.1-3")
            for text in (
                "",
                "a.txt",
                "a.txt:",
                ":28",
                "a.txt:0",
                "a.txt:28.0",
                "a.txt:28.",
                "a.txt:28.1-",
                "a.txt:28-30",
                "a.txt: 28",
                "a.txt:28\n",
                "a.txt:٢٨",
                "a:b:3",
                "a.txt:28.1,2",
                "a.txt:99999999",
                "a.txt:" + "9" * 5000,
            )
        ),
    ],
)
def test_what_is_no_place_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        Place.parse(text)
    assert str(caught.value) == message


@given(st.one_of(st.text(), st.text("a.txt:0123456789-")))
def test_any_text_is_a_place_or_a_value_error(text: str) -> None:
    try:
        place = Place.parse(text)
    except ValueError:
        return
    assert Place.parse(str(place)) == place


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("   ", []),
        ("No stop at all", ["No stop at all"]),
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Why?! He left.", ["Why?!", "He left."]),
        ("Why!? Nobody knew... Then he left.", ["Why!?", "Nobody knew...", "Then he left."]),
        ("He waited … and left. She stayed.", ["He waited … and left.", "She stayed."]),
        ("He waited… Then he left.", ["He waited…", "Then he left."]),
        ("He waited... and left.", ["He waited... and left."]),
        # abbreviations
        ("Dr. Bell met Mr. Holm. They spoke.", ["Dr. Bell met Mr. Holm.", "They spoke."]),
        ("Gen. Vik led St. Olav's men.", ["Gen. Vik led St. Olav's men."]),
        ("He took oars, e.g. Finnish ones. They broke.", ["He took oars, e.g. Finnish ones.", "They broke."]),
        ("It is in vol. II, pp. 3–4. See there.", ["It is in vol. II, pp. 3–4.", "See there."]),
        ("Built c. 1900 (cf. Bell). Lost since.", ["Built c. 1900 (cf. Bell).", "Lost since."]),
        ("On 5 Dec. 1941 it froze.", ["On 5 Dec. 1941 it froze."]),
        ("It was Room No. 5. It was cold.", ["It was Room No. 5.", "It was cold."]),
        ("He said no. Then he left.", ["He said no.", "Then he left."]),
        ("She ate a fig. Then another.", ["She ate a fig.", "Then another."]),
        ("They had boats, nets etc. The sea was calm.", ["They had boats, nets etc.", "The sea was calm."]),
        ("He shouted: Mr... Then silence.", ["He shouted: Mr...", "Then silence."]),
        ("She is a Sr. The end.", ["She is a Sr. The end."]),
        # initials
        ("J. V. Bell wrote to A.B. Holm. He read it.", ["J. V. Bell wrote to A.B. Holm.", "He read it."]),
        ("The U.S. Navy came.", ["The U.S. Navy came."]),
        ("It was World War I. Then came peace.", ["It was World War I.", "Then came peace."]),
        ("So said A. Nobody heard.", ["So said A. Nobody heard."]),
        # figures
        ("It cost 3.50 then. Now 4.75.", ["It cost 3.50 then.", "Now 4.75."]),
        ("In 1941. 27 ships sank.", ["In 1941.", "27 ships sank."]),
        ("Version 1.2.3 is out. Good.", ["Version 1.2.3 is out.", "Good."]),
        # quotes and brackets
        ('He said: "Go." She went.', ['He said: "Go."', "She went."]),
        ("“Go.” “No!” He went.", ["“Go.”", "“No!”", "He went."]),
        ("(He went.) [She stayed.] They met.", ["(He went.)", "[She stayed.]", "They met."]),
        ("«Go.» He went.", ["«Go.»", "He went."]),
        ('"Why?" he asked. "Nothing."', ['"Why?" he asked.', '"Nothing."']),
        ("He went (see p. 3). She stayed.", ["He went (see p. 3).", "She stayed."]),
        # capitals of other alphabets, and scripts without any
        ("Он ушёл. Ёлка стояла. И. В. Иванов молчал.", ["Он ушёл.", "Ёлка стояла.", "И. В. Иванов молчал."]),
        ("Έφυγε. Άλλος ήρθε.", ["Έφυγε.", "Άλλος ήρθε."]),
        ("Il partit. Élise resta.", ["Il partit.", "Élise resta."]),
        ("ის წავიდა. შემდეგ დაბრუნდა.", ["ის წავიდა.", "შემდეგ დაბრუნდა."]),
        ("彼は去った。彼女は残った。", ["彼は去った。", "彼女は残った。"]),
        ("「行け。」彼は去った！", ["「行け。」", "彼は去った！"]),
        ("वह गया। वह रही।", ["वह गया।", "वह रही।"]),
        ("ذهب. عاد؟ نعم.", ["ذهب.", "عاد؟", "نعم."]),
        # lower case goes on
        ("He wrote for approx. two years. ok.", ["He wrote for approx. two years. ok."]),
        ("Yahoo! was a firm.", ["Yahoo! was a firm."]),
    ],
)
def test_a_paragraph_is_split_into_sentences(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@given(st.one_of(st.text(), st.text("aA. !?…\"'(“”)1\n。", max_size=80)))
def test_sentences_lose_nothing_but_space(text: str) -> None:
    sentences = split_sentences(text)
    assert "".join("".join(sentences).split()) == "".join(text.split())
    assert all(sentence == sentence.strip() != "" for sentence in sentences)


@pytest.mark.parametrize("text", ["." * 300_000, ". " * 25_000, "A. " * 15_000, '."' * 25_000, "a." + " " * 50_000])
def test_long_runs_of_marks_are_no_trap(text: str) -> None:
    assert "".join(split_sentences(text)).count("a") == text.count("a")  # a quadratic search would take minutes here


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Early life", True),
        ("  Early life  ", True),
        ("The storm: 1891–1893", True),
        ("1891", True),
        ("# The whole", True),
        ("### A part that asks: why?", True),
        ("## " + "Long words " * 20, True),
        ("X" * 100, True),
        ("X" * 101, False),
        ("A sentence.", False),
        ("A question?", False),
        ("He said:", False),
        ("to be continued", False),
        ("- an item", False),
        ("“Quoted”", False),
        ("#1 of many", False),
        ("#", False),
        ("#hashtag", False),
        ("", False),
        ("   ", False),
        ("Детство", True),
        ("детство", False),
        ("ბავშვობა", True),
        ("幼年", True),
        ("幼年。", False),
    ],
)
def test_a_heading_is_short_and_left_open_or_marked(line: str, expected: bool) -> None:
    assert is_heading(line) is expected


def document(folder: Path, text: str, name: str = "lights.txt") -> Document:
    path = folder / name
    path.write_bytes(text.encode())
    return read_document(path)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_lines_count_as_in_an_editor_whatever_ends_them(tmp_path: Path, line_break: str, start: str) -> None:
    text = start + line_break.join(["The Lights", "", "One was lit.", "", "It\u2028went\x0cout.\x85Twice.", ""])
    read = document(tmp_path, text)
    assert {line: p.text for line, p in read.paragraphs.items()} == {
        3: "One was lit.",
        5: "It\u2028went\x0cout.\x85Twice.",
    }
    assert read.title == "The Lights"
    assert read.headings == {1: "The Lights"}
    assert read.sha256 == hashlib.sha256(text.encode()).hexdigest()


def headings_above(folder: Path, text: str) -> dict[str, tuple[str, ...]]:
    return {p.text: p.headings for p in document(folder, text).paragraphs.values()}


def test_plain_headings_that_follow_one_another_nest(tmp_path: Path) -> None:
    text = """The Lights

The lead.

Keepers

Ada: 1889

She kept.

Jon: 1900

He kept.

Ships

Sunk

They sank.
"""
    assert headings_above(tmp_path, text) == {
        "The lead.": ("The Lights",),
        "She kept.": ("Keepers", "Ada: 1889"),
        "He kept.": ("Keepers", "Jon: 1900"),
        "They sank.": ("Ships", "Sunk"),
    }


def test_markdown_headings_nest_by_their_level(tmp_path: Path) -> None:
    text = """# The Lights
The lead.
## Keepers
### Ada
She kept.
### Jon ###
He kept.
## Empty
## Ships
They sank.
# Another
The end.
"""
    assert headings_above(tmp_path, text) == {
        "The lead.": ("The Lights",),
        "She kept.": ("The Lights", "Keepers", "Ada"),
        "He kept.": ("The Lights", "Keepers", "Jon"),
        "They sank.": ("The Lights", "Ships"),
        "The end.": ("Another",),
    }


def test_marked_headings_stand_below_plain_ones(tmp_path: Path) -> None:
    text = """The Beginnings

They began.

The Keepers

### Ada

She kept.

### Jon

He kept.

The End

All went out.
"""
    assert headings_above(tmp_path, text) == {
        "They began.": ("The Beginnings",),
        "She kept.": ("The Keepers", "Ada"),
        "He kept.": ("The Keepers", "Jon"),
        "All went out.": ("The End",),
    }


def test_a_plain_heading_with_marked_ones_below_replaces_the_innermost_plain_one(tmp_path: Path) -> None:
    text = """Keepers

Ada

She kept.

Jon

### Youth

He was young.
"""
    assert headings_above(tmp_path, text) == {
        "She kept.": ("Keepers", "Ada"),
        "He was young.": ("Keepers", "Jon", "Youth"),
    }


def test_a_document_names_its_headings_by_line_without_marks(tmp_path: Path) -> None:
    read = document(tmp_path, "### Editor of ''The Bell'': 1912\n\nHe was.\n\nLast words\n\n## In C# ##\n")
    assert read.headings == {1: "Editor of The Bell: 1912", 5: "Last words", 7: "In C#"}
    assert [p.section for p in read.paragraphs.values()] == ["Editor of The Bell: 1912"]


def test_a_document_without_headings_is_called_by_its_file(tmp_path: Path) -> None:
    read = document(tmp_path, "\nA first sentence, which is no heading.\n")
    assert (read.title, read.headings) == ("lights", {})
    assert read.paragraphs[2] == Paragraph(2, "A first sentence, which is no heading.")
    assert read.paragraphs[2].section == ""


def test_an_empty_document_has_no_paragraphs(tmp_path: Path) -> None:
    read = document(tmp_path, "\ufeff\n \n")
    assert (read.title, read.paragraphs, read.headings) == ("lights", {}, {})


@pytest.mark.parametrize(
    ("place", "passage"),
    [
        ("lights.txt:1", "One was lit. Two burnt. Three went out."),
        ("lights.txt:1.1", "One was lit."),
        ("lights.txt:1.2-3", "Two burnt. Three went out."),
        ("lights.txt:1.4", None),
        ("lights.txt:1.2-4", None),
        ("lights.txt:2", None),
        ("lights.txt:9.1", None),
    ],
)
def test_a_passage_is_the_words_at_a_place(tmp_path: Path, place: str, passage: str | None) -> None:
    read = document(tmp_path, "One was lit. Two burnt. Three went out.\n")
    assert read.passage(Place.parse(place)) == passage


def test_other_encodings_are_refused_with_the_file_named(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes("Café".encode("latin-1"))
    with pytest.raises(ValueError, match=r"^old\.txt: not UTF-8 \(byte 3\); save it as UTF-8 text$"):
        read_document(tmp_path / "old.txt")


def test_other_kinds_of_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^scan\.png: only \.txt and \.md can be read$"):
        read_document(tmp_path / "scan.png")


def test_a_folder_gives_its_readable_documents(tmp_path: Path) -> None:
    for name in ("b.txt", "a.MD", "picture.png", "notes"):
        (tmp_path / name).write_text("Words.\n", encoding="utf-8")
    (tmp_path / "folder.txt").mkdir()
    assert list(read_documents(tmp_path)) == ["a.MD", "b.txt"]


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match=r"/nowhere: no such folder; where are the documents\?$"):
        read_documents(tmp_path / "nowhere")


@given(text=st.one_of(st.text(), st.text("# A.a\n\r", max_size=60)))
@settings(deadline=None)
def test_any_text_is_a_document_whose_every_line_is_somewhere(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    raw = text.encode("utf-8", "replace")
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(raw)
    read = read_document(path)
    lines = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert sorted((*read.paragraphs, *read.headings)) == [n for n, line in enumerate(lines, 1) if line.strip()]
    assert all(lines[n - 1].strip() == p.text for n, p in read.paragraphs.items())
