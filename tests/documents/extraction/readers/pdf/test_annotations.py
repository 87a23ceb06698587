"""What is written on pages beside their text: values of forms, notes, comments."""

from tests.documents.extraction.readers.pdf.pdfs import Read, raw_pdf, shown, text_at

FORM = [
    "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Wilhelmina) "
    "/Rect [150 695 300 712] /F 4 >>",
    "<< /Type /Annot /Subtype /Widget /FT /Btn /T (member) /V /Yes /AS /Yes "
    "/Rect [150 670 165 685] /F 4 /AP << /N << /Yes 13 0 R /Off 13 0 R >> >> >>",
    "<< /Type /Annot /Subtype /Widget /FT /Btn /T (guest) /V /Off /AS /Off "
    "/Rect [150 640 165 655] /F 4 /AP << /N << /Yes 13 0 R /Off 13 0 R >> >> >>",
    "<< /Length 0 /Type /XObject /Subtype /Form /BBox [0 0 15 15] >>\nstream\n\nendstream",
]


def test_the_values_of_a_form_stand_beside_their_labels(read: Read) -> None:
    labels = "".join(
        text_at(50, y, text) for y, text in ((700, "Name"), (672, "Member"), (642, "Guest"))
    )
    data = raw_pdf(
        labels,
        objects=FORM,
        page="/Annots [10 0 R 11 0 R 12 0 R]",
        catalog="/AcroForm << /Fields [10 0 R 11 0 R 12 0 R] >>",
    )
    text = read(data).text
    assert [line.split() for line in text.splitlines() if line] == [
        ["Name", "Wilhelmina"],
        ["Member", "☑"],
        ["Guest"],
    ]


NOTES = [
    "<< /Type /Annot /Subtype /Text /Contents (Check this.) /T (Ann) /Rect [50 500 60 510] >>",
    "<< /Type /Annot /Subtype /FreeText /Contents (Typed on it) /Rect [50 600 200 620] /DA () >>",
    "<< /Type /Annot /Subtype /Highlight /Contents (Well said.) /Rect [50 700 90 712] "
    "/QuadPoints [50 712 90 712 50 700 90 700] >>",
    "<< /Type /Annot /Subtype /Text /Contents (Gone) /F 2 /Rect [50 400 60 410] >>",
]


def test_notes_are_comments_and_typed_text_is_text(read: Read) -> None:
    annotations = "/Annots [10 0 R 11 0 R 12 0 R 13 0 R]"
    found = read(raw_pdf(text_at(50, 700, "Neap tides."), objects=NOTES, page=annotations))
    assert shown(found) == [
        ("paragraph", "Neap tides."),
        ("paragraph", "Typed on it"),
        ("comment", "Check this."),
        ("comment", "Well said."),
    ]
    assert [block.label for block in found.blocks if block.kind == "comment"] == ["Ann", ""]
