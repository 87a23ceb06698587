"""The parts of a Word document beside its body: notes, comments, headers, foreign chunks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from documents.errors import IngestError
from documents.extracted_text import BlockKind
from documents.extraction.readers.office.package import (
    Element,
    OfficePackage,
    Relationship,
)
from documents.extraction.readers.office.word.styles import WordStyles

RENDERED = frozenset({"lastRenderedPageBreak"})
EXPLICIT = frozenset({"br", "sectPr"})
NOTE_KINDS = {"footnote": "footnotes", "endnote": "endnotes", "comment": "comments"}
SHOWN = "self::t or self::tab or self::br or self::cr"


@dataclass(frozen=True)
class Annotation:
    """A note or comment, or what pages repeat, with what its part refers to."""

    element: Element
    relationships: Mapping[str, Relationship]
    label: str = ""


class WordParts:
    """The parts of a document by what they are to it. Raises IngestError if there is no body."""

    def __init__(self, package: OfficePackage, name: str) -> None:
        self.package = package
        self.name = name
        root = package.xml(name)
        body = root.find("body") if root is not None else None
        if root is None or body is None:
            raise IngestError("damaged_file")
        self.root, self.body = root, body
        self.relationships = package.relationships(name)
        self.styles = WordStyles(package.related(name, "styles"))
        self.numbering = package.related(name, "numbering")

    @property
    def has_ground(self) -> bool:
        """Whether the pages have a colour, on which white words are seen."""
        return self.root.find("background") is not None

    @cached_property
    def breaks(self) -> frozenset[str]:
        """The tags of elements at which pages end: where Word ended them when it last showed the
        document, else where its writer did; none if the pages are not known."""
        if next(self.body.iter("lastRenderedPageBreak"), None) is not None:
            return RENDERED
        explicit = self.body.find(".//br[@type='page']") is not None
        before = next(self.body.iter("pageBreakBefore"), None) is not None
        sections = self.body.find(".//pPr/sectPr") is not None
        return EXPLICIT if explicit or before or sections else frozenset()

    def part_of(self, name: str) -> Element | None:
        """The part that the body refers to by this id."""
        found = self.relationships.get(name)
        return self.package.xml(found.target) if found and not found.is_external else None

    def annotation(self, kind: str, name: str) -> Annotation | None:
        return self._annotations.get((kind, name))

    def repeated(self) -> Iterator[tuple[BlockKind, Annotation]]:
        """The headers and footers of pages, each part once."""
        kinds: tuple[BlockKind, BlockKind] = ("header", "footer")
        for kind in kinds:
            every = self.relationships.values()
            for target in dict.fromkeys(one.target for one in every if one.kind == kind):
                root = self.package.xml(target)
                if root is not None:
                    yield kind, Annotation(root, self.package.relationships(target))

    def chunk(self, element: Element) -> bytes:
        """The document of another format that the body includes at this place."""
        found = self.relationships.get(element.get("r_id", ""))
        return self.package.content(found.target) if found and not found.is_external else b""

    def raw_text(self) -> str:
        """The words of the body, a line for each paragraph, whatever their place."""
        once = self.body.xpath(".//p[not(ancestor::Fallback)]")
        lines = (
            "".join(t.text or "" if t.tag == "t" else " " for t in p.xpath(f"r/*[{SHOWN}]"))
            for p in once
        )
        return "\n".join(line for line in lines if line.strip())

    @cached_property
    def _annotations(self) -> dict[tuple[str, str], Annotation]:
        found = {}
        for kind, plural in NOTE_KINDS.items():
            every = self.relationships.values()
            target = next((one.target for one in every if one.kind == plural), "")
            root = self.package.xml(target) if target else None
            links = self.package.relationships(target) if root is not None else {}
            number = 0
            for one in root.iterchildren(kind) if root is not None else ():
                if one.get("type") in ("separator", "continuationSeparator", "continuationNotice"):
                    continue
                number += 1
                label = one.get("author", "") if kind == "comment" else str(number)
                found[kind, one.get("id", "")] = Annotation(one, links, label)
        return found
