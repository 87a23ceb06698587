"""What a query learns of words: only those that its caller may see."""

from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical import BM25Index
from retrieval.query.word_index import WordIndex
from tests.retrieval.rows import passage_entry

SEEN = "Die Versicherung der Kranken: Krankenversicherung, Versicherungskammer, Kammer. quarantine"
HIDDEN = "Lebensversicherung Leben Quarantänelager quarantaine"


def words(language: str = "de") -> WordIndex:
    documents: list[tuple[DocumentEntry, list[PassageEntry]]] = [
        (DocumentEntry(str(n), {"collection": n}), [passage_entry(n, text, language)])
        for n, text in enumerate([SEEN, HIDDEN])
    ]
    index = BM25Index.build(documents)
    return WordIndex(index, index.visible({"collection": [0]}), [language])


def test_hidden_words_occur_nowhere() -> None:
    assert words().frequencies(["~krankenversicherung", "~lebensversicherung"]) == [1, 0]
    assert words().beginning("quaran", 9) == ["quarantine"]
    assert words().fitting("*versicherung", 9) == ["krankenversicherung", "versicherung"]


def test_a_compound_is_made_of_words_that_the_caller_may_see() -> None:
    assert words().compounds("versicherung") == ["krankenversicherung", "versicherungskammer"]


def test_a_language_without_compounds_has_none() -> None:
    assert words("en").compounds("versicherung") == []


def test_nothing_absurd_is_split() -> None:
    document = DocumentEntry("1", {"collection": 0})
    text = "Der Rhein, rheinisch, verrheint und die Rheinmündung; Mündung."
    index = BM25Index.build([(document, [passage_entry(1, text, "de")])])
    visible = WordIndex(index, index.visible({}), ["de"])
    assert visible.compounds("rhein") == ["rheinmuendung", "rheinmundung"]  # either spelling


def test_a_long_word_is_found_inside_a_compound_whose_other_parts_stand_nowhere() -> None:
    document = DocumentEntry("1", {"collection": 0})
    text = "Die Donaudampfschifffahrtsgesellschaft fährt."
    index = BM25Index.build([(document, [passage_entry(1, text, "de")])])
    visible = WordIndex(index, index.visible({}), ["de"])
    assert visible.compounds("dampfschiff") == ["donaudampfschifffahrtsgesellschaft"]
    assert visible.compounds("fahrt") == []
