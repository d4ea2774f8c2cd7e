"""Packs read and validated: everything that is wrong with one is named at once, each with file and line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.documents import Place
from knowledge.pack import LONGEST_FACT, Fact, PackError, load_pack

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "knowledge" / "packs" / "stalin"
SHA = "0" * 64
PACK = f"""name: lights
title: The lights
language: en
documents:
  - file: lights.txt
    title: Lights
    sha256: {SHA}
"""
ENTITIES = """- {id: ada, kind: person, name: Ada Holm, pronoun: she}
- {id: skarholm, kind: place, name: Skarholm}
"""
FACTS = """- id: ada-keeper
  says: Ada kept the light.
  about: [ada]
  intent: work
  source: lights.txt:3.1
"""
FACT = {"id": "ada-keeper", "says": "Ada kept the light.", "about": "[ada]", "intent": "work", "source": "lights.txt:3"}


def pack_of(folder: Path, **files: str | bytes | None) -> Path:
    """A pack whose files are right but for those given: `facts`, `gaps` … or `facts_more_yaml` for facts/more.yaml."""
    given: dict[str, str | bytes | None] = {"pack": PACK, "entities": ENTITIES, "facts": FACTS, **files}
    names = {"pack": "pack.yaml", "entities": "entities.yaml", "facts": "facts/some.yaml", "gaps": "gaps.yaml"}
    for key, text in given.items():
        if text is not None:
            file, _, suffix = key.removeprefix("facts_").rpartition("_")
            path = folder / names.get(key, f"facts/{file}.{suffix}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    return [str(mistake) for mistake in caught.value.mistakes]


def fact_with(**keys: str | None) -> str:
    """A file of one fact, in which some keys are written otherwise or left out."""
    lines = [f"{key}: {text}" for key, text in (FACT | keys).items() if text is not None]
    return "- " + "\n  ".join(lines) + "\n"


def test_a_pack_is_read_with_all_its_parts(tmp_path: Path) -> None:
    facts = """# comments are no facts
- id: ada-keeper
  says: Ada kept the light.
  about: [ada, skarholm]
  intent: work
  date: 1891-11-04
  place: skarholm
  values: {oil: 010, lit: yes}
  asks:
    - Who kept the light?
    - no
  source: [lights.txt:3.1-2, lights.txt:5]
  according_to: ada
  disputed: true
  versus: [ada-rests]
  solemn: false
  calendar: julian
  inferred: [4]

- id: ada-rests
  says: Ada rested.
  about: [ada]
  intent: work
  source: lights.txt:7
"""
    gaps = """- id: ada-birth
  about: [ada]
  intent: birth
  asks: ['When was Ada born?']
  reply: The text doesn't tell.
  near: [ada-keeper]
"""
    skipped = "skipped:\n  - {place: 'lights.txt:9.1', why: a caption}\n"
    pack = load_pack(pack_of(tmp_path, pack=PACK + skipped, facts=facts, gaps=gaps))
    fact = pack.facts[0]
    assert pack.info.documents[0].file == "lights.txt"
    assert pack.info.skipped[0].place == Place("lights.txt", 9, 1, 1)
    assert [e.id for e in pack.entities] == ["ada", "skarholm"]
    assert fact.source == (Place("lights.txt", 3, 1, 2), Place("lights.txt", 5))
    assert fact.values == {"oil": "010", "lit": "yes"}
    assert fact.asks == ("Who kept the light?", "no")
    assert (fact.disputed, fact.solemn, fact.date, fact.inferred) == (True, False, "1891-11-04", ("4",))
    assert pack.gaps[0].source == ()
    assert pack.where == {
        "ada": "entities.yaml:1",
        "skarholm": "entities.yaml:2",
        "ada-keeper": "facts/some.yaml:2",
        "ada-rests": "facts/some.yaml:20",
        "ada-birth": "gaps.yaml:1",
        "lights.txt": "pack.yaml:5",
        "lights.txt:9.1": "pack.yaml:9",
    }


MANY_MISTAKES = {
    "pack": PACK.replace("title: The lights", "titel: The lights") + "skipped:\n  - {place: other.txt:3, why: none}\n",
    "entities": """- {id: ada, kind: woman, name: Ada Holm}
- {id: skarholm, kind: place, name: Skarholm, alias: [Skar]}
- {id: Bad Id, kind: place, name: Norvik}
""",
    "facts_a_yaml": """- id: unknown-key
  says: Ada kept the light.
  abuot: [ada]
  about: [ada]
  intent: work
  source: lights.txt:3.1
- id: unknown-entity
  says: Ada kept the light.
  about:
    - ada
    - adda
    - quarrel
  intent: work
  date: 1891-02-30
  source: lights.txt:3.1
""",
    "facts_b_yaml": f"""- id: unknown-entity
  says: {"Ada kept the light. " * 15}
  about: [ada]
  intent: wrok
  source: lights.txt:3.1
- id: solemn
  says: Ada kept the light.
  about: [ada]
  intent: work
  solemn: yes
  source: lights.txt:0
- id: no-source
  says: Ada kept the light.
  about: [ada]
  intent: work
- id: twice
  says: Ada kept the light.
  about: [ada]
  intent: work
  says: Ada kept it.
  source: light.txt:3.1
""",
    "facts_c_jsonl": """{"id": "line-one", "says": "", "about": ["ada"], "intent": "work", "source": "lights.txt:3"}

{"id": }
""",
    "gaps": """- id: gap
  about: [ada]
  intent: birth
  asks: Who?
  reply: The text doesn't tell.
  near: [ada]
""",
    "facts": None,
}
FOUND = """\
entities.yaml:1: kind: 'woman' is unknown; write 'person', 'place', 'organisation', 'event', 'work', \
'office' or 'concept'
entities.yaml:2: alias: unknown key; did you mean 'aliases'?
entities.yaml:3: id: 'Bad Id' is no id; write lower-case words joined by hyphens
facts/a.yaml:3: abuot: unknown key; did you mean 'about'?
facts/a.yaml:11: about: 'adda' is no entity that is known; did you mean 'ada'?
facts/a.yaml:12: about: 'quarrel' is no entity that is known; add the entity or mend the name
facts/a.yaml:14: date: '1891-02-30' is not a date in EDTF; write 1953-03-05, 1906-07, 1906, 1932/1933, 1940~, 193X or \
1920-08-XX
facts/b.yaml:1: id: 'unknown-entity' stands already at facts/a.yaml:7; ids are unique in a pack
facts/b.yaml:2: says: 299 characters; at most 280: shorten it or split it in two
facts/b.yaml:4: intent: 'wrok' is no intent that is known; did you mean 'work'?
facts/b.yaml:10: solemn: 'yes' is neither true nor false; write true, or leave the key out
facts/b.yaml:11: source.1: 'lights.txt:0' is not a place; write document:line.sentence, such as joseph-stalin.txt:28.1-3
facts/b.yaml:12: source: is missing; add it
facts/b.yaml:20: says: stands already at line 17; keep one of them
facts/b.yaml:21: source: 'light.txt' is no document that is known; did you mean 'lights.txt'?
facts/c.jsonl:1: says: is empty; fill it in or leave the key out
facts/c.jsonl:3: not JSON: Expecting value at column 8
gaps.yaml:4: asks: must be a list, and is text; give each item a line that begins with '- '
pack.yaml:1: title: is missing; add it
pack.yaml:2: titel: unknown key; did you mean 'title'?
pack.yaml:9: place: 'other.txt' is no document that is known; add the document or mend the name
""".splitlines()


def test_all_mistakes_are_found_at_once_each_with_file_line_key_and_advice(tmp_path: Path) -> None:
    assert mistakes(pack_of(tmp_path, **MANY_MISTAKES)) == FOUND


def test_the_check_command_prints_all_mistakes_and_fails_without_a_traceback(tmp_path: Path) -> None:
    folder = pack_of(tmp_path / "pack", **MANY_MISTAKES)
    (tmp_path / "documents").mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "check", str(folder), "--documents", str(tmp_path / "documents")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [*FOUND, f"{folder}: {len(FOUND)} mistakes in the pack"]
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"date": "0o10"}, "6: date: '0o10' is not a date in EDTF; "),
        ({"date": "1930/.."}, "6: date: '1930/..' is open at an end; "),
        ({"date": ""}, "6: date: is empty; fill it in or leave the key out"),
        ({"solemn": "on"}, "6: solemn: 'on' is neither true nor false; write true, or leave the key out"),
        ({"disputed": "True"}, "6: disputed: 'True' is neither true nor false; "),
        ({"solemn": "[true]"}, "6: solemn: ['true'] is neither true nor false; "),
        ({"about": "[]"}, "3: about: is empty; fill it in or leave the key out"),
        ({"about": "ada"}, "3: about: must be a list, and is text; give each item a line that begins with '- '"),
        ({"about": "[Ada]"}, "3: about.1: 'Ada' is no id; write lower-case words joined by hyphens"),
        ({"about": "[ada-keeper]"}, "3: about: 'ada-keeper' is no entity that is known; "),
        ({"versus": "[ada]"}, "6: versus: 'ada' is no fact that is known; "),
        ({"place": "norvik"}, "6: place: 'norvik' is no entity that is known; add the entity or mend the name"),
        (
            {"according_to": "skarhol"},
            "6: according_to: 'skarhol' is no entity that is known; did you mean 'skarholm'?",
        ),
        ({"intent": "zzz"}, "4: intent: 'zzz' is no intent that is known; take one of knowledge/language/intents.yaml"),
        ({"intent": None}, "1: intent: is missing; add it"),
        ({"says": "[a, b]"}, "2: says: must be text, and is a list"),
        ({"asks": "\n  - He said: yes"}, "7: asks.1: must be text, and is a mapping of keys; put it in quotes"),
        ({"asks": "[Who?]"}, "6: inside [ ] and { } a text with ? or : wants quotes; "),
        ({"values": "many"}, "6: values: must have keys of its own, and is text"),
        ({"values": "{dead: [1]}"}, "6: values.dead: must be text, and is a list"),
        ({"calendar": "old"}, "6: calendar: 'old' is unknown; write 'julian', 'gregorian' or 'unstated'"),
        ({"source": "{document: lights.txt, line: 3}"}, "5: source: must be a list, and is a mapping of keys; "),
        ({"source": "[{document: lights.txt, line: 3}]"}, "5: source.1: must be text, and is a mapping of keys; "),
        ({"source": "[]"}, "5: source: is empty; fill it in or leave the key out"),
        ({"source": "[lights.txt:3, lights.txt:9-8]"}, "5: source.2: 'lights.txt:9-8' is not a place; "),
        ({"source": "lights.txt:3.2-1"}, "5: source.1: 'lights.txt:3.2-1' runs backwards; "),
        (
            {"solemn": "true", "quiz": "{question: Who kept it, right: Ada, wrong: [Eve]}"},
            "7: quiz: a fact that is solemn or disputed is not asked in a quiz; leave the key out",
        ),
        (
            {"quiz": "{question: Who kept it, right: Ada, wrong: [Eve, ada ]}"},
            "6: quiz: two options are the same; write each once",
        ),
        ({"quiz": "{question: Who kept it, wrong: [Eve]}"}, "6: quiz.right: is missing; add it"),
        ({"id": "a" * 81}, "1: id: 81 characters; at most 80: shorten it"),
    ],
)
def test_one_mistake_is_told_once(tmp_path: Path, keys: dict[str, str | None], expected: str) -> None:
    (found,) = mistakes(pack_of(tmp_path, facts=fact_with(**keys)))
    assert found.startswith(f"facts/some.yaml:{expected}")


@pytest.mark.parametrize("says", ["x" * LONGEST_FACT, "ж" * LONGEST_FACT])
def test_a_fact_of_just_280_characters_is_read(tmp_path: Path, says: str) -> None:
    assert load_pack(pack_of(tmp_path, facts=fact_with(says=says))).facts[0].says == says


@pytest.mark.parametrize(
    ("pack", "expected"),
    [
        (
            PACK.replace(SHA, "abc"),
            "pack.yaml:7: documents.1.sha256: 'abc' is no SHA-256 in hexadecimal; take it from sha256sum",
        ),
        (PACK.replace("en", "English", 1), "pack.yaml:3: language: 'English' is no language code; write en, ru, ka …"),
        (PACK.replace("    title", "    titel"), None),
        (
            PACK + "    sections: {one: The Lights}\n",
            "pack.yaml:8: documents.1.sections.one: 'one' is no line's number",
        ),
        (
            PACK + "    section: {1: The Lights}\n",
            "pack.yaml:8: documents.1.section: unknown key; did you mean 'sections'?",
        ),
        (PACK + "skipped: [{place: 'lights.txt:3'}]\n", "pack.yaml:8: skipped.1.why: is missing; add it"),
        (PACK + "skipped: [{place: 'lights', why: x}]\n", None),
        ("", "pack.yaml:1: is empty; it needs name, title, language and documents"),
        ("# nothing\n", "pack.yaml:1: is empty; it needs name, title, language and documents"),
        ("- a\n", "pack.yaml:1: item: must have keys of its own, and is a list"),
        ("a: b: c\n", None),
        (PACK.split("documents")[0], "pack.yaml:1: documents: is missing; add it"),
        (
            PACK.split("documents")[0] + "documents: []\n",
            "pack.yaml:4: documents: is empty; fill it in or leave the key out",
        ),
    ],
)
def test_mistakes_about_the_pack_itself_are_told_without_others_in_their_wake(
    tmp_path: Path, pack: str, expected: str | None
) -> None:
    found = mistakes(pack_of(tmp_path, pack=pack))
    assert all(line.startswith("pack.yaml:") for line in found)
    if expected:
        assert found == [expected]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"entities": "- a: [b\n"}, "entities.yaml:"),
        ({"entities": "- {id: ada\n  kind: person}\n"}, "entities.yaml:2: not YAML: "),
        ({"entities": None}, "entities.yaml:1: is missing; a pack has pack.yaml, entities.yaml and facts/"),
        ({"entities": "ada: person\n"}, "entities.yaml:1: must be a list; begin each item with '- id: …'"),
        ({"entities": b"- {id: ada, kind: person, name: Ad\xe9}\n"}, "entities.yaml:1: not UTF-8 (byte 34); save "),
        ({"facts_more_yaml": "a: 'b\n"}, "facts/more.yaml:"),
        ({"facts_more_yaml": "- just text\n"}, "facts/more.yaml:1: item: must have keys of its own, and is text"),
        ({"facts_more_jsonl": b'\n{"id": "\xff"}\n'}, "facts/more.jsonl:2: not UTF-8 (byte 8 of the line); save the "),
        ({"facts_more_jsonl": "[1]\n"}, "facts/more.jsonl:1: item: must have keys of its own, and is a list"),
        ({"facts_more_jsonl": '{"id": "a", "id": "b"}\n'}, "facts/more.jsonl:1: id: stands twice; keep one of them"),
        ({"facts_more_jsonl": "[" * 100_000}, "facts/more.jsonl:1: "),
        ({"facts_more_jsonl": '{"n": ' + "9" * 5000 + "}"}, "facts/more.jsonl:1: "),
        ({"facts_more_yml": FACTS}, "facts/more.yml:1: is not read; name it .yaml, or .jsonl where it is JSON lines"),
        ({"facts_more_json": "[]"}, "facts/more.json:1: is not read; name it .yaml, or .jsonl where it is JSON lines"),
        ({"facts": None}, "facts:1: no facts in facts/*.yaml or facts/*.jsonl; a pack needs facts"),
        ({"facts": ""}, "facts:1: no facts in facts/*.yaml or facts/*.jsonl; a pack needs facts"),
        ({"facts": "- [\n"}, "facts/some.yaml:"),
    ],
)
def test_a_file_that_cant_be_read_is_the_one_mistake(
    tmp_path: Path, files: dict[str, str | bytes | None], expected: str
) -> None:
    (found,) = mistakes(pack_of(tmp_path, **files))
    assert found.startswith(expected)


@pytest.mark.parametrize("empty", ["", "# later\n", "\ufeff"])
def test_empty_files_beside_full_ones_do_no_harm(tmp_path: Path, empty: str) -> None:
    pack = load_pack(pack_of(tmp_path, facts_more_yaml=empty, facts_most_jsonl="\n", gaps=empty))
    assert (len(pack.facts), pack.gaps) == (1, ())


def test_a_folder_in_a_files_place_is_told(tmp_path: Path) -> None:
    folder = pack_of(tmp_path, entities=None)
    (folder / "entities.yaml").mkdir()
    assert mistakes(folder) == ["entities.yaml:1: can't be read: Is a directory"]


def test_a_folder_that_isnt_there_is_named(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert mistakes(nowhere) == [f"{nowhere}:1: no such folder; a pack is a folder with pack.yaml"]


def test_a_folder_without_a_pack_is_named(tmp_path: Path) -> None:
    assert mistakes(tmp_path) == [f"{tmp_path}:1: no pack.yaml here; is this the pack's folder?"]


def test_an_error_says_how_many_mistakes_there_are(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"/pack: 1 mistake in the pack$"):
        load_pack(tmp_path / "pack")
    with pytest.raises(PackError, match=r"/two: 2 mistakes in the pack$"):
        load_pack(pack_of(tmp_path / "two", facts=fact_with(date="x", place="y")))


def test_facts_are_read_from_json_lines_with_their_types_and_lines(tmp_path: Path) -> None:
    line = (
        '{"id": "ID", "says": "Ada kept it.", "about": ["ada"], "intent": "work", "source": "lights.txt:3.1", '
        '"solemn": true, "date": 1891, "values": {"dead": 40}}'
    )
    lines = "\ufeff" + line.replace("ID", "one") + "\r\n\r\n  \n" + line.replace("ID", "two") + "\n"
    pack = load_pack(pack_of(tmp_path, facts=None, facts_more_jsonl=lines))
    assert [(f.id, f.solemn, f.date, f.values) for f in pack.facts] == [
        ("one", True, "1891", {"dead": "40"}),
        ("two", True, "1891", {"dead": "40"}),
    ]
    assert (pack.where["one"], pack.where["two"]) == ("facts/more.jsonl:1", "facts/more.jsonl:4")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ('"date": 99999', "date: '99999' is not a date in EDTF; "),
        ('"solemn": 1', "solemn: 1 is neither true nor false; "),
        ('"source": 3', "source: must be a list, and is a number; "),
        ('"source": [3]', "source.1: must be text, and is a number; write document:line.sentence"),
        ('"says": null', "says: must be text, and is nothing"),
        ('"says": true', "says: must be text, and is true or false"),
        ('"says": "\\ud800"', "says: Input should be a valid string, unable to parse raw data as a unicode string"),
        ('"about": ["nobody"]', "about: 'nobody' is no entity that is known; "),
    ],
)
def test_mistakes_in_json_lines_are_told_with_their_line(tmp_path: Path, key: str, expected: str) -> None:
    right = {"id": '"a"', "says": '"A."', "about": '["ada"]', "intent": '"work"', "source": '"lights.txt:3"'}
    name, _, value = key.partition(": ")
    fields = ", ".join(f'"{k}": {v}' for k, v in (right | {name.strip('"'): value}).items())
    (found,) = mistakes(pack_of(tmp_path, facts_more_jsonl="\n{" + fields + "}\n"))
    assert found.startswith(f"facts/more.jsonl:2: {expected}")


def test_a_fact_can_be_made_of_places() -> None:
    place = Place("lights.txt", 3, 1, 1)
    fact = Fact(id="a", says="A.", about=("ada",), intent="work", source=(place,))
    assert fact.source == (place,)


def test_an_id_stands_once_in_all_of_a_pack(tmp_path: Path) -> None:
    gaps = "- {id: ada, about: [ada], intent: work, asks: ['Who?'], reply: Unknown.}\n"
    assert mistakes(pack_of(tmp_path, gaps=gaps)) == [
        "gaps.yaml:1: id: 'ada' stands already at entities.yaml:1; ids are unique in a pack"
    ]


def test_a_description_is_a_fact(tmp_path: Path) -> None:
    entities = ENTITIES.replace("name: Skarholm", "name: Skarholm, description: ada-keper")
    assert mistakes(pack_of(tmp_path, entities=entities)) == [
        "entities.yaml:2: description: 'ada-keper' is no fact that is known; did you mean 'ada-keeper'?"
    ]


def test_a_name_of_an_item_with_a_mistake_of_its_own_is_known(tmp_path: Path) -> None:
    entities = ENTITIES.replace("kind: person", "kind: keeper")
    (found,) = mistakes(pack_of(tmp_path, entities=entities))
    assert found.startswith("entities.yaml:1: kind: 'keeper' is unknown; ")


@given(st.one_of(st.text(), st.text("- id:says[]{}ada\n'", max_size=60)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_for_a_file_of_facts_is_read_or_told_in_single_lines(tmp_path: Path, text: str) -> None:
    folder = pack_of(tmp_path, facts_more_yaml=text.encode("utf-8", "replace"))
    try:
        load_pack(folder)
    except PackError as error:
        where = [str(m) for m in error.mistakes]
        unexpected = [m for m in where if not m.startswith("facts/more.yaml:") or "\n" in m]
        if unexpected:
            pytest.fail(f"{unexpected} for {text!r}")


def test_the_shipped_pack_is_read() -> None:
    pack = load_pack(SHIPPED)
    assert pack.info.name == "stalin"
    assert len(pack.facts) > 1000
    assert pack.where.keys() >= {item.id for items in (pack.facts, pack.entities, pack.gaps) for item in items}
