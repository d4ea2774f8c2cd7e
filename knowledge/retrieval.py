"""Full-text search: which of many short texts share most with a question."""

from collections.abc import Mapping, Sequence

import bm25s
import numpy as np

LENGTH = 0.5  # BM25's b: long items have more asks, not more padding, so that length counts less than in prose


class Retriever:
    """BM25 (Robertson and Zaragoza 2009, in Lucene's form) over texts that are given as terms."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        engine = bm25s.BM25(b=LENGTH)
        self._size = len(texts) if any(texts) else 0
        if self._size:
            engine.index([list(t) for t in texts], create_empty_token=False, show_progress=False)
            self._ids: dict[str, int] = engine.vocab_dict
            self._scores, self._places, self._begins = (engine.scores[k] for k in ("data", "indices", "indptr"))

    def best(self, wanted: Sequence[Mapping[str, float]], most: int) -> dict[int, float]:
        """The places of the texts that share most with a question, and their scores; best first, at most so many.

        `wanted` are its words, each as the terms that it may match with what these count (0 to 1). Of the terms of one
        word that a text holds the best counts, not their sum: many synonyms are no better an answer.
        """
        if not self._size:
            return {}
        scores = np.zeros(self._size, dtype=np.float32)
        for terms in wanted:
            found = np.zeros(self._size, dtype=np.float32)
            for term, share in terms.items():
                if (token := self._ids.get(term)) is not None:
                    held = slice(self._begins[token], self._begins[token + 1])
                    places = self._places[held]
                    found[places] = np.maximum(found[places], share * self._scores[held])
            scores += found
        places = np.argpartition(-scores, most)[:most] if most < self._size else np.arange(self._size)
        ordered = places[np.lexsort((places, -scores[places]))]
        return {int(p): float(scores[p]) for p in ordered if scores[p] > 0}
