"""Packs: read a folder of facts, entities and gaps, and name everything that is wrong with it at once."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from knowledge import dates
from knowledge.documents import Place
from knowledge.yamlfile import Loc, YamlError, YamlFile

LONGEST_FACT = 280  # characters: a sentence or two that a chat shows whole
LONGEST_QUESTION, LONGEST_OPTION, MOST_OPTIONS = 300, 100, 12  # Telegram's limits for a quiz poll

_ALIKE = 70.0  # how like a known name (of 100) an unknown one must be to be taken for a slip

LineOf = Callable[[Loc], int]
_M = TypeVar("_M", bound=BaseModel)

Kind = Literal["person", "place", "organisation", "event", "work", "office", "concept"]
Calendar = Literal["julian", "gregorian", "unstated"]


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise ValueError(f"{value!r} is neither true nor false; write true, or leave the key out")
    return value == "true"


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _place(value: object) -> Place:
    if isinstance(value, Place):
        return value
    if not isinstance(value, str):
        raise ValueError(f"must be text, and is {_kind_of(value)}; write document:line.sentence")  # noqa: TRY004
    return Place.parse(value)


def _date(value: str) -> str:
    dates.parse(value)
    return value


Flag = Annotated[bool, PlainValidator(_flag)]
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Id = Annotated[str, Field(pattern=rf"^{_ID.pattern}$", max_length=80)]
Text = Annotated[str, Field(min_length=1)]
Option = Annotated[str, Field(min_length=1, max_length=LONGEST_OPTION)]
Edtf = Annotated[str, AfterValidator(_date)]
PlaceText = Annotated[Place, PlainValidator(_place)]
Places = Annotated[tuple[PlaceText, ...], BeforeValidator(_listed)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class DocumentInfo(_Model):
    """A document that the pack was made from, as far as it tells of itself."""

    file: Text
    title: Text
    publisher: Text | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    sections: dict[int, str] = {}  # the line of each heading and its words, for footnotes without the document


class Skipped(_Model):
    """Sentences that no fact cites, and why."""

    place: PlaceText
    why: Text


class PackInfo(_Model):
    """`pack.yaml`."""

    name: Id
    title: Text
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    documents: Annotated[tuple[DocumentInfo, ...], Field(min_length=1)]
    examples: tuple[Text, ...] = ()  # questions to begin with, shown to newcomers
    skipped: tuple[Skipped, ...] = ()


class Entity(_Model):
    """Something that facts are about; `description` names the fact that says what it is."""

    id: Id
    kind: Kind
    name: Text
    aliases: tuple[Text, ...] = ()
    pronoun: Literal["he", "she", "it", "they"] = "it"
    description: Id | None = None


class OwnQuestion(_Model):
    """A quiz question that an editor wrote, with one right option."""

    question: Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
    right: Option
    wrong: Annotated[tuple[Option, ...], Field(min_length=1, max_length=MOST_OPTIONS - 1)]


def _playable(own: OwnQuestion | None, info: ValidationInfo) -> OwnQuestion | None:
    if own is None:
        return None
    if info.data.get("solemn") or info.data.get("disputed"):
        raise ValueError("a fact that is solemn or disputed is not asked in a quiz; leave the key out")
    options = [" ".join(option.lower().split()) for option in (own.right, *own.wrong)]
    if len(set(options)) < len(options):
        raise ValueError("two options are the same; write each once")
    return own


class Fact(_Model):
    """One statement that stands alone, with its sources."""

    id: Id
    says: Annotated[str, Field(min_length=1, max_length=LONGEST_FACT)]
    about: Annotated[tuple[Id, ...], Field(min_length=1)]
    intent: Text
    date: Edtf | None = None
    place: Id | None = None
    values: dict[str, str] = {}
    asks: tuple[Text, ...] = ()
    corrects: tuple[Text, ...] = ()  # questions that take for granted what it contradicts
    source: Annotated[Places, Field(min_length=1)]
    according_to: Id | None = None
    disputed: Flag = False
    versus: tuple[Id, ...] = ()
    solemn: Flag = False
    calendar: Calendar | None = None
    inferred: tuple[Text, ...] = ()  # words of `says` that follow from the text without standing in it
    quiz: Annotated[OwnQuestion | None, AfterValidator(_playable)] = (
        None  # in the place of those that can be made of it
    )


class Gap(_Model):
    """Something that a reader would ask and the documents don't tell, with the honest reply."""

    id: Id
    about: Annotated[tuple[Id, ...], Field(min_length=1)]
    intent: Text
    asks: Annotated[tuple[Text, ...], Field(min_length=1)]
    reply: Annotated[str, Field(min_length=1, max_length=LONGEST_FACT)]
    source: Places = ()
    near: tuple[Id, ...] = ()


# The keys of an item that name other items, and of what kind these are.
_OF_ENTITY = {"description": "fact"}
_OF_FACT = {"intent": "intent", "about": "entity", "place": "entity", "according_to": "entity", "versus": "fact"}
_OF_GAP = {"intent": "intent", "about": "entity", "near": "fact"}
_PARTS: dict[str, type[BaseModel]] = {"documents": DocumentInfo, "skipped": Skipped}


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing that is wrong in a pack."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class PackError(Exception):
    """A pack that can't be used; `mistakes` has all that is wrong with it."""

    def __init__(self, folder: Path, mistakes: Iterable[Mistake]) -> None:
        self.folder = folder
        self.mistakes = sorted(set(mistakes))
        number = len(self.mistakes)
        super().__init__(f"{folder}: {number} mistake{'' if number == 1 else 's'} in the pack")


@dataclass(frozen=True)
class Pack:
    """All that is known from a set of documents."""

    folder: Path
    info: PackInfo
    entities: tuple[Entity, ...] = field(repr=False)
    facts: tuple[Fact, ...] = field(repr=False)
    gaps: tuple[Gap, ...] = field(repr=False)
    where: dict[str, str] = field(repr=False)  # an item's id, a document's file or a skipped place -> file:line


@lru_cache(maxsize=1)
def intent_ids() -> frozenset[str]:
    """The intents that facts may name (`language/intents.yaml`)."""
    with resources.as_file(resources.files("knowledge") / "language" / "intents.yaml") as path:
        data = YamlFile(path).data
    intents = data["intents"] if isinstance(data, dict) else []
    return frozenset(str(i["id"]) for i in intents if isinstance(i, dict))


def load_pack(folder: Path) -> Pack:
    """Read and validate a pack.

    Raises PackError with every mistake, each with file and line, or a single one where the folder is no pack.
    """
    return _Reader(folder).read()


@dataclass(frozen=True)
class _Record:
    """An item as it was read, before anything is known to be right about it."""

    file: str
    data: object
    line_of: LineOf

    def get(self, key: str) -> object:
        return self.data.get(key) if isinstance(self.data, dict) else None

    def texts(self, key: str) -> Iterator[tuple[Loc, str]]:
        """The texts under a key, which holds one or a list of them, each with its place in the item."""
        value = self.get(key)
        if isinstance(value, str):
            yield (key,), value
        elif isinstance(value, list):
            yield from (((key, n), text) for n, text in enumerate(value) if isinstance(text, str))

    def below(self, key: str) -> "Iterator[_Record]":
        """The items of a list under a key."""
        value = self.get(key)
        for n, data in enumerate(value if isinstance(value, list) else ()):
            yield _Record(self.file, data, _line_in(self.line_of, key, n))


class _Reader:
    """Reads one pack's files, gathering mistakes instead of stopping at the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mistakes: list[Mistake] = []
        self.where: dict[str, str] = {}
        self.unread: set[str] = set()  # kinds of items that a broken file may hold, so that no name of them is unknown

    def read(self) -> Pack:
        self._require_pack()
        about_itself = self._records("pack.yaml", "document", single=True)
        entities = self._records("entities.yaml", "entity")
        facts = [record for file in self._fact_files() for record in self._records(file, "fact")]
        gaps = self._records("gaps.yaml", "gap") if (self.folder / "gaps.yaml").is_file() else []
        if not facts and "fact" not in self.unread:
            self._mistake("facts", 1, "no facts in facts/*.yaml or facts/*.jsonl; a pack needs facts")
        self._note_where(about_itself, [*entities, *facts, *gaps])
        infos = self._valid(about_itself, PackInfo)
        valid = self._valid(entities, Entity), self._valid(facts, Fact), self._valid(gaps, Gap)
        self._check_references(about_itself, entities, facts, gaps)
        if self.mistakes:
            raise PackError(self.folder, self.mistakes)
        return Pack(self.folder, infos[0], *valid, self.where)

    def _require_pack(self) -> None:
        if not self.folder.is_dir():
            why = "no such folder; a pack is a folder with pack.yaml"
        elif not (self.folder / "pack.yaml").is_file():
            why = "no pack.yaml here; is this the pack's folder?"
        else:
            return
        raise PackError(self.folder, [Mistake(str(self.folder), 1, why)])

    def _mistake(self, file: str, line: int, message: str) -> None:
        self.mistakes.append(Mistake(file, line, message))

    def _fact_files(self) -> list[str]:
        files = sorted(f for f in (self.folder / "facts").glob("*") if f.is_file())
        for file in files:
            if file.suffix in (".yml", ".json", ".ndjson"):
                self._mistake(f"facts/{file.name}", 1, "is not read; name it .yaml, or .jsonl where it is JSON lines")
        return [f"facts/{f.name}" for f in files if f.suffix in (".yaml", ".jsonl")]

    def _unread(self, kind: str, file: str, line: int, message: str) -> None:
        """A mistake that hides items, whose names are then not told to be unknown."""
        self._mistake(file, line, message)
        self.unread.add(kind)

    def _records(self, file: str, kind: str, *, single: bool = False) -> list[_Record]:
        """A file's items, as far as it can be read."""
        try:
            if file.endswith(".jsonl"):
                return list(self._json_lines(file, kind))
            return self._yaml_items(file, single=single)
        except FileNotFoundError:
            self._unread(kind, file, 1, "is missing; a pack has pack.yaml, entities.yaml and facts/")
        except OSError as error:
            self._unread(kind, file, 1, f"can't be read: {error.strerror}")
        except YamlError as error:
            self._unread(kind, file, error.line, error.message)
        return []

    def _yaml_items(self, file: str, *, single: bool) -> list[_Record]:
        repeated: list[YamlError] = []
        read = YamlFile(self.folder / file, repeated)
        for error in repeated:
            self._mistake(file, error.line, error.message)
        if single:
            if not read.data:
                raise YamlError(1, "is empty; it needs name, title, language and documents")
            return [_Record(file, read.data, read.line)]
        if not isinstance(read.data, list):
            raise YamlError(1, "must be a list; begin each item with '- id: …'")
        return [_Record(file, data, _line_in(read.line, n)) for n, data in enumerate(read.data)]

    def _json_lines(self, file: str, kind: str) -> Iterator[_Record]:
        for number, raw in enumerate((self.folder / file).read_bytes().splitlines(), 1):
            try:
                line = raw.decode("utf-8-sig").strip()
                if line:
                    yield _Record(file, json.loads(line, object_pairs_hook=_without_repeats), _same_line(number))
            except json.JSONDecodeError as error:
                self._unread(kind, file, number, f"not JSON: {error.msg} at column {error.colno}")
            except UnicodeDecodeError as error:
                self._unread(kind, file, number, f"not UTF-8 (byte {error.start} of the line); save the file as UTF-8")
            except (ValueError, RecursionError) as error:
                self._unread(kind, file, number, str(error))

    def _note_where(self, about_itself: Iterable[_Record], items: Iterable[_Record]) -> None:
        """Where each item stands; a second item of the same id is a mistake."""
        for record in items:
            key = record.get("id")
            if not isinstance(key, str):
                continue
            if key in self.where:
                message = f"id: {key!r} stands already at {self.where[key]}; ids are unique in a pack"
                self._mistake(record.file, record.line_of(("id",)), message)
            else:
                self.where[key] = f"{record.file}:{record.line_of(())}"
        for record in about_itself:
            for part, key in (("documents", "file"), ("skipped", "place")):
                for item in record.below(part):
                    self.where |= {text: f"{item.file}:{item.line_of(())}" for _, text in item.texts(key)}

    def _valid(self, records: Iterable[_Record], model: type[_M]) -> tuple[_M, ...]:
        """The items that are as they should be; what is wrong with the others goes to the mistakes."""
        valid = []
        for record in records:
            try:
                valid.append(model.model_validate(record.data))
            except ValidationError as error:
                for details in error.errors(include_url=False):
                    if details["type"] == "too_short" and details["input"]:
                        continue  # pydantic counts the right items only; what is wrong with the others is told
                    self._mistake(record.file, record.line_of(details["loc"]), _in_words(details, model))
        return tuple(valid)

    def _check_references(
        self,
        about_itself: Sequence[_Record],
        entities: Sequence[_Record],
        facts: Sequence[_Record],
        gaps: Sequence[_Record],
    ) -> None:
        """Every name that an item gives is known, also where something else is wrong with either of them."""
        documents = [document for record in about_itself for document in record.below("documents")]
        if not documents:  # a mistake of its own
            self.unread.add("document")
        names = {
            "entity": _texts(entities, "id"),
            "fact": _texts(facts, "id"),
            "intent": sorted(intent_ids()),
            "document": _texts(documents, "file"),
        }
        known = {kind: dict.fromkeys(texts) for kind, texts in names.items() if kind not in self.unread}
        for records, references in ((entities, _OF_ENTITY), (facts, _OF_FACT), (gaps, _OF_GAP)):
            for record in records:
                for key, kind in references.items():
                    self._known(record, key, kind, known)
                self._known(record, "source", "document", known)
        for record in about_itself:
            for skipped in record.below("skipped"):
                self._known(skipped, "place", "document", known)

    def _known(self, record: _Record, key: str, kind: str, known: Mapping[str, Collection[str]]) -> None:
        """Report the names under a key that are none of their kind."""
        for loc, text in record.texts(key) if kind in known else ():
            name = text.rpartition(":")[0] if kind == "document" else text
            if name and name not in known[kind] and (kind in ("document", "intent") or _ID.fullmatch(name)):
                self._mistake(record.file, record.line_of(loc), f"{key}: {_unknown(name, known[kind], kind)}")


def _unknown(name: str, known: Collection[str], kind: str) -> str:
    near = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    if near:
        return f"{name!r} is no {kind} that is known; did you mean {near[0]!r}?"
    where = "take one of knowledge/language/intents.yaml" if kind == "intent" else f"add the {kind} or mend the name"
    return f"{name!r} is no {kind} that is known; {where}"


def _texts(records: Iterable[_Record], key: str) -> list[str]:
    return [text for record in records for _, text in record.texts(key)]


def _line_in(line_of: LineOf, *above: str | int) -> LineOf:
    return lambda loc: line_of((*above, *loc))


def _same_line(number: int) -> LineOf:
    return lambda _loc: number


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"{twice}: stands twice; keep one of them")
    return data


def _in_words(details: ErrorDetails, model: type[BaseModel]) -> str:
    """One of pydantic's findings as `key: what and how to mend it`; items of a list are counted from 1."""
    steps = [str(step + 1) if isinstance(step, int) else step for step in details["loc"] if step != "[key]"]
    return f"{'.'.join(steps) or 'item'}: {_what_is_wrong(details, steps, model)}"


def _what_is_wrong(details: ErrorDetails, steps: list[str], model: type[BaseModel]) -> str:
    key, given, context = steps[-1] if steps else "", details["input"], details.get("ctx", {})
    if given == "" and details["type"] != "extra_forbidden":
        return "is empty; fill it in or leave the key out"
    match details["type"]:
        case "extra_forbidden":
            known = list((_PARTS[steps[0]] if len(steps) > 1 else model).model_fields)
            near = process.extractOne(key, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
            advice = f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(known)}"
            return f"unknown key; {advice}"
        case "missing":
            return "is missing; add it"
        case "string_too_long":
            advice = "shorten it" if key == "id" else "shorten it or split it in two"
            return f"{len(str(given))} characters; at most {context['max_length']}: {advice}"
        case "too_short":
            return "is empty; fill it in or leave the key out"
        case "string_pattern_mismatch" if key == "sha256":
            return f"{given!r} is no SHA-256 in hexadecimal; take it from sha256sum"
        case "string_pattern_mismatch" if key == "language":
            return f"{given!r} is no language code; write en, ru, ka …"
        case "string_pattern_mismatch":
            return f"{given!r} is no id; write lower-case words joined by hyphens"
        case "literal_error":
            return f"{given!r} is unknown; write {context['expected']}"
        case "value_error":
            return str(context["error"])
        case "string_type":
            advice = "; put it in quotes" if isinstance(given, dict) else ""
            return f"must be text, and is {_kind_of(given)}{advice}"
        case "int_parsing":
            return f"{given!r} is no line's number"
        case "tuple_type":
            return f"must be a list, and is {_kind_of(given)}; give each item a line that begins with '- '"
        case "dict_type" | "model_type":
            return f"must have keys of its own, and is {_kind_of(given)}"
        case _:
            return details["msg"]


def _kind_of(value: object) -> str:
    names = {dict: "a mapping of keys", list: "a list", str: "text", type(None): "nothing", bool: "true or false"}
    return names.get(type(value), "a number")
