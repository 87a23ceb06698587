"""Walks through the content of OpenDocument files in reading order."""

from dataclasses import dataclass, replace

from documents.extracted_text import BlockKind
from documents.extraction.readers.office.graphics import PICTURE_FILE
from documents.extraction.readers.office.opendocument.inline import ParagraphReader, ParagraphText
from documents.extraction.readers.office.opendocument.styles import BlockStyle, OpenDocumentStyles
from documents.extraction.readers.office.opendocument.tables import read_cells
from documents.extraction.readers.office.package import Element, OfficePackage
from documents.extraction.text_builder import TextBuilder

LONGEST_HEADING = 250
INDEXES = frozenset(
    {"table-of-content", "illustration-index", "table-index", "object-index", "user-index",
     "alphabetical-index"}
)  # fmt: skip
UNSEEN = frozenset(
    {"tracked-changes", "sequence-decls", "variable-decls", "user-field-decls", "forms", "scripts",
     "dde-connection-decls", "index-title-template", "table-of-content-source", "settings",
     "named-expressions", "shapes-settings", "calculation-settings", "note-citation", "creator",
     "date", "date-string", "initials", "creator-initials"}
)  # fmt: skip


@dataclass(frozen=True)
class FlowPlace:
    """Where content stands, as far as it decides how it is read."""

    kind: BlockKind | None = None
    label: str = ""
    white_is_seen: bool = False
    list_style: str = ""
    depth: int = -1
    item_label: str = ""


class ContentFlow:
    """Appends the blocks of content to a builder."""

    def __init__(self, package: OfficePackage, styles: OpenDocumentStyles) -> None:
        self.package = package
        self.styles = styles
        self.builder = TextBuilder()
        self.inline = ParagraphReader(styles)
        self.counts: dict[tuple[str, int], int] = {}
        self.has_pages = False
        self.page = 1
        self.title = ""
        self.code: list[str] = []
        self.actions = {
            "p": self._paragraph, "h": self._paragraph, "list": self._list, "table": self._table,
            "soft-page-break": self._page_break, "note": self._note,
            "annotation": self._annotation, "frame": self._frame, "section": self._section,
        }  # fmt: skip

    def read(self, element: Element, place: FlowPlace = FlowPlace()) -> None:
        """Append the children of an element."""
        for child in element:
            if not isinstance(child.tag, str) or child.tag in UNSEEN:
                continue
            action = self.actions.get(child.tag)
            if action:
                action(child, place)
            elif child.tag in INDEXES:
                self.read(child, replace(place, kind="navigation"))
            elif len(child):
                self.read(child, place)

    def finish(self) -> TextBuilder:
        self._end_code()
        return self.builder

    def _paragraph(self, paragraph: Element, place: FlowPlace) -> None:
        style = self.styles.paragraph(paragraph.get("style-name", ""))
        content = self.inline.read(
            paragraph, is_hidden=style.is_hidden,
            white_is_seen=place.white_is_seen or style.has_ground,
        )  # fmt: skip
        self.page += (style.begins_page and bool(self.builder.parts)) + content.leading_pages
        self._turn_page()
        kind = self._kind(paragraph, style, content, place)
        if kind == "code" and content.text.strip():
            self.code.append(content.text)
        elif content.text.strip():
            self._end_code()
            self._append(kind, paragraph, style, content, place)
        self.read_anchored(content, place)
        self.page += content.pages - content.leading_pages
        self._turn_page()

    def _kind(
        self, paragraph: Element, style: BlockStyle, content: ParagraphText, place: FlowPlace
    ) -> BlockKind:
        if place.kind:
            return place.kind
        if style.kind == "navigation":
            return "navigation"
        is_heading = paragraph.tag == "h" or style.level
        if is_heading and len(content.text) <= LONGEST_HEADING:
            return "heading"
        if style.kind:
            return style.kind
        return "list_item" if place.depth >= 0 else "paragraph"

    def _append(
        self, kind: BlockKind, paragraph: Element, style: BlockStyle, content: ParagraphText,
        place: FlowPlace,
    ) -> None:  # fmt: skip
        spans = content.spans
        if not self.has_pages:
            spans = [replace(span, new_page=False) for span in spans]
        if kind == "heading":
            level = paragraph.get("outline-level", "")
            self.builder.block(kind, spans, level=int(level) if level.isdecimal() else style.level)
            if style.is_title and not self.title:
                self.title = content.text
        elif kind == "list_item":
            self.builder.block(kind, spans, level=place.depth, label=place.item_label)
        else:
            self.builder.block(kind, spans, label=place.label)

    def _end_code(self) -> None:
        if self.code:
            self.builder.block("code", "\n".join(self.code))
        self.code = []

    def read_anchored(self, content: ParagraphText, place: FlowPlace) -> None:
        if content.hidden or content.anchored:
            self._end_code()
        self.builder.block("hidden", "".join(content.hidden))
        outside = FlowPlace(kind=place.kind, label=place.label, white_is_seen=True)
        for one in content.anchored:
            action = self.actions.get(one.tag)
            if action:
                action(one, outside)
            else:
                self.read(one, outside)

    def _list(self, element: Element, place: FlowPlace) -> None:
        self._end_code()
        name, depth = element.get("style-name") or place.list_style, place.depth + 1
        key = (name, depth)
        goes_on = element.get("continue-numbering") == "true" or element.get("continue-list")
        if not goes_on:
            self.counts[key] = 0
        for item in element:
            if item.tag not in ("list-item", "list-header"):
                continue
            start = item.get("start-value", "")
            count = int(start) - 1 if start.isdecimal() else self.counts.get(key, 0)
            label = self.styles.label(name, depth, count) if item.tag == "list-item" else ""
            self.counts[key] = count + (item.tag == "list-item" and item.find("p") is not None)
            self.read(item, replace(place, list_style=name, depth=depth, item_label=label))

    def _table(self, table: Element, place: FlowPlace) -> None:
        self._end_code()
        found = read_cells(table, self.inline)
        if place.kind:
            lines = ("\t".join(cell for cell in row if cell) for row in found.rows)
            self.builder.block(place.kind, "\n".join(lines), label=place.label)
        elif found.is_layout:
            self.read(table, replace(place, white_is_seen=True, depth=-1))
            return
        else:
            pages = [self.page + turned for turned in found.pages] if self.has_pages else []
            self.builder.table(found.rows, header_rows=found.header_rows, row_pages=pages)
        self.page += found.pages[-1] if found.pages else 0
        for content in found.contents:
            self.read_anchored(content, place)
        self._turn_page()

    def _page_break(self, element: Element, place: FlowPlace) -> None:
        self._end_code()
        self.page += 1
        self._turn_page()

    def _turn_page(self) -> None:
        if self.has_pages:
            self.builder.page(self.page)

    def _note(self, note: Element, place: FlowPlace) -> None:
        label = (
            " ".join("".join(note.find("note-citation").itertext()).split())
            if (note.find("note-citation") is not None)
            else ""
        )
        self.read(note, FlowPlace(kind=place.kind or "note", label=label))

    def _annotation(self, annotation: Element, place: FlowPlace) -> None:
        author = annotation.findtext("creator") or ""
        self.read(annotation, FlowPlace(kind="comment", label=author))

    def _section(self, section: Element, place: FlowPlace) -> None:
        hidden = (
            section.get("display") in ("none", "condition") and section.get("is-hidden") != "false"
        )
        self.read(section, replace(place, kind="hidden") if hidden else place)

    def _frame(self, frame: Element, place: FlowPlace) -> None:
        words = frame.findtext("desc") or frame.findtext("title") or ""
        if words.strip() and not PICTURE_FILE.search(words.strip()):
            self.builder.block("image", words)
        for one in frame:
            if one.tag == "text-box":
                self.read(one, replace(place, white_is_seen=True, depth=-1))
                self._end_code()
            elif one.tag == "table":
                self._table(one, place)
            elif one.tag == "object":
                self._object(one, place)

    def _object(self, element: Element, place: FlowPlace) -> None:
        """The title and the values of a chart that is embedded."""
        folder = element.get("href", "").removeprefix("./").strip("/")
        root = self.package.xml(f"{folder}/content.xml") if folder else None
        chart = root.find("body/chart/chart") if root is not None else None
        if chart is None:
            return
        titles = ("".join(one.itertext()) for one in chart.iter("title"))
        self.builder.block("caption", ", ".join(" ".join(each.split()) for each in titles))
        for table in chart.iterchildren("table"):
            rows = read_cells(table, self.inline).rows
            self.builder.table(rows, header_rows=1 if len(rows) > 1 else 0)
