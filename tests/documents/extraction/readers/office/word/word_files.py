"""Word documents written part by part, for what python-docx cannot write."""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/">{}</cp:coreProperties>'
)


def paragraph(text: str, style: str = "", properties: str = "", run: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f"<w:p><w:pPr>{named}{properties}</w:pPr>"
        f'<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def table(*rows: str) -> str:
    """A table; cells of a row are parted by |."""
    return "<w:tbl>" + "".join(row(*line.split("|")) for line in rows) + "</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    held = "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{held}</w:tr>"


def style(name: str, *, identifier: str = "", based: str = "", settings: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{identifier or name}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/>{settings}</w:style>'
    )


def word_file(body: str, core: str = "", **parts: str) -> bytes:
    """A document; `styles=...` is the content of styles.xml, and so for every other part."""
    stream = io.BytesIO()
    links = "".join(_relationship(name, f"{name}.xml", name) for name in parts)
    outside = (
        f'<Relationship Id="link" Type="{KINDS}/hyperlink" TargetMode="External" '
        'Target="https://tides.example/table?a=1&amp;b=2"/>'
    )
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        main = _relationship("main", "word/document.xml", "officeDocument")
        about = _relationship("about", "docProps/core.xml", "core-properties")
        archive.writestr("_rels/.rels", _relationships(main + about))
        archive.writestr("docProps/core.xml", CORE.format(core))
        archive.writestr("word/_rels/document.xml.rels", _relationships(links + outside))
        archive.writestr(
            "word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"
        )
        for name, content in parts.items():
            root = "c:chartSpace" if name == "chart" else f"w:{name}"
            archive.writestr(f"word/{name}.xml", f"<{root} {NAMES}>{content}</{root}>")
    return stream.getvalue()


def _relationships(content: str) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{content}</Relationships>'


def _relationship(name: str, target: str, kind: str) -> str:
    return f'<Relationship Id="{name}" Type="{KINDS}/{kind}" Target="{target}"/>'
