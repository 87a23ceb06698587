"""What the names of paragraph styles say: programs and their users name them for what they set."""

import re

from documents.extracted_text import BlockKind

# Word stores its own styles by English names; other programs and templates use their own.
HEADING = re.compile(
    r"(?:box)?(?:heading|head|h|überschrift|titre|título|titulo|titolo|título|kop|rubrik|overskrift"
    r"|otsikko|nagłówek|заголовок|nadpis|标题|見出し)([1-9a-e])(?:numbered|number|exercise)?"
)
TITLE = re.compile(
    r"(?:(?:the|doc|document|chapter|book|appendix|box|report|paper|article|main)?title"
    r"|titel|titre|título|titulo|titolo|название|标题|表題)"
)
CODE = re.compile(
    r"(?:box)?(?:code|sourcecode|htmlpreformatted|verbatim|preformatted|preformattedtext|programlisting"
    r"|macrotext|listingcode)(?:wide|annotated|text|block|custom\d?|\d)?"
)
INLINE_CODE = re.compile(r".*(?:code|verbatim|literal|monospace|typewriter).*")
QUOTE = re.compile(r"(?:block|intense)?(?:quote|quotation|blocktext|quotations|zitat|citation)s?")
CAPTION = re.compile(
    r"(?:code)?(?:listing)?(?:.*caption|captionline|illustration|figure|drawing|beschriftung|légende)(?:wide)?"
)
CONTENTS = re.compile(r"(?:toc|contents|verzeichnis|index|tableoffigures|illustrationindex)\d*")
FIXED_WIDTH = ("courier", "consolas", "menlo", "monaco", "mono", "lucida console")


def heading_level(name: str) -> int:
    """The level, from 1, of a heading that is set in a style of this name; 0 if it sets none."""
    match = HEADING.fullmatch(_plain(name))
    if not match:
        return 0
    sign = match[1]
    return int(sign) if sign.isdecimal() else ord(sign) - ord("a") + 1


def is_title_style(name: str) -> bool:
    return TITLE.fullmatch(_plain(name)) is not None


def is_code_style(name: str) -> bool:
    """Whether a style of this name sets code within a paragraph."""
    return INLINE_CODE.fullmatch(_plain(name)) is not None


def is_fixed_width(font: str) -> bool:
    return any(known in font.lower() for known in FIXED_WIDTH)


def kind_by_style(name: str) -> BlockKind | None:
    """What a paragraph is that is set in a style of this name, beside headings."""
    kinds: dict[BlockKind, re.Pattern[str]] = {
        "navigation": CONTENTS,
        "code": CODE,
        "quote": QUOTE,
        "caption": CAPTION,
    }
    plain = _plain(name)
    return next((kind for kind, pattern in kinds.items() if pattern.fullmatch(plain)), None)


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name.replace("_20_", " ")).lower()
