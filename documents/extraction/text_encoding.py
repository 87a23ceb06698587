"""Bytes to clean text, whatever their encoding."""

import codecs
import re

from charset_normalizer import from_bytes

# Enough for the statistics that guess an encoding.
SAMPLE = 256 * 1024
# Statistics mistake short Western texts for others; those are mostly ASCII, unlike Cyrillic.
SHORT = 2000
WESTERN_SHARE = 0.2
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
META_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]+?(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.I
)
# Programs name an encoding and write its superset; Python's name for what they write.
SUPERSETS = {
    "ascii": "utf-8", "us-ascii": "utf-8", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "latin1": "cp1252", "latin-1": "cp1252", "iso-8859-9": "cp1254", "iso-8859-8-i": "iso-8859-8",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932",
    "x-sjis": "cp932", "windows-31j": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "iso-2022-jp": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext",
    "big5": "big5hkscs", "unicode-1-1-utf-7": "utf-7",
}  # fmt: skip
# Encodings of names and literals, not of texts; some take quadratic time.
NO_TEXT = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "unicode-escape",
           "raw-unicode-escape")  # fmt: skip
# What is declared in plain letters is not written in units of several bytes.
WIDE = re.compile(r"utf-?(16|32)|ucs-?[24]|iso-10646", re.I)
# More of these among a thousand bytes than any text has.
BINARY_SHARE = 0.05
ODD = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

# How terminals are told of colours, titles and places.
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,500}(?:\x07|\x1b\\))")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
SURROGATES = re.compile(r"[\ud800-\udfff]")
BREAKS = re.compile(r"\r\n?|[\x0c\x85\u2028\u2029]")
LONG_SPACE = re.compile(r"[^\S\n]{40,}")
MANY_BREAKS = re.compile(r"\n{4,}")


def decode_text(data: bytes, *, markup: bool = False) -> str:
    """Text in any encoding; undecodable bytes become the replacement character.

    With `markup`, the encoding that HTML or XML declares counts.
    """
    for bom, name in BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace")
    if unmarked := _unmarked_utf16(data[:SAMPLE]):
        return data.decode(unmarked, "replace")
    declared = META_CHARSET.search(data[:4096]) if markup else None
    named = declared[1].decode("ascii", "ignore") if declared else ""
    for name in ("utf-8", "" if WIDE.match(named) else codec_of_charset(named)):
        try:
            if name:
                return data.decode(name)
        except (UnicodeError, LookupError):
            continue
    return _guessed(data)


def codec_of_charset(charset: str) -> str:
    """Python's name for the encoding that is meant by that name; empty for one of no texts."""
    name = charset.strip().lower()
    return "" if name in NO_TEXT or "\0" in name else SUPERSETS.get(name, name)


def _unmarked_utf16(data: bytes) -> str:
    """UTF-16 without its mark: every other byte of Latin text is zero. Else an empty name."""
    low, high = data[::2].count(0), data[1::2].count(0)
    few, many = len(data) * 0.02, len(data) * 0.3
    if high > many and low < few:
        return "utf-16-le"
    return "utf-16-be" if low > many and high < few else ""


def _guessed(data: bytes) -> str:
    broken = data.decode("utf-8", "replace")
    if broken.count("\ufffd") * 200 < len(broken):  # UTF-8 with a few damaged places
        return broken
    sample = data[:SAMPLE]
    if len(sample) < SHORT and sum(byte > 127 for byte in sample) < len(sample) * WESTERN_SHARE:
        return data.decode("cp1252", "replace")
    best = from_bytes(sample).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def is_binary(head: bytes) -> bool:
    """Whether these bytes are not text in any common encoding."""
    if any(head.startswith(bom) for bom, _ in BOMS):
        return False
    odd = len(ODD.findall(head))
    zeros = head.count(0)
    if zeros > len(head) * 0.2:  # UTF-16 without its mark: every other byte of Latin text is zero
        return max(head[::2].count(0), head[1::2].count(0)) < len(head) * 0.35
    return odd > len(head) * BINARY_SHARE


def clean_text(text: str) -> str:
    """The text without what PostgreSQL cannot store and nobody sees: NUL, controls, orders to
    terminals and lone surrogates."""
    text = BREAKS.sub("\n", text)
    text = CONTROLS.sub("", ESCAPES.sub("", text) if "\x1b" in text else text)
    text = SURROGATES.sub("\ufffd", text)
    return MANY_BREAKS.sub("\n\n\n", LONG_SPACE.sub(" ", text))
