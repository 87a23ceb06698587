"""Queries of the past: one's own, and those of at least five users."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client

from documents.models import ApiToken, Collection, TokenUser
from retrieval.feedback import clear_searches
from retrieval.models import RecentSearch
from retrieval.suggest import SuggestionKind, autocomplete
from tests.retrieval.conftest import Index

ANYONE = AnonymousUser()

pytestmark = [pytest.mark.django_db, pytest.mark.volume]


def search(user: User, query: str) -> None:
    client = Client()
    client.force_login(user)
    assert client.get("/", {"q": query}).status_code == 200


def users(count: int) -> list[User]:
    return [User.objects.create_user(f"user{n}") for n in range(count)]


def own(user: User, typed: str) -> list[str]:
    return [each.text for each in autocomplete(user, typed) if each.kind == SuggestionKind.RECENT]


def popular(user: User | AnonymousUser, typed: str) -> list[str]:
    return [each.text for each in autocomplete(user, typed) if each.kind == SuggestionKind.POPULAR]


@pytest.fixture
def dues(indexed: Index) -> None:
    indexed("Rules", "Harbour dues are paid by the ferry. Ecole and Brücke. 港の料金 Пристань.")


@pytest.mark.parametrize(
    ("query", "typed"),
    [
        ("Harbour dues", "harb"),
        ("harbour DUES?", "due"),
        ("École", "eco"),
        ("Brücke", "bruc"),
        ("港の料金", "料"),
        ("Пристань", "прист"),
    ],
)
def test_ones_own_searches_come_again_as_they_were_typed(
    dues: None, query: str, typed: str
) -> None:
    ada, eve = users(2)
    search(ada, query)
    assert own(ada, typed) == own(ada, "") == [query]
    assert own(eve, typed) == own(eve, "") == []
    assert [each.kind for each in autocomplete(ANYONE, typed)] == []


def test_the_latest_stands_first_and_each_stands_once(dues: None) -> None:
    (ada,) = users(1)
    for query in ("harbour dues", "ferry", "Harbour Dues", "harbour"):
        search(ada, query)
    assert own(ada, "") == ["harbour", "Harbour Dues", "ferry"]
    assert own(ada, "harb") == ["harbour", "Harbour Dues"]


def test_what_found_nothing_is_not_kept_and_a_correction_is_kept_as_corrected(dues: None) -> None:
    (ada,) = users(1)
    search(ada, "zzyzx -harbour")
    search(ada, "harbuor")
    assert own(ada, "") == ["harbour"]


def test_five_users_make_a_query_known_to_others(dues: None) -> None:
    *four, fifth, other = users(6)
    for user in four:
        search(user, "harbour dues")
        search(user, "harbour dues")
    assert popular(other, "harb") == popular(ANYONE, "harb") == []
    search(fifth, "Harbour dues")
    assert popular(other, "harb") == popular(ANYONE, "harb") == ["harbour dues"]
    assert own(fifth, "harb") == ["Harbour dues"] and popular(fifth, "harb") == []
    clear_searches(four[0])
    assert popular(other, "harb") == []


def test_a_popular_query_is_told_only_to_those_for_whom_it_finds_something(
    dues: None, indexed: Index
) -> None:
    secret = Collection.objects.create(name="Secret", slug="secret", visibility="restricted")
    indexed("Plans", "The layoffs begin with the harbour master.", into=secret)
    board = [User.objects.create_superuser(f"board{n}") for n in range(5)]
    for user in board:
        for query in ("layoffs", "harbour layoffs", "harbour layoff", 'harbour -"ferry boat"',
                      "harbour collection:secret"):  # fmt: skip
            search(user, query)
    boss = User.objects.create_superuser("boss")
    assert popular(boss, "layo") == ["layoffs"]
    assert popular(boss, "harb") == ["harbour layoffs"]
    (stranger,) = users(1)
    assert popular(stranger, "layo") == popular(stranger, "harb") == []


def test_a_program_with_a_token_is_told_no_searches_of_its_user(dues: None) -> None:
    (ada,) = users(1)
    search(ada, "harbour dues")
    caller = TokenUser(pk=ada.pk, username=ada.username)
    caller.token = ApiToken(user=ada)
    assert autocomplete(caller, "harb") == autocomplete(caller, "") == []


def test_the_searches_of_a_deleted_user_are_gone(dues: None) -> None:
    (ada,) = users(1)
    search(ada, "harbour dues")
    ada.delete()
    assert not RecentSearch.objects.exists()
