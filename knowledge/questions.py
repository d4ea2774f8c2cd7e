"""Understanding a message: its words mended, its names linked, and what it asks for."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from knowledge import dates
from knowledge.dates import Precision
from knowledge.documents import split_sentences
from knowledge.entities import Mention
from knowledge.index import Index, entity_terms
from knowledge.intents import ASKING_VERBS, COUNTS, PICKS, focus_noun, head_noun, intents
from knowledge.lexicon import Lexicon, english, lexicon, places
from knowledge.roles import BE, Deed, asked, participle
from knowledge.text import NEGATION, ORDINALS, PASSIVE, first_words, numbers, owners, plain, words, written

MOST_WORDS = 60  # of a message are looked at; no question in any set of ours has more than 40
TOPIC = 1.0  # weight from which on a word says what a question is about; “happen” and the like weigh less
CARRIED = 0.5  # what a term of the question before counts in an elliptical one
SYNONYM = 0.7  # what a match through a synonym counts
SLIP = 0.6  # what a match counts through a word that this one may be a slip for, though it is a word itself
LIKELY_SLIP = 4  # letters; shorter words lie too near to others
SCAFFOLD = 0.3  # what words count that only say what kind of answer is wanted
ALIAS = 0.5  # what the words of a nickname count beside the entity that they name

PRONOUNS = {
    "he": "he", "him": "he", "his": "he", "himself": "he",
    "she": "she", "her": "she", "hers": "she", "herself": "she",
    "it": "it", "its": "it", "itself": "it",
    "they": "they", "them": "they", "their": "they", "theirs": "they",
}  # fmt: skip
NAMED_KINDS = (frozenset(("person",)), frozenset(("work",)))  # whose entities have names of their own, as a rule
_BEFORE_NAMES = frozenset("the a an both even ever first".split())
_POSSESSIVE = frozenset(("his", "her", "its", "their"))
_ELLIPSIS = re.compile(
    r"^(and|but|so|also|or|then|what about|how about|the (first|second|third|fourth|other|last|next))\b"
)

_PRECISION: tuple[tuple[Precision, re.Pattern[str]], ...] = (
    ("day", re.compile(r"\b(what|which)( exact| calendar)? (date|day)\b|\bdate of\b|\bday and month\b")),
    ("month", re.compile(r"\bmonth\b")),
)
_POLITE = re.compile(
    r"\b(can|could|would|will|do|did|if|are)? ?you( please| possibly| happen to| able to)? "
    r"(tell|explain|say|show|know|give|remind|help|answer|mean|think)( to)?( me| us)?|"
    r"\b(tell|give|show|remind|help|let) (me|us)\b|"
    r"\bi( am|m| would|d| was| have|ve)?( just| also| really)? "
    r"(want|wanted|like|need|wonder|wondering|read|heard|think|guess|know|mean|forgot|asking|ask|curious|trying)|"
    r"\b(thank|thanks) you\b"
)
_PERSONAL = re.compile(r"\b(i|im|ive|my|me|mine|you|your|yours|youre|u|ur|we|us|our)\b")
_NAME_OF = re.compile(
    r"\b(?:names?|title|nickname|codename|brand) (?:of|for) (?:the|a|an|his|her|their|that|stalins) ((?:\w+ ?){1,2})|"
    r"\bwhat (?:is|was|were) (?:the|his|her|their) ((?:\w+ ){1,2})called\b"
)
_DENIES = re.compile(r"\b(?:fail|oppos|reject|prevent|against|instead|in place of|other than|except|but for)")


@dataclass(frozen=True)
class Context:
    """What a conversation was last about, newest first; all of it ids and stems, none of it sentences."""

    entities: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    slot: str | None = None
    choices: tuple[tuple[str, str], ...] = ()  # what was asked back: labels and the facts behind them


@dataclass(frozen=True)
class Term:
    """A content term of a question, with what it may match and how much that counts (0 to 1)."""

    term: str
    weight: float  # rarity, scaled by how much the term needs an explanation
    matches: dict[str, float] = field(repr=False)
    word: str = ""  # as the user wrote it
    known: bool = True
    explicit: bool = True  # said in this message, not carried over

    @cached_property
    def best_first(self) -> tuple[tuple[str, float], ...]:
        """The matches, those that count most first."""
        return tuple(sorted(self.matches.items(), key=lambda m: (-m[1], m[0])))

    @cached_property
    def stems(self) -> frozenset[str]:
        """What it matches, and the terms of its words where it is a name."""
        return frozenset((*self.matches, *(self.spoken if self.term.startswith("@") else ())))

    @cached_property
    def spoken(self) -> frozenset[str]:
        """The terms of its words."""
        return frozenset(map(lexicon().term, words(self.word)))

    def share(self, terms: Container[str]) -> float:
        """How much of this term some terms explain, 0 to 1."""
        match = self.found(terms)
        return self.matches[match] if match else 0.0

    def found(self, terms: Container[str]) -> str | None:
        """The one of some terms that explains this term best."""
        for match, _ in self.best_first:
            if match in terms:
                return match
        return None


@dataclass(frozen=True)
class Question:
    """A message as the matcher sees it."""

    message: str  # the words of the whole message, in plain form
    words: tuple[str, ...]  # of the question in it, slips mended
    terms: tuple[Term, ...]
    entities: tuple[str, ...]  # named here, or meant by a pronoun
    bearers: tuple[tuple[str, ...], ...]  # of each name that is said here, the entities that bear it
    slot: str | None
    intents: frozenset[str]
    dates: tuple[dates.Mentioned, ...]
    numbers: frozenset[float]
    ordinals: frozenset[int]
    focus: Term | None  # what the question word counts or picks: `votes` in "how many votes"
    deed: Term | None  # what somebody named did or had done: `leave` in "why did Stalin leave"
    undertaken: Term | None  # the same, or the object of a word as light as `take`: `Lviv` in "when did he take Lviv"
    head: Term | None  # what is asked for: `captain` in "who was the captain of", or the deed: `led` in "who led"
    counted: Term | None  # the noun in "how many votes"
    picked: Term | None  # the noun in "which votes"
    asked_deeds: tuple[Deed, ...]  # who does what to whom, as far as it says
    passive: bool
    personal: bool  # speaks of the bot or of who asks
    kinds: frozenset[str]  # of entities, one of which it asks for: person, in "which general"
    precision: Precision | None  # how exact a date it wants
    negated: bool
    description: bool  # asks what one entity is
    leans: bool  # leans on what was said before: a pronoun or an ellipsis that the context explains
    near: tuple[str, ...]  # facts just told, where the question leans on them
    pronouns: frozenset[str]  # `he` or `she`, where the question speaks of somebody so
    unresolved: str | None  # a `he` or `she` of whom nobody knows who that is

    @cached_property
    def weight(self) -> float:
        """Of all terms together; never zero."""
        return sum(t.weight for t in self.terms) or 1.0

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The entities that are named here."""
        return tuple(dict.fromkeys(e for ids in self.bearers for e in ids))

    @cached_property
    def entity_ids(self) -> frozenset[str]:
        """Its entities, in no order."""
        return frozenset(self.entities)

    @cached_property
    def nameless(self) -> tuple[str, ...]:
        """The nouns whose name it asks for: "which general", "the name of the medical examiner"."""
        if self.picked and self.kinds in NAMED_KINDS:
            return (plain(self.picked.word),)
        named = _NAME_OF.search(self.joined)
        return tuple(w for w in (named[1] or named[2]).split() if w not in lexicon().function) if named else ()

    @cached_property
    def joined(self) -> str:
        """Its words."""
        return " ".join(self.words)

    @cached_property
    def spelled(self) -> str:
        """Its words in alphabetical order."""
        return " ".join(sorted(self.words))

    @cached_property
    def deeds(self) -> tuple[tuple[Term, Term, Term], ...]:
        """Who does what to whom: two names with one word between them, that isn't about both alike."""
        said = [t for t in self.terms if t.explicit]
        return tuple(
            (one, deed, other)
            for one, deed, other in zip(said, said[1:], said[2:], strict=False)
            if self._acts(one) and self._acts(other) and one.term != other.term
            if not deed.term.startswith("@") and deed.term not in lexicon().mutual
            if plain(deed.word) not in words(f"{one.word} {other.word}")  # a word of a name is no deed
        )

    def _acts(self, term: Term) -> bool:
        """Whether a term is a name that does something or has it done: not one of a place or time beside it."""
        beside = rf"\b(in|at|from|near|of|on|for|with|to|and) (the )?{re.escape(plain(term.word))}\b"
        return term.term.startswith("@") and not re.search(beside, self.joined)

    @cached_property
    def foreign(self) -> tuple[Term, ...]:
        """The unknown terms that are no English words, or written like names."""
        strange = [t for t in self.terms if not t.known and t.word[:1].isalpha()]
        return tuple(t for t in strange if t.word[0].isupper() or plain(t.word) not in english())

    @cached_property
    def denies(self) -> bool:
        """Whether it speaks itself of what wasn't done."""
        return self.negated or bool(_DENIES.search(self.joined))

    @cached_property
    def wishes(self) -> bool:
        """Whether it speaks itself of what was only wished, tried or refused."""
        return next(places(lexicon().unreal, self.words), None) is not None

    @cached_property
    def taken_for_done(self) -> tuple[frozenset[str], ...]:
        """What it speaks of as done: the stems of each such deed."""
        if self.slot in (None, "truth") or self.denies or self.wishes:
            return ()
        verb = next((w for w in self.words if w in ASKING_VERBS), None)
        undertaken = self.undertaken
        if verb in BE and undertaken and not participle(plain(undertaken.word), lexicon()):
            undertaken = None  # "how greedy was Stalin", "what was his aim"
        deeds = (undertaken, self.head if self.head and f"who {plain(self.head.word)}" in self.joined else None)
        return tuple(t.stems for t in deeds if t)

    @cached_property
    def tellings(self) -> tuple[tuple[Deed, frozenset[str]], ...]:
        """The deeds that it asks of, each with the terms by which they may be told."""
        matches = {t.term: frozenset(t.matches) for t in self.terms}
        return tuple((d, matches.get(d.term, frozenset((d.term,)))) for d in self.asked_deeds)

    @cached_property
    def topical(self) -> tuple[Term, ...]:
        """The terms said here that the question is about."""
        return tuple(t for t in self.terms if t.explicit and t.weight > TOPIC)

    @cached_property
    def explained(self) -> frozenset[str]:
        """All that its terms match."""
        return frozenset(m for t in self.terms for m in t.matches)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The words, as written, that nothing known explains."""
        return tuple(t.word for t in self.terms if not t.known)


def understand(index: Index, message: str, context: Context) -> Question:
    """Read a message in the light of what was said before."""
    read = _read(index, message, context)
    lex, understood = lexicon(), intents()
    said = " ".join(read.said)
    own = _terms(index, lex, read.tokens, read.spelled, read.mentions)
    elliptical = _is_elliptical(read, own)
    carried = _carried(index, lex, own, read.mentions, read.context) if elliptical else []
    named = tuple(dict.fromkeys((*_ids(read.mentions), *read.meant)))
    leans = elliptical or bool(read.meant)
    written_so = plain(read.asked)
    wanted = _wanted(read, own)
    return Question(
        message=" ".join(words(message[:4096])),
        words=tuple(read.tokens),
        terms=tuple(own + carried),
        entities=named or (read.context.entities[:2] if elliptical else ()),
        bearers=tuple(m.ids for m in read.mentions),
        slot=understood.slot(said) or (read.context.slot if elliptical else None),
        intents=understood.hinted([lex.term(w) for w in read.tokens]),
        dates=tuple(read.dates or dates.mentioned(said)),
        numbers=frozenset(n for n in numbers(written_so) if not 1000 <= n <= 2100),
        ordinals=_ordinals(read),
        focus=wanted.focus,
        kinds=wanted.kinds,
        counted=wanted.counted,
        deed=wanted.deed,
        undertaken=wanted.undertaken,
        head=wanted.head,
        picked=wanted.picked,
        asked_deeds=tuple(asked(read.tokens, read.mentions, owners(read.spelled), lex)),
        personal=bool(_PERSONAL.search(_POLITE.sub(" ", said))),
        passive=bool(PASSIVE.search(said)),
        precision=next((p for p, pattern in _PRECISION if pattern.search(said)), None),
        negated=bool(NEGATION.search(written_so)),
        description=_wants_description(read.tokens, read.mentions),
        leans=leans,
        pronouns=frozenset(PRONOUNS[w] for w in words(read.asked) if w in ("he", "she", "him")),
        unresolved=read.unresolved,
        near=read.context.facts if leans or not read.mentions else (),
    )


@dataclass(frozen=True)
class _Read:
    """A message taken apart: the question in it, its words, and whom and when they name."""

    asked: str  # the question, as the user wrote it
    said: list[str]  # its words, slips mended
    tokens: list[str]  # the same with names in the place of `his` and the like
    spelled: list[str]  # as the user wrote them
    dates: list[dates.Mentioned]
    mentions: list[Mention]
    meant: tuple[str, ...]  # entities that pronouns stand for
    unresolved: str | None
    context: Context  # with what the message itself says before its question


def _read(index: Index, message: str, context: Context) -> _Read:
    before, asked = (first_words(part, MOST_WORDS) for part in _question_of(message))
    named_dates = dates.mentioned(plain(asked))
    said, spelled = _mend(index, asked, named_dates)
    if before:
        earlier = _ids(index.names.find(_mend(index, before, [])[0]))
        context = Context((*earlier, *context.entities), context.facts, context.terms, context.slot)
    mentions = index.names.find(said)
    unresolved = _unresolved(index, said, mentions, context)
    tokens, mentions, meant = _resolve(index, said, mentions, context)
    return _Read(asked, said, tokens, spelled, named_dates, mentions, meant, unresolved, context)


def _is_elliptical(read: _Read, terms: Sequence[Term]) -> bool:
    """Whether a message says so little that the question before must be carried on."""
    if not read.context.facts:
        return False
    topical = [t for t in terms if t.weight > 0 and t.term not in lexicon().scaffold]
    goes_on = bool(_ELLIPSIS.search(" ".join(read.said))) and len(topical) <= 3
    return goes_on or (len(topical) <= 1 and not read.mentions)


def _ordinals(read: _Read) -> frozenset[int]:
    return frozenset(ORDINALS[t] for n, t in enumerate(read.tokens) if t in ORDINALS and not _in(read.mentions, n))


@dataclass(frozen=True)
class _Wanted:
    """The terms of a question that say what it asks for."""

    counted: Term | None
    picked: Term | None
    kinds: frozenset[str]
    focus: Term | None
    head: Term | None
    deed: Term | None
    undertaken: Term | None


def _wanted(read: _Read, terms: Sequence[Term]) -> _Wanted:
    said = " ".join(read.said)
    lex = lexicon()

    def term(of: str | None) -> Term | None:
        own = next((t for t in terms if t.term == of), None)
        return own or next((t for t in terms if of in t.spoken and not t.term.startswith("@")), None)

    def topical(of: Term | None) -> Term | None:
        return of if of and of.term not in lex.scaffold else None

    def noun(pattern: re.Pattern[str]) -> str | None:
        found = focus_noun(said, pattern)
        return lex.term(found) if found else None

    counted, picked = term(noun(COUNTS)), term(noun(PICKS))
    kinds = lex.kinds_of(focus_noun(said, PICKS) or "") if picked else frozenset()
    head, deed = term(head_noun(said)), term(_deed(read.tokens, read.mentions))
    undertaken = topical(deed) or _object(read.tokens, terms, deed)
    return _Wanted(counted, picked, kinds, topical(counted or picked), topical(head), topical(deed), undertaken)


def _object(tokens: Sequence[str], terms: Sequence[Term], deed: Term | None) -> Term | None:
    """The term right behind a deed, with an article between them at most."""
    behind = next((after for before, after in pairwise(terms) if before is deed), None)
    if deed is None or behind is None or not (own := words(behind.word)):
        return None
    places = [n for n, token in enumerate(tokens) if lexicon().term(token) == deed.term]
    follow = [w for n in places for w in tokens[n + 1 : n + 3] if w not in _BEFORE_NAMES][:1]
    return behind if follow == own[:1] else None


def _question_of(message: str) -> tuple[str, str]:
    """What goes before the question, and the question itself: the last sentence that ends in a question mark."""
    sentences = split_sentences(message[:4096])
    asking = [n for n, s in enumerate(sentences) if s.rstrip("\"'”’) ").endswith("?")]
    if not asking or len(sentences) == 1:
        return "", message
    begin = asking[-1]
    rest = " ".join(s for n, s in enumerate(sentences) if n > begin)
    return " ".join(sentences[:begin]), sentences[begin] + (" " + rest if len(rest) < 40 else "")


def _mend(index: Index, text: str, named_dates: Sequence[dates.Mentioned]) -> tuple[list[str], list[str]]:
    """The words of a text with slips mended and years in full; as the index knows them, and as written."""
    spelled = written(text)[:MOST_WORDS]
    years = {f"{d.year % 100:02}": str(d.year) for d in named_dates if d.year}
    chat = lexicon().chat
    days = {f"{d.day}{suffix}" for d in named_dates if d.day for suffix in ("st", "nd", "rd", "th")}
    shouted = text.upper() == text
    tokens = []
    for word, form in zip(words(text)[:MOST_WORDS], spelled, strict=True):
        if word in years:
            tokens.append(years[word])
        elif word in chat and word not in index.spelling.told:
            tokens.append(chat[word])
        elif word in days:
            tokens.append(word[:-2])
        elif form.isupper() and len(form) > 1 and not shouted:
            tokens.append(word)  # an abbreviation is no slip
        elif word in index.spelling:
            tokens.append(index.spelling.meant(word))
        else:
            tokens.append(index.spelling.mend(word) or index.spelling.mend(word.removesuffix("s")) or word)
    return tokens, spelled


def _resolve(
    index: Index, tokens: list[str], mentions: list[Mention], context: Context
) -> tuple[list[str], list[Mention], tuple[str, ...]]:
    """Put names in the place of pronouns; also tells which entities were only meant."""
    said = {index.entities[i].pronoun for i in _ids(mentions)}
    meant: list[str] = []
    replaced = list(tokens)
    for n, word in enumerate(tokens):
        pronoun = PRONOUNS.get(word)
        if word == "there":
            meant += [e for e in _near(index, context) if index.entities[e].kind == "place"][:1]
        if pronoun is None or (pronoun in said and word not in _POSSESSIVE) or _in(mentions, n):
            continue
        entity = _antecedent(index, pronoun, context) if pronoun not in said else None
        entity = entity or next((i for i in _ids(mentions) if index.entities[i].pronoun == pronoun), None)
        if entity is None:
            continue
        if pronoun not in said:
            meant.append(entity)
        if word in _POSSESSIVE:
            replaced[n] = _short_name(index, entity, replaced[n + 1 : n + 4]) or word
    if replaced != tokens:
        mentions = index.names.find(replaced)
    return replaced, mentions, tuple(dict.fromkeys(m for m in meant if m not in _ids(mentions)))


def _in(mentions: Sequence[Mention], place: int) -> bool:
    """Whether a word is part of a name."""
    return any(m.start <= place < m.stop for m in mentions)


def _unresolved(index: Index, tokens: Sequence[str], mentions: Sequence[Mention], context: Context) -> str | None:
    """A pronoun for a person whom neither the message nor the conversation names, and who isn't the main person."""
    if any(index.entities[i].kind == "person" for i in _ids(mentions)):
        return None
    said = [w for n, w in enumerate(tokens) if PRONOUNS.get(w) in ("he", "she") and not _in(mentions, n)]
    return next((w for w in said if _antecedent(index, PRONOUNS[w], context) is None), None)


def _antecedent(index: Index, pronoun: str, context: Context) -> str | None:
    for entity in context.entities:
        if index.entities[entity].pronoun == pronoun:
            return entity
    main = index.main_person
    return main if main and pronoun in ("he", "she") and index.entities[main].pronoun == pronoun else None


def _near(index: Index, context: Context) -> list[str]:
    about = [e for f in context.facts if f in index.facts for e in index.facts[f].about]
    return [*context.entities, *about]


def _short_name(index: Index, entity: str, following: Sequence[str]) -> str | None:
    """A one-word name of an entity that makes a known name with the words that follow: `his` in `his first wife`."""
    known = index.entities[entity]
    for name in (known.name, *known.aliases):
        token = words(name)
        if len(token) == 1 and any(
            (token[0], *following[:n]) in index.names.phrases for n in range(len(following), 0, -1)
        ):
            return token[0]
    return None


def _terms(index: Index, lex: Lexicon, tokens: list[str], spelled: list[str], mentions: list[Mention]) -> list[Term]:
    """The content terms: an entity counts as one, the words of its nickname a little beside it."""
    terms: list[Term] = []
    starts = {m.start: m for m in mentions}
    stems = [lex.term(w) for w in tokens]
    n = 0
    while n < len(tokens):
        if mention := starts.get(n):
            ids = entity_terms(mention)
            weight = max((index.idf.get(i, 0.5) for i in ids), default=0.5)
            terms.append(Term(ids[0], weight, dict.fromkeys(ids, 1.0), " ".join(spelled[n : mention.stop])))
            own = {w for i in mention.ids for w in words(index.entities[i].name)}
            for token in tokens[n : mention.stop]:
                term = lex.term(token)
                if token not in own and token not in lex.function and term in index.idf:
                    terms.append(Term(term, ALIAS * index.idf[term], _matches(index, lex, term), token))
            n = mention.stop
            continue
        to_name = next((start - n for start in starts if start > n), len(tokens))  # no phrase takes words of a name
        phrase, length = _phrase(lex, stems, n, to_name)
        if length:
            matches = {t: SYNONYM for t in phrase if t in index.idf}
            own = {lex.term(w) for w in tokens[n : n + length] if w not in lex.function}
            matches |= {t: 1.0 for t in own if t in index.idf}
            if matches:
                weight = max(index.idf[t] * share for t, share in matches.items())
                first = min(matches, key=lambda t: (-matches[t], t))  # the same one in every run
                terms.append(Term(first, weight, matches, " ".join(spelled[n : n + length])))
            n += length
            continue
        if tokens[n] not in lex.function:
            written_so = spelled[n] if n < len(spelled) else tokens[n]
            terms.append(_term(index, lex, tokens[n], written_so, proper=n > 0 and written_so.istitle()))
        n += 1
    return terms


def _term(index: Index, lex: Lexicon, token: str, word: str, *, proper: bool) -> Term:
    term = lex.term(token)
    matches = _matches(index, lex, term)
    known_name = proper and token in english()  # Vietnam is no slip for Vienna
    if not matches and len(token) >= LIKELY_SLIP and not known_name:
        matches = _slips(index, lex, index.spelling.near(token))
    written = plain(word)
    if written != token and written not in index.spelling:
        matches = _slips(index, lex, index.spelling.near(written)[1:]) | matches
    if not matches:
        if term in lex.scaffold:
            return Term(term, 0.0, {}, word)
        return Term(term, index.rarest, {}, word, known=term in lex.synonyms)
    weight = max(index.idf[t] * share for t, share in matches.items())
    known = not index.told.isdisjoint(matches)
    return Term(term, weight * (SCAFFOLD if term in lex.scaffold else 1.0), matches, word, known)


def _slips(index: Index, lex: Lexicon, near: Sequence[str]) -> dict[str, float]:
    """What a word matches that may be a slip for others, names among them."""
    found: dict[str, float] = {}
    for other in near:
        named = [f"@{e}" for e in index.names.phrases.get((other,), ())]
        for term, share in ({t: 1.0 for t in named if t in index.idf} | _matches(index, lex, lex.term(other))).items():
            found[term] = max(found.get(term, 0.0), share * SLIP)
    return found


def _matches(index: Index, lex: Lexicon, term: str) -> dict[str, float]:
    found = {t: SYNONYM for t in lex.synonyms.get(term, ()) if t in index.idf}
    if term in index.idf:
        found[term] = 1.0
    return found


def _phrase(lex: Lexicon, stems: list[str], at: int, most: int) -> tuple[frozenset[str], int]:
    """The terms that several words at a place stand for together, and how many words."""
    for length in (4, 3, 2):
        phrase = tuple(stems[at : at + length])
        if len(phrase) == length <= most and phrase in lex.phrases:
            return lex.phrases[phrase], length
    return frozenset(), 0


def _carried(index: Index, lex: Lexicon, own: list[Term], mentions: list[Mention], context: Context) -> list[Term]:
    """Terms of the question before that this one doesn't replace by one of the same kind."""
    kinds = {index.entities[i].kind for i in _ids(mentions)}
    said = {t.term for t in own}
    ordinal = any(w in ORDINALS for w in said)
    carried = []
    for term in context.terms:
        replaced = (
            term in said
            or term not in index.idf
            or (term in ORDINALS and ordinal)
            or (term.startswith("@") and index.entities[term[1:]].kind in kinds)
        )
        if not replaced:
            weight = CARRIED * index.idf[term] * (SCAFFOLD if term in lex.scaffold else 1.0)
            carried.append(Term(term, weight, {term: 1.0}, term, explicit=False))
    return carried


def _deed(tokens: Sequence[str], mentions: Sequence[Mention]) -> str | None:
    """The term of the word behind a name or pronoun that itself stands behind `did`, `was` or the like."""
    lex = lexicon()
    for n, word in enumerate(tokens):
        if word not in ASKING_VERBS:
            continue
        at = n + 1
        while at < len(tokens) and tokens[at] in _BEFORE_NAMES:
            at += 1
        subject = next((m for m in mentions if m.start == at), None)
        if subject is None and (at >= len(tokens) or tokens[at] not in PRONOUNS):
            continue
        behind = tokens[subject.stop if subject else at + 1 :]
        behind = (behind[2:] if lex.catenative.issuperset(behind[:1]) and behind[1:2] == ["to"] else behind)[:3]
        return next((lex.term(w) for w in behind if w not in lex.function), None)
    return None


def _wants_description(tokens: list[str], mentions: list[Mention]) -> bool:
    if len(mentions) != 1:
        return False
    mention = mentions[0]
    return bool(intents().description.search(" ".join(tokens[: mention.start]))) and mention.stop == len(tokens)


def _ids(mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for m in mentions for i in m.ids))
