"""Packs: read a folder of facts, entities and gaps, and name everything that is wrong with it at once."""

import difflib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from knowledge import dates
from knowledge.documents import Place
from knowledge.yamlfile import Loc, Plain, YamlError, YamlFile

LONGEST_FACT = 280  # characters: a sentence or two that a chat shows whole

LineOf = Callable[[Loc], int]
_M = TypeVar("_M", bound=BaseModel)

Kind = Literal["person", "place", "organisation", "event", "work", "office", "concept"]
Calendar = Literal["julian", "gregorian", "unstated"]


def _flag(value: object) -> object:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise ValueError(f"{value!r} is neither true nor false; write true, or leave the key out")
        return value == "true"
    return value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _place(value: object) -> object:
    return Place.parse(value) if isinstance(value, str) else value


def _date(value: object) -> object:
    if isinstance(value, str):
        dates.parse(value)
    return value


Flag = Annotated[bool, BeforeValidator(_flag)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, Field(min_length=1)]
Edtf = Annotated[str, BeforeValidator(_date)]
Places = Annotated[tuple[Annotated[Place, BeforeValidator(_place)], ...], BeforeValidator(_listed), Field(min_length=1)]


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

    place: Annotated[Place, BeforeValidator(_place)]
    why: Text


class PackInfo(_Model):
    """`pack.yaml`."""

    name: Id
    title: Text
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    documents: Annotated[tuple[DocumentInfo, ...], Field(min_length=1)]
    skipped: tuple[Skipped, ...] = ()


class Entity(_Model):
    """Something that facts are about; `description` names the fact that says what it is."""

    id: Id
    kind: Kind
    name: Text
    aliases: tuple[Text, ...] = ()
    pronoun: Literal["he", "she", "it", "they"] = "it"
    description: Id | None = None


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
    source: Places
    according_to: Id | None = None
    disputed: Flag = False
    versus: tuple[Id, ...] = ()
    solemn: Flag = False
    calendar: Calendar | None = None
    inferred: tuple[Text, ...] = ()  # words of `says` that follow from the text without standing in it


class Gap(_Model):
    """Something that a reader would ask and the documents don't tell, with the honest reply."""

    id: Id
    about: Annotated[tuple[Id, ...], Field(min_length=1)]
    intent: Text
    asks: Annotated[tuple[Text, ...], Field(min_length=1)]
    reply: Annotated[str, Field(min_length=1, max_length=LONGEST_FACT)]
    source: Annotated[tuple[Annotated[Place, BeforeValidator(_place)], ...], BeforeValidator(_listed)] = ()
    near: tuple[Id, ...] = ()


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
        super().__init__(f"{folder}: {len(self.mistakes)} mistakes in the pack" if self.mistakes else str(folder))


@dataclass(frozen=True)
class Pack:
    """All that is known from a set of documents."""

    folder: Path
    info: PackInfo
    entities: tuple[Entity, ...] = field(repr=False)
    facts: tuple[Fact, ...] = field(repr=False)
    gaps: tuple[Gap, ...] = field(repr=False)
    where: dict[str, str] = field(repr=False)  # fact or gap id -> file:line, for messages about it


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


class _Reader:
    """Reads one pack's files, gathering mistakes instead of stopping at the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mistakes: list[Mistake] = []
        self.where: dict[str, tuple[str, int]] = {}
        self.line_of: dict[str, LineOf] = {}

    def read(self) -> Pack:
        if not self.folder.is_dir():
            raise PackError(
                self.folder, [Mistake(str(self.folder), 1, "no such folder; a pack is a folder with pack.yaml")]
            )
        if not (self.folder / "pack.yaml").is_file():
            raise PackError(
                self.folder, [Mistake(str(self.folder), 1, "no pack.yaml here; is this the pack's folder?")]
            )
        info = next(self._items("pack.yaml", PackInfo, single=True), None)
        entities = tuple(self._items("entities.yaml", Entity))
        fact_files = sorted(
            f for f in (self.folder / "facts").glob("*") if f.suffix in (".yaml", ".jsonl") and f.is_file()
        )
        facts = tuple(fact for f in fact_files for fact in self._items(f"facts/{f.name}", Fact))
        gaps = tuple(self._items("gaps.yaml", Gap)) if (self.folder / "gaps.yaml").is_file() else ()
        if info is not None:
            self._cross_check(info, entities, facts, gaps)
        if not fact_files:
            self._mistake("facts", 1, "no facts/*.yaml or facts/*.jsonl; a pack needs facts")
        if self.mistakes or info is None:
            raise PackError(self.folder, self.mistakes)
        where = {key: f"{file}:{line}" for key, (file, line) in self.where.items()}
        return Pack(self.folder, info, entities, facts, gaps, where)

    def _mistake(self, file: str, line: int, message: str) -> None:
        self.mistakes.append(Mistake(file, line, message))

    def _items(self, file: str, model: type[_M], *, single: bool = False) -> Iterator[_M]:
        """The valid items of a file; what is wrong with the others goes to the mistakes."""
        try:
            records = list(
                _json_lines(self.folder / file) if file.endswith(".jsonl") else _yaml_items(self.folder / file, single)
            )
        except FileNotFoundError:
            self._mistake(file, 1, "is missing; a pack has pack.yaml, entities.yaml and facts/")
            return
        except YamlError as error:
            self._mistake(file, error.line, error.message)
            return
        for data, line_of in records:
            try:
                item = model.model_validate(data)
            except ValidationError as error:
                for details in error.errors(include_url=False):
                    self._mistake(file, line_of(details["loc"]), _in_words(details, model))
                self._remember(file, data, line_of)
                continue
            self._remember(file, data, line_of)
            yield item

    def _remember(self, file: str, data: object, line_of: LineOf) -> None:
        """Where an item stands; a second item of the same id is a mistake."""
        key = data.get("id") if isinstance(data, dict) else None
        if not isinstance(key, str):
            return
        if key in self.where:
            first, line = self.where[key]
            self._mistake(
                file, line_of(("id",)), f"id: {key!r} stands already at {first}:{line}; ids are unique in a pack"
            )
        else:
            self.where[key] = (file, line_of(()))
            self.line_of[key] = line_of

    def _cross_check(
        self, info: PackInfo, entities: Sequence[Entity], facts: Sequence[Fact], gaps: Sequence[Gap]
    ) -> None:
        known = set(self.where)  # also items with a mistake of their own, so that one mistake isn't told twice
        intents = intent_ids()
        documents = {d.file for d in info.documents}
        for entity in entities:
            if entity.description:
                self._known(entity.id, ("description",), entity.description, known, "fact")
        for fact in facts:
            self._known(fact.id, ("intent",), fact.intent, intents, "intent")
            for key in ("about", "versus"):
                for n, name in enumerate(getattr(fact, key)):
                    self._known(fact.id, (key, n), name, known, "entity" if key == "about" else "fact")
            for key in ("place", "according_to"):
                if name := getattr(fact, key):
                    self._known(fact.id, (key,), name, known, "entity")
            for n, place in enumerate(fact.source):
                self._known(fact.id, ("source", n), place.document, documents, "document")
        for gap in gaps:
            self._known(gap.id, ("intent",), gap.intent, intents, "intent")
            for key in ("about", "near"):
                for n, name in enumerate(getattr(gap, key)):
                    self._known(gap.id, (key, n), name, known, "entity" if key == "about" else "fact")
            for n, place in enumerate(gap.source):
                self._known(gap.id, ("source", n), place.document, documents, "document")
        for n, skipped in enumerate(info.skipped):
            if skipped.place.document not in documents:
                line = YamlFile(self.folder / "pack.yaml").line(("skipped", n))
                self._mistake("pack.yaml", line, f"skipped: {_unknown(skipped.place.document, documents, 'document')}")

    def _known(self, item: str, loc: Loc, name: str, known: Collection[str], what: str) -> None:
        if name not in known:
            file, _ = self.where[item]
            self._mistake(file, self.line_of[item](loc), f"{loc[0]}: {_unknown(name, known, what)}")


def _unknown(name: str, known: Collection[str], what: str) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"{name!r} is no {what} of this pack; " + (
        f"did you mean {near[0]!r}?" if near else f"add the {what} or mend the name"
    )


def _yaml_items(path: Path, single: bool) -> Iterator[tuple[Plain, LineOf]]:
    file = YamlFile(path)
    if single:
        yield file.data, file.line
        return
    if not isinstance(file.data, list):
        raise YamlError(1, "must be a list; begin each item with '- id: …'")
    for n, data in enumerate(file.data):
        yield data, _line_in_item(file, n)


def _line_in_item(file: YamlFile, n: int) -> LineOf:
    return lambda loc: file.line((n, *loc))


def _same_line(number: int) -> LineOf:
    return lambda _loc: number


def _json_lines(path: Path) -> Iterator[tuple[object, LineOf]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    data = json.loads(line)
                except json.JSONDecodeError as error:
                    raise YamlError(number, f"not JSON: {error.msg} at column {error.colno}") from None
                yield data, _same_line(number)


def _in_words(details: ErrorDetails, model: type[BaseModel]) -> str:
    """One of pydantic's findings as `key: what and how to mend it`."""
    loc, context = details["loc"], details.get("ctx", {})
    key = ".".join(str(step + 1) if isinstance(step, int) else step for step in loc) or "item"
    given = details["input"]
    match details["type"]:
        case "extra_forbidden":
            known = list(model.model_fields)
            near = difflib.get_close_matches(str(loc[-1]), known, n=1)
            return f"{key}: unknown key; " + (
                f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(known)}"
            )
        case "missing":
            return f"{key}: is missing; add it"
        case "string_too_long":
            return (
                f"{key}: {len(str(given))} characters; at most {context['max_length']}: shorten it or split it in two"
            )
        case "string_too_short" | "too_short":
            return f"{key}: is empty; fill it in or leave the key out"
        case "string_pattern_mismatch" if key.endswith("sha256"):
            return f"{key}: {given!r} is no SHA-256 in hexadecimal; take it from sha256sum"
        case "string_pattern_mismatch" if key.endswith("language"):
            return f"{key}: {given!r} is no language code; write en, ru, ka …"
        case "string_pattern_mismatch":
            return f"{key}: {given!r} is no id; write lower-case words joined by hyphens"
        case "literal_error":
            return f"{key}: {given!r} is unknown; write {context['expected']}"
        case "value_error":
            return f"{key}: {context['error']}"
        case "string_type":
            return f"{key}: must be text, and is {_kind_of(given)}"
        case "tuple_type" | "list_type":
            return f"{key}: must be a list, and is {_kind_of(given)}; write [{given}]"
        case "dict_type" | "model_type":
            return f"{key}: must have keys of its own, and is {_kind_of(given)}"
        case _:
            return f"{key}: {details['msg']}"


def _kind_of(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping of keys"
    return "a list" if isinstance(value, list) else "text" if isinstance(value, str) else type(value).__name__
