"""One form for a number, whatever separates its thousands and its fraction."""

import re

_GROUPS = re.compile(r"\d{1,3}(?:([.,'])\d{3})(?:\1\d{3})*(?:(?!\1)([.,])\d+)?")
_FRACTION = re.compile(r"\d+([.,])\d+")
# Groups of digits with single blanks between; the whole is one number or name as well.
BLANK_GROUPS = re.compile(r"(?<![\w.,'])\d{1,3}(?: \d{3})+(?![\w])")
# Telephone numbers, book numbers, accounts: seven digits or more in groups.
DIGIT_GROUPS = re.compile(r"(?<![\w.,/-])\+?\(?\d[\d()]*(?:[ /.\-][\d()]+)+(?![\w])")
ACCOUNT = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: [A-Z0-9]{2,4}){2,8}(?!\w)")
_DIGIT_BESIDE = re.compile(r"\d[()]*[ /.\-]")  # there are no groups without
_LEAST_DIGITS = 7


def is_number(segment: str) -> bool:
    """Whether a run is one number and its parts are none: `2.5`, `1,000`, `1.234,56`."""
    if _GROUPS.fullmatch(segment):
        return True
    fraction = _FRACTION.fullmatch(segment)
    return fraction is not None and fraction[1] == "."


def plain_numbers(segment: str) -> list[str]:
    """What a number may mean, as digits with a point before the fraction, the likeliest first.

    `1,234` is a thousand and more, or in other countries a little more than one; a comma is held
    for one between thousands, a point for one before a fraction, where both are possible.
    """
    found: list[str] = []
    fraction = _FRACTION.fullmatch(segment)
    if groups := _GROUPS.fullmatch(segment):
        whole, point, rest = segment.partition(groups[2]) if groups[2] else (segment, "", "")
        found.append(re.sub(r"\D", "", whole) + (f".{rest}" if point else ""))
    if fraction:
        decimal = segment.replace(",", ".")
        found.insert(0 if fraction[1] == "." else len(found), decimal)
    return list(dict.fromkeys(found))


def grouped_numbers(text: str) -> list[tuple[int, int, str]]:
    """Start, end and digits of what stands in groups with blanks or other signs between them."""
    if not _DIGIT_BESIDE.search(text):
        return []
    found = [(m.start(), m.end(), re.sub(r"\D", "", m[0])) for m in BLANK_GROUPS.finditer(text)]
    for match in DIGIT_GROUPS.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) >= _LEAST_DIGITS:
            start = match.start() + len(match[0]) - len(match[0].lstrip("+("))
            found.append((start, match.end(), digits))
    for match in ACCOUNT.finditer(text):
        found.append((match.start(), match.end(), match[0].replace(" ", "").lower()))
    return found
