"""How the benchmarks measure time and memory on a machine that others use too.

Times are the processor's, of all threads of the process together, which on an idle machine is what the clock shows of
one thread. Of several rounds the best time of each question counts: the others shared caches with strangers. Memory is
what a process of its own holds more after the work than before it.
"""

import ctypes
import gc
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from knowledge.index import Index

ROUNDS = 3

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True)
class Times:
    """Milliseconds, the shortest first."""

    ms: tuple[float, ...]

    @classmethod
    def best(cls, rounds: Sequence[Sequence[float]]) -> "Times":
        """Of each job the best of its rounds; a round has all jobs in the same order."""
        return cls(tuple(sorted(min(times) for times in zip(*rounds, strict=True))))

    def share(self, part: float) -> float:
        """The time within which a part of the jobs, 0 to 1, was done."""
        return self.ms[min(len(self.ms) - 1, int(len(self.ms) * part))]

    @property
    def p50(self) -> float:
        return self.share(0.5)

    @property
    def p99(self) -> float:
        return self.share(0.99)


def milliseconds(job: Callable[[], object]) -> float:
    begin = time.process_time()
    job()
    return (time.process_time() - begin) * 1000


def forget_slips(index: Index) -> None:
    """Forget which words were mended to what, so that each round mends them anew, as a bot does that is asked once."""
    index.spelling._cache.clear()


def resident() -> float:
    """MiB that this process holds, after all that is no longer needed was given back (Linux)."""
    gc.collect()
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):  # glibc keeps freed memory unless it is told to return it
        libc.malloc_trim(0)
    held = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS:"))
    return int(held.split()[1]) / 1024


def apart(job: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """What a function returns in a fresh process, where nothing is loaded or cached yet."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        return process.submit(job, *args, **kwargs).result()
