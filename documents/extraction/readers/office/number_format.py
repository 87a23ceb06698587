"""Numbers of spreadsheets as the sheet shows them: the format codes of Office Open XML.

ECMA-376 part 1, 18.8.30 and 18.8.31.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

ISO_DAY, ISO_TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
# What programs know without being told. 14 and 22 are written as the reader's country does: here
# as the standard does.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: ISO_DAY, 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: ISO_TIME,
    37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    **dict.fromkeys((*range(27, 37), *range(50, 59)), ISO_DAY),
}  # fmt: skip
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|Standard)|(?P<noon>AM/PM|A/P)|(?P<date>[yd]+|m+|h+|s+(?:\.0+)?)"
    r"|(?P<number>[#0?][#0?,.]*|\.[#0?]+)|(?P<power>E[+-][#0?]+)|(?P<text>@)|(?P<sign>.)",
    re.I | re.S,
)
MONTHS = "January February March April May June July August September October November December"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LAST_DAY = 2_958_465  # 9999-12-31
PLACES = 15
MOST_DIGITS = 25  # what decimal computes with


@dataclass(frozen=True)
class _Piece:
    kind: str
    text: str


@dataclass(frozen=True)
class _Section:
    """One of the up to four parts of a code: for positive numbers, negative ones, zero, texts."""

    pieces: tuple[_Piece, ...]

    @property
    def is_date(self) -> bool:
        return any(piece.kind in ("date", "elapsed") for piece in self.pieces)


def shown_number(value: float, code: str, *, from_1904: bool = False) -> str:
    """The number as a cell of this format shows it; an unknown format shows it plainly."""
    sections = _sections(code)
    at = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    section = sections[at]
    if section.is_date:
        return _date(value + 1462 * from_1904, section)
    if not any(piece.kind in ("number", "text", "general", "power") for piece in section.pieces):
        return "".join(piece.text for piece in section.pieces).strip() or plain_number(value)
    return _number(abs(value) if at == 1 else value, section)


def plain_number(value: float) -> str:
    """A number with as many digits as a cell shows without a format."""
    if abs(value) < 1e18 and value == int(value):
        return str(int(value))
    return f"{value:.11g}" if abs(value) >= 1e-9 else f"{value:.5g}"


@lru_cache(maxsize=500)
def _sections(code: str) -> list[_Section]:
    pieces: list[list[_Piece]] = [[]]
    for match in TOKEN.finditer(code.strip() or "General"):
        kind, text = match.lastgroup or "", match.group(match.lastgroup or 0)
        if kind == "sign" and text == ";":
            pieces.append([])
        elif kind == "bracket":
            pieces[-1] += _bracketed(text)
        elif kind:
            pieces[-1].append(_Piece("sign" if kind in ("quoted", "escaped") else kind, text))
    return [_Section(tuple(each)) for each in pieces]


def _bracketed(text: str) -> list[_Piece]:
    if text.startswith("$"):
        return [_Piece("sign", text[1:].split("-", maxsplit=1)[0])]
    if re.fullmatch(r"h+|m+|s+", text, re.I):
        return [_Piece("elapsed", text.lower())]
    return []  # a colour, a condition, a system of digits


def _number(value: float, section: _Section) -> str:
    number = "".join(piece.text for piece in section.pieces if piece.kind == "number")
    signs = "".join(piece.text for piece in section.pieces if piece.kind == "sign")
    if not number or "/" in signs:
        return _placed(plain_number(value), section)
    whole, _, decimals = number.partition(".")
    places = len(re.findall(r"[0#?]", decimals))
    if any(piece.kind == "power" for piece in section.pieces):
        return f"{value:.{min(places, PLACES)}E}"
    scale = len(whole) - len(whole.rstrip(",")) if not decimals else 0
    scaled = value * 100 ** signs.count("%") / 1000**scale
    fixed = len(re.findall(r"0", decimals))
    written = _rounded(scaled, places, fixed, grouped="," in whole.strip(","))
    width = whole.count("0")
    head, point, tail = written.lstrip("-").partition(".")
    minus = "-" if written.startswith("-") else ""
    return _placed(f"{minus}{head.zfill(width) if width > 1 else head}{point}{tail}", section)


def _rounded(value: float, places: int, fixed: int, *, grouped: bool) -> str:
    exact = Decimal(repr(value))
    if not exact.is_finite() or exact.adjusted() + min(places, PLACES) > MOST_DIGITS:
        return plain_number(value)
    rounded = exact.quantize(Decimal(1).scaleb(-min(places, PLACES)), ROUND_HALF_UP)
    text = f"{rounded:,f}" if grouped else f"{rounded:f}"
    head, _, tail = text.partition(".")
    tail = tail[:fixed] + tail[fixed:].rstrip("0")
    return f"{head}.{tail}" if tail else head


def _placed(written: str, section: _Section) -> str:
    """The number between the signs of its format, once, its minus before all."""
    minus = "-" if written.startswith("-") and written.strip("-0.,") else ""
    if any(one.text == "/" for one in section.pieces):  # a fraction, written as a decimal
        return written
    found, is_placed = "", False
    for piece in section.pieces:
        if piece.kind == "sign":
            found += piece.text
        elif piece.kind in ("number", "general", "text") and not is_placed:
            found += written.lstrip("-")
            is_placed = True
    return f"{minus}{found.strip()}"


def _date(value: float, section: _Section) -> str:
    if not 0 <= value <= LAST_DAY:
        return plain_number(value)
    day = value if value >= 60 else value + 1  # 1900 has a 29 February there
    moment = datetime(1899, 12, 30) + timedelta(seconds=round(day * 86400))
    noon = any(piece.kind == "noon" for piece in section.pieces)
    found, last = "", ""
    pieces = section.pieces
    for at, piece in enumerate(pieces):
        if piece.kind == "elapsed":
            size = {"h": 3600, "m": 60, "s": 1}[piece.text[0]]
            found += str(round(value * 86400) // size).zfill(len(piece.text))
            last = piece.text[0]
        elif piece.kind == "noon":
            found += "AM" if moment.hour < 12 else "PM"
        elif piece.kind == "date":
            sign = piece.text[0].lower()
            following = next(
                (one.text[0].lower() for one in pieces[at + 1 :] if one.kind == "date"), ""
            )
            is_minute = sign == "m" and len(piece.text) < 3 and (last == "h" or following == "s")
            found += _part("n" if is_minute else sign, len(piece.text), moment, noon)
            last = sign
        else:
            found += piece.text
    return found.strip()


def _part(sign: str, width: int, moment: datetime, noon: bool) -> str:
    if sign == "y":
        return f"{moment.year:04d}" if width > 2 else f"{moment.year % 100:02d}"
    if sign == "m" and width > 2:
        name = MONTHS.split()[moment.month - 1]
        return name[0] if width == 5 else name if width > 3 else name[:3]
    if sign == "d" and width > 2:
        return DAYS[moment.weekday()] if width > 3 else DAYS[moment.weekday()][:3]
    hour = (moment.hour - 1) % 12 + 1 if noon else moment.hour
    number = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute, "s": moment.second}
    return str(number[sign]).zfill(min(width, 2))
