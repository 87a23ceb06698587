"""Uploading, watching, reading, deleting, in a real browser."""

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Opened
from tests.live import LiveStack

# Each task of the page, with the processor time that it took.
TASKS = "disabled-by-default-devtools.timeline"
LETTER = "The cormorant colony on the eastern breakwater has grown to ninety pairs this year."


def test_a_file_is_uploaded_found_and_read_at_its_passage(opened: Opened, tmp_path: Path) -> None:
    file = tmp_path / "Letter about birds.txt"
    file.write_text(f"{LETTER}\n")
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    page = opened("/upload/?collection=letters")
    expect(page.get_by_label("Into the collection")).to_have_value("letters")
    page.locator("input[name=files]").set_input_files([file, empty])
    row = page.locator(".files li", has_text="Letter about birds")
    expect(row.locator(".state")).to_have_text("Indexed", timeout=60_000)
    bad = page.locator(".files li", has_text="empty.txt")
    expect(bad.locator(".problem")).to_be_visible(timeout=60_000)
    expect(bad.locator(".problem")).not_to_be_empty()
    expect(page.locator("[data-summary]")).to_have_text("1 of 2 indexed, 1 failed")
    row.get_by_role("link", name=re.compile("Search it")).click()
    expect(page.locator(".hit").first).to_contain_text("Letter about birds")
    page.goto("/?q=how+many+cormorants+are+there")
    first = page.locator(".hit").first
    expect(first.locator("mark").first).to_have_text(re.compile("cormorant"))
    first.locator("[data-result]").click()
    expect(page.locator("#passage")).to_contain_text("ninety pairs")
    expect(page.locator("#passage")).to_be_in_viewport()


@pytest.mark.timing
def test_500_files_do_not_freeze_the_page(opened: Opened, browser: Browser) -> None:
    page = opened("/upload/?collection=letters")
    busy = {"files": [{"error": "The queue cannot be reached.", "again": True}]}
    page.route("**/upload/", lambda route: route.fulfill(json=busy))
    page.on("dialog", lambda dialog: dialog.accept())
    browser.start_tracing(page=page, categories=["__metadata", TASKS])
    page.evaluate(
        """() => {
            const drop = new DataTransfer();
            for (let n = 0; n < 500; n++) drop.items.add(new File(["x" + n], `note ${n}.txt`));
            const input = document.querySelector("input[name=files]");
            input.files = drop.files;
            input.dispatchEvent(new Event("change"));
        }"""
    )
    summary = page.locator("[data-summary]")
    expect(summary).to_have_text("0 of 500 indexed, 500 rejected", timeout=60_000)
    longest = longest_task(browser.stop_tracing())
    names = page.locator(".files .serif").all_text_contents()
    assert names == [f"note {n}.txt" for n in range(500)]
    expect(page.get_by_role("button", name="Try the failed again")).to_be_visible()
    assert 1 < longest < 300


def longest_task(trace: bytes) -> float:
    """How long the page could not answer at most, in milliseconds of processor time: a machine
    that is busy with other things makes no difference. A task that the trace cuts at its start or
    its end has no such time."""
    events = json.loads(trace)["traceEvents"]
    named = [event for event in events if event["name"] == "thread_name"]
    main = {(e["pid"], e["tid"]) for e in named if e["args"]["name"] == "CrRendererMain"}
    tasks = [e for e in events if e["name"] == "RunTask" and (e["pid"], e["tid"]) in main]
    return float(max(task.get("tdur", 0) for task in tasks)) / 1000


def test_a_file_over_the_limit_is_refused_before_it_is_sent(opened: Opened) -> None:
    page = opened("/upload/")
    page.evaluate(
        """() => {
            const file = new File(["x"], "huge.pdf");
            Object.defineProperty(file, "size", { value: 101 * 1024 * 1024 });
            const input = document.querySelector("input[name=files]");
            Object.defineProperty(input, "files", { value: [file] });
            input.dispatchEvent(new Event("change"));
        }"""
    )
    expect(page.locator(".files .problem")).to_have_text(
        "The file is larger than 100 MB, the limit."
    )


def test_without_scripts_a_plain_form_takes_many_files(opened: Opened, tmp_path: Path) -> None:
    names = ["Plain one.txt", "Plain two.txt"]
    for name in names:
        (tmp_path / name).write_text(f"{name}: the ropewalk is four hundred metres long.")
    page = opened("/upload/?collection=letters", scripts=False)
    page.locator("input[name=files]").set_input_files([tmp_path / name for name in names])
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.locator(".files li")).to_have_count(2)
    expect(page.locator(".files")).to_contain_text("Queued")


def test_ticked_documents_are_deleted_after_a_question(
    opened: Opened, harbour: LiveStack, tmp_path: Path
) -> None:
    for n in range(2):
        (tmp_path / f"Draft {n}.txt").write_text(f"Draft {n} of a notice about seagulls.")
    harbour.manage("ingest", str(tmp_path), "--collection", "drafts", "--create")
    page = opened("/documents/?collection=drafts")
    delete = page.get_by_role("button", name=re.compile("^Delete"))
    expect(delete).to_be_disabled()
    page.get_by_label("All on this page").check()
    expect(page.locator("[data-chosen]")).to_have_text("2 ticked")
    delete.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete 2 documents?")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("2 documents were moved to the trash.")).to_be_visible()
    page.goto("/?q=notice+about+seagulls&mode=lexical")
    expect(page.locator(".hit", has_text="Draft")).to_have_count(0)
    page.goto("/documents/trash")
    page.get_by_label("Draft 0").check()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("1 document was restored.")).to_be_visible()
    deadline = time.monotonic() + 10  # the index follows within a moment
    page.goto("/?q=notice+about+seagulls&mode=lexical")
    while not page.locator(".hit", has_text="Draft").count() and time.monotonic() < deadline:
        page.goto("/?q=notice+about+seagulls&mode=lexical")
    expect(page.locator(".hit", has_text="Draft")).to_have_count(1)


def test_a_token_is_shown_once(opened: Opened, harbour: LiveStack) -> None:
    page = opened("/account/")
    page.get_by_label("What is it for?").fill("Nightly import")
    page.get_by_role("button", name="Create a token").click()
    page.get_by_label("Password").fill(harbour.password)
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("#secret")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    page.goto("/account/")
    expect(page.locator("#secret")).to_have_count(0)
    page.get_by_role("button", name="Revoke Nightly import").first.click()
    expect(page.get_by_text("was revoked")).to_be_visible()


def test_a_pdf_opens_at_its_page_with_the_passage_boxed(opened: Opened) -> None:
    page = opened("/?q=raising+an+abandoned+wreck&rerank=false")
    page.locator(".hit", has_text="Harbour dues").locator("[data-result]").click()
    picture = page.get_by_role("img", name="Page 3 of Harbour dues")
    expect(picture).to_be_in_viewport()
    expect(picture).to_have_js_property("complete", True, timeout=20_000)
    assert picture.evaluate("image => image.naturalWidth") > 1000
    box = page.locator("#passage").bounding_box()
    sheet = picture.bounding_box()
    assert box and sheet
    assert sheet["x"] < box["x"] and box["x"] + box["width"] < sheet["x"] + sheet["width"]
    page.get_by_role("link", name="Previous page").click()
    expect(page.get_by_role("img", name="Page 2 of Harbour dues")).to_be_visible()
    page.get_by_role("link", name="Text", exact=True).click()
    expect(page.locator("#text")).to_contain_text("Lifeboats, training ships")


def test_the_status_page_renews_itself(opened: Opened) -> None:
    page = opened("/status/")
    numbers = page.locator("#numbers")
    numbers.evaluate("part => { part.dataset.old = 'yes'; }")
    expect(numbers).not_to_have_attribute("data-old", "yes", timeout=20_000)
    expect(page.get_by_role("heading", name="The last 24 hours")).to_be_visible()
    page.get_by_role("link", name="By day").click()
    expect(page.get_by_role("heading", name="The last 30 days")).to_be_visible()
