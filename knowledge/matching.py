"""Ranking: which facts a question may mean, and how sure that is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz, process

from knowledge.index import Correction, Index, Item
from knowledge.lexicon import language_file, lexicon
from knowledge.pack import Fact, Gap
from knowledge.questions import TOPIC, Question
from knowledge.yamlfile import Plain

CANDIDATES = 16  # items looked at closely; twice as many changed no figure of the training report
NEAR_SHARE = 0.8  # of the best item's retrieval score; those below are looked at where none of these settles it
SETTLED = 0.93  # confidence from which on one does; of 1,944 answers one is worded otherwise by that
LEAST_SHARE = 0.4  # of the best one's BM25 score; at 0.5 an answer takes a sixth less time, and right falls by a point
LONGEST_LEAD = 3.0  # log odds; a longer lead says no more
NEAR_BY = 5  # terms from the doer to whom it was done
CLOSE = 2.5  # log odds: facts of one paragraph that are closer than this are told together
WORDED_SO = {"worded_so": 12.0}  # log odds: an editor's own wording of a question decides, whatever was learned
MUCH_NEWS = 3.0  # terms of the rarest kind: more news than that say no more
STRONG = 3.0  # the same for what a question and an item share
NEWS = 0.4  # share of a companion's terms that the first fact doesn't have
SLOTS = ("date", "person", "place", "number", "reason", "list", "duration", "age")  # what a fact can be seen to lack
LONGEST_PAIR = 360  # characters of two facts together


@dataclass(frozen=True)
class Match:
    """An item that a question may mean.

    `score` orders the items of one question; `confidence` is the probability (0 to 1) that this one answers it.
    """

    item: Item
    score: float
    confidence: float
    features: dict[str, float] = field(repr=False)


@dataclass(frozen=True)
class Weights:
    """What each feature counts: for the order of items, and for the confidence in one (log odds)."""

    ranking: Mapping[str, float]
    confidence: Mapping[str, float]


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The learned weights (`language/weights.yaml`)."""
    data = language_file("weights.yaml")
    ranking, confidence = (
        {k: weight for k, v in _mapping(data[part]).items() if (weight := float(str(v)))}
        for part in ("ranking", "confidence")
    )
    return Weights(ranking | WORDED_SO, confidence | WORDED_SO)


def rank(index: Index, question: Question, most: int = 5) -> list[Match]:
    """The items that best answer a question, best first."""
    found = candidates(index, question)
    worded_so = index.by_ask.get(question.message, ())
    near: list[tuple[Item, float]] = []
    far: list[tuple[Item, float]] = []
    for item, share in found:
        (near if share >= NEAR_SHARE or item.position in worded_so else far).append((item, share))
    scored = _scored(index, question, near)
    if far and _confidence(scored[0], scored) < SETTLED:
        scored += _scored(index, question, far)
        scored.sort(key=Scored.order, reverse=True)
    return [Match(s.item, s.score, _confidence(s, scored), s.features) for s in scored[:most]]


def _scored(index: Index, question: Question, found: Sequence[tuple[Item, float]]) -> list["Scored"]:
    """Items by what is learned of a question and them, best first."""
    measured = [(item, measure(index, question, item, retrieved)) for item, retrieved in found]
    scored = [Scored(weigh(weights().ranking, features), item, features) for item, features in measured]
    return sorted(scored, key=Scored.order, reverse=True)


def _confidence(one: "Scored", scored: Sequence["Scored"]) -> float:
    features = one.features | standing([one, *(other for other in scored if other is not one)])
    return probability(weigh(weights().confidence, features))


@dataclass(frozen=True)
class Scored:
    """An item with its score for a question, before anything is said about confidence."""

    score: float
    item: Item
    features: dict[str, float] = field(repr=False)

    def order(self) -> tuple[float, int]:
        """Higher comes first; of equals the one that the packs tell first."""
        return self.score, -self.item.position


def companion(ranked: Sequence[Match | Scored]) -> int | None:
    """The place of a fact to tell beside the first: nearly as good, and of the same paragraph."""
    first = ranked[0]
    if not isinstance(first.item.entry, Fact):
        return None
    here = {(p.document, p.line) for p in first.item.entry.source}
    for n, other in enumerate(ranked[1:5], 1):
        entry = other.item.entry
        if first.score - other.score > CLOSE or not isinstance(entry, Fact):
            break
        near = any((p.document, p.line) in here for p in entry.source)
        adds = len(other.item.says.keys() - first.item.says.keys()) >= NEWS * len(other.item.says)
        if near and adds and len(first.item.entry.says) + len(entry.says) < LONGEST_PAIR:
            return n
    return None


def standing(ranked: Sequence[Scored]) -> dict[str, float]:
    """How the first item stands: its score, and its lead over the best gap and the best item of another paragraph."""
    first = ranked[0]
    here = {(p.document, p.line) for p in first.item.entry.source}
    rivals = {
        "lead_of_gaps": (s for s in ranked[1:] if not isinstance(s.item.entry, Fact)),
        "lead_elsewhere": (s for s in ranked[1:] if not any((p.document, p.line) in here for p in s.item.entry.source)),
    }
    leads = {k: first.score - best.score if (best := next(of, None)) else LONGEST_LEAD for k, of in rivals.items()}
    return {"score": first.score} | {k: max(-LONGEST_LEAD, min(LONGEST_LEAD, lead)) for k, lead in leads.items()}


def unrivalled(score: float) -> dict[str, float]:
    """How an item would stand if no other came near it."""
    return {"score": score} | dict.fromkeys(("lead_of_gaps", "lead_elsewhere"), LONGEST_LEAD)


def weigh(counts: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The weighted sum of features, in log odds; `bias` counts once."""
    total = counts.get("bias", 0.0)
    for name, value in features.items():
        if value and name in counts:
            total += counts[name] * value
    return total


def probability(log_odds: float) -> float:
    """The logistic function, safe against overflow."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def candidates(index: Index, question: Question) -> list[tuple[Item, float]]:
    """The items that share most with a question, each with its share of the best one's BM25 score."""
    wanted = [t.matches for t in question.terms]
    wanted += [{f"@{e}": 1.0} for e in question.entities if not any(f"@{e}" in t.matches for t in question.terms)]
    wanted += [{f"@{e}": 1.0} for f in question.near if f in index.facts for e in index.facts[f].about]
    scores = index.retriever.best(wanted, CANDIDATES)
    worded_so = index.by_ask.get(question.message, ())
    meant = {p: s for p, s in scores.items() if p in worded_so or not _is_moot(index, question, index.items[p])}
    best = max(meant.values(), default=1.0)
    shares = dict.fromkeys(worded_so, 1.0)
    shares |= {p: score / best for p, score in meant.items() if score >= LEAST_SHARE * best}
    return [(index.items[p], share) for p, share in shares.items()]


def _is_moot(index: Index, question: Question, item: Item) -> bool:
    """Whether a gap or a correction can't be meant.

    A gap isn't where none of its asks asks for the same: it says that the day isn't known, not the reason. A correction
    isn't where its fact explains all that the question is about: nothing in that tells that it is wrong.
    """
    entry = item.entry
    if isinstance(entry, Gap):
        return question.slot in SLOTS and question.slot not in item.ask_slots
    return isinstance(entry, Correction) and all(t.found(index.by_id[entry.fact.id].terms) for t in question.topical)


def measure(index: Index, question: Question, item: Item, retrieved: float) -> dict[str, float]:
    """The features of a question and an item, each about 0 to 1."""
    found = [t.found(item.terms) for t in question.terms]
    features = {
        "worded_so": float(item.position in index.by_ask.get(question.message, ())),
        "retrieved": retrieved,
        "personal": float(question.personal),
        "foreign": float(bool(question.foreign)),
        "swapped": float(_swapped(question, item) or (bool(question.tellings) and _turned(index, question, item))),
        "in_order": _in_order(question, item, found),
    }
    features |= _term_features(index, question, item, found)
    features |= _ask_features(index, question, item)
    features |= _entity_features(index, question, item)
    if features["meant_missed"] and question.near:
        features["worded_so"] = 0.0  # "his" is somebody else's in this conversation
    features |= _slot_features(question, item, index)
    features |= _figure_features(question, item)
    features |= _news_features(index, question, item, found)
    features |= _context_features(index, question, item)
    return features


def _term_features(index: Index, question: Question, item: Item, found: Sequence[str | None]) -> dict[str, float]:
    """What the item explains of the question's words, and what it doesn't."""
    covered = said = unknown = 0.0
    missed = []
    opposites = lexicon().opposites
    opposed = False
    for term, match in zip(question.terms, found, strict=True):
        if match:
            covered += term.weight * term.matches[match]
            said += term.weight * (term.matches[match] if match in item.says else term.share(item.says))
        elif term.explicit and term.known:
            missed.append(term.weight)
        elif term.explicit:
            unknown += term.weight
        contrary = opposites.get(term.term)
        if contrary and term.explicit and term.term not in item.says and not contrary.isdisjoint(item.says):
            opposed = True
    return {
        "covered": covered / question.weight,
        "covered_by_says": said / question.weight,
        "missed_rarest": max(missed, default=0.0) / index.rarest,
        "missed": sum(missed) / index.rarest / 4,
        "unknown": unknown / index.rarest,
        "opposed": float(opposed),
    }


def _ask_features(index: Index, question: Question, item: Item) -> dict[str, float]:
    """How like the question the item's asks are, by terms and letter by letter."""
    asked, precise, slot, asked_so = _best_ask(index, question, item)
    like = process.extractOne(question.spelled, item.spelled, scorer=fuzz.ratio)
    return {
        "alike": like[1] / 100 if like else 0.0,
        "alike_says": fuzz.token_set_ratio(question.joined, item.joined) / 100,
        "asked": asked,
        "asked_so": asked_so,
        "asked_precisely": precise,
        "asked_for_this": float(question.slot is not None and slot == question.slot),
        "asked_for_other": float(question.slot is not None and question.slot not in item.ask_slots),
    }


def _best_ask(index: Index, question: Question, item: Item) -> tuple[float, float, str | None, float]:
    """The best ask's F-measure with the question, how much of that ask the question holds, and what it asks for.

    The last figure is the F-measure of the best one that asks for what the question asks for.
    """
    recalled, held = ([0.0] * len(item.asks) for _ in range(2))
    found: dict[str, int] = {}
    for term in question.terms:
        met = 0  # the asks that hold a match of the term; its best one counts
        for match, share in term.best_first:
            fresh = item.holders.get(match, 0) & ~met
            if fresh:
                met |= fresh
                found[match] = found.get(match, 0) | fresh
                for n in _bits(fresh):
                    recalled[n] += share * term.weight
    for match, asks in found.items():
        for n in _bits(asks):
            held[n] += index.idf[match]
    best, precise, best_slot, same = 0.0, 0.0, None, 0.0
    totals = index.ask_weights[item.position]
    for recall, precision, slot, total in zip(recalled, held, item.ask_slots, totals, strict=True):
        if not precision:
            continue
        f = 2 * precision * recall / (precision * question.weight + recall * total)
        if slot == question.slot:
            same = max(same, f)
        if f > best:
            best, precise, best_slot = f, precision / total, slot
    return best, precise, best_slot, same


@lru_cache(maxsize=1 << 16)
def _bits(mask: int) -> tuple[int, ...]:
    """The places of the bits that are set."""
    return tuple(n for n in range(mask.bit_length()) if mask >> n & 1)


def _in_order(question: Question, item: Item, matches: Sequence[str | None]) -> float:
    """The share of the question's neighbouring terms that stand in the same order in one of the item's texts."""
    found = [match for term, match in zip(question.terms, matches, strict=True) if term.explicit]
    pairs = [(a, b) for a, b in pairwise(found) if a and b]
    if not pairs:
        return 0.0
    kept = sum([a in item.says and b in item.says and item.says[a] < item.says[b] for a, b in pairs])
    in_asks = [0] * len(item.asks)
    for a, b in pairs:
        for n in _bits(item.holders.get(a, 0) & item.holders.get(b, 0)):
            in_asks[n] += item.asks[n][a] < item.asks[n][b]
    return max(kept, *in_asks, 0) / (len(found) - 1)


def _swapped(question: Question, item: Item) -> bool:
    """Whether an item tells the other way round who did something to whom, and nowhere as the question has it."""
    if not question.deeds:
        return False
    found = set()
    for one, deed, other in question.deeds:
        for text, passive in zip((item.says, *item.asks), item.passive, strict=True):
            places = [t.found(text) for t in (one, deed, other)]
            first, middle, last = (text[p] if p else -1 for p in places)
            if all(places) and min(first, last) < middle < max(first, last) <= min(first, last) + NEAR_BY:
                found.add((first < last) == (passive == question.passive))
    return found == {False}


def _turned(index: Index, question: Question, item: Item) -> bool:
    """Whether an item tells a deed that a question asks of with somebody else in a role, and nowhere as asked."""
    for deed, same in question.tellings:
        tellings = [d for d in item.deeds if d.term in same]
        if not tellings or any(deed.agrees(d) for d in tellings):
            continue
        named = frozenset(e for ids in item.entities.values() for e in ids)
        kinds = {e: index.entities[e].kind for d in (deed, *tellings) for e in d.doers | d.done_to}
        if not any(deed.turns(d) or deed.mistakes(d, named, kinds) for d in tellings):
            continue
        if not any(d.term in same and deed.agrees(d) for d in index.asked_deeds(item)):
            return True
    return False


def _entity_features(index: Index, question: Question, item: Item) -> dict[str, float]:
    about = item.concerns
    named = [ids for ids in question.bearers if any(f"@{e}" in index.idf for e in ids)]
    missed = [ids for ids in named if not any(f"@{e}" in item.terms for e in ids)]
    first = question.bearers[0] if question.bearers else question.entities[:1]
    meant = [e for e in question.entities if e not in question.named]
    others = {k: ids - question.entity_ids for k, ids in item.entities.items()}
    return {
        "replaced": float(any(others.get(index.entities[ids[0]].kind) for ids in missed)),
        "other_pronoun": float(bool(item.pronouns) and not question.pronouns <= item.pronouns),
        "kind_fits": float(any(others.get(kind) for kind in question.kinds)),
        "nothing_named": float(
            question.picked is not None
            and question.slot != "date"
            and not item.quotes
            and not any(o - {index.main_person} for o in others.values())
        ),
        "only_main": float(
            (question.slot == "person" or "person" in question.kinds)
            and list(others.get("person", ())) == [index.main_person]
        ),
        "kind_missing": float(bool(question.kinds) and not any(others.get(kind) for kind in question.kinds)),
        "entities": 1 - len(missed) / len(named) if named else 0.5,
        "entities_missed": len(missed) / 2,
        "person_missed": float(any(index.entities[ids[0]].kind == "person" for ids in missed)),
        "subject": float(item.about[0] in first),
        "about": float(any(e in about for e in first)),
        "meant": float(bool(meant) and any(e in about for e in meant)),
        "meant_missed": float(bool(meant) and not any(e in about for e in meant)),
    }


def _slot_features(question: Question, item: Item, index: Index) -> dict[str, float]:
    slot = question.slot
    fits: bool | None = None
    if slot in ("person", "place"):
        kinds = {index.entities[e].kind for e in item.about if e not in question.named}
        place = item.entry.place if isinstance(item.entry, Fact) else None
        fits = slot in kinds or (slot == "place" and place is not None and place not in question.named)
    elif slot in SLOTS:
        fits = slot in item.slots
    hinted = item.entry.intent in question.intents
    focus, counted, head = question.focus, question.counted, question.head
    return {
        "uncounted": float(counted is not None and counted.known and not counted.share(item.counted)),
        "denied": float(question.negated and not item.negated and question.slot != "truth"),
        "focus": focus.share(item.terms) if focus else 0.0,
        "focus_asked": float(focus is not None and focus.found(item.foci) is not None),
        "focus_given": float(focus is not None and bool(focus.share(item.says)) and not focus.found(item.foci)),
        "deed_missed": float(question.deed is not None and question.deed.known and not question.deed.share(item.terms)),
        "head_missed": float(head is not None and head.known and not head.share(item.terms)),
        "focus_missed": float(focus is not None and focus.known and not focus.share(item.terms)),
        "too_coarse": float(question.precision == "day" and item.precision != "day")
        or float(question.precision == "month" and item.precision not in ("day", "month")),
        "negated": float(item.negated and not question.negated and question.slot not in (None, "truth")),
        "slot_fits": float(fits is True),
        **{f"no_{s}": float(fits is False and slot == s and isinstance(item.entry, Fact)) for s in SLOTS},
        "intent": float(hinted),
        "intent_other": float(bool(question.intents) and not hinted),
        "gap": float(not isinstance(item.entry, Fact)),
        "whole_list": float(slot == "list" and item.entry.intent == "list"),
    }


def _news_features(index: Index, question: Question, item: Item, found: Sequence[str | None]) -> dict[str, float]:
    """What the item says beyond the question, as an answer must, and what of the question it leaves open."""
    told = question.explained.intersection(item.says)
    news = (index.says_weights[item.position] - sum([index.idf[t] for t in told])) / index.rarest
    topical = [(t, match) for t, match in zip(question.terms, found, strict=True) if t.explicit and t.weight > TOPIC]
    missed = sum([match is None for _, match in topical])
    matched = sum([t.weight * t.matches[match] for t, match in topical if match])
    asks_date = question.slot == "date" and "date" in item.slots
    return {
        "news": min(1.0, news / MUCH_NEWS),
        "stale_date": float(asks_date and not _tells_new_date(question, item)),
        "untrue": float(not question.denies and question.slot != "truth" and _denies(question, item)),
        "unfulfilled": float(bool(question.taken_for_done) and _takes_for_done(question, item)),
        "missed_any": float(missed > 0),
        "missed_share": missed / len(topical) if topical else 0.0,
        "strength": min(1.0, matched / index.rarest / STRONG),
    }


def _tells_new_date(question: Question, item: Item) -> bool:
    """Whether an item tells a year that the question doesn't, or dates it more exactly."""
    if item.years.difference(d.year for d in question.dates if d.year):
        return True
    return item.precision in ("day", "month") and not any(d.month for d in question.dates)


def _denies(question: Question, item: Item) -> bool:
    """Whether an item says that something of the question wasn't done."""
    untrue = item.untrue
    return bool(untrue) and any(not untrue.isdisjoint(t.matches) for t in question.topical if t.term[0] != "@")


def _takes_for_done(question: Question, item: Item) -> bool:
    """Whether a question speaks of something as done that an item only says was wished, tried or refused."""
    unfulfilled = item.unfulfilled
    return bool(unfulfilled) and any(not unfulfilled.isdisjoint(stems) for stems in question.taken_for_done)


def _figure_features(question: Question, item: Item) -> dict[str, float]:
    agree = disagree = 0
    for date in question.dates:
        if item.when is not None and date.fits(item.when):
            agree += 1
        elif date.year is not None and date.year in item.asked_years:
            continue
        elif (date.year is not None and item.years and date.year not in item.years and not date.bound) or (
            item.when is not None and item.when.precision in ("day", "month") and not date.fits(item.when)
        ):
            disagree += 1
    figures = question.numbers - {float(d.day) for d in question.dates if d.day}
    ordinal = bool(question.ordinals) and bool(item.ordinals)
    return {
        "dates_agree": float(agree > 0),
        "dates_disagree": float(disagree > 0),
        "numbers_agree": float(bool(figures & item.numbers)),
        "ordinal_agrees": float(ordinal and bool(question.ordinals & item.ordinals)),
        "ordinal_missed": float(
            bool(question.ordinals - {1} or ordinal)
            and not question.ordinals & item.ordinals  # `first` may be an adverb
        ),
    }


def _context_features(index: Index, question: Question, item: Item) -> dict[str, float]:
    """Nearness to what was just told: the same paragraph, or the very fact again."""
    if not question.near or not isinstance(item.entry, Fact):
        return {"same_paragraph": 0.0, "again": 0.0}
    told = {(p.document, p.line) for f in question.near if f in index.facts for p in index.facts[f].source}
    return {
        "same_paragraph": float(any((p.document, p.line) in told for p in item.entry.source)),
        "again": float(item.id in question.near),
    }


def _mapping(value: Plain) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}
