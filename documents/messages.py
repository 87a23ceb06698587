"""Messages for users: a code with parameters, translated where it is shown.

Codes and parameters are stored with documents and passed between processes. API and commands use
the English sentence, pages the sentence in the reader's language.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Union

# A number is written as its reader writes numbers, a list of words as alternatives.
Param = Union[str, float, Sequence[str], "Message"]
Translate = Callable[[str], str]
NumberFormat = Callable[[float], str]


@dataclass(frozen=True)
class Message:
    """One of SENTENCES, whose placeholders are the keys of `params`."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)

    def __str__(self) -> str:
        """In English."""
        return self.text(str, "{:,}".format)

    def as_json(self) -> dict[str, Any]:
        """For caches and other processes; `from_json` reads it."""
        params = {
            name: value.as_json() if isinstance(value, Message) else value
            for name, value in self.params.items()
        }
        return {"code": self.code, "params": params}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Message":
        """Raises KeyError, TypeError or AttributeError for another form."""
        params = {
            name: cls.from_json(value) if isinstance(value, Mapping) else value
            for name, value in plain["params"].items()
        }
        return cls(plain["code"], params)

    def text(self, translate: Translate, number: NumberFormat) -> str:
        """In the language of `translate`. A code that is not known any more stands for itself."""
        words = {name: _shown(value, translate, number) for name, value in self.params.items()}
        return translate(SENTENCES.get(self.code, self.code)) % words


def _shown(value: Param, translate: Translate, number: NumberFormat) -> str:
    if isinstance(value, Message):
        return value.text(translate, number)
    if isinstance(value, int | float):
        return number(value)
    return value if isinstance(value, str) else alternatives(value, translate)


def alternatives(words: Sequence[str], translate: Translate = str) -> str:
    """Words as a list in a sentence, each translated: "PDF, Word or text"."""
    *some, last = map(translate, words)
    if not some:
        return last
    return translate(gettext_noop("%(some)s or %(last)s")) % {"some": ", ".join(some), "last": last}


def placeholders(sentence: str) -> set[str]:
    """The names of the parameters that a sentence takes."""
    return set(re.findall(r"%\((\w+)\)s", sentence))


def gettext_noop(sentence: str) -> str:
    """Marks a text for the catalogues. Django's does the same, and would bring Django along into
    the process that reads files."""
    return sentence


SENTENCES: dict[str, str] = {
    # What can be wrong with a file
    "empty_file": gettext_noop("The file is empty."),
    "no_text": gettext_noop("No text was found in the file."),
    "no_text_in_scan": gettext_noop(
        "No text was found in the file. If it is a scan, text recognition (Tesseract) must be "
        "installed on the server."
    ),
    "unreadable_letters": gettext_noop(
        "The file draws its letters without saying which they are, so its text cannot be read. "
        "Save it again from the program that made it, or let the server recognise text (Tesseract)."
    ),
    "damaged_file": gettext_noop(
        "The file is damaged or was cut short, so it cannot be opened. Upload a complete copy."
    ),
    "protected_file": gettext_noop(
        "The file is protected by a password. Remove the password and upload it again."
    ),
    "unsupported_format": gettext_noop(
        "This kind of file is not supported. Upload %(formats)s."
    ),
    "old_word_file": gettext_noop(
        "This Word file of the old kind (DOC) cannot be read. Open it in Word or LibreOffice, save "
        "it as DOCX and upload that."
    ),
    "old_excel_file": gettext_noop(
        "This Excel file of the old kind (XLS) cannot be read. Open it in Excel or LibreOffice, "
        "save it as XLSX and upload that."
    ),
    "old_powerpoint_file": gettext_noop(
        "PowerPoint files of the old kind (PPT) are not supported. Open it in PowerPoint or "
        "LibreOffice, save it as PPTX and upload that."
    ),
    "old_office_file": gettext_noop(
        "Files of old Office programs are not supported. Open it in the program that made it, save "
        "it as DOCX, XLSX, PPTX or PDF and upload that."
    ),
    "binary_excel_file": gettext_noop(
        "This binary Excel file (XLSB) cannot be read. Open it in Excel or LibreOffice, save it as "
        "XLSX and upload that."
    ),
    "apple_office_file": gettext_noop(
        "Files of Pages, Numbers and Keynote are not supported. Export it as Word, Excel, "
        "PowerPoint or PDF and upload that."
    ),
    "zip_bomb": gettext_noop(
        "The file unpacks to far more than a document needs, as files made to do harm do, so it "
        "was not opened."
    ),
    "extraction_crashed": gettext_noop(
        "The file could not be read: it needs too much memory or is damaged. Split it into parts,"
        " or save it again and upload the copy."
    ),
    "extraction_timeout": gettext_noop(
        "Reading the file took longer than %(seconds)s seconds and was stopped. Split the file "
        "into parts."
    ),
    "extraction_slow": gettext_noop(
        "Reading the file takes longer than most, or more memory. It is read again with more of "
        "both."
    ),
    "text_too_long": gettext_noop(
        "The file has more than %(characters)s characters of text, which is the limit. Split it "
        "into parts."
    ),
    "file_too_large": gettext_noop(
        "The file is larger than %(megabytes)s MB, the limit of this installation "
        "(MAX_UPLOAD_MB)."
    ),
    "original_missing": gettext_noop(
        "The original file is no longer in the store. Upload it again."
    ),
    "text_without_title": gettext_noop("Give the text a title."),
    "document_without_title": gettext_noop("Give the document a title."),
    # What asks for consent
    "wider_audience": gettext_noop(
        "More people would see it in “%(collection)s” than now. Confirm the move."
    ),
    "wider_visibility": gettext_noop(
        "More people would see the documents in “%(collection)s” than now. Confirm the change."
    ),
    "last_owner": gettext_noop(
        "“%(collection)s” would have no owner any more, and only staff could change its settings "
        "and members. Confirm the change."
    ),
    "collection_not_named": gettext_noop(
        "“%(name)s” holds documents: %(documents)s. It is deleted with them only if you confirm it "
        "by its name."
    ),
    "moves_with_parent": gettext_noop(
        "This document is a part of another and goes with it: move, delete or restore that one."
    ),
    # What can be wrong with its pages
    "pdf_unreadable": gettext_noop(
        "The pages of this PDF cannot be drawn: it is protected or damaged."
    ),
    "no_such_page": gettext_noop("The PDF has no such page."),
    "page_timeout": gettext_noop("Drawing this page takes too long."),
    "drawing_busy": gettext_noop("Other pages are being drawn. Try again in a few seconds."),
    "page_crashed": gettext_noop("This page needs too much memory to be drawn, or is damaged."),
    # What can be wrong with the service
    "internal_error": gettext_noop(
        "Something went wrong inside the service. Retry; if it happens again, see its log."
    ),
    "database_lost": gettext_noop("The database could not be reached."),
    "database_away": gettext_noop(
        "The database cannot be reached, so nothing was stored. Try again in a minute."
    ),
    "broker_away": gettext_noop(
        "The work queue cannot be reached, so nothing was stored. Try again in a minute."
    ),
    "collection_changed": gettext_noop(
        "The collection was changed by others at the same moment. Try again."
    ),
    "indexing_interrupted": gettext_noop(
        "Indexing was interrupted five times. If the service was not being restarted, the file "
        "may be too large for it: split it into parts."
    ),
    "collection_deleted": gettext_noop(
        "The collection was deleted meanwhile, so nothing was stored. Choose another one."
    ),
    "disk_full": gettext_noop(
        "The disk is full, so nothing was stored. Please tell the administrator of this service."
    ),
    "disk_reserve": gettext_noop(
        "The disk is almost full: %(free)s MB are free, and %(reserve)s MB must stay so. Nothing "
        "was stored. Ask whoever runs this service to free space, or to lower DISK_RESERVE_MB."
    ),
    "quota_bytes": gettext_noop(
        "You would keep more than one user may (%(most)s MB). Delete documents, or ask an "
        "administrator to raise USER_QUOTA_MB."
    ),
    "quota_documents": gettext_noop(
        "You would keep more documents than one user may (%(most)s). Delete some, or ask an "
        "administrator to raise USER_QUOTA_DOCUMENTS."
    ),
    "quota_queued": gettext_noop(
        "Too many of your documents wait for the index already (%(most)s). Try again when some are "
        "done, or ask an administrator to raise USER_QUOTA_QUEUED."
    ),
    "too_many_tokens": gettext_noop(
        "You have all the tokens that one user may have (%(most)s). Revoke one first."
    ),
    # What a search could not do
    "lexical_only": gettext_noop(
        "Search by meaning is not available, so this is keyword search. %(reason)s"
    ),
    "query_too_long": gettext_noop(
        "The query is longer than the models can read: its end counts for keywords only. A "
        "shorter one may find more."
    ),
    "index_incomplete": gettext_noop("The index is being built: results are incomplete."),
    "minus_kept": gettext_noop(
        "“%(word)s” is searched for as it stands. To leave a word out, write NOT before it."
    ),
    "operator_value_unknown": gettext_noop(
        "Nothing here has “%(value)s” as its %(name)s, so this is searched for as plain words."
    ),
    "date_unknown": gettext_noop(
        "“%(value)s” is no date: write 2024, 2024-03 or 2024-03-31 after “%(name)s:”."
    ),
    "pattern_too_short": gettext_noop(
        "“%(pattern)s” would fit too many words: write at least two letters beside the *."
    ),
    "too_many_required": gettext_noop(
        "Only the first %(most)s words and phrases that must stand in a document count."
    ),
    "too_many_exclusions": gettext_noop("Only the first %(most)s exclusions count."),
    "too_many_patterns": gettext_noop("Only the first %(most)s words with a * count."),
    "lookup_timeout": gettext_noop(
        "The search in metadata and dates took too long and was stopped: some documents "
        "that match are not shown."
    ),
    "dense_timeout": gettext_noop(
        "Searching by meaning took too long and was given up: only keywords were searched."
    ),
    "rerank_out_of_time": gettext_noop(
        "There was no time to rerank the results: they are in the order in which they were found."
    ),
    "listing_timeout": gettext_noop(
        "Listing the documents took too long and was given up. Add a word, or another filter."
    ),
    # Synonyms and pins
    "synonym_line": gettext_noop("Line %(line)s: %(reason)s"),
    "synonym_alone": gettext_noop(
        "A rule needs two different words or phrases, parted by commas or an arrow."
    ),
    "synonym_side_empty": gettext_noop("One side of the arrow is empty."),
    "synonym_two_arrows": gettext_noop("A rule has one arrow at most."),
    "synonym_without_words": gettext_noop("What stands between two commas has no letter or digit."),
    "synonym_too_many_words": gettext_noop("A synonym may have %(most)s words."),
    "synonym_too_many_alternatives": gettext_noop("A side of a rule may have %(most)s synonyms."),
    "synonym_line_too_long": gettext_noop("A rule may have %(most)s characters."),
    "synonyms_too_many": gettext_noop("There may be %(most)s rules."),
    "synonyms_too_many_pairs": gettext_noop(
        "From line %(line)s on the rules name too many synonyms: shorten them."
    ),
    "synonyms_too_long": gettext_noop("The list may have %(most)s characters."),
    "synonyms_changed_meanwhile": gettext_noop(
        "Somebody else has changed the synonyms meanwhile. Copy what you have written, load the "
        "list again and add it there."
    ),
    "pin_without_words": gettext_noop(
        "A document is pinned for a query with words, of %(most)s characters at most."
    ),
    "pins_too_many": gettext_noop(
        "%(most)s documents of this collection are pinned for the query already: take one away "
        "first."
    ),
    "pins_of_collection_too_many": gettext_noop(
        "This collection has %(most)s pins already: take one away first."
    ),
    # Why a model cannot be had
    "model_package_missing": gettext_noop(
        "The package %(package)s that should ship a model is not installed."
    ),
    "model_out_of_reach": gettext_noop(
        "The model %(model)s is not on this machine and the model hub cannot be reached. Name a "
        "local folder or an installed package instead."
    ),
    "model_not_fetched": gettext_noop("The model %(model)s cannot be fetched from the hub."),
    "model_pickled": gettext_noop(
        "The model %(model)s has weights in a form that can run code (pickle). Name one that has "
        "them as safetensors."
    ),
    "model_broken": gettext_noop("The model %(model)s cannot be loaded: %(error)s"),
    "model_window_too_small": gettext_noop(
        "The model %(model)s reads %(tokens)s tokens at once; at least %(least)s are needed."
    ),
    "model_int8_missing": gettext_noop(
        "The index was built with %(model)s in int8, which is not available on this machine. Set "
        "INFERENCE_BACKEND=torch and run `manage.py reindex` to rebuild the index."
    ),
    "model_of_index_missing": gettext_noop(
        "The index was built with another model (%(model)s, revision %(revision)s) that is no "
        "longer available. Run `manage.py reindex` to rebuild the index."
    ),
    "no_cross_encoder": gettext_noop("The model in %(folder)s is no cross-encoder."),
    "cross_encoder_outputs": gettext_noop(
        "%(folder)s has %(outputs)s outputs; a reranker has one."
    ),
    "no_trained_cross_encoder": gettext_noop("No cross-encoder was trained here."),
    "no_own_cross_encoder": gettext_noop("No cross-encoder comes with the product."),
    "reranking_off": gettext_noop("Reranking is switched off (RERANKER_MODEL=none)."),
    # How the parts of the service are
    "no_answer": gettext_noop("No answer within %(seconds)s seconds."),
    "database_up": gettext_noop("The database answers."),
    "database_empty": gettext_noop("The database answers, but it has no tables yet."),
    "database_down": gettext_noop("The database cannot be reached."),
    "broker_up": gettext_noop("The broker answers."),
    "broker_down": gettext_noop("The broker cannot be reached."),
    "cache_up": gettext_noop("The cache answers."),
    "cache_down": gettext_noop("The cache cannot be reached."),
    "cache_per_process": gettext_noop(
        "Each web process keeps its own, since CACHE_URL is not set."
    ),
    "index_fresh": gettext_noop("The word index is up to date."),
    "index_refreshed_by_searches": gettext_noop(
        "The word index is brought up to date by each search."
    ),
    "index_building": gettext_noop(
        "The word index is built to %(percent)s percent: searches find only a part."
    ),
    "not_known": gettext_noop("Not known: the broker cannot be reached."),
    "worker_seen": gettext_noop("A worker reported %(seconds)s seconds ago."),
    "worker_never_seen": gettext_noop("No worker has reported."),
    "worker_silent": gettext_noop("No worker has reported for %(seconds)s seconds."),
    "models_not_loaded": gettext_noop("No process has loaded the models yet."),
    "models_not_told": gettext_noop("It has not reported yet."),
    "model_loaded": gettext_noop("%(model)s is loaded."),
    "reranker_loaded": gettext_noop("Reranking with %(reranker)s."),
    "reranker_not_loaded": gettext_noop("The reranker is not loaded yet."),
    "both_models": gettext_noop("%(embedding)s %(reranking)s"),
}  # fmt: skip
