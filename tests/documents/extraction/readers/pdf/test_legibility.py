"""Words of languages against numbers of shapes."""

import pytest

from documents.extraction.readers.pdf.legibility import is_legible


@pytest.mark.parametrize(
    "text",
    [
        "Neap tides are weak at the quarters of the moon, 7 days after it was new.",
        "Überraschend öffnete die Bäckerei früher.",
        "Thủy triều lên xuống hai lần một ngày",
        "メニューの「スタート」⇒「コントロールパネル」を押下します。",
        "Приливы и отливы бывают дважды в сутки.",
        "المد والجزر",
        "12.5 1037 1075",
    ],
)
def test_words_of_languages_are_legible(text: str) -> None:
    assert is_legible(text)


@pytest.mark.parametrize(
    "text",
    [
        "1HDS WLGHV DUH ZHDN DW WKH TXDUWHUV",
        "³$%&¤µDEF¶",
        "ČãþĜåêitpċâýěäéÈËeċâýěäéÈ",
        "¢һӍΉʽী¢Ǌઓഥഀဍ",
        "/g18/g152/g135/g148/g152/g139",
    ],
)
def test_numbers_of_shapes_are_not(text: str) -> None:
    assert not is_legible(text)
