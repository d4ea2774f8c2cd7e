"""Full-text search: which of many short texts share most with a question."""

from collections.abc import Sequence

import bm25s
import numpy as np

LENGTH = 0.5  # BM25's b: long items have more asks, not more padding, so that length counts less than in prose


class Retriever:
    """BM25 (Robertson and Zaragoza 2009, in Lucene's form) over texts that are given as terms."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._engine = bm25s.BM25(b=LENGTH)
        self._any = any(texts)
        if self._any:
            self._engine.index([list(t) for t in texts], create_empty_token=False, show_progress=False)

    def best(self, terms: Sequence[str], most: int) -> dict[int, float]:
        """The places of the texts that share most with some terms, and their scores; best first, at most so many."""
        known = self._engine.get_tokens_ids(list(terms)) if self._any else []
        if not known:
            return {}
        scores = self._engine.get_scores_from_ids(known)
        size = len(scores)
        places = np.argpartition(-scores, most)[:most] if most < size else np.arange(size)
        ordered = places[np.lexsort((places, -scores[places]))]
        return {int(p): float(scores[p]) for p in ordered if scores[p] > 0}
