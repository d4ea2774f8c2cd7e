"""The packs in use and the operator's documents: loaded together, replaced together."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from knowledge.anniversaries import Anniversaries
from knowledge.documents import Document, Place, read_documents
from knowledge.index import Index, build
from knowledge.pack import PackError, load_pack
from knowledge.quiz import Quiz
from knowledge.results import Source

log = logging.getLogger(__name__)


class Library:
    """An index over packs, and the documents to show passages from."""

    def __init__(self, packs: Sequence[Path], folder: Path | None = None) -> None:
        """Raises PackError where a pack is broken, ValueError or OSError where a document can't be read."""
        self._packs, self._folder = packs, folder
        self.index, self.anniversaries, self.quiz, self._documents = _read(packs, folder)

    async def reload(self) -> bool:
        """Read packs and documents anew; if anything is wrong with them, log it and keep what is in use."""
        try:
            read = await asyncio.to_thread(_read, self._packs, self._folder)
            self.index, self.anniversaries, self.quiz, self._documents = read
        except PackError as error:
            log.error("%s; the old one stays in use:\n%s", error, "\n".join(map(str, error.mistakes)))  # noqa: TRY400
            return False
        except (OSError, ValueError) as error:
            log.error("documents can't be read, the old ones stay in use: %s", error)  # noqa: TRY400
            return False
        log.info("read %d facts anew", len(self.index.facts))
        return True

    def examples(self) -> tuple[str, ...]:
        """Up to three questions that the packs answer, to begin with: the packs' own, or else the first asks."""
        own = [example for pack in self.index.packs for example in pack.info.examples]
        asks = [fact.asks[0] for fact in self.index.facts.values() if fact.asks]
        return tuple((own or asks)[:3])

    def passage(self, source: Source) -> str | None:
        """The document's own words at a source, or None where the operator gave no such text."""
        document, info = self._documents.get(source.document), self.index.documents.get(source.document)
        if document is None or info is None or document.sha256 != info.sha256:
            return None
        first, last = (source.sentences[0], source.sentences[-1]) if source.sentences else (None, None)
        return document.passage(Place(source.document, source.line, first, last))


def find_pack(path: Path) -> Path:
    """A pack's folder; a relative one that isn't here may be one that ships with the program."""
    shipped = Path(__file__).parents[2] / path
    return shipped if not path.exists() and shipped.exists() else path


def load_index(packs: Sequence[Path]) -> Index:
    """An index over packs. Raises PackError."""
    return build([load_pack(find_pack(path)) for path in packs])


def _read(packs: Sequence[Path], folder: Path | None) -> tuple[Index, Anniversaries, Quiz, dict[str, Document]]:
    index = load_index(packs)
    return index, Anniversaries.of(index), Quiz.of(index), read_documents(folder) if folder else {}
