"""Print those questions of a file whose source lies in the Zhukov document or the lead of the other one."""

import json
import sys
from pathlib import Path

LEAD = range(3, 8)  # lines of joseph-stalin.txt


def covered(source: dict[str, list[int]]) -> bool:
    return "stalin-and-zhukov.txt" in source or any(line in LEAD for line in source.get("joseph-stalin.txt", []))


if __name__ == "__main__":
    for question in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        if covered(json.loads(question)["source"]):
            sys.stdout.write(question + "\n")
