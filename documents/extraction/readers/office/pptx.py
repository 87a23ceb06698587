"""Reads PowerPoint presentations (PPTX)."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from documents.errors import IngestError
from documents.extracted_text import ExtractedText
from documents.extraction.formats import Format
from documents.extraction.readers.office.graphics import PICTURE_FILE, add_chart, diagram_texts
from documents.extraction.readers.office.header_rows import is_header_row
from documents.extraction.readers.office.package import (
    Element,
    OfficePackage,
    Relationship,
    opened_package,
)
from documents.extraction.readers.office.pptx_text import slide_paragraphs
from documents.extraction.readers.office.properties import core_properties, described
from documents.extraction.readers.office.second_look import fuller
from documents.extraction.text_builder import TextBuilder

TITLES = ("title", "ctrTitle")
REPEATED = ("dt", "ftr", "hdr")
# Placeholders whose paragraphs have bullets unless they say otherwise.
BULLETED = ("body", "obj", "")
LONGEST_TITLE = 100
SHOWN = ".//txBody/p[not(ancestor::Fallback)]"
SLIDE = (12_192_000, 6_858_000)


def read_pptx(path: Path, file_format: Format) -> ExtractedText:
    """Each slide as a page under its title, then its notes and comments. Raises IngestError,
    permanent."""
    with opened_package(path) as package:
        presentation = Presentation(package)
        builder = presentation.read()
        properties = core_properties(package)
        raw = presentation.raw_text()
    return described(fuller(builder.extracted(), raw, path), properties)


class Presentation:
    """Walks through the slides in their order and appends their blocks."""

    def __init__(self, package: OfficePackage) -> None:
        self.package = package
        self.name = package.main_part("ppt/presentation.xml")
        root = package.xml(self.name)
        if root is None:
            raise IngestError("damaged_file")
        links = package.relationships(self.name)
        named = (one.get("r_id", "") for one in root.iterfind("sldIdLst/sldId"))
        self.slides = [links[name].target for name in named if name in links]
        self.size = _size(root.find("sldSz")) or SLIDE
        self.authors = self._authors(package.related(self.name, "commentAuthors"))
        self.authors |= self._authors(package.related(self.name, "authors"))
        self.builder = TextBuilder()
        self.links: Mapping[str, Relationship] = {}

    def read(self) -> TextBuilder:
        for number, name in enumerate(self.slides, 1):
            self.builder.page(number)
            slide = self.package.xml(name)
            if slide is None:
                continue
            self.links = self.package.relationships(name)
            shapes = list(_shapes(slide.find("cSld/spTree")))
            title = _title_of(shapes)
            if title is not None:
                self._shape(title, is_title=True)
            for shape in shapes:
                if shape is not title:
                    self._shape(shape)
            self._notes()
            self._comments()
        return self.builder

    def raw_text(self) -> str:
        """The words of all slides, a line for each paragraph."""
        roots = (self.package.xml(name) for name in self.slides)
        every = (p for root in roots if root is not None for p in root.xpath(SHOWN))
        return "\n".join("".join(t.text or "" for t in p.iter("t")) for p in every)

    def _shape(self, shape: Element, *, is_title: bool = False) -> None:
        if shape.tag == "sp":
            self._text(shape, is_title)
        elif shape.tag == "graphicFrame":
            self._frame(shape)
        about = shape.find("./*/cNvPr")
        words = about.get("descr", "").strip() if about is not None else ""
        if words and not PICTURE_FILE.search(words):
            self.builder.block("image", words)

    def _text(self, shape: Element, is_title: bool) -> None:
        body = shape.find("txBody")
        if body is None:
            return
        kind = _placeholder(shape)
        found = slide_paragraphs(body, self.links, bulleted=kind in BULLETED)
        if is_title:
            first = next((n for n, one in enumerate(found) if one.text.strip()), 0)
            last = len(found) if kind in TITLES else first + 1
            self.builder.block("heading", " ".join(one.text for one in found[first:last]), level=1)
            found = found[last:]
        if kind == "sldNum":
            return
        unseen = self._is_unseen(shape)
        for one in found:
            if unseen:
                self.builder.block("hidden", one.text)
            elif kind in REPEATED:
                self.builder.block("footer", one.spans)
            elif one.bullet:
                self.builder.block("list_item", one.spans, level=one.level, label=one.bullet)
            else:
                self.builder.block("paragraph", one.spans)
        self.builder.block("hidden", " ".join(one.hidden for one in found))

    def _is_unseen(self, shape: Element) -> bool:
        """Whether a shape is hidden, or wholly beside its slide."""
        about = shape.find("./*/cNvPr")
        if about is not None and about.get("hidden") in ("1", "true"):
            return True
        place, size = _place(shape.find("spPr/xfrm/off")), _size(shape.find("spPr/xfrm/ext"))
        if place is None or size is None or shape.getparent().tag == "grpSp":
            return False
        ends = zip(place, size, self.size, strict=True)
        return any(start >= most or start + length <= 0 for start, length, most in ends)

    def _frame(self, frame: Element) -> None:
        for table in frame.iter("tbl"):
            rows = [[_words(cell) for cell in row.iterchildren("tc")] for row in table.iter("tr")]
            first = table.find("tblPr[@firstRow='1']") is not None
            header = (first or is_header_row(rows)) and len(rows) > 1
            self.builder.table(rows, header_rows=int(header))
        for chart in frame.iter("chart"):
            part = self._part(chart.get("r_id", ""))
            if part is not None:
                add_chart(self.builder, part)
        for diagram in frame.iter("relIds"):
            part = self._part(diagram.get("r_dm", ""))
            for text in diagram_texts(part) if part is not None else ():
                self.builder.block("list_item", text, label="•")

    def _notes(self) -> None:
        for one in self.links.values():
            root = self.package.xml(one.target) if one.kind == "notesSlide" else None
            for shape in _shapes(root.find("cSld/spTree")) if root is not None else ():
                if _placeholder(shape) not in (*REPEATED, "sldNum", "sldImg"):
                    lines = ("".join(t.text or "" for t in p.iter("t")) for p in shape.iter("p"))
                    self.builder.block("note", "\n".join(lines))

    def _comments(self) -> None:
        for one in self.links.values():
            root = self.package.xml(one.target) if one.kind == "comments" else None
            for comment in root.iter("cm", "reply") if root is not None else ():
                body = comment.find("txBody")
                words = _words(comment) if body is not None else comment.findtext("text") or ""
                label = self.authors.get(comment.get("authorId", ""), "")
                self.builder.block("comment", words, label=label)

    def _part(self, name: str) -> Element | None:
        found = self.links.get(name)
        return self.package.xml(found.target) if found and not found.is_external else None

    @staticmethod
    def _authors(root: Element | None) -> dict[str, str]:
        every = root if root is not None else ()
        return {one.get("id", ""): one.get("name", "") for one in every}


def _shapes(tree: Element | None) -> Iterator[Element]:
    """The shapes of a tree, also those of groups and the first of alternatives."""
    for one in tree if tree is not None else ():
        if one.tag in ("grpSp", "Choice"):
            yield from _shapes(one)
        elif one.tag == "AlternateContent":
            first = one.find("Choice")
            yield from _shapes(first if first is not None else one.find("Fallback"))
        elif one.tag in ("sp", "graphicFrame", "pic", "cxnSp"):
            yield one


def _title_of(shapes: list[Element]) -> Element | None:
    """The shape of the slide's title, else the first one whose first line may be one."""
    titles = (one for one in shapes if _placeholder(one) in TITLES and _words(one))
    title = next(titles, None)
    if title is not None:
        return title
    texts = (one for one in shapes if one.tag == "sp" and _words(one))
    first = next((one for one in texts if _placeholder(one) not in (*REPEATED, "sldNum")), None)
    if first is None:
        return None
    lines = ["".join(t.text or "" for t in p.iter("t")).strip() for p in first.iter("p")]
    line = next((line for line in lines if line), "")
    return first if len(line) <= LONGEST_TITLE else None


def _placeholder(shape: Element) -> str:
    """The kind of placeholder that a shape fills; "none" if it fills none."""
    found = shape.find("./*/nvPr/ph")
    return str(found.get("type", "")) if found is not None else "none"


def _words(element: Element) -> str:
    """The text of all paragraphs in it."""
    lines = ("".join(t.text or "" for t in p.iter("t")) for p in element.iter("p"))
    return " ".join(" ".join(lines).split())


def _place(element: Element | None) -> tuple[int, int] | None:
    return _numbers(element, "x", "y")


def _size(element: Element | None) -> tuple[int, int] | None:
    return _numbers(element, "cx", "cy")


def _numbers(element: Element | None, first: str, second: str) -> tuple[int, int] | None:
    try:
        return (int(element.get(first)), int(element.get(second))) if element is not None else None
    except (TypeError, ValueError):
        return None
