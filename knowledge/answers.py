"""From ranked facts to an answer: told, asked back, corrected, or honestly not known."""

import heapq
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge import dates
from knowledge.comparing import compared
from knowledge.index import Correction, Index, Item
from knowledge.intents import Talk, intents
from knowledge.lexicon import english, language_file
from knowledge.matching import Match, companion, probability, rank, unrivalled, weigh, weights
from knowledge.pack import Fact, Gap
from knowledge.premises import contrary, denied, is_bare, of_another, unnamed
from knowledge.questions import TOPIC, Context, Question, understand
from knowledge.results import Ambiguous, Answer, Answered, Chat, Choice, Corrected, Source, Unknown, Why, footnotes
from knowledge.text import plain, words

LONGEST_MESSAGE = 4096  # characters, the most that Telegram carries
LONGEST_ANSWER = 600  # characters
MOST_CHOICES = 4
MOST_COUNTED = 8  # features that tell why
PREMISES = (
    "dates_disagree",
    "ordinal_missed",
    "swapped",
    "opposed",
    "unfulfilled",
)  # what a question can get wrong about a fact that it means
MOST_EVENTS = 4  # facts told of one date
SURE_OF_DATE = 0.9  # a date that fits is hardly ever the wrong one, but the event may be
NEARLY_ASKED = 0.6  # likeness to an ask of a gap or a correction, by terms
NEARLY_ALIKE = 1.25  # the same and that by letters together; of 80 that were so near two weren't meant
SURE = 0.9  # confidence from which on one fact is enough
FAR = 100_000  # lines: in another document
NEAR = 0.4  # share of a question's weight from which on a fact counts as near to it
SHARED_NAME_LEAD = 2.5  # log odds: bearers of one name that are closer than this are asked about
MOST_REMEMBERED = 12  # facts of a conversation that "more" doesn't tell again


@dataclass(frozen=True)
class Reply:
    """An answer, and the conversation as it stands after it."""

    answer: Answer
    context: Context


def answer(
    index: Index, message: str, context: Context | None = None, *, without: Collection[str] = frozenset()
) -> Reply:
    """Answer one message of a conversation. Never raises, whatever the message holds.

    `without` are facts that are told only where they are asked for, not where somebody wants to hear more.
    """
    context = context or Context()
    message = unicodedata.normalize("NFKC", message[:LONGEST_MESSAGE])[:LONGEST_MESSAGE]  # some letters unfold into 18
    spoken = " ".join(words(message))
    if not spoken:
        return Reply(Chat("Ask me something in words, please.", "help"), context)
    if chosen := _chosen(context, spoken):
        return tell(index, chosen, replace(context, choices=()))
    if talk := intents().talk(spoken):
        return _converse(index, talk, context, without)
    question = understand(index, message, context)
    curated = spoken in index.by_ask  # an editor's own wording says which fact answers
    if question.unresolved and not curated:
        return Reply(
            Unknown(f"Whom do you mean by “{question.unresolved}”? Ask me with the name, please.", (), (), 0.0), context
        )
    if not curated and (described := _described(index, question, context)):
        return described
    if not curated and (comparison := _compared(index, message, question, context)):
        return comparison
    ranked = rank(index, question)
    on_a_date = None if curated else _on_a_date(index, question, context, ranked)
    return on_a_date or _decide(index, question, ranked, context)


def tell(index: Index, fact: str, context: Context) -> Reply:
    """One known fact, as when somebody picks a choice or asks for more."""
    item = index.by_id[fact]
    text, facts = _telling(index, item)
    return Reply(Answered(text, facts, sources_of(index, facts), 1.0), _after(index, context, (), item.about, (fact,)))


def more(index: Index, context: Context, *, without: Collection[str] = frozenset()) -> Reply:
    """Another fact about what the conversation was last about, the nearest to what was last told first."""
    for entity in context.entities:
        for fact in sorted(index.about.get(entity, ()), key=lambda f: _distance(index, f, context.facts[:1])):
            if fact not in context.facts and fact not in without:
                reply = tell(index, fact, context)
                entities = dict.fromkeys((entity, *reply.context.entities))
                return Reply(reply.answer, replace(reply.context, entities=tuple(entities)))
    text = "That is all I know of it." if context.entities else "More about what? Ask me something first."
    return Reply(Chat(text, "more"), context)


def _distance(index: Index, fact: str, told: Sequence[str]) -> tuple[int, int]:
    """How far a fact is from one just told: how few entities they share, then how many lines lie between them."""
    if not told:
        return 0, 0
    one, other = index.facts[fact], index.facts[told[0]]
    between = [abs(a.line - b.line) for a in one.source for b in other.source if a.document == b.document]
    return -len(set(one.about) & set(other.about)), min(between, default=FAR)


def sources_of(index: Index, entries: Sequence[str]) -> tuple[Source, ...]:
    """The places of facts or gaps, each once."""
    places = dict.fromkeys(p for e in entries for p in index.by_id[e].entry.source)
    return tuple(
        Source(
            p.document,
            index.documents[p.document].title,
            index.section(p.document, p.line),
            p.line,
            tuple(range(p.first, (p.last or p.first) + 1)) if p.first else (),
        )
        for p in places
    )


@lru_cache(maxsize=1)
def thresholds() -> tuple[float, float]:
    """From which probability on a fact is told, and from which on it is worth asking back."""
    data = language_file("weights.yaml")
    return float(str(data["threshold"])), float(str(data["ask_back"]))


def _converse(index: Index, talk: Talk, context: Context, without: Collection[str]) -> Reply:
    if talk.id == "more":
        return more(index, context, without=without)
    if talk.id == "source":
        return Reply(Chat(_source_words(index, context), "source"), context)
    if talk.id == "explain":
        return Reply(Chat(_explanation(index, context), "explain"), context)
    return Reply(Chat(talk.reply, talk.id), context)


def _source_words(index: Index, context: Context) -> str:
    if not context.facts:
        return "I have told nothing yet that would need a source."
    return "It stands in " + "; ".join(footnotes(sources_of(index, context.facts[:1]))) + "."


def _explanation(index: Index, context: Context) -> str:
    if not context.facts:
        return "I have told nothing yet that I could explain."
    fact = index.facts[context.facts[0]]
    names = ", ".join(index.entities[e].name for e in fact.about)
    return f"Because it is what I know about {names}. {_source_words(index, context)}"


def _chosen(context: Context, spoken: str) -> str | None:
    """The fact that a reply to a question asked back picks: by number, by place or by label."""
    places = ("1 one first", "2 two second", "3 three third", "4 four fourth")
    for n, (label, fact) in enumerate(context.choices):
        if spoken.removeprefix("the ").removesuffix(" one") in places[n].split() or spoken == " ".join(words(label)):
            return fact
    return None


def _described(index: Index, question: Question, context: Context) -> Reply | None:
    """What an entity is, where a question asks for just that and its name has one bearer."""
    if not question.description or len(question.named) != 1 or question.named[0] not in index.descriptions:
        return None
    item = index.by_id[index.descriptions[question.named[0]]]
    why = replace(_why(index, question, []), score=1.0, fact=item.id)
    text, facts = _telling(index, item)
    told = Answered(text, facts, sources_of(index, facts), 1.0, why)
    return Reply(told, _after(index, context, question.named, item.about, facts[:1], question))


def _compared(index: Index, message: str, question: Question, context: Context) -> Reply | None:
    """Which of two things came first, told by the facts that date them."""
    found = compared(index, plain(message), thresholds()[1])
    if found is None:
        return None
    facts = (found.earlier.id, found.later.id)
    text = f"First: {index.facts[facts[0]].says} Later: {index.facts[facts[1]].says}"
    why = replace(_why(index, question, []), score=round(found.confidence, 4), fact=facts[0])
    told = Answered(text, facts, sources_of(index, facts), found.confidence, why)
    return Reply(told, _after(index, context, question.named, found.earlier.about, facts, question))


def _decide(index: Index, question: Question, ranked: list[Match], context: Context) -> Reply:
    enough, maybe = thresholds()
    why = _why(index, question, ranked)
    if not ranked or is_bare(question):
        return Reply(_unknown(index, question, ranked, why), context)
    best = ranked[0]
    if best.confidence >= enough or (question.entities and _is_nearly_asked(best)):
        if isinstance(best.item.entry, Correction):
            return _corrected(index, question, best, why, context)
        if isinstance(best.item.entry, Gap):
            return _left_open(index, question, ranked, best.item.entry, why, context)
        if not best.features["worded_so"] and (instead := _instead(index, question, ranked, why, context)):
            return instead
        if shared := _shared_name(index, question, ranked):
            return _ask_back("Whom or what do you mean?", shared, best, why, context)
        return _told_facts(index, question, ranked, why, context)
    if (premise := _contradicted(ranked, enough)) is not None:
        if premise.features["too_coarse"]:
            return _only_roughly(index, question, premise, why, context)
        return _corrected(index, question, premise, why, context)
    likely = [m for m in ranked if m.confidence >= maybe and isinstance(m.item.entry, Fact) and m.item.entry.asks]
    if len(likely) > 1 and not question.unknown:
        choices = [Choice(_nearest_ask(m, question), m.item.id) for m in likely[:MOST_CHOICES]]
        return _ask_back("I am not sure what you mean. One of these?", choices, best, why, context)
    return Reply(_unknown(index, question, ranked, why), context)


def _left_open(index: Index, question: Question, ranked: list[Match], gap: Gap, why: Why, context: Context) -> Reply:
    """What a gap says of a question that the documents leave open."""
    topics = _topics(index, question, ranked)
    told = Unknown(gap.reply, topics, sources_of(index, [gap.id]), ranked[0].confidence, why)
    return Reply(told, _after(index, context, question.named, gap.about, (), question))


def _instead(index: Index, question: Question, ranked: list[Match], why: Why, context: Context) -> Reply | None:
    """What is said in the place of a fact that has something against the question."""
    best = ranked[0]
    if best.features["too_coarse"]:
        return _only_roughly(index, question, best, why, context)
    if any(best.features[k] for k in PREMISES) or denied(question, best.item):
        return _corrected(index, question, best, why, context)
    if unnamed(index, question, best.item) or of_another(question, best.item):
        return Reply(_unknown(index, question, ranked, why), context)
    if other := contrary(index, question, best.item):
        return _corrected(index, question, replace(best, item=other), why, context)
    return None


def _is_nearly_asked(match: Match) -> bool:
    """Whether a question is worded much like one of a gap or a correction, which confidence in facts says little of."""
    if isinstance(match.item.entry, Fact):
        return False
    asked, alike = match.features["asked"], match.features["alike"]
    return asked >= NEARLY_ASKED and asked + alike >= NEARLY_ALIKE


def _told_facts(index: Index, question: Question, ranked: list[Match], why: Why, context: Context) -> Reply:
    best = ranked[0]
    text, facts = _telling(index, best.item)
    beside = companion(ranked) if best.confidence < SURE else None
    if beside is not None and len(facts) == 1:
        other = index.facts[ranked[beside].item.id]
        text, facts = f"{text} {other.says}", (*facts, other.id)
    told = Answered(text, facts, sources_of(index, facts), best.confidence, why)
    return Reply(told, _after(index, context, question.named, best.item.about, facts[:1], question))


def _only_roughly(index: Index, question: Question, best: Match, why: Why, context: Context) -> Reply:
    """The documents date it, but less exactly than was asked."""
    text, facts = _telling(index, best.item, f"My documents don't give the exact {question.precision}. ")
    known = Unknown(text, _topics(index, question, [best]), sources_of(index, facts), best.confidence, why)
    return Reply(known, _after(index, context, question.named, best.item.about, facts[:1], question))


def _telling(index: Index, item: Item, before: str = "") -> tuple[str, tuple[str, ...]]:
    """What a fact says behind some words, with the other views where it is disputed; and which facts that tells.

    As many views as fit into an answer; none where the fact itself tells of several.
    """
    fact = index.facts[item.id]
    text, told = before + fact.says, [fact.id]
    overview = len(fact.versus) > 1 and not fact.according_to
    for other in fact.versus if fact.disputed and not overview else ():
        longer = f"{text} {index.facts[other].says}"
        if len(longer) > LONGEST_ANSWER:
            break
        text, told = longer, [*told, other]
    return text, tuple(told)


def _on_a_date(index: Index, question: Question, context: Context, ranked: list[Match]) -> Reply | None:
    """What happened on a day, in a month or in a year, where a question asks for nothing else."""
    if len(question.dates) != 1 or question.slot not in ("event", "thing", "manner", None):
        return None
    date = question.dates[0]
    if date.bound:
        return None
    of_the_date = {str(date.year), str(date.day)} | {m.lower() for m in dates.MONTHS}
    topical = [
        t for t in question.terms if t.explicit and not t.term.startswith("@") and t.word.lower() not in of_the_date
    ]
    if date.day is None and any(t.weight > TOPIC for t in topical):
        return None
    near = (index.items[p] for p in index.dated.near(date))
    fitting = [i for i in near if i.when is not None and _as_precise(date, i) and date.fits(i.when)]
    if question.named:
        fitting = [i for i in fitting if set(question.named) <= set(i.about)]
    if not fitting:
        return None
    score = {m.item.id: m.score for m in ranked}
    fitting.sort(key=lambda i: (-score.get(i.id, -99.0), i.position))
    text = ""
    told: list[str] = []
    for item in fitting:
        says = item.entry.says if isinstance(item.entry, Fact) else ""
        if told and len(text) + len(says) + 1 > LONGEST_ANSWER:
            break
        text, told = f"{text} {says}".strip(), [*told, item.id]
        if len(told) == MOST_EVENTS:
            break
    why = replace(_why(index, question, ranked), score=SURE_OF_DATE, fact=told[0])
    answered = Answered(text, tuple(told), sources_of(index, told), SURE_OF_DATE, why)
    return Reply(answered, _after(index, context, question.named, index.by_id[told[0]].about, tuple(told), question))


def _as_precise(date: dates.Mentioned, item: Item) -> bool:
    precision = item.when.precision if item.when else None
    if date.day is not None:
        return precision == "day"
    return precision in ("day", "month") if date.month is not None else precision in ("day", "month", "season", "year")


def _corrected(index: Index, question: Question, premise: Match, why: Why, context: Context) -> Reply:
    """The fact that a question gets wrong."""
    entry = premise.item.entry
    fact = entry.fact.id if isinstance(entry, Correction) else entry.id
    text, facts = _telling(index, index.by_id[fact], "Not quite, as far as my documents tell. ")
    corrected = Corrected(text, facts, sources_of(index, facts), premise.confidence, why)
    return Reply(corrected, _after(index, context, question.named, premise.item.about, facts[:1], question))


def _contradicted(ranked: list[Match], enough: float) -> Match | None:
    """A fact that would answer but for what it contradicts in a question, or for a date asked more exactly."""
    for match in ranked[:3]:
        premises = {k: 0.0 for k in (*PREMISES, "too_coarse") if match.features[k]}
        shares = match.features["covered_by_says"] > 0  # a fact that speaks of nothing in a question corrects nothing
        if not premises or not shares or not isinstance(match.item.entry, Fact):
            continue
        # That it stands near what was just told is no reason to think that the question is about it.
        believed = match.features | premises | {"same_paragraph": 0.0}
        score = weigh(weights().ranking, believed)
        if probability(weigh(weights().confidence, believed | unrivalled(score))) >= enough:
            return match
    return None


def _shared_name(index: Index, question: Question, ranked: list[Match]) -> list[Choice]:
    """Choices where a name in the question is shared and its bearers answer about equally well."""
    best = ranked[0]
    for term in question.terms:
        ids = [m[1:] for m in term.matches if m.startswith("@")]
        if len(ids) < 2:
            continue
        found: dict[str, Match] = {}
        for match in ranked:
            bearer = next((i for i in ids if i in match.item.about), None)
            if bearer and isinstance(match.item.entry, Fact) and best.score - match.score < SHARED_NAME_LEAD:
                found.setdefault(bearer, match)
        if len(found) > 1:
            return [Choice(index.entities[i].name, m.item.id) for i, m in list(found.items())[:MOST_CHOICES]]
    return []


def _ask_back(text: str, choices: list[Choice], best: Match, why: Why, context: Context) -> Reply:
    waiting = replace(context, choices=tuple((c.label, c.fact) for c in choices))
    return Reply(Ambiguous(text, tuple(choices), best.confidence, why), waiting)


def _nearest_ask(match: Match, question: Question) -> str:
    """The ask of a fact that shares most with the question, as a label to pick; a well-written one if there is any."""
    fact = match.item.entry
    shared = {
        text: sum(t.weight for t in question.terms if any(m in ask for m in t.matches)) - 0.01 * len(text)
        for ask, text in zip(match.item.asks, fact.asks, strict=True)
    }
    written = [text for text in shared if text[0].isupper() and text.endswith("?")]
    return max(written or shared, key=shared.__getitem__)


def _unknown(index: Index, question: Question, ranked: list[Match], why: Why) -> Unknown:
    topics = _topics(index, question, ranked)
    word = max((w for w in question.unknown if w[0].isupper() or plain(w) not in english()), key=len, default=None)
    text = f"My documents don't tell anything about “{word[:40]}”." if word else "My documents don't tell that."
    if topics:
        text += f" They do tell about {' and '.join(topics)}."
    return Unknown(text, topics, (), ranked[0].confidence if ranked else 0.0, why)


def _topics(index: Index, question: Question, ranked: list[Match]) -> tuple[str, ...]:
    """Two names near the question: of what it names itself, then of the subjects of facts that share much with it."""
    near = [*question.entities, *(e for m in ranked if m.features["covered"] >= NEAR for e in m.item.about[:1])]
    known = [index.entities[e].name for e in dict.fromkeys(near) if e in index.about]
    return tuple(known[:2])


def _after(
    index: Index,
    context: Context,
    named: Sequence[str],
    about: Sequence[str],
    facts: tuple[str, ...],
    question: Question | None = None,
) -> Context:
    """The context after something was told: what was named comes before what the facts are about."""
    terms = tuple(dict.fromkeys(t.term for t in question.terms)) if question else context.terms
    if question and question.slot == "person" and not question.description:
        # "Who sent Zhukov?", "And when did he …": who it was comes before whom the question named. The one whom all is
        # about is hardly ever who was asked for.
        about, named = named, sorted((e for e in about if e not in named), key=lambda e: e == index.main_person)
    return Context(
        entities=tuple(dict.fromkeys((*named, *about))),
        facts=tuple(dict.fromkeys((*facts, *context.facts)))[:MOST_REMEMBERED],
        terms=terms[:MOST_REMEMBERED],
        slot=question.slot if question else context.slot,
    )


def _why(index: Index, question: Question, ranked: list[Match]) -> Why:
    best = ranked[0] if ranked else None
    second = ranked[1] if len(ranked) > 1 else None
    counts = weights().ranking
    shares = [(k, counts[k] * x) for k, x in best.features.items() if x and k in counts] if best else []
    counted = [(k, round(x, 2)) for k, x in heapq.nlargest(MOST_COUNTED, shares, key=lambda s: abs(s[1]))]
    return Why(
        slot=question.slot,
        intents=tuple(sorted(question.intents)),
        entities=tuple(index.entities[e].name for e in question.entities),
        unknown=question.unknown,
        score=round(best.confidence, 4) if best else 0.0,
        threshold=thresholds()[0],
        fact=best.item.id if best else None,
        runner_up=second.item.id if second else None,
        runner_up_score=round(second.confidence, 4) if second else 0.0,
        features=tuple((k, x) for k, x in counted if x),
    )
