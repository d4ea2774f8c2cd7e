"""Time zones by what people call them: a city, a country, an abbreviation, an offset."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from rapidfuzz import fuzz, process

MOST = 6  # as many as stand as buttons under a message
ALIKE = 75.0  # of 100: "Kathmandoo" is 84 like Kathmandu, "Berlni" 83 like Berlin, strangers stay below 70
NEARLY = 10.0  # of the same hundred; what is farther below the best match is no guess at all

OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?|utc|gmt|z", re.IGNORECASE)
LARGEST_OFFSET = 14  # hours; Kiribati

# What people say that is neither a city of the zone data nor a country, told apart by what most mean.
SPOKEN = {
    "Africa/Cairo": "alexandria giza",
    "Africa/Johannesburg": "cape_town durban pretoria",
    "Africa/Casablanca": "rabat marrakesh",
    "Africa/Lagos": "abuja",
    "Africa/Nairobi": "mombasa",
    "America/Bogota": "medellin cali",
    "America/Chicago": "usa us cst cdt ct central_time houston dallas austin san_antonio new_orleans minneapolis "
    "st_louis memphis nashville milwaukee kansas_city texas illinois",
    "America/Denver": "usa us mst mdt mt mountain_time salt_lake_city albuquerque colorado",
    "America/Edmonton": "calgary",
    "America/Halifax": "ast adt nova_scotia",
    "America/Los_Angeles": "usa us pst pdt pt pacific_time san_francisco seattle san_diego portland las_vegas "
    "sacramento california silicon_valley la sf",
    "America/Mexico_City": "guadalajara puebla",
    "America/New_York": "usa us est edt et eastern_time washington washington_dc boston philadelphia miami atlanta "
    "baltimore pittsburgh cleveland orlando charlotte nyc ny florida",
    "America/Argentina/Buenos_Aires": "rosario",
    "America/Sao_Paulo": "rio rio_de_janeiro brasilia belo_horizonte porto_alegre curitiba",
    "America/Toronto": "ottawa montreal quebec",
    "America/Vancouver": "victoria british_columbia",
    "Asia/Almaty": "astana nur_sultan alma_ata",
    "Asia/Dubai": "abu_dhabi",
    "Asia/Ho_Chi_Minh": "hanoi ha_noi",
    "Asia/Hong_Kong": "hkt",
    "Asia/Jerusalem": "tel_aviv haifa",
    "Asia/Karachi": "islamabad lahore",
    "Asia/Kolkata": "ist mumbai bombay delhi new_delhi bangalore bengaluru chennai madras hyderabad pune ahmedabad",
    "Asia/Manila": "quezon_city cebu",
    "Asia/Riyadh": "jeddah mecca medina",
    "Asia/Shanghai": "beijing peking guangzhou shenzhen wuhan chengdu tianjin nanjing",
    "Asia/Tokyo": "jst osaka kyoto yokohama nagoya sapporo",
    "Asia/Yekaterinburg": "ekaterinburg sverdlovsk chelyabinsk ufa perm",
    "Asia/Seoul": "kst busan",
    "Atlantic/Canary": "tenerife las_palmas",
    "Australia/Sydney": "aest aedt canberra",
    "Australia/Perth": "awst",
    "Europe/Amsterdam": "rotterdam the_hague holland",
    "Europe/Athens": "thessaloniki",
    "Europe/Berlin": "cet cest mez munich münchen muenchen hamburg cologne köln frankfurt stuttgart leipzig dresden",
    "Europe/Brussels": "antwerp",
    "Europe/Istanbul": "ankara izmir",
    "Europe/Kyiv": "eet eest odesa odessa lviv lvov kharkiv kharkov dnipro київ киев україна украина",
    "Europe/Lisbon": "porto",
    "Europe/London": "bst england scotland wales uk great_britain edinburgh glasgow manchester birmingham liverpool "
    "cardiff leeds bristol oxford cambridge",
    "Europe/Madrid": "barcelona valencia seville",
    "Europe/Moscow": "msk st_petersburg saint_petersburg petersburg leningrad kazan nizhny_novgorod sochi москва",
    "Europe/Paris": "lyon marseille toulouse nice bordeaux",
    "Europe/Rome": "milan naples turin florence venice roma milano",
    "Europe/Vienna": "graz salzburg wien",
    "Europe/Warsaw": "krakow cracow gdansk wroclaw warszawa",
    "Europe/Zurich": "geneva basel bern",
    "Europe/Prague": "brno praha",
    "Pacific/Auckland": "nzst nzdt wellington christchurch",
    "Pacific/Honolulu": "usa us hst hawaii",
    "America/Anchorage": "usa us akst akdt alaska",
    "UTC": "universal universal_time coordinated_universal_time greenwich zulu",
}
# Zones that stand for an offset in a list of guesses: where many people live, once per offset and habit.
WELL_KNOWN = (
    "Pacific/Honolulu America/Anchorage America/Los_Angeles America/Denver America/Phoenix America/Chicago "
    "America/Mexico_City America/New_York America/Bogota America/Lima America/Caracas America/Halifax "
    "America/St_Johns America/Sao_Paulo America/Argentina/Buenos_Aires Atlantic/Azores Europe/London Europe/Lisbon "
    "Africa/Lagos Europe/Berlin Europe/Paris Europe/Kyiv Europe/Athens Africa/Cairo Africa/Johannesburg Europe/Moscow "
    "Europe/Istanbul Africa/Nairobi Asia/Tehran Asia/Dubai Asia/Kabul Asia/Karachi Asia/Tashkent Asia/Kolkata "
    "Asia/Kathmandu Asia/Dhaka Asia/Almaty Asia/Yangon Asia/Bangkok Asia/Jakarta Asia/Shanghai Asia/Singapore "
    "Australia/Perth Asia/Tokyo Asia/Seoul Australia/Darwin Australia/Adelaide Australia/Brisbane Australia/Sydney "
    "Australia/Lord_Howe Pacific/Noumea Pacific/Auckland Pacific/Chatham Pacific/Apia Pacific/Kiritimati"
).split()

OFFERED = 8  # zones under the question for one
ANYWHERE = (
    "Europe/London Europe/Berlin Europe/Kyiv America/New_York America/Los_Angeles Asia/Kolkata Asia/Tokyo "
    "Australia/Sydney"
)  # offered to all, far apart from each other
LIKELY = {  # by the language of a person's Telegram
    "ar": "Africa/Cairo Asia/Riyadh",
    "be": "Europe/Minsk",
    "de": "Europe/Berlin Europe/Vienna Europe/Zurich",
    "es": "Europe/Madrid America/Mexico_City America/Bogota America/Argentina/Buenos_Aires",
    "fa": "Asia/Tehran",
    "fr": "Europe/Paris Europe/Brussels America/Toronto",
    "hi": "Asia/Kolkata",
    "it": "Europe/Rome",
    "ja": "Asia/Tokyo",
    "ka": "Asia/Tbilisi",
    "kk": "Asia/Almaty",
    "ko": "Asia/Seoul",
    "nl": "Europe/Amsterdam Europe/Brussels",
    "pl": "Europe/Warsaw",
    "pt": "America/Sao_Paulo Europe/Lisbon",
    "ru": "Europe/Moscow Asia/Yekaterinburg Asia/Novosibirsk Asia/Almaty",
    "tr": "Europe/Istanbul",
    "uk": "Europe/Kyiv",
    "uz": "Asia/Tashkent",
    "zh": "Asia/Shanghai Asia/Taipei Asia/Singapore",
}


@dataclass(frozen=True)
class Zone:
    """A time zone by IANA's name, and what to call it."""

    name: str
    city: str

    def label(self, moment: dt.datetime) -> str:
        """Its city with the offset that its clocks have at a moment, as "Kyiv (UTC+3)"."""
        offset = moment.astimezone(ZoneInfo(self.name)).utcoffset() or dt.timedelta()
        shown = _offset_name(round(offset.total_seconds() / 60))
        return shown if self.city.startswith("UTC") else f"{self.city} ({shown})"


@dataclass(frozen=True)
class Found:
    """Zones that fit what was written, the likeliest first; `certain` where the first is meant and no other."""

    zones: tuple[Zone, ...]
    certain: bool


def named(name: str) -> Zone:
    """A zone by IANA's name."""
    if name.startswith("Etc/GMT") and name[7:]:
        return Zone(name, _offset_name(-60 * int(name[7:])))
    return Zone(name, "UTC" if name == "UTC" else name.rpartition("/")[2].replace("_", " "))


def is_zone(name: str) -> bool:
    """Whether zone data knows a name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def likely(language: str | None, zone: str) -> tuple[Zone, ...]:
    """Zones to offer to somebody who speaks a language (an IETF tag) where `zone` is set: that one first."""
    spoken = LIKELY.get((language or "").partition("-")[0].lower(), "")
    names = dict.fromkeys((zone, *spoken.split(), *ANYWHERE.split()))
    return tuple(map(named, list(names)[:OFFERED]))


def find_zones(text: str, moment: dt.datetime) -> Found:
    """Zones by a city, a country, a usual abbreviation, IANA's name or an offset from UTC, also misspelt.

    At most MOST; `moment` decides which places have a bare offset now.
    """
    if offset := OFFSET.fullmatch(text.strip()):
        return _by_offset(offset, moment)
    wanted, known = _plain(text), _names()
    if not wanted:
        return Found((), certain=False)
    if exact := known.get(wanted):
        return Found(tuple(map(named, exact[:MOST])), len(exact) == 1)
    begun = [name for name in known if len(wanted) >= 3 and name.startswith(wanted)]
    alike = process.extract(wanted, list(known), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=2 * MOST)
    best = alike[0][1] if alike else 0.0
    guessed = [name for name, score, _ in alike if score >= best - NEARLY]
    found = list(dict.fromkeys(zone for name in (*sorted(begun, key=len), *guessed) for zone in known[name]))
    return Found(tuple(map(named, found[:MOST])), certain=False)


def _by_offset(offset: re.Match[str], moment: dt.datetime) -> Found:
    sign, hours, minutes = offset.groups(default="0")
    if sign == "0":
        return Found((named("UTC"),), certain=True)
    wanted = (int(hours) * 60 + int(minutes)) * (1 if sign == "+" else -1)
    if not wanted:
        return Found((named("UTC"),), certain=True)
    if abs(wanted) > LARGEST_OFFSET * 60:
        return Found((), certain=False)
    there = [z for z in WELL_KNOWN if moment.astimezone(ZoneInfo(z)).utcoffset() == dt.timedelta(minutes=wanted)]
    fixed = f"Etc/GMT{-wanted // 60:+d}"  # POSIX counts westwards
    if wanted % 60 == 0 and fixed in available_timezones():
        return Found((named(fixed), *map(named, there[: MOST - 1])), certain=True)
    return Found(tuple(map(named, there[:MOST])), len(there) == 1)


def _offset_name(minutes: int) -> str:
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


@cache
def _names() -> dict[str, list[str]]:
    """Everything that a zone may be called, plain, with its zones: where most people live first."""
    known: dict[str, list[str]] = {}
    usable, listed = available_timezones(), list(_table("zone.tab"))
    cities = {zone for _, _, zone, *_ in listed if zone in usable} | {"UTC"}
    for name, zone in _own_names(cities, listed):
        known.setdefault(_plain(name), []).append(zone)
    for name, zone in _old_names(cities):
        known.setdefault(_plain(name), [zone])
    rank = {zone: number for number, zone in enumerate(WELL_KNOWN)}
    return {name: sorted(dict.fromkeys(zones), key=lambda z: rank.get(z, len(rank))) for name, zones in known.items()}


def _own_names(cities: set[str], listed: list[list[str]]) -> Iterator[tuple[str, str]]:
    """Cities, IANA's names, countries, and what people say."""
    for zone in sorted(cities):
        yield zone.rpartition("/")[2], zone
        yield zone, zone
    countries = dict(line[:2] for line in _table("iso3166.tab"))
    for code, _, zone, *_ in listed:
        if zone in cities:
            yield countries[code], zone
    for zone, spoken in SPOKEN.items():
        for name in spoken.split():
            yield name, zone


def _old_names(cities: set[str]) -> Iterator[tuple[str, str]]:
    """Names that zones had before, such as Asia/Calcutta."""
    for kind, *names in _table("tzdata.zi", " "):
        if kind == "L" and names[0] in cities and names[1] not in cities:
            yield names[1], names[0]
            yield names[1].rpartition("/")[2], names[0]


def _table(name: str, separator: str = "\t") -> Iterator[list[str]]:
    for line in (resources.files("tzdata") / "zoneinfo" / name).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split(separator)


def _plain(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w/]+|_", " ", bare).split())
