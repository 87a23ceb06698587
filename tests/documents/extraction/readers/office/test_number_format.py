"""Numbers are shown as the sheet shows them."""

import hypothesis
import pytest
from hypothesis import strategies as st

from documents.extraction.readers.office.number_format import shown_number
from tests.properties import examples

SHOWN = [
    (45354, "yyyy-mm-dd", "2024-03-03"),
    (45354.75, "dd.mm.yyyy hh:mm:ss", "03.03.2024 18:00:00"),
    (45354.5, "m/d/yyyy h:mm AM/PM", "3/3/2024 12:00 PM"),
    (45354, "[$-409]d-mmm-yy;@", "3-Mar-24"),
    (45354, "dddd, mmmm d, yyyy", "Sunday, March 3, 2024"),
    (1.5, "[h]:mm", "36:00"),
    (0.125, "0.0%", "12.5%"),
    (1234567.891, "#,##0.00", "1,234,567.89"),
    (-5, "#,##0;(#,##0)", "(5)"),
    (0, '0;-0;"none"', "none"),
    (1234.5, '_-* #,##0.00\\ "€"_-', "1,234.50 €"),
    (1234.5, "[$€-407] #,##0.00", "€ 1,234.50"),
    (12, "00000", "00012"),
    (5e6, '#,##0,,"M"', "5M"),
    (12345.678, "0.00E+00", "1.23E+04"),
    (3, '0" Stück"', "3 Stück"),
    (0.1 + 0.2, "General", "0.3"),
    (123456789012345, "", "123456789012345"),
    (-0.001, "0.0", "0.0"),
    (7, "@", "7"),
    (1e300, "0.00", "1e+300"),
    (1e25, "0.000000", "1e+25"),
    (-1, "yyyy", "-1"),
]


@pytest.mark.parametrize(("value", "code", "shown"), SHOWN)
def test_a_number_is_shown_by_its_format(value: float, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    assert shown_number(43892, "yyyy-mm-dd", from_1904=True) == "2024-03-03"


@examples(300)
@hypothesis.given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet='0#?.,%yYmMdhs[]"\\;@E+-_* General/APM$€', max_size=12),
)
def test_no_format_fails(value: float, code: str) -> None:
    assert isinstance(shown_number(value, code), str)
