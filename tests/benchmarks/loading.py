"""Loading a pack beside PyYAML on the same files in the same run: `python -m tests.benchmarks.loading [PACK]`.

Prints the best of several rounds. The first load in a process is given apart: it reads the intents and fills caches.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

from knowledge.pack import load_pack
from knowledge.yamlfile import YamlFile

PACK = Path("knowledge/packs/stalin")
ROUNDS = 5


def best(job: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The shortest time of some rounds, in seconds: the others had to share the machine."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        job()
        times.append(time.perf_counter() - begin)
    return min(times)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PACK
    files = sorted(folder.rglob("*.yaml"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    first = best(lambda: load_pack(folder), rounds=1)
    rows = [
        ("yaml.safe_load", best(lambda: [yaml.safe_load(text) for text in texts], rounds=1)),
        ("yaml.load, CSafeLoader", best(lambda: [yaml.load(text, Loader=yaml.CSafeLoader) for text in texts])),
        ("YamlFile: text, each value with its line", best(lambda: [YamlFile(file) for file in files])),
        ("load_pack: read, validated and cross-checked", best(lambda: load_pack(folder))),
        ("load_pack, the first in a process", first),
    ]
    pack = load_pack(folder)
    items = len(pack.facts) + len(pack.entities) + len(pack.gaps)
    size = sum(file.stat().st_size for file in files)
    table = Table(
        "what", "ms", "µs an item", "of safe_load", title=f"{len(files)} files, {size:,} bytes, {items:,} items"
    )
    for what, seconds in rows:
        table.add_row(what, f"{seconds * 1e3:.0f}", f"{seconds * 1e6 / items:.0f}", f"{seconds / rows[0][1]:.1%}")
    Console().print(table)


if __name__ == "__main__":
    main()
