"""What synonyms do to a search: what is found, marked and explained, for whom, and how soon."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from documents.models import Collection, CollectionMember
from documents.models.permissions import Caller
from retrieval.curation import save_synonyms
from retrieval.query import WordIndex
from retrieval.query.request import SearchRequest
from retrieval.query.synonyms.terms import MOST_INFLECTED
from retrieval.search.page import SearchResponse
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index

pytestmark = [pytest.mark.django_db, pytest.mark.volume]

ANYONE = AnonymousUser()


def search(query: str, user: Caller = ANYONE, **options: object) -> SearchResponse:
    request = SearchRequest(query, rerank=False, **{"mode": "lexical", "explain": True, **options})  # type: ignore[arg-type]
    return search_documents(user, request)


def found(query: str, user: Caller = ANYONE, **options: object) -> list[str]:
    return [result.document.title for result in search(query, user, **options).results]


def marks(query: str, user: Caller = ANYONE) -> dict[str, list[str]]:
    return {
        result.document.title: [
            result.passages[0].text[start:end] for start, end in result.passages[0].highlights
        ]
        for result in search(query, user).results
    }


@pytest.fixture
def vault(db: None) -> Collection:
    """A restricted collection."""
    return Collection.objects.create(name="Vault", slug="vault", visibility="restricted")


@pytest.fixture
def insider(vault: Collection) -> User:
    user = User.objects.create_user("insider")
    CollectionMember.objects.create(collection=vault, user=user, role="reader")
    return user


@pytest.mark.parametrize(
    ("language", "rules", "query", "text", "mark"),
    [
        ("en", "gp => general practitioner", "gp", "Ask two general practitioners.",
         "general practitioners"),
        ("en", "car, automobile", "car", "Automobiles of old.", "Automobiles"),
        ("de", "Arzt, Doktor, Mediziner", "arzt", "Die Doktoren streiken.", "Doktoren"),
        ("fr", "voiture, automobile", "voitures anciennes", "Des voitures rares.", "voitures"),
        ("fr", "médecin => praticien généraliste", "MEDECIN", "Un praticien généraliste.",
         "praticien généraliste"),
        ("ru", "врач, доктор", "врач", "Два доктора.", "доктора"),
        ("es", "coche => automóvil", "coche", "El automóvil rojo.", "automóvil"),
        ("ja", "車, 自動車", "車", "自動車を修理する。", "自動車"),
        ("zh", "电脑, 计算机", "電腦", "新的計算機。", "計算機"),
        ("ar", "سيارة, مركبة", "سيارة", "هذه مركبة جديدة", "مركبة"),
        ("tr", "araba, otomobil", "araba", "Eski bir otomobil.", "otomobil"),
    ],
)  # fmt: skip
def test_synonyms_find_and_mark_in_every_language(
    language: str, rules: str, query: str, text: str, mark: str, *, indexed: Index
) -> None:
    indexed("X", text, language=language)
    save_synonyms(None, rules, None)

    assert marks(query) == {"X": [mark]}


@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
def test_the_written_word_comes_before_its_synonym(mode: str, indexed: Index) -> None:
    indexed("Synonym", "The automobile club meets on Mondays.")
    indexed("Written", "The car club meets on Mondays.")
    indexed("Other", "The chess club meets on Mondays.")
    save_synonyms(None, "car, automobile", None)

    assert found("car", mode=mode)[:2] == ["Written", "Synonym"]


def test_an_explanation_names_the_synonym_and_what_it_stands_for(indexed: Index) -> None:
    indexed("X", "A motor car and a garage.")
    for n in range(3):
        indexed(f"Y {n}", "Something else.")
    save_synonyms(None, "car, automobile, motor car", None)

    [result] = search("automobile garage").results
    assert result.explanation is not None
    terms = {term.term: term.synonym_of for term in result.explanation.terms}
    assert terms == {"garage": "", "car": "automobile", "motor car": "automobile"}
    assert all(term.score > 0 for term in result.explanation.terms)


def test_what_is_quoted_has_no_synonyms(indexed: Index) -> None:
    indexed("Written", "The car club.")
    indexed("Synonym", "The automobile club.")
    save_synonyms(None, "car, automobile\ncar club => motorists", None)

    assert found('"car"') == found('"car club"') == ["Written"]
    assert found("-car club") == ["Synonym"]
    assert {*found('car "club"')} == {"Written", "Synonym"}


def test_a_word_with_a_synonym_is_not_corrected(indexed: Index) -> None:
    indexed("X", "The handphone of the general practitioner.")
    indexed("Y", "A grip of iron.")
    save_synonyms(None, "grp => general practitioner", None)

    page = search("grp")
    assert [result.document.title for result in page.results] == ["X"]
    assert not page.corrected
    assert page.suggestion is None


def test_a_function_word_beside_a_word_with_synonyms_finds_nothing_by_itself(
    indexed: Index,
) -> None:
    indexed("X", "Ask a general practitioner.")
    indexed("Y", "The cat and the dog.")
    save_synonyms(None, "gp => general practitioner", None)

    assert found("the gp") == ["X"]


def test_rules_of_a_collection_find_documents_of_that_collection_alone(
    indexed: Index, collection: Collection
) -> None:
    other = Collection.objects.create(name="Other", slug="other", visibility="public")
    indexed("Here", "A general practitioner and an automobile.")
    indexed("There", "A general practitioner and an automobile.", into=other)
    save_synonyms(collection, "gp => general practitioner\ncar => automobile", None)

    assert found("gp") == found("car") == ["Here"]
    assert found("gp", mode="hybrid")[0] == "Here"
    assert found("gp", filters={"collection": ("other",)}) == []
    assert {*found("automobile car")} == {"Here", "There"}
    assert marks("practitioner car")["There"] == ["practitioner"]
    assert marks("practitioner car")["Here"] == ["practitioner", "automobile"]


def test_a_synonym_that_its_collection_does_not_have_leaves_the_word_unknown(
    indexed: Index, collection: Collection
) -> None:
    other = Collection.objects.create(name="Other", slug="other", visibility="public")
    indexed("Here", "Something else.")
    indexed("There", "An automobile in quarantine.", into=other)
    expected = found("quaran"), search("quarentine").suggestion
    save_synonyms(collection, "quaran => automobile\nquarentine => automobile", None)

    assert (found("quaran"), search("quarentine").suggestion) == expected
    assert expected == (["There"], "quarantine")


def test_scores_of_other_collections_are_what_they_are_without_the_rules(
    indexed: Index, collection: Collection
) -> None:
    other = Collection.objects.create(name="Other", slug="other", visibility="public")
    for n in range(3):
        indexed(f"There {n}", f"A car of the year {n} is an automobile.", into=other)
    indexed("Here", "An automobile.")
    for n in range(9):
        indexed(f"Else {n}", "Something else.")
    before = {r.document.title: r.score for r in search("car").results}
    save_synonyms(collection, "car => automobile", None)
    after = {r.document.title: r.score for r in search("car").results}

    assert after.pop("Here") > 0
    scale = after["There 0"] / before["There 0"]  # fused scores are relative to the best
    assert after == {title: pytest.approx(score * scale) for title, score in before.items()}


def test_rules_of_a_hidden_collection_do_nothing_for_others(
    indexed: Index, vault: Collection, insider: User
) -> None:
    indexed("Public", "Project Swordfish is a plan.")
    indexed("Secret", "Project Swordfish is the plan for layoffs.", into=vault)
    before = search("redundancies")
    save_synonyms(vault, "redundancies => swordfish", None)
    after = search("redundancies")

    assert before.results == after.results == []
    assert (before.total, before.facets) == (after.total, after.facets)
    assert found("redundancies", insider) == ["Secret"]


def test_pages_of_a_search_follow_a_change_of_the_rules_that_apply(
    indexed: Index, collection: Collection, vault: Collection
) -> None:
    indexed("Written", "The car club.")
    indexed("Synonym", "The automobile club.")
    first = search("car")
    save_synonyms(collection, "car => automobile", None)
    again = search("car", search_id=first.search_id)

    assert (first.total, again.total) == (1, 2)
    assert again.search_id != first.search_id
    save_synonyms(vault, "car => automobile", None)  # which does not apply
    assert search("car", search_id=again.search_id).search_id == again.search_id
    save_synonyms(collection, "", None)
    assert search("car", search_id=again.search_id).total == 1


def test_a_filter_keeps_the_synonyms(indexed: Index) -> None:
    indexed("X", "The automobile club.", type="pdf")
    save_synonyms(None, "car => automobile", None)
    page = search("car")

    assert search("car", search_id=page.search_id, filters={"type": ("pdf",)}).total == 1
    assert search("car", filters={"type": ("pdf",)}).total == 1


def test_the_vocabulary_is_scanned_for_few_words_of_a_query(
    indexed: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned: list[str] = []
    real = WordIndex.inflections

    def counted(index: WordIndex, word: str) -> list[str]:
        scanned.append(word)
        return real(index, word)

    monkeypatch.setattr(WordIndex, "inflections", counted)
    indexed("X", "General practitioners.")
    rules = [f"gp => made{a} up{a}" for a in "abcdefghij"]
    save_synonyms(None, "\n".join(["gp => general practitioner", *rules]), None)

    assert search("gp", correct=False).results
    assert scanned[:2] == ["general", "practitioner"]
    assert len(scanned) == len({*scanned}) == MOST_INFLECTED
