"""What other parts of the product say, in the reader's language.

Errors and states are in English where they are made, since they are stored with documents and
answered to programs. Pages translate the sentences known here, and leave others as they are.
"""

import re

from django.utils.translation import gettext, gettext_noop

SENTENCES = (
    # What can be wrong with a file
    gettext_noop("The file is empty."),
    gettext_noop("No text was found in the file."),
    gettext_noop(
        "No text was found in the file. If it is a scan, text recognition (Tesseract) must be "
        "installed on the server."
    ),
    gettext_noop(
        "The file is damaged or was cut short, so it cannot be opened. Upload a complete copy."
    ),
    gettext_noop("The file is protected by a password. Remove the password and upload it again."),
    gettext_noop(
        "This kind of file is not supported. Upload %(formats)s."
    ),
    gettext_noop(
        "Old Office files (DOC, XLS, PPT) are not supported. Save it as DOCX, XLSX or PPTX."
    ),
    gettext_noop(
        "The file unpacks to far more than a document needs, as files made to do harm do, so it "
        "was not opened."
    ),
    gettext_noop(
        "The file could not be read: it needs too much memory or is damaged. Split it into parts, "
        "or save it anew and upload it again."
    ),
    gettext_noop(
        "Reading the file took longer than %(n)s seconds, so it was given up. Split it into parts."
    ),
    gettext_noop(
        "The file holds more than %(n)s characters of text, the most that is taken at once. "
        "Split it into parts."
    ),
    gettext_noop("The file is larger than %(n)s MB, the most that is taken (MAX_UPLOAD_MB)."),
    gettext_noop("The original file is no longer in the store. Upload it again."),
    # What can be wrong with its pages
    gettext_noop("The pages of this PDF cannot be drawn: it is protected or damaged."),
    gettext_noop("The PDF has no such page."),
    gettext_noop("The original file is no longer in the store."),
    gettext_noop("Drawing this page takes too long. It may work in a moment."),
    gettext_noop("This page needs too much memory to be drawn, or is damaged."),
    # What can be wrong with the service
    gettext_noop(
        "Something went wrong inside the service. Retry; if it happens again, see its log."
    ),
    gettext_noop("The database could not be reached."),
    gettext_noop(
        "The database cannot be reached, so nothing was stored. Try again in a minute."
    ),
    gettext_noop(
        "The work queue cannot be reached, so nothing was stored. Try again in a minute."
    ),
    gettext_noop("The collection was changed by others at the same moment. Try again."),
    gettext_noop(
        "Indexing was cut off five times without a result. If the service was not just being "
        "restarted, the file may be too much for it: split it into parts."
    ),
    gettext_noop("The disk is full, so nothing was stored. Tell whoever runs this service."),
    # How its parts are
    gettext_noop("No answer within %(n)s seconds."),
    gettext_noop("The database answers."),
    gettext_noop("The database cannot be reached."),
    gettext_noop("The broker answers."),
    gettext_noop("The broker cannot be reached."),
    gettext_noop("Not known: the broker cannot be reached."),
    gettext_noop("A worker was heard from %(n)s seconds ago."),
    gettext_noop("No worker has been heard from."),
    gettext_noop("No worker has been heard from for %(n)s seconds."),
    gettext_noop("No process has loaded the models yet."),
    gettext_noop("%(model)s is loaded. Reranking with %(other)s."),
    gettext_noop("%(model)s is loaded."),
    # What a search could not do
    gettext_noop(
        "Search by meaning is not available, so this is keyword search. %(reason)s"
    ),
    gettext_noop(
        "The query is longer than the models can read: its end counts for keywords only. A "
        "shorter one may find more."
    ),
)  # fmt: skip


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(sentence)))


_PATTERNS = {one: _pattern(one) for one in SENTENCES if "%(" in one}


def said(sentence: str) -> str:
    """The sentence in the language that is active, or as it is where it is not known."""
    for form, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(sentence):
            return gettext(form) % found.groupdict()
    return gettext(sentence) if sentence else ""
