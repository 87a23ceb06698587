"""An office file as what it is: a ZIP archive of XML parts that refer to each other."""

import logging
import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote

from documents.errors import IngestError
from documents.extraction.zip_bombs import DAMAGED

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

log = logging.getLogger(__name__)

Element = Any  # lxml's own name for its elements is private
LARGEST_PART = 256 * 1024 * 1024
# What reading says of an archive, of a number that is none, or of nesting without end.
UNREADABLE = (*DAMAGED, RuntimeError, LookupError, ArithmeticError)
RELATIONSHIPS = ("officeDocument/2006/relationships}", "officeDocument/relationships}")


@dataclass(frozen=True)
class Relationship:
    """What a part refers to: another part by its name, or an address outside the file."""

    kind: str
    target: str
    is_external: bool = False


class OfficePackage:
    """The parts of an archive by name, without regard to case and to a leading slash."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        names = archive.namelist()
        self.members = {_key(name): name for name in names} | {name: name for name in names}

    def content(self, name: str) -> bytes:
        """A part's content, empty if there is no such part."""
        member = self._member(name)
        if not member:
            return b""
        if self.archive.getinfo(member).file_size > LARGEST_PART:
            raise IngestError("zip_bomb")
        return self.archive.read(member)

    def stream(self, name: str) -> IO[bytes]:
        """Raises IngestError if there is no such part."""
        member = self._member(name)
        if not member:
            raise IngestError("damaged_file")
        return self.archive.open(member)

    def xml(self, name: str) -> Element | None:
        """The root of a part in simple names, or None if there is no such part."""
        data = self.content(name)
        return with_simple_names(parsed_xml(data)) if data.strip() else None

    def _member(self, name: str) -> str:
        """The member of that very name, else of a like one; empty if there is none."""
        return self.members.get(name.lstrip("/")) or self.members.get(_key(name), "")

    def relationships(self, part: str) -> dict[str, Relationship]:
        """What a part refers to, by the ids that it uses; those of the package for ""."""
        folder, name = posixpath.split(part)
        root = self.xml(f"{folder}/_rels/{name}.rels")
        found = {}
        for one in root.iterchildren("Relationship") if root is not None else ():
            target, outside = one.get("Target", ""), one.get("TargetMode") == "External"
            if not outside:
                target = posixpath.normpath(posixpath.join("/", folder, unquote(target)))
            kind = one.get("Type", "").rpartition("/")[2]
            found[one.get("Id", "")] = Relationship(kind, target, outside)
        return found

    def main_part(self, usual: str) -> str:
        """The name of the part to begin with."""
        every = self.relationships("").values()
        named = (one.target for one in every if one.kind == "officeDocument")
        return next((name for name in named if self._member(name)), usual)

    def related(self, part: str, kind: str) -> Element | None:
        """The first part of a kind that `part` refers to."""
        every = self.relationships(part).values()
        found = (self.xml(one.target) for one in every if one.kind == kind)
        return next((root for root in found if root is not None), None)


@contextmanager
def opened_package(source: Path | IO[bytes]) -> Iterator[OfficePackage]:
    """Raises IngestError, permanent, for an archive or a part that cannot be read."""
    from lxml import etree

    try:
        with zipfile.ZipFile(source) as archive:
            yield OfficePackage(archive)
    except (*UNREADABLE, etree.Error) as error:
        log.warning("An office file cannot be read", exc_info=True)
        raise IngestError("damaged_file") from error


def parsed_xml(data: bytes) -> "_Element":
    """The root of an XML text; what is not well-formed is read as far as it goes.

    Entities are not expanded and nothing is fetched. Raises IngestError.
    """
    from lxml import etree

    try:
        return etree.fromstring(data, xml_parser())
    except etree.XMLSyntaxError as error:
        root: _Element | None = etree.fromstring(data, xml_parser(recover=True))
        if root is None:
            raise IngestError("damaged_file") from error
        return root


def xml_parser(*, recover: bool = False) -> "XMLParser[Any]":
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=recover,
    )  # fmt: skip


def with_simple_names(root: "_Element") -> Element:
    """The tree with local names, so that the two dialects of Office Open XML read alike.

    Only what refers to another part keeps a prefix: `r_id`.
    """
    for one in root.iter():
        if not isinstance(one.tag, str):  # an entity
            continue
        one.tag = one.tag.rpartition("}")[2]
        for name in [name for name in one.attrib if "}" in str(name)]:
            space, _, local = str(name).rpartition("}")
            refers = f"{space}}}".endswith(RELATIONSHIPS)
            one.attrib[f"r_{local}" if refers else local] = one.attrib.pop(name)
    return root


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
