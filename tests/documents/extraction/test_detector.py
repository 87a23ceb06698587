"""The content decides what a file is, and its name where a text fits several formats."""

import pytest

from tests.documents.extraction.reading import read

PAGE = "<!DOCTYPE html><html><body><p>Crested tit</p></body></html>"
LOG = "".join(f"2024-03-04 10:00:0{n} INFO request {n} fulmar<{n}> done\n" for n in range(8))

DETECTED = {
    "a page": (PAGE, "a.txt", "html"),
    "a page after comments": (f"<!-- made by hand -->\n<?xml version='1.0'?>\n{PAGE}", "a", "html"),
    "a piece of a page by its name": ("Tit <b>calls</b>", "a.html", "html"),
    "a piece of a page by its start": ("<div><p>Tit</p></div>", "a", "html"),
    "a page of which a PDF is the subject": (f"{PAGE} %PDF-1.7", "a.html", "html"),
    "a text about pages": ("Use <html> tags? The trainer said <p>so</p>.", "a.txt", "txt"),
    "a text about PDF": ("A PDF starts with %PDF-1.7 and then objects.", "a.txt", "txt"),
    "a table with a page in a cell": ('id,body\n1,"<html><body>x</body></html>"\n', "a.csv", "csv"),
    "a log with a page in a line": (f"2024-03-04 10:00:00 body=<html>\n{LOG}", "a.log", "log"),
    "a log without a name": (LOG, "a", "log"),
    "code with a page in a string": ('x = "<html><body>"\n', "a.py", "code"),
    "a script by its first line": ("#!/bin/sh\necho tit\n", "tit", "code"),
    "a template that starts as a page": (f"{PAGE}<?php echo 1 ?>", "a.php", "code"),
    "Markdown with a page in it": ("# Web\n\n```html\n<html>\n<body>\n```\n", "a.md", "md"),
    "Markdown that starts with a tag": ("<p align=center>Tit</p>\n\n# Tit\n", "README.md", "md"),
    "Markdown by its front matter": ("---\ntitle: Tits\n---\nText.\n", "a.txt", "md"),
    "YAML with a first line as front matter": ("---\na: 1\n---\nb: 2\n", "a.yaml", "yaml"),
    "JSON": ('{"bird": "tit"}', "a.txt", "json"),
    "lines of JSON": ('{"bird": "tit"}\n{"bird": "jay"}\n', "a.txt", "jsonl"),
    "one line of JSON by its name": ('{"bird": "tit"}\n', "a.jsonl", "jsonl"),
    "XML": ('<?xml version="1.0"?><birds><bird>Tit</bird></birds>', "a.txt", "xml"),
    "a feed": ("<rss><channel><title>Tits</title></channel></rss>", "a", "xml"),
    "XHTML": (f"<?xml version='1.0'?>{PAGE}", "a.xml", "html"),
    "a table without a name": ("a;b\n1;2\n3;4\n5;6\n", "a", "csv"),
    "a table named as text": ("a;b\n1;2\n3;4\n5;6\n", "a.txt", "txt"),
    "prose named as a table": ("Tits call, so jays.\nThey sing.\nWhy?\n", "a.csv", "txt"),
    "YAML with keys as those of mails": ("from: de\nto: en\nsubject: tits\n", "a.yml", "yaml"),
    "Markdown with keys as those of mails": (
        "Date: 2024-03-04\nSubject: Tits\n\n# Tits\n", "a.md", "md",
    ),
    "a mail saved as Markdown": (
        "Received: by x\nFrom: a@b.c\nSubject: Tits\n\nThey call.\n", "a.md", "eml",
    ),
    "Markdown that starts with a script": ("<script>\nlet a\n</script>\n\n# Tit\n", "a.md", "md"),
    "a page called Markdown": (PAGE, "a.md", "html"),
    "lines of JSON that are long": (f'{{"bird": "{"tit " * 20_000}"}}\n' * 2, "a.jsonl", "jsonl"),
    "a mail with a page in it": (
        f"From: a@b.c\nTo: d@e.f\nSubject: Tits\nContent-Type: text/html\n\n{PAGE}",
        "a.html",
        "eml",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DETECTED)
def test_a_file_is_what_its_content_and_its_name_say(case: str) -> None:
    content, name, kind = DETECTED[case]
    assert read(content, name).type == kind


def test_the_stated_type_counts_for_a_text_without_a_telling_name() -> None:
    assert read("Tit <b>calls</b>", "download", "text/html").type == "html"
    assert read("# Tits call", "notes", "text/markdown").type == "md"
    assert read("# Tits call", "notes.txt", "text/markdown").type == "txt"


def test_a_text_that_the_api_was_sent_is_text_unless_it_is_a_page() -> None:
    assert read('{"bird": "tit"}', "Title.txt", "text/plain").type == "txt"
    assert read(PAGE, "Title.txt", "text/plain").type == "html"
