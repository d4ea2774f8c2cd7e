"""The packs in use and the operator's documents: loaded together, replaced together."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.answers import Source
from knowledge.documents import Document, Place, read_documents
from knowledge.index import Index, build
from knowledge.pack import PackError, load_pack

log = logging.getLogger(__name__)


def find_pack(path: Path) -> Path:
    """A pack's folder; a relative one that isn't here may be one that ships with the program."""
    shipped = Path(__file__).parents[2] / path
    return shipped if not path.exists() and shipped.exists() else path


@dataclass
class Library:
    """An index over packs, and the documents to show passages from."""

    packs: tuple[Path, ...]
    folder: Path | None = None
    index: Index = field(init=False, repr=False)
    documents: dict[str, Document] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Raises PackError where a pack is broken, ValueError or OSError where a document can't be read."""
        self.index = load_index(self.packs)
        self.documents = read_documents(self.folder) if self.folder else {}

    def reload(self) -> bool:
        """Read packs and documents anew; if anything is wrong with them, log it and keep what is in use."""
        try:
            fresh = Library(self.packs, self.folder)
        except PackError as error:
            log.error("%s; the old one stays in use:\n%s", error, "\n".join(map(str, error.mistakes)))  # noqa: TRY400
            return False
        except (OSError, ValueError) as error:
            log.error("documents can't be read, the old ones stay in use: %s", error)  # noqa: TRY400
            return False
        self.index, self.documents = fresh.index, fresh.documents
        log.info("read %d facts from %d packs", len(self.index.facts), len(self.packs))
        return True

    def example(self) -> str:
        """A question that the packs answer, to begin with."""
        return next((ask for fact in self.index.facts.values() for ask in fact.asks), "What do you know?")

    def passage(self, source: Source) -> str | None:
        """The document's own words at a source, or None where the operator gave no such text."""
        document = self.documents.get(source.document)
        if document is None or document.sha256 != self.index.documents[source.document].sha256:
            return None
        first, last = (source.sentences[0], source.sentences[-1]) if source.sentences else (None, None)
        return document.passage(Place(source.document, source.line, first, last))


def load_index(packs: Sequence[Path]) -> Index:
    """An index over packs. Raises PackError."""
    return build([load_pack(find_pack(path)) for path in packs])
