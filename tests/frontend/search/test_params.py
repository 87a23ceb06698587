"""Addresses of the search page."""

from django.http import QueryDict

from frontend.search.params import SearchParams


def read(query: str) -> SearchParams:
    return SearchParams.read(QueryDict(query))


def test_an_address_says_everything_and_is_read_back() -> None:
    address = "q=spring+tide&collection=a&collection=b&type=pdf&language=de&year=2024"
    address += "&metadata=author%3AAda%3A+I&mode=dense&rerank=false&page=3&search_id=xyz"
    asked = read(address)
    assert asked == SearchParams(
        "spring tide", "dense", False,
        {"collection": ("a", "b"), "type": ("pdf",), "language": ("de",), "year": ("2024",),
         "metadata.author": ("Ada: I",)},
        page=3, search_id="xyz",
    )  # fmt: skip
    assert asked.address == f"/?{address}"


def test_what_means_nothing_is_passed_over() -> None:
    asked = read("q=%00+tide++&mode=best&rerank=maybe&page=-1&type=&year=MM&year=20240&metadata=a")
    assert asked == SearchParams("tide")
    assert read("page=99999999999999999999").page == read("page=²").page == read("page=0").page == 1


def test_a_filter_is_switched_on_and_off_from_the_first_page() -> None:
    asked = read("q=tide&type=pdf&page=4")
    assert asked.url_with_facet("type", "md") == "/?q=tide&type=pdf&type=md"
    assert asked.url_with_facet("type", "pdf") == "/?q=tide"
    assert asked.url_with_facet("collection", "a") == "/?q=tide&collection=a&type=pdf"
    assert asked.url_with_facet("language", "de") == "/?q=tide&type=pdf&language=de"
    assert asked.url_with_facet("year", "2024") == "/?q=tide&type=pdf&year=2024"
    assert (
        asked.url_with_facet("metadata.author", "A: b")
        == "/?q=tide&type=pdf&metadata=author%3AA%3A+b"
    )
    for address in ("language=de", "year=2024", "metadata=a:b", "collection=a", "type=b"):
        assert read(f"q=tide&{address}").filtered and not read("q=tide&mode=dense").filtered
        assert read(f"q=tide&{address}").url_without_filters() == "/?q=tide"


def test_the_next_query_keeps_filters_and_switches() -> None:
    asked = read("q=tide&type=pdf&mode=lexical&rerank=false&page=4&search_id=x")
    assert asked.carried_params == [("type", "pdf"), ("mode", "lexical"), ("rerank", "false")]
    assert asked.url_for_query("moon") == "/?q=moon&type=pdf&mode=lexical&rerank=false"
