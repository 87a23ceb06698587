"""Did you mean, within what the caller may see."""

import pytest

from retrieval.analysis import analyze_text
from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical import BM25Index, Vocabulary
from retrieval.suggest.spelling import spelling_suggestions

PUBLIC, SECRET = 1, 2
TEXTS = [
    (PUBLIC, "en", "Aerodynamics of a wing in a slipstream"),
    (PUBLIC, "en", "The wings and the boundary layer; a confidential report"),
    (PUBLIC, "de", "Die Strömung am Flügel"),
    (SECRET, "en", "Confidentially: the turbine propulsion of ERR_4711"),
]


@pytest.fixture(params=["snapshot", "segment"])
def index(request, tmp_path):
    index = BM25Index([])
    for number, (collection, language, text) in enumerate(TEXTS):
        analyzed = analyze_text(text, language)
        passage = PassageEntry(number, analyzed.terms, analyzed.surfaces, analyzed.words)
        index.add(DocumentEntry(str(number), {"collection": collection, "type": "txt"}), [passage])
    if request.param == "segment":
        return index
    index.save(tmp_path / "snapshot")
    return BM25Index.open(tmp_path / "snapshot")


def public(index):
    return index.mask({"collection": [PUBLIC]})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wnig", "wing"),  # neighbours swapped
        ("aerodinamics", "aerodynamics"),
        ("Sliptream", "slipstream"),
        ("kring", None),  # two edits are too many for five letters
        ("boundry-layer", "boundary"),
    ],
)
def test_a_word_nobody_wrote_gets_the_nearest_that_somebody_did(index, typed, meant):
    word = typed.partition("-")[0]
    expected = [(word, meant)] if meant else []
    assert spelling_suggestions(typed, index, public(index), ["en"]) == expected


def test_words_in_any_form_stop_words_and_identifiers_are_left_alone(index):
    text = "winging reports the whom ERR_4712 turbine1 2026"
    assert spelling_suggestions(text, index, None, ["en"]) == []


def test_no_suggestion_comes_from_what_the_caller_may_not_see(index):
    assert spelling_suggestions("turbin propulsoin", index, public(index), ["en"]) == []
    assert spelling_suggestions("propulsoin", index, None, ["en"]) == [("propulsoin", "propulsion")]


def test_a_surface_seen_only_in_secret_is_not_shown_though_its_stem_is_public(index):
    assert spelling_suggestions("confidentally", index, None, ["en"]) == [
        ("confidentally", "confidentially")
    ]
    assert spelling_suggestions("confidentally", index, public(index), ["en"]) == []


def test_a_word_that_only_a_secret_holds_is_treated_as_unknown():
    index = BM25Index([])
    for number, (collection, word) in enumerate([(PUBLIC, "marina"), (SECRET, "marine")]):
        entry = PassageEntry(number, [f"xx:{word}"], [word])
        index.add(DocumentEntry(str(number), {"collection": collection, "type": "txt"}), [entry])
    assert spelling_suggestions("marine", index, public(index), ["xx"]) == [("marine", "marina")]
    assert spelling_suggestions("marine", index, None, ["xx"]) == []


def test_each_language_has_its_own_words(index):
    assert spelling_suggestions("Flugel Stromumg", index, None, ["de"]) == [
        ("Stromumg", "strömung")
    ]
    assert spelling_suggestions("Stromumg", index, None, ["en"]) == []
    assert spelling_suggestions("Stromumg wnig", index, None, ["en", "de"]) == [
        ("Stromumg", "strömung"),
        ("wnig", "wing"),
    ]


def test_a_removed_document_suggests_nothing(index):
    index.remove("0")
    assert spelling_suggestions("aerodinamics", index, None, ["en"]) == []


def holding(*texts):
    index = BM25Index([])
    for number, text in enumerate(texts):
        analyzed = analyze_text(text, "en")
        passage = PassageEntry(number, analyzed.terms, analyzed.surfaces, analyzed.words)
        index.add(DocumentEntry(str(number), {"collection": PUBLIC, "type": "txt"}), [passage])
    return index


def test_each_word_of_several_is_mended_by_itself():
    index = holding("The password verifier stores a salted hash")
    both = [("pasword", "password"), ("verifer", "verifier")]
    assert spelling_suggestions("pasword verifer", index, None, ["en", "de"]) == both
    assert spelling_suggestions("pasword xylophone", index, None, ["en"]) == both[:1]
    assert spelling_suggestions("password verifer", index, None, ["en"]) == both[1:]


def test_a_slip_that_a_document_has_too_is_mended_where_the_right_word_is_far_commoner():
    slip = "The verifer"
    few = holding(slip, *["A verifier"] * 19)
    many = holding(slip, *["A verifier"] * 20)
    assert spelling_suggestions("verifer", few, None, ["en"]) == []
    assert spelling_suggestions("verifer", many, None, ["en"]) == [("verifer", "verifier")]
    assert (
        spelling_suggestions("verifer", holding(slip, slip, slip, *["verifier"] * 99), None, ["en"])
        == []
    )


def test_a_query_of_unknown_words_looks_for_few_of_them(monkeypatch):
    """Each goes through the whole vocabulary."""
    index = holding("harbour tide")
    asked = []

    def similar(self, word, distance):
        asked.append(word)
        return []

    monkeypatch.setattr(Vocabulary, "similar", similar)
    words = [f"{a}{b}quz" for a in "abcdefghijklmnopq" for b in "abcdefghijklmnopq"][:280]
    assert spelling_suggestions(" ".join(words), index, None, ["en"]) == []
    assert asked == words[:16]
