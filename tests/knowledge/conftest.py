"""A small pack about lighthouses that nobody ever built, and the shipped one."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from knowledge.anniversaries import Anniversaries
from knowledge.index import Index, build
from knowledge.pack import load_pack

SHIPPED = Path(__file__).parents[2] / "knowledge" / "packs" / "stalin"

ENTITIES = """
- {id: ada-holm, kind: person, name: Ada Holm, aliases: [Ada, Holm, the keeper, the keeper's mother], pronoun: she}
- {id: jon-holm, kind: person, name: Jon Holm, aliases: [Jon, the keeper's son, Ada's son], pronoun: he}
- {id: per-vik, kind: person, name: Per Vik, aliases: [Vik, Captain Vik], pronoun: he}
- {id: ida-vik, kind: person, name: Ida Vik, aliases: [Ida], pronoun: she}
- {id: skarholm, kind: place, name: Skarholm, aliases: [the Skarholm light, Skarholm lighthouse]}
- {id: norvik, kind: place, name: Norvik}
- {id: great-storm, kind: event, name: the Great Storm, aliases: [storm of 1891]}
- {id: fog-bell, kind: work, name: The Fog Bell}
"""
FACTS = """
- id: skarholm-what
  says: Skarholm is a lighthouse on a skerry off Norvik.
  about: [skarholm, norvik]
  intent: description
  asks: [What is Skarholm, Where does the Skarholm light stand]
  corrects: [Which river does Skarholm lie on]
  source: lights.txt:3.1
- id: skarholm-lit
  says: The Skarholm light was lit for the first time on 4 October 1887.
  about: [skarholm]
  intent: founding
  date: 1887-10-04
  asks: [When did the Skarholm light begin to shine, when was skarholm opened]
  source: lights.txt:3.2
- id: ada-who
  says: Ada Holm was the keeper of Skarholm from 1889 on.
  about: [ada-holm, skarholm]
  intent: description
  date: 1889
  asks: [Who was Ada Holm, Who kept the light at Skarholm]
  source: lights.txt:4.1
- id: ada-born
  says: Ada Holm was born at Norvik in March 1860.
  about: [ada-holm, norvik]
  intent: birth
  date: 1860-03
  place: norvik
  asks: [When was the keeper born, Where was Ada born]
  source: lights.txt:4.2
- id: jon-son
  says: Ada Holm's son Jon was born in 1890.
  about: [jon-holm, ada-holm]
  intent: family
  date: 1890
  asks: [Who was the keeper's son, When was Jon Holm born]
  source: lights.txt:4.3
- id: jon-who
  says: Jon Holm was Ada Holm's only son and became a pilot.
  about: [jon-holm, ada-holm]
  intent: description
  asks: [Who was Jon Holm, What did Jon become]
  source: lights.txt:4.3
- id: storm-ships
  says: In the Great Storm of November 1891 seven ships were wrecked off Skarholm.
  about: [great-storm, skarholm]
  intent: casualties
  date: 1891-11
  values: {ships: seven}
  asks: [How many ships were lost in the Great Storm, when was the great storm]
  source: lights.txt:5.1
  solemn: true
- id: vik-saved
  says: Per Vik said that Ada Holm rowed out and saved his crew, because her bell was the only one that sounded.
  about: [per-vik, ada-holm]
  intent: assessment
  according_to: per-vik
  disputed: true
  versus: [ida-denied]
  asks: [Did Ada save Vik's crew, Who rowed out to the crew]
  source: lights.txt:5.2
- id: ida-denied
  says: Ida Vik held that the crew came ashore by themselves.
  about: [ida-vik, per-vik]
  intent: assessment
  according_to: ida-vik
  disputed: true
  versus: [vik-saved]
  asks: [What did Ida say about the crew]
  source: lights.txt:5.3
- id: fog-bell-book
  says: Ada Holm wrote The Fog Bell in 1902.
  about: [fog-bell, ada-holm]
  intent: publication
  date: 1902
  asks: [Which book did the keeper write, When was The Fog Bell written]
  source: lights.txt:6.1
- id: first-inspection
  says: The first inspection of Skarholm took place in May 1888.
  about: [skarholm]
  intent: event
  date: 1888-05
  asks: [When was Skarholm first inspected]
  source: lights.txt:6.2
- id: second-inspection
  says: The second inspection of Skarholm took place in June 1894.
  about: [skarholm]
  intent: event
  date: 1894-06
  asks: [When was Skarholm inspected a second time]
  source: lights.txt:6.3
"""
GAPS = """
- id: ada-death
  about: [ada-holm]
  intent: death
  asks: [When did Ada Holm die, where was the keeper buried]
  reply: The document does not tell when Ada Holm died.
  source: lights.txt:6
"""
PACK = """
name: lights
title: Lighthouses
language: en
documents:
  - file: lights.txt
    title: Lights of the coast
    sha256: {sha256}
    sections: {{2: The skerry}}
"""


def write_pack(
    folder: Path, *, entities: str = ENTITIES, facts: str = FACTS, gaps: str = GAPS, info: str = PACK
) -> Path:
    """A pack's folder with these files."""
    (folder / "facts").mkdir(parents=True)
    (folder / "pack.yaml").write_text(info.format(sha256=sha256(b"").hexdigest()), encoding="utf-8")
    (folder / "entities.yaml").write_text(entities, encoding="utf-8")
    (folder / "facts" / "lights.yaml").write_text(facts, encoding="utf-8")
    (folder / "gaps.yaml").write_text(gaps, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def lights(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return build([load_pack(write_pack(tmp_path_factory.mktemp("packs") / "lights"))])


@pytest.fixture(scope="session")
def shipped() -> Index:
    return build([load_pack(SHIPPED)])


@pytest.fixture
def pack_of(tmp_path: Path) -> Callable[..., Path]:
    """Writes a pack with some files changed."""
    return lambda **files: write_pack(tmp_path / "pack", **files)


@pytest.fixture(scope="session")
def anniversaries(shipped: Index) -> Anniversaries:
    return Anniversaries.of(shipped)
