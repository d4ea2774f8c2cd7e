"""A pack held against its document: what is right passes, and each way of being wrong is found."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from knowledge.checking import Coverage, Finding, as_json, check
from knowledge.documents import Document, read_document
from knowledge.pack import Fact, Gap, Pack, load_pack

TEXT = """The Skarholm Light

Skarholm is a lighthouse off the town of Norvik. It first shone on 4 October 1887, before 300 guests.

Keepers

Ada Holm: 1889–1901

Ada Holm kept the light with two helpers. She was paid 1,200 crowns a year. On 7 May she fell ill.

at the lamp, 12 June 1893

The old keeper often walked alone along the stony northern shore at dusk, as her neighbour Jon Berg recalled. \
In the 1890s the Norvik Trade Society bought coal from 9 to 11 March 1894.
"""
ENTITIES = [
    {"id": "skarholm", "kind": "place", "name": "Skarholm", "aliases": ["the Skarholm light"]},
    {"id": "norvik", "kind": "place", "name": "Norvik", "aliases": ["Norvikers"]},
    {"id": "ada-holm", "kind": "person", "name": "Ada Holm", "aliases": ["Ada", "Mistress Holm"], "pronoun": "she"},
    {"id": "berg", "kind": "person", "name": "Jon Berg", "pronoun": "he"},
    {"id": "society", "kind": "organisation", "name": "the Norvik Trade Society"},
]


def fact(key: str, says: str, source: str, **keys: object) -> dict[str, object]:
    return {"id": key, "says": says, "about": ["skarholm"], "intent": "description", "source": source, **keys}


FACTS = [
    fact("what", "Norvik's lighthouse is Skarholm.", "lights.txt:3.1", asks=["What is Skarholm?"]),
    fact("lit", "Three hundred people saw it lit on 4 October 1887.", "lights.txt:3.2", date="1887-10-04"),
    fact("ada", "From 1889 Mistress Holm kept it, helped by 2.", "lights.txt:9.1-2", date="1889"),
    fact("ill", "Ada once fell ill on 7 May.", "lights.txt:9.3", values={"pay": "1,200 crowns"}),
    fact("walks", "Jon Berg told of her walks.", "lights.txt:13.1", about=["ada-holm", "berg"]),
    fact("coal", "Norvikers bought coal in March 1894.", "lights.txt:13.2", date="1894-03-09/1894-03-11"),
]
GAPS = [
    {
        "id": "illness-year",
        "about": ["ada-holm"],
        "intent": "health",
        "asks": ["In which year did Ada fall ill?"],
        "reply": "The text gives the day, but no year.",
        "source": "lights.txt:9.3",
    }
]
SECTIONS = {1: "The Skarholm Light", 5: "Keepers", 7: "Ada Holm: 1889–1901"}
SKIPPED = [{"place": "lights.txt:11.1", "why": "rest of a caption"}]


def held_against(folder: Path, text: str = TEXT, **parts: object) -> tuple[Pack, dict[str, Document]]:
    """A pack that is right but for some parts, and its document."""
    path = folder / "lights.txt"
    path.write_text(text, encoding="utf-8")
    document = {
        "file": "lights.txt",
        "title": "The Skarholm Light",
        "sha256": parts.get("sha", sha256(path.read_bytes()).hexdigest()),
        "sections": parts.get("sections", SECTIONS),
    }
    info = {
        "name": "lights",
        "title": "Lights",
        "language": "en",
        "documents": [document],
        "skipped": parts.get("skipped", SKIPPED),
    }
    pack = folder / "pack"
    (pack / "facts").mkdir(parents=True)
    files = {
        "pack": info,
        "entities": ENTITIES,
        "facts/all": parts.get("facts", FACTS),
        "gaps": parts.get("gaps", GAPS),
    }
    for name, data in files.items():
        unshared = json.loads(json.dumps(data))  # or PyYAML would write anchors
        written = yaml.safe_dump(unshared, allow_unicode=True, sort_keys=False)
        (pack / f"{name}.yaml").write_text(written, encoding="utf-8")
    return load_pack(pack), {"lights.txt": read_document(path)}


def findings(folder: Path, text: str = TEXT, **parts: object) -> list[Finding]:
    return list(check(*held_against(folder, text, **parts)).findings)


def but(key: str, **changes: object) -> list[dict[str, object]]:
    """The facts, one of them changed."""
    return [f | changes if f["id"] == key else f for f in FACTS]


def test_the_text_is_what_the_tests_take_it_for(tmp_path: Path) -> None:
    _, documents = held_against(tmp_path)
    assert documents["lights.txt"].headings == SECTIONS
    sentences = {line: len(p.sentences) for line, p in documents["lights.txt"].paragraphs.items()}
    assert sentences == {3: 2, 9: 3, 11: 1, 13: 2}


def test_a_pack_that_agrees_with_its_documents_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path) == []


@pytest.mark.parametrize(
    ("key", "changes", "missing"),
    [
        # numbers
        ("lit", {"says": "Four hundred people saw it lit on 4 October 1887."}, "'400' is not in lights.txt:3.2"),
        ("lit", {"says": "It was lit on 5 October 1887 before 300."}, "'5' is not in lights.txt:3.2"),
        ("lit", {"says": "It was lit in 1878."}, "'1878' is not in lights.txt:3.2"),
        ("ill", {"values": {"pay": "1,300 crowns"}}, "'1300' is not in lights.txt:9.3"),
        ("ada", {"source": "lights.txt:9.1", "values": {"pay": "1,200"}}, "'1200' is not in lights.txt:9.1"),
        # dates
        ("lit", {"date": "1878-10-04"}, "date: 1878 is not in lights.txt:3.2"),
        ("lit", {"date": "1887-11"}, "date: November is not in lights.txt:3.2"),
        ("ada", {"date": "1887"}, "date: 1887 is not in lights.txt:9.1-2"),
        ("ada", {"date": "1889/1902"}, "date: 1902 is not in lights.txt:9.1-2"),
        ("walks", {"date": "188X"}, None),  # 1889 stands in the heading
        ("walks", {"date": "187X"}, "date: the 1870s is not in lights.txt:13.1"),
        ("walks", {"date": "17XX"}, "date: the 18th century is not in lights.txt:13.1"),
        ("coal", {"says": "They bought 52,000 kegs in March 1894."}, "'52,000' is not in lights.txt:13.2"),
        ("coal", {"says": "They bought 2.5 kegs in March 1894."}, "'2.5' is not in lights.txt:13.2"),
        # names
        ("what", {"says": "The lighthouse off Sandvik is Skarholm."}, "'Sandvik' is not in lights.txt:3.1"),
        ("what", {"says": "Sandvik has a lighthouse."}, "'Sandvik' is not in lights.txt:3.1"),
        ("what", {"says": "It stands off Norvik. Sandvik is far."}, "'Sandvik' is not in lights.txt:3.1"),
        ("what", {"says": "“Sandvik” is far."}, "'Sandvik' is not in lights.txt:3.1"),
        ("what", {"says": "Ada's lighthouse is Skarholm."}, '"Ada\'s" is not in lights.txt:3.1'),
        ("what", {"says": "A Norvik-Sandvik lighthouse is meant."}, "'Norvik-Sandvik' is not in lights.txt:3.1"),
        ("what", {"says": "Свет in Norvik."}, "'Свет' is not in lights.txt:3.1"),
        ("what", {"values": {"town": "Sandvik"}}, "'Sandvik' is not in lights.txt:3.1"),
        # a word that is ordinary elsewhere is no name where a sentence begins, and is one within
        ("what", {"says": "Stony or not, Skarholm has a lighthouse."}, None),
        ("what", {"says": "The lighthouse of Stony Skarholm."}, "'Stony' is not in lights.txt:3.1"),
        # another name of what the passage names
        ("ada", {"says": "From 1889 Ada kept the Skarholm light."}, None),
        ("coal", {"says": "Norvik had coal in March 1894."}, None),
        # what was inferred, and said to be
        ("what", {"says": "One of 3 lighthouses off Sandvik.", "inferred": ["3", "Sandvik"]}, None),
        ("what", {"says": "One of 1,000 lighthouses.", "inferred": ["a thousand of them, 1,000"]}, None),
        ("ada", {"date": "1888", "inferred": ["1888"]}, None),
    ],
)
def test_every_number_date_and_name_stands_in_the_passage(
    tmp_path: Path, key: str, changes: dict[str, object], missing: str | None
) -> None:
    found = [f for f in findings(tmp_path, facts=but(key, **changes)) if f.check == "support"]
    expected = [f"{key}: {missing}"] if missing else []
    assert [f.message for f in found] == expected
    assert all(f.where.startswith("facts/all.yaml:") for f in found)


def test_a_finding_names_the_line_of_its_fact(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, facts=but("lit", says="It first shone on 4 October 1887, before 301."))
    where = next(
        number
        for number, line in enumerate((tmp_path / "pack/facts/all.yaml").read_text().splitlines(), 1)
        if line == "- id: lit"
    )
    assert str(found) == f"facts/all.yaml:{where}: support: lit: '301' is not in lights.txt:3.2"


def test_a_swapped_day_is_found_in_the_date_and_in_the_calendar(tmp_path: Path) -> None:
    assert [str(f).split(": ", 1)[1] for f in findings(tmp_path, facts=but("lit", date="1887-10-05"))] == [
        "support: lit: date: 5 October is not in lights.txt:3.2",
        "calendar: no fact is dated 4 October",
    ]


def test_a_copied_sentence_is_found_in_facts_asks_and_gaps(tmp_path: Path) -> None:
    copied = "The keeper often walked alone along the stony northern shore at dusk."
    run = "keeper often walked alone along the stony northern shore at dusk"
    facts = but("walks", says=copied, asks=[copied.replace(".", "?")], values={"habit": copied})
    gaps = [GAPS[0] | {"reply": copied}]
    found = [f.message for f in findings(tmp_path, facts=facts, gaps=gaps) if f.check == "wording"]
    assert found == [f"walks: copied from a document: {run!r}"] * 3 + [f"illness-year: copied from a document: {run!r}"]


def test_a_heading_can_be_copied_too(tmp_path: Path) -> None:
    text = TEXT.replace("Keepers\n", "What the tired old keepers thought about long winter nights\n")
    facts = but("walks", says="Jon Berg told what the tired old keepers thought about long winter nights.")
    (found,) = (f for f in findings(tmp_path, text, facts=facts, sections={}) if f.check == "wording")
    assert found.message.endswith("'what the tired old keepers thought about long winter nights'")


def test_a_sentence_that_no_fact_cites_is_found(tmp_path: Path) -> None:
    found = findings(tmp_path, facts=but("ada", source="lights.txt:9.1"))
    assert [str(f) for f in found] == [
        "lights.txt:9.2: coverage: cited by no fact: 'She was paid 1,200 crowns a year.'"
    ]


def test_a_sentence_that_only_a_gap_cites_is_not_covered(tmp_path: Path) -> None:
    found = findings(tmp_path, facts=[f for f in FACTS if f["id"] != "ill"])
    assert [f.where for f in found] == ["lights.txt:9.3"]


class TestCalendar:
    def test_a_day_that_no_fact_is_dated_to_is_found(self, tmp_path: Path) -> None:
        (found,) = findings(tmp_path, facts=but("lit", date="1887-10"))
        assert str(found) == "lights.txt:3.2: calendar: no fact is dated 4 October"

    def test_both_ends_of_a_span_of_days_want_a_fact(self, tmp_path: Path) -> None:
        assert [str(f) for f in findings(tmp_path, facts=but("coal", date="1894-03-09"))] == [
            "lights.txt:13.2: calendar: no fact is dated 11 March"
        ]

    def test_a_day_without_a_year_may_be_a_gap(self, tmp_path: Path) -> None:
        assert findings(tmp_path) == []
        (tmp_path / "again").mkdir()
        found = findings(tmp_path / "again", gaps=[])
        assert [str(f) for f in found] == ["lights.txt:9.3: calendar: no fact is dated 7 May"]

    @pytest.mark.parametrize(
        ("heading", "covered"),
        [("Ada Holm: 1889–1901", True), ("Ada Holm, 1889–93", True), ("Ada Holm in 1889", False), ("Ada Holm", True)],
    )
    def test_a_heading_of_one_year_tells_the_day_s_year_and_a_span_doesnt(
        self, tmp_path: Path, heading: str, covered: bool
    ) -> None:
        text = TEXT.replace("Ada Holm: 1889–1901", heading)
        facts = but("ada", says="Mistress Holm kept it, helped by 2.")
        facts = [{k: v for k, v in f.items() if f["id"] != "ada" or k != "date"} for f in facts]
        found = findings(tmp_path, text, facts=facts, sections=SECTIONS | {7: heading})
        expected = [] if covered else ["lights.txt:9.3: calendar: no fact is dated 7 May"]
        assert [str(f) for f in found] == expected

    def test_a_gap_does_not_do_where_the_paragraph_tells_a_year(self, tmp_path: Path) -> None:
        gaps = [GAPS[0] | {"source": ["lights.txt:9.3", "lights.txt:3.2"]}]
        (found,) = findings(tmp_path, facts=but("lit", date="1887-10"), gaps=gaps)
        assert str(found) == "lights.txt:3.2: calendar: no fact is dated 4 October"

    def test_nor_where_the_paragraph_of_that_very_day_does(self, tmp_path: Path) -> None:
        text = TEXT.replace("with two helpers", "from 1889 on, with two helpers")
        found = findings(tmp_path, text)
        assert [str(f) for f in found] == ["lights.txt:9.3: calendar: no fact is dated 7 May"]

    def test_a_fact_must_not_take_its_date_from_a_skipped_caption(self, tmp_path: Path) -> None:
        taken = fact("caption", "She was there on 12 June 1893.", "lights.txt:11.1", date="1893-06-12")
        found = findings(tmp_path, facts=[*FACTS, taken])
        assert [(f.check, f.message) for f in found] == [
            ("support", "caption: '12' is not in lights.txt:11.1"),
            ("support", "caption: '1893' is not in lights.txt:11.1"),
            ("support", "caption: 'June' is not in lights.txt:11.1"),
            ("support", "caption: date: 1893 is not in lights.txt:11.1"),
            ("support", "caption: date: June is not in lights.txt:11.1"),
            ("support", "caption: date: 12 June is not in lights.txt:11.1"),
            ("calendar", "caption: cites lights.txt:11.1, which is skipped"),
        ]

    def test_nor_from_one_that_stands_before_its_sentence(self, tmp_path: Path) -> None:
        text = TEXT.replace("at the lamp, 12 June 1893", "at the lamp, 12 June 1893. She smiled.")
        smiles = fact("smile", "Ada smiled.", "lights.txt:11.2", date="1893-06-12", about=["ada-holm"])
        found = findings(tmp_path, text, facts=[*FACTS, smiles])
        assert [(f.check, f.message) for f in found] == [
            ("support", "smile: date: 1893 is not in lights.txt:11.2"),
            ("support", "smile: date: June is not in lights.txt:11.2"),
            ("support", "smile: date: 12 June is not in lights.txt:11.2"),
        ]


class TestPlaces:
    def test_another_text_is_found_by_its_sha256(self, tmp_path: Path) -> None:
        (found,) = findings(tmp_path, sha="0" * 64)
        given = sha256(TEXT.encode()).hexdigest()
        assert (found.check, found.message) == ("places", f"lights.txt has the SHA-256 {given}, not {'0' * 64}")
        assert found.where == "pack.yaml:5"

    def test_a_missing_document_is_found_and_nothing_else(self, tmp_path: Path) -> None:
        pack, _ = held_against(tmp_path)
        report = check(pack, {})
        assert [str(f) for f in report.findings] == ["pack.yaml:5: places: lights.txt is not among the documents"]
        assert report.coverage == ()

    @pytest.mark.parametrize(
        ("place", "message"),
        [
            ("lights.txt:3.3", "lights.txt:3.3 does not exist; the line has 2 sentences"),
            ("lights.txt:13.2-3", "lights.txt:13.2-3 does not exist; the line has 2 sentences"),
            ("lights.txt:11.2", "lights.txt:11.2 does not exist; the line has 1 sentence"),
            ("lights.txt:99.1", "lights.txt:99.1 does not exist; the line is empty, a heading or past the end"),
            ("lights.txt:5", "lights.txt:5 does not exist; the line is empty, a heading or past the end"),
            ("lights.txt:4.1", "lights.txt:4.1 does not exist; the line is empty, a heading or past the end"),
        ],
    )
    def test_a_place_past_the_end_is_found_wherever_it_stands(self, tmp_path: Path, place: str, message: str) -> None:
        found = findings(
            tmp_path,
            facts=[*FACTS, fact("past", "It is there.", place)],
            gaps=[*GAPS, GAPS[0] | {"id": "past-gap", "source": place}],
            skipped=[*SKIPPED, {"place": place, "why": "nothing"}],
        )
        places = [f for f in found if f.check == "places"]
        assert [f.message for f in places] == [message] * 3
        assert [f.where.split(":")[0] for f in places] == ["facts/all.yaml", "gaps.yaml", "pack.yaml"]

    @pytest.mark.parametrize(
        ("sections", "messages"),
        [
            ({}, []),
            (SECTIONS | {5: "Guards"}, ["sections: lights.txt:5 is the heading 'Keepers', not 'Guards'"]),
            (SECTIONS | {9: "More"}, ["sections: lights.txt:9 is no heading, not 'More'"]),
            ({1: SECTIONS[1], 7: SECTIONS[7]}, ["sections: lights.txt:5 is the heading 'Keepers', which is missing"]),
        ],
    )
    def test_sections_are_the_document_s_headings(
        self, tmp_path: Path, sections: dict[int, str], messages: list[str]
    ) -> None:
        found = findings(tmp_path, sections=sections)
        assert [(f.check, f.where, f.message) for f in found] == [("places", "pack.yaml:5", m) for m in messages]


class TestQuestions:
    def test_two_facts_with_one_ask_are_found(self, tmp_path: Path) -> None:
        (found,) = findings(tmp_path, facts=but("lit", asks=["what is SKARHOLM"]))
        assert (found.check, found.message) == ("questions", "lit: what has the same ask: 'what is SKARHOLM'")

    @pytest.mark.parametrize(("view", "other"), [("lit", "what"), ("what", "lit")])
    def test_the_views_of_a_dispute_may_share_one(self, tmp_path: Path, view: str, other: str) -> None:
        facts = [f | {"versus": [other]} if f["id"] == view else f for f in but("lit", asks=["What is Skarholm?"])]
        assert findings(tmp_path, facts=facts) == []

    def test_a_fact_may_repeat_its_own(self, tmp_path: Path) -> None:
        assert findings(tmp_path, facts=but("what", asks=["What is Skarholm?", "what is skarholm"])) == []

    def test_what_is_answered_and_corrected_is_found(self, tmp_path: Path) -> None:
        found = findings(tmp_path, facts=but("lit", corrects=["what is SKARHOLM"]))
        message = "lit: what answers what it corrects: 'what is SKARHOLM'"
        assert ("questions", message) in [(f.check, f.message) for f in found]


class TestAnswers:
    def test_what_is_to_be_corrected_and_is_not_is_found(self, tmp_path: Path) -> None:
        corrects = ["Why did nobody come to see it lit?", "What can you do?"]
        (found,) = findings(tmp_path, facts=but("walks", corrects=corrects))
        assert (found.check, found.message) == ("answers", "walks: 'What can you do?' is chat, not corrected")

    def test_an_ask_that_is_taken_for_small_talk_is_found(self, tmp_path: Path) -> None:
        (found,) = findings(tmp_path, facts=but("walks", asks=["What can you do?"]))
        message = "walks: 'What can you do?' gets nothing"
        assert (found.check, found.where, found.message) == ("answers", "facts/all.yaml:31", message)

    def test_an_ask_that_its_own_wording_brings_to_its_fact_is_not_found(self, tmp_path: Path) -> None:
        assert findings(tmp_path, facts=but("walks", asks=["When did three hundred people see Skarholm lit?"])) == []

    def test_the_entries_can_be_followed(self, tmp_path: Path) -> None:
        seen: list[str] = []

        def track(entries: Sequence[Fact | Gap]) -> Iterator[Fact | Gap]:
            for entry in entries:
                seen.append(entry.id)
                yield entry

        check(*held_against(tmp_path), track=track)
        assert seen == [f["id"] for f in FACTS] + [g["id"] for g in GAPS]


def test_coverage_counts_the_sentences_of_each_section(tmp_path: Path) -> None:
    report = check(*held_against(tmp_path, facts=but("ada", source="lights.txt:9.1")))
    assert report.coverage == (
        Coverage("lights.txt", "The Skarholm Light", sentences=2, cited=2, skipped=0),
        Coverage("lights.txt", "Ada Holm: 1889–1901", sentences=6, cited=4, skipped=1),
    )
    assert [c.share for c in report.coverage] == [1.0, 0.8]
    assert Coverage("lights.txt", "Captions", sentences=1, cited=0, skipped=1).share == 1.0


def test_inferred_words_are_listed(tmp_path: Path) -> None:
    report = check(*held_against(tmp_path, facts=but("what", inferred=["3", "Sandvik"])))
    assert report.inferred == ("what: 3, Sandvik",)


def test_a_report_has_a_json_form(tmp_path: Path) -> None:
    report = check(*held_against(tmp_path, facts=but("ada", source="lights.txt:9.1", inferred=["4"])))
    assert as_json(report) == {
        "findings": [
            {
                "check": "coverage",
                "where": "lights.txt:9.2",
                "message": "cited by no fact: 'She was paid 1,200 crowns a year.'",
            }
        ],
        "coverage": [
            {
                "document": "lights.txt",
                "section": "The Skarholm Light",
                "sentences": 2,
                "cited": 2,
                "skipped": 0,
                "share": 1.0,
            },
            {
                "document": "lights.txt",
                "section": "Ada Holm: 1889–1901",
                "sentences": 6,
                "cited": 4,
                "skipped": 1,
                "share": 0.8,
            },
        ],
        "inferred": ["ada: 4"],
    }


def test_a_pack_whose_places_are_unknown_can_be_checked(tmp_path: Path) -> None:
    pack, documents = held_against(tmp_path)
    assert check(dataclasses.replace(pack, where={}), documents).findings == ()
