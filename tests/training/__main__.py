"""Fit the matcher's weights: `python -m tests.training [--write]`, or `make train`.

Learned from the questions of `tests/data/questions/train/`; those of `held-out/` are never trained on and only
reported. Two steps, both logistic regressions:

1. ranking: of two items that one question may mean, which one answers (a pairwise fit, so what all items of a question
   share has no say);
2. confidence: whether the first item answers, from its features, its score and its lead.

A few thousand asks of the pack are rehearsed beside them: put as questions to an index that doesn't hold them, as they
are and with a name or a year changed, so that the fact no longer answers.
"""

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from knowledge import matching
from knowledge.index import build
from knowledge.pack import load_pack
from tests.training.cases import asked_by_people, rehearsed
from tests.training.fitting import Learned, fit
from tests.training.report import across_sections, by_category, reliability

QUESTIONS = Path(__file__).parent.parent / "data" / "questions"
PACK = Path("knowledge/packs/stalin")
WEIGHTS = Path("knowledge/language/weights.yaml")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--rehearse", type=int, default=2500, help="asks to rehearse (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS}")
    args = parser.parse_args()
    pack = load_pack(args.pack)
    index = build([pack])
    console = Console()
    train, held_out = (
        list(asked_by_people(index, sorted((QUESTIONS / part).glob("*.jsonl")))) for part in ("train", "held-out")
    )
    with Progress(console=Console(stderr=True), transient=True) as progress:
        practice = list(progress.track(rehearsed(pack, args.rehearse), total=args.rehearse, description="Rehearsing"))
    learned = fit(train, practice)
    console.print(reliability("trained on", train, learned))
    console.print(reliability("never trained on", held_out, learned))
    console.print(across_sections(train, practice))
    if args.write:
        WEIGHTS.write_text(as_yaml(learned, WEIGHTS.read_text(encoding="utf-8")), encoding="utf-8")
        matching.weights.cache_clear()
        sys.stdout.write(f"wrote {WEIGHTS}\n")
    console.print(by_category(index, QUESTIONS / "held-out"))


def as_yaml(learned: Learned, before: str) -> str:
    """The file with new weights; its comments and thresholds stay."""
    head, tail = before[: before.index("ranking:")], before[before.index("# From which") :]
    parts = {"ranking": learned.ranking, "confidence": learned.confidence}
    lines = [f"{part}:\n" + "".join(f"  {k}: {v:.3f}\n" for k, v in found.items()) for part, found in parts.items()]
    return head + "".join(lines) + tail


if __name__ == "__main__":
    main()
