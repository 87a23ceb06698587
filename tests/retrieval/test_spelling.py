"""Did you mean, within what the caller may see."""

import pytest

from retrieval.analysis import terms_and_surfaces
from retrieval.entries import ChunkEntry, DocumentEntry
from retrieval.lexical import BM25Index
from retrieval.spelling import suggest

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
        chunk = ChunkEntry(number, *terms_and_surfaces(text, language))
        index.add(DocumentEntry(str(number), {"collection": collection, "type": "txt"}), [chunk])
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
    assert suggest(typed, index, public(index), ["en"]) == expected


def test_words_in_any_form_stop_words_and_identifiers_are_left_alone(index):
    text = "winging reports the whom ERR_4712 turbine1 2026"
    assert suggest(text, index, None, ["en"]) == []


def test_no_suggestion_comes_from_what_the_caller_may_not_see(index):
    assert suggest("turbin propulsoin", index, public(index), ["en"]) == []
    assert suggest("propulsoin", index, None, ["en"]) == [("propulsoin", "propulsion")]


def test_a_surface_seen_only_in_secret_is_not_shown_though_its_stem_is_public(index):
    assert suggest("confidentally", index, None, ["en"]) == [("confidentally", "confidentially")]
    assert suggest("confidentally", index, public(index), ["en"]) == []


def test_a_word_that_only_a_secret_holds_is_treated_as_unknown():
    index = BM25Index([])
    for number, (collection, word) in enumerate([(PUBLIC, "marina"), (SECRET, "marine")]):
        entry = ChunkEntry(number, [f"xx:{word}"], [word])
        index.add(DocumentEntry(str(number), {"collection": collection, "type": "txt"}), [entry])
    assert suggest("marine", index, public(index), ["xx"]) == [("marine", "marina")]
    assert suggest("marine", index, None, ["xx"]) == []


def test_each_language_has_its_own_words(index):
    assert suggest("Flugel Stromumg", index, None, ["de"]) == [("Stromumg", "strömung")]
    assert suggest("Stromumg", index, None, ["en"]) == []
    assert suggest("Stromumg wnig", index, None, ["en", "de"]) == [
        ("Stromumg", "strömung"),
        ("wnig", "wing"),
    ]


def test_a_removed_document_suggests_nothing(index):
    index.remove("0")
    assert suggest("aerodinamics", index, None, ["en"]) == []


def holding(*texts):
    index = BM25Index([])
    for number, text in enumerate(texts):
        chunk = ChunkEntry(number, *terms_and_surfaces(text, "en"))
        index.add(DocumentEntry(str(number), {"collection": PUBLIC, "type": "txt"}), [chunk])
    return index


def test_each_word_of_several_is_mended_by_itself():
    index = holding("The password verifier stores a salted hash")
    both = [("pasword", "password"), ("verifer", "verifier")]
    assert suggest("pasword verifer", index, None, ["en", "de"]) == both
    assert suggest("pasword xylophone", index, None, ["en"]) == both[:1]
    assert suggest("password verifer", index, None, ["en"]) == both[1:]


def test_a_slip_that_a_document_has_too_is_mended_where_the_right_word_is_far_commoner():
    slip = "The verifer"
    few = holding(slip, *["A verifier"] * 19)
    many = holding(slip, *["A verifier"] * 20)
    assert suggest("verifer", few, None, ["en"]) == []
    assert suggest("verifer", many, None, ["en"]) == [("verifer", "verifier")]
    assert suggest("verifer", holding(slip, slip, slip, *["verifier"] * 99), None, ["en"]) == []
