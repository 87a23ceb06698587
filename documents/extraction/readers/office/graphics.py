"""Drawings that all programs of Office share: charts and diagrams."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from documents.extraction.readers.office.package import Element
from documents.extraction.text_builder import TextBuilder

MOST_POINTS = 10_000
# What programs write as the description of a picture that has none.
PICTURE_FILE = re.compile(r"\S+\.(png|jpe?g|gif|wmf|emf|bmp|tiff?|svg)$|^[a-z]:\\", re.I)


@dataclass(frozen=True)
class Chart:
    """A chart: its title, and a table of its series with the names of categories first."""

    title: str
    rows: list[list[str]] = field(default_factory=list)


def read_chart(root: Element) -> Chart:
    """The values that a chart keeps of what it draws."""
    series = [_series(one) for one in root.iter("ser")]
    title = " ".join(_drawn(one) for one in root.iterfind("chart/title"))
    axes = [_drawn(one) for one in root.iterfind("chart/plotArea/*/title")]
    categories = next((each for _, each, _ in series if each), {})
    places = sorted({at for _, each, values in series for at in (*each, *values)})[:MOST_POINTS]
    rows = [
        [categories.get(at, ""), *(values.get(at, "") for *_, values in series)] for at in places
    ]
    names = ["", *(name for name, *_ in series)]
    titles = [words for words in (title, *axes) if words.strip()]
    return Chart(", ".join(titles), [names, *rows] if rows else [])


def add_chart(builder: TextBuilder, root: Element) -> None:
    """Append a chart as its title and its values."""
    chart = read_chart(root)
    builder.block("caption", chart.title)
    builder.table(chart.rows, header_rows=1, label=chart.title)


def add_shapes(builder: TextBuilder, root: Element) -> None:
    """Append the texts of boxes and shapes, and what pictures are said to show."""
    for one in root.iter("txBody", "cNvPr"):
        if one.tag == "txBody":
            lines = ("".join(t.text or "" for t in p.iter("t")) for p in one.iterchildren("p"))
            builder.block("paragraph", "\n".join(lines))
        elif one.get("descr") and not PICTURE_FILE.search(one.get("descr").strip()):
            builder.block("image", one.get("descr"))


def diagram_texts(root: Element) -> Iterator[str]:
    """The texts of the points of a diagram (SmartArt), in order."""
    for point in root.iter("pt"):
        words = _drawn(point)
        if words.strip() and point.get("type", "node") in ("node", "asst", "doc"):
            yield words


def _series(series: Element) -> tuple[str, dict[int, str], dict[int, str]]:
    name = " ".join(_points(series.find("tx")).values())
    categories = _points(_first(series, "cat", "xVal"))
    return name, categories, _points(_first(series, "val", "yVal"))


def _first(element: Element, *tags: str) -> Element | None:
    return next((one for one in map(element.find, tags) if one is not None), None)


def _points(element: Element | None) -> dict[int, str]:
    """The cached values by their places; the levels of nested categories are joined."""
    found: dict[int, str] = {}
    if element is None:
        return found
    for point in element.iter("pt"):
        at, words = point.get("idx", ""), (point.findtext("v") or "").strip()
        if at.isdecimal() and words:
            found[int(at)] = f"{words} {found[int(at)]}" if int(at) in found else shortened(words)
    return found or dict(enumerate(v.text or "" for v in element.iter("v")))


def shortened(number: str) -> str:
    """A number without the digits that only computing made: 0.1 for 0.10000000000000001."""
    try:
        return f"{float(number):.12g}" if len(number) > 12 else number
    except ValueError:
        return number


def _drawn(element: Element) -> str:
    """The words of a text body, paragraphs apart."""
    lines = ("".join(t.text or "" for t in p.iter("t")) for p in element.iter("p"))
    return " ".join(" ".join(lines).split())
