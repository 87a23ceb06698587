"""What the elements of HTML are to a reader of the page."""

from documents.extracted_text import BlockKind, MarkKind

SKIPPED = {
    "head", "script", "style", "template", "iframe", "audio", "video", "canvas",
    "annotation", "annotation-xml", "noembed", "noframes", "datalist", "-comment", "!doctype",
    "param", "source", "track", "area", "meta", "link", "title", "desc",
}  # fmt: skip
INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "button", "cite", "code", "data", "del",
    "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "math", "meter", "nobr", "object",
    "output", "picture", "progress", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "slot",
    "small", "span", "strike", "strong", "sub", "sup", "svg", "time", "tspan", "tt", "u", "var",
    "blink", "g", "map", "mi", "mn", "mo", "mrow", "mfrac", "msup", "msub", "msubsup", "msqrt",
    "mtext", "mstyle", "semantics", "mover", "munder", "mtd", "mspace", "mroot", "mfenced",
}  # fmt: skip
MARKS: dict[str, MarkKind] = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "cite": "italic",
    "var": "italic", "dfn": "italic", "code": "code", "kbd": "code", "samp": "code", "tt": "code",
}  # fmt: skip
KINDS: dict[str, BlockKind] = {
    "blockquote": "quote", "figcaption": "caption", "caption": "caption", "legend": "caption",
    "pre": "code", "xmp": "code", "listing": "code", "plaintext": "code",
}  # fmt: skip
HEADINGS = {f"h{level}": level for level in range(1, 7)}
ARTICLES = ("article", "main", "section", "blockquote", "figure", "dialog", "details")
