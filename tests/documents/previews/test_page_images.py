"""Pictures of PDF pages: drawn in a child, kept, capped, and gone with their original."""

import io
import os
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from documents import storage
from documents.errors import DrawingError
from documents.library import trash, uploads
from documents.models import Collection
from documents.page_renderer import render_page
from documents.previews import page_images
from tests.documents import files
from tests.misbehaving import die, sleep

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True)
def var(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.ORIGINALS_DIR = tmp_path / "originals"


def store(data: bytes) -> str:
    draft = storage.write_draft(io.BytesIO(data))
    final = storage.original_path(draft.sha256)
    final.parent.mkdir(parents=True)
    draft.path.rename(final)
    return draft.sha256


def test_a_page_is_drawn_with_its_words_and_kept() -> None:
    sha256 = store(files.pdf(["The tide comes in.", "The tide goes out."]))
    second = page_images.page_image(sha256, 2)
    with Image.open(second.image) as image:
        assert image.size == (second.width, second.height)
        left, top, right, bottom = second.words[-1].boxes[0]
        pixels = image.convert("L").crop((left, top, right, bottom))
        assert min(pixels.tobytes()) < 100  # there is ink where the word is said to be
    assert [word.text for word in second.words] == ["Chapter", "2", "The", "tide", "goes", "out."]
    storage.original_path(sha256).unlink()
    assert page_images.page_image(sha256, 2) == second


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 nothing", files.encrypted_pdf()], ids=["nothing", "locked"]
)
def test_what_cannot_be_drawn_is_said_in_words(data: bytes) -> None:
    with pytest.raises(DrawingError, match="protected or damaged"):
        page_images.page_image(store(data), 1)


def test_there_are_no_pages_but_its_own() -> None:
    sha256 = store(files.pdf(["Tide."]))
    for number in (0, 2):
        with pytest.raises(DrawingError, match="no such page"):
            page_images.page_image(sha256, number)
    with pytest.raises(DrawingError, match="no longer in the store"):
        page_images.page_image("ab" * 32, 1)


def test_a_page_that_kills_or_blocks_its_child_harms_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sha256 = store(files.pdf(["Tide."]))
    monkeypatch.setattr(page_images, "render_page", die)
    with pytest.raises(DrawingError, match="too much memory"):
        page_images.page_image(sha256, 1)
    monkeypatch.setattr(page_images, "SECONDS", 1)
    monkeypatch.setattr(page_images, "render_page", sleep)
    with pytest.raises(DrawingError, match="too long"):
        page_images.page_image(store(files.pdf(["Ebb."])), 1)
    monkeypatch.undo()
    assert page_images.page_image(store(files.pdf(["Flood."])), 1).words


def test_a_page_that_is_slow_to_draw_costs_its_timeout_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_images, "SECONDS", 2)
    sha256 = store(files.slow_pdf())
    started = time.monotonic()
    for _ in range(5):
        with pytest.raises(DrawingError, match="too long") as slow:
            page_images.page_image(sha256, 1)
        assert slow.value.permanent
    assert 2 <= time.monotonic() - started < 4
    monkeypatch.setattr(page_images, "FAILURE_SECONDS", 0)
    with pytest.raises(DrawingError, match="too long"):
        page_images.page_image(sha256, 1)
    assert time.monotonic() - started > 4  # it was tried again


def test_two_requests_may_wait_and_further_ones_are_refused_at_once() -> None:
    sha256 = store(files.pdf(["Tide."] * 8))
    gate = threading.Barrier(8)

    def ask(number: int) -> str:
        gate.wait(10)
        try:
            page_images.page_image(sha256, number)
        except DrawingError as error:
            assert not error.permanent
            return error.message.code
        return "drawn"

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(ask, range(1, 9))) == {"drawn": 3, "drawing_busy": 5}


def test_a_page_asked_for_twice_at_once_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = store(files.pdf(["Tide."]))
    drawn = []

    def render(*arguments: Any) -> Any:
        drawn.append(arguments)
        return render_page(*arguments)

    monkeypatch.setattr(page_images, "_render", render)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: page_images.page_image(sha256, 1), range(2))
    assert first == second and len(drawn) == 1


def test_a_page_of_any_size_becomes_a_picture_of_bounded_size(tmp_path: Path) -> None:
    from fpdf import FPDF

    for size in ((10, 5000), (5000, 10), (5000, 5000)):
        document = FPDF(unit="pt", format=size)
        document.add_page()
        document.output(str(tmp_path / "odd.pdf"))
        drawn = render_page(tmp_path / "odd.pdf", 1)
        assert drawn.width * drawn.height < 4_100_000


def test_the_oldest_go_when_there_is_too_much() -> None:
    sha256 = store(files.pdf(["Tide."] * 3))
    images = [page_images.page_image(sha256, number).image for number in (1, 2, 3)]
    for age, image in zip((30, 90, 60), images, strict=True):
        os.utime(image, (time.time() - age,) * 2)
    size = images[0].stat().st_size + images[0].with_suffix(".json").stat().st_size
    page_images.trim_page_images(most=2 * size + size // 2)
    assert [image.exists() for image in images] == [True, False, True]
    assert not images[1].with_suffix(".json").exists()


@pytest.mark.django_db(transaction=True)
def test_pictures_go_with_their_original() -> None:
    collection = Collection.objects.create(name="Papers", slug="papers")
    data = io.BytesIO(files.pdf(["Tide."]))
    document = uploads.add_file(collection, data, "tide.pdf", enqueue=False).document
    image = page_images.page_image(document.content_hash, 1).image
    trash.purge_documents([document])
    assert not image.exists() and not image.parent.exists()
