"""Bytes and headers of mails as text, in the encoding that was meant rather than the one named."""

import re
from email.errors import HeaderParseError
from email.header import decode_header

from documents.extraction.text_encoding import clean_text, decode_text

# Programs name an encoding and write its superset; Python's name for what they write.
WRITTEN = {
    "ascii": "utf-8", "us-ascii": "utf-8", "iso-8859-1": "cp1252", "latin-1": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-8-i": "iso-8859-8", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "iso-2022-jp": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext", "big5": "big5hkscs",
    "unicode-1-1-utf-7": "utf-7",
}  # fmt: skip
# Encodings of names and literals, not of texts; some take quadratic time.
NO_TEXT = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "unicode-escape",
           "raw-unicode-escape")  # fmt: skip
JAPANESE = re.compile(rb"\x1b\$[@B]|\x1b\([IJ]")
FOLD = re.compile(r"\r?\n[ \t]*")


def decode_charset(data: bytes, charset: str, *, markup: bool = False) -> str:
    """Text in the encoding that a mail names, else in the one that fits."""
    name = charset.strip().lower()
    name = WRITTEN.get(name, name)
    if JAPANESE.search(data) and data.isascii() and not name.startswith("iso2022"):
        name = "iso2022_jp_ext"
    if name and name not in NO_TEXT:
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
