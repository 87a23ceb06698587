"""Numbers as different countries write them."""

import pytest

from retrieval.analysis.number_formats import grouped_numbers, is_number, plain_numbers


@pytest.mark.parametrize("written", ["1.000.000", "1,000,000", "1'000'000"])
def test_a_million_is_one_number(written: str) -> None:
    assert is_number(written)
    assert plain_numbers(written) == ["1000000"]


@pytest.mark.parametrize("written", ["1.234,56", "1,234.56", "1'234.56"])
def test_a_fraction_follows_the_other_sign(written: str) -> None:
    assert plain_numbers(written) == ["1234.56"]


def test_what_may_be_two_numbers_is_both_the_likeliest_first() -> None:
    assert plain_numbers("1,234") == ["1234", "1.234"]
    assert plain_numbers("1.234") == ["1.234", "1234"]
    assert plain_numbers("3,5") == ["3.5"]


@pytest.mark.parametrize("written", ["1.2.3", "10/12", "A320", "1.00.000", "192.168.0.1", "2024"])
def test_what_is_no_number_with_signs_is_none(written: str) -> None:
    assert not is_number(written)
    assert plain_numbers(written) == []


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("about 1 000 000 people", "1000000"),
        ("call +49 (30) 123456-78 today", "493012345678"),
        ("ISBN 978-3-16-148410-0.", "9783161484100"),
        ("IBAN DE89 3704 0044 0532 0130 00", "de89370400440532013000"),
    ],
)
def test_digits_in_groups_are_one_name(text: str, digits: str) -> None:
    found = grouped_numbers(text)
    assert digits in [each for _, _, each in found]
    for start, end, _ in found:
        assert text[start].isalnum() and text[end - 1].isalnum()


@pytest.mark.parametrize("text", ["in 2024 12 people", "10/12/24", "1 2 3", "room 12"])
def test_single_numbers_are_no_group(text: str) -> None:
    assert grouped_numbers(text) == []
