"""The words of the language that rich text is written in.

Rich Text Format Specification 1.9.1.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n\0]+"
    rb"|([^\\{}\r\n\0]+)|(\\)"
)
# The code pages that the character sets of fonts stand for.
CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk",
    136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
SIGNS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "emdash": "\u2014", "endash": "\u2013",
    "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d",
    "bullet": "\u2022", "emspace": " ", "enspace": " ", "qmspace": " ", "nestcell": " ",
    "nestrow": " ", "softline": "\n", "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
SYMBOLS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\t": "\t"}
BREAKS = (b"\r", b"\n")


@dataclass(frozen=True)
class RtfToken:
    """A control word with its number, a brace, bytes of text, or a sign."""

    kind: str
    word: str = ""
    number: int | None = None
    data: bytes = b""


def rtf_tokens(data: bytes) -> Iterator[RtfToken]:
    """The tokens in order; binary data is passed over."""
    at = 0
    while match := TOKEN.match(data, at):
        at = match.end()
        word, number, code, symbol, brace, text, _ = match.groups()
        if word:
            name, value = word.decode(), int(number) if number else None
            if name == "bin":
                at += max(value or 0, 0)
            else:
                yield RtfToken("word", name, value)
        elif code:
            yield RtfToken("bytes", data=bytes.fromhex(code.decode()))
        elif brace:
            yield RtfToken(brace.decode())
        elif text:
            yield RtfToken("bytes", data=text)
        elif symbol == b"*":
            yield RtfToken("optional")
        elif symbol in BREAKS:
            yield RtfToken("word", "par")
        elif symbol:
            yield RtfToken("sign", SYMBOLS.get(symbol, ""))


def codec_name(name: str) -> str:
    """A code page that can be decoded: this one, or the Western one."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"
