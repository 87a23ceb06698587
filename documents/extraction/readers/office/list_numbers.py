"""Counts as the numbers of list items: 4 is d or IV."""

ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
BULLET = "•"
HIGHEST = 10_000


def list_number(count: int, form: str) -> str:
    """The count in one of Word's forms: decimal, decimalZero, lowerLetter, upperRoman, none."""
    if count > HIGHEST:
        return str(count)
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count else "0"
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(count)
        return roman.upper() if form == "upperRoman" else roman
    if form == "none":
        return ""
    return f"{count:02d}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    found = ""
    for size, sign in ROMAN:
        found += sign * (count // size)
        count %= size
    return found
