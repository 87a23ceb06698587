"""The slides of an OpenDocument presentation."""

from documents.errors import IngestError
from documents.extracted_text import BlockKind
from documents.extraction.readers.office.opendocument.flow import ContentFlow, FlowPlace
from documents.extraction.readers.office.opendocument.inline import ParagraphText, plain_words
from documents.extraction.readers.office.package import Element

LONGEST_TITLE = 100
REPEATED = ("page-number", "date-time", "footer", "header")


def add_slides(flow: ContentFlow, body: Element | None) -> None:
    """Append the slides. Raises IngestError if there are none."""
    if body is None:
        raise IngestError("damaged_file")
    for number, slide in enumerate(body.iterchildren("page"), 1):
        flow.builder.page(number)
        shapes = [one for one in slide if one.tag not in ("notes", "forms", "animations", "par")]
        title = _title_of(shapes)
        if title is not None:
            flow.builder.block("heading", plain_words(title), level=1)
        for shape in shapes:
            kind: BlockKind | None = "footer" if shape.get("class") in REPEATED else None
            if shape is not title and shape.get("class") != "page-number":
                flow.read_anchored(ParagraphText(anchored=[shape]), FlowPlace(kind=kind))
        notes = slide.find("notes")
        for shape in notes if notes is not None else ():
            if shape.get("class") not in (*REPEATED, "page") and shape.tag != "forms":
                flow.read_anchored(ParagraphText(anchored=[shape]), FlowPlace(kind="note"))


def _title_of(shapes: list[Element]) -> Element | None:
    """The shape of the slide's title, else the first one if it is short."""
    titled = next((one for one in shapes if one.get("class") == "title" and plain_words(one)), None)
    if titled is not None:
        return titled
    worded = (one for one in shapes if plain_words(one) and one.get("class") not in REPEATED)
    first = next(worded, None)
    is_short = first is not None and len(plain_words(first)) <= LONGEST_TITLE
    return first if is_short else None
