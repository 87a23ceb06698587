"""Bytes and headers of mails as text, in the encoding that was meant rather than the one named."""

import re
from email.errors import HeaderParseError
from email.header import decode_header

from documents.extraction.text_encoding import clean_text, codec_of_charset, decode_text

JAPANESE = re.compile(rb"\x1b\$[@B]|\x1b\([IJ]")
FOLD = re.compile(r"\r?\n[ \t]*")


def decode_charset(data: bytes, charset: str, *, markup: bool = False) -> str:
    """Text in the encoding that a mail names, else in the one that fits."""
    name = codec_of_charset(charset)
    if JAPANESE.search(data) and data.isascii() and not name.startswith("iso2022"):
        name = "iso2022_jp_ext"
    if name:
        try:
            return data.decode(name, "replace" if name == "iso2022_jp_ext" else "strict")
        except (UnicodeError, LookupError):
            pass
    return decode_text(data, markup=markup)


def header_text(raw: str) -> str:
    """A header's value on one line; `raw` is as the email package keeps it, bytes as surrogates."""
    value = FOLD.sub(" ", raw).strip()
    if not value.isascii():
        value = decode_charset(value.encode("utf-8", "surrogateescape"), "")
    elif "\x1b" in value:
        value = decode_charset(value.encode("ascii"), "")
    if "=?" in value:
        value = _decoded_words(value)
    return " ".join(clean_text(value).split())


def _decoded_words(value: str) -> str:
    """RFC 2047."""
    try:
        words = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(
        word if isinstance(word, str)
        else word.decode("raw-unicode-escape", "replace") if charset is None
        else decode_charset(word, charset)
        for word, charset in words
    )  # fmt: skip
