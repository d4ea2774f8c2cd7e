"""The data of `knowledge/language`: every file loads, and what it promises holds."""

from knowledge.intents import intents
from knowledge.lexicon import english, language_file, lexicon
from knowledge.matching import weights
from knowledge.pack import intent_ids
from knowledge.text import words


def test_every_language_file_loads() -> None:
    for name in ("intents.yaml", "lexicon.yaml", "weights.yaml"):
        assert language_file(name)


def test_irregular_forms_share_a_term() -> None:
    lex = lexicon()
    assert lex.term("died") == lex.term("death") == lex.term("die")
    assert lex.term("wrote") == lex.term("written")


def test_synonyms_hold_both_ways() -> None:
    lex = lexicon()
    for term, others in lex.synonyms.items():
        for other in others:
            assert term in lex.synonyms[other], f"{term} and {other}"


def test_function_words_carry_no_topic() -> None:
    assert lexicon().content("When was the light lit, please?") == ["light", lexicon().term("lit")]


def test_every_intent_is_hinted_by_its_own_cues() -> None:
    data = language_file("intents.yaml")["intents"]
    assert isinstance(data, list)
    lex, known = lexicon(), intents()
    for item in data:
        assert isinstance(item, dict)
        cues = item["cues"]
        assert isinstance(cues, list)
        terms = [lex.term(w) for w in words(str(cues[0]))]
        assert item["id"] in known.hinted(terms), item["id"]


def test_every_intent_id_is_known_to_packs() -> None:
    assert {"birth", "death", "description", "list", "cause"} <= intent_ids()


def test_weights_name_features_for_order_and_confidence() -> None:
    learned = weights()
    assert learned.ranking["covered"] > 0
    assert {"bias", "score", "lead_elsewhere"} <= learned.confidence.keys()


def test_common_words_are_english() -> None:
    assert {"cup", "weather", "rebut"} <= english()
    assert "khachapuri" not in english()
