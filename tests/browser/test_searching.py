"""The search page in a real browser."""

import re
import time

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Opened
from tests.browser.test_every_page import violations
from tests.live import LiveStack


def search(page: Page, query: str) -> None:
    page.locator("#q").fill(query)
    page.locator("#q").press("Enter")
    expect(page.locator("#total")).to_be_visible()
    expect(page).to_have_title(f"{query} · Lantern")


def test_a_query_is_answered_in_place_and_its_passage_opens_marked(opened: Opened) -> None:
    page = opened("/", signed_in=False)
    expect(page.locator("#q")).to_be_focused()
    search(page, "when do the gates close in a storm surge")
    assert re.search(r"q=when(\+|%20)do", page.url)
    first = page.locator(".hit").first
    expect(first.get_by_role("heading")).to_have_text("Tides in the outer basin")
    expect(first.locator(".answer")).to_contain_text("the gates of the inner basin close")
    assert {"storm", "surge", "gates"} <= {
        m.lower() for m in first.locator("mark").all_inner_texts()
    }
    first.locator("[data-result]").click()
    passage = page.locator("#passage")
    expect(passage).to_be_in_viewport()
    expect(page.locator("mark.found", has_text="six metres")).to_be_visible()
    page.go_back()
    expect(page.locator(".hit").first).to_contain_text("Tides in the outer basin")
    expect(page.locator("#q")).to_have_value("when do the gates close in a storm surge")


def test_a_page_number_leads_into_the_pdf(opened: Opened) -> None:
    page = opened("/?q=abandoned+wreck&rerank=false", signed_in=False)
    first = page.locator(".hit").first
    expect(first.locator(".where").first).to_contain_text("page 3")
    first.locator("[data-result]").click()
    expect(page.get_by_role("img", name=re.compile("^Page 3 of"))).to_be_visible()
    expect(page.get_by_text("Passage on page 3")).to_be_visible()


def test_filters_switches_and_back_live_in_the_address(opened: Opened) -> None:
    page = opened("/?q=harbour", signed_in=False)
    expect(page.locator(".hit").nth(1)).to_be_visible()
    page.get_by_role("link", name=re.compile("Markdown")).click()
    expect(page).to_have_url(re.compile("type=md"))
    expect(page.locator(".active")).to_contain_text("Markdown")
    shown = page.locator(".results > .hits .type").all_inner_texts()
    assert shown and set(shown) == {"Markdown"}
    page.get_by_role("link", name="Words", exact=True).click()
    expect(page).to_have_url(re.compile("mode=lexical"))
    search(page, "lamp")
    assert "type=md" in page.url and "mode=lexical" in page.url
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator(".active")).to_have_count(0)
    page.go_back()
    expect(page.locator(".active")).to_contain_text("Markdown")


def test_the_reasons_of_a_result_unfold(opened: Opened) -> None:
    page = opened("/?q=paraffin+lamp", signed_in=False)
    page.locator(".why summary").first.click()
    table = page.locator(".why table").first
    expect(table).to_contain_text("Words")
    expect(table).to_contain_text("paraffin")


def test_what_is_loosely_related_unfolds_by_keyboard_and_is_passed_over_until_then(
    opened: Opened,
) -> None:
    page = opened("/?q=harbour&type=md&rerank=false", signed_in=False)
    last = page.locator(".results > .hits [data-result]").last
    first_related = page.locator(".related [data-result]").first
    last.focus()
    page.keyboard.press("ArrowDown")
    expect(last).to_be_focused()
    expect(first_related).to_be_hidden()
    page.locator(".related > summary").focus()
    page.keyboard.press("Enter")
    expect(first_related).to_be_visible()
    last.focus()
    page.keyboard.press("ArrowDown")
    expect(first_related).to_be_focused()


def test_the_whole_way_by_keyboard(opened: Opened) -> None:
    page = opened("/documents/", signed_in=False)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("pilot")
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-result]").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-result]").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("[data-result]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#passage")).to_be_in_viewport()


def test_suggestions_come_while_typing_and_are_walked_by_keys(opened: Opened) -> None:
    page = opened("/")
    box, options = page.locator("#q"), page.locator("#suggestions [role=option]")
    box.press_sequentially("readi")
    expect(options.first.locator(".text")).to_have_text("Reading the tide table")
    expect(options.first.locator("b")).to_have_text(["ng the tide table"])
    expect(box).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []
    box.press("ArrowDown")
    expect(box).to_have_value("Reading the tide table")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-0")
    box.press("Escape")
    expect(box).to_have_value("readi")
    expect(page.locator("#suggestions")).to_be_hidden()
    box.press("Alt+ArrowDown")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile("q=Reading"))
    expect(page.locator("#suggestions")).to_be_hidden()
    box.fill("lightho")
    options.filter(has_text="The lighthouse").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The lighthouse")


def test_ones_own_searches_are_suggested_until_they_are_cleared(opened: Opened) -> None:
    page = opened("/?q=paraffin+lens")
    expect(page.locator("[data-result]").first).to_be_visible()
    page.goto("/")
    box, options = page.locator("#q"), page.locator("#suggestions [role=option]")
    box.click()
    expect(options.first).to_contain_text("paraffin lens")
    expect(options.first).to_contain_text("searched before")
    page.goto("/account/")
    page.get_by_role("button", name="Clear my searches").click()
    expect(page.get_by_role("status").first).to_contain_text("forgotten")
    page.goto("/")
    box.press_sequentially("paraffi")
    page.wait_for_load_state("networkidle")
    expect(options).to_have_count(0)


def test_a_result_is_judged_in_place(opened: Opened) -> None:
    page = opened("/?q=paraffin+lamp")
    button = page.locator(".judge button").first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    assert violations(page) == []
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.locator(".hit").first.get_by_role("link", name="More like this").click()
    expect(page.locator(".alike")).to_contain_text("The lighthouse")


def test_an_opened_result_is_counted_for_the_search_that_showed_it(
    opened: Opened, harbour: LiveStack
) -> None:
    page = opened("/?q=ferry+timetable&rerank=false", signed_in=False)
    with page.expect_request("**/search/opened"):
        page.locator("[data-result]").first.click()
    opening = "SELECT position FROM retrieval_click WHERE query = 'ferry timetable'"
    deadline = time.monotonic() + 10  # the browser sends it on its way to the next page
    while not (counted := harbour.query(opening)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [position for (position,) in counted] == [1]


def test_results_come_after_a_pause_in_typing_and_leave_one_entry(
    opened: Opened, harbour: LiveStack
) -> None:
    page = opened("/?q=ferry", signed_in=False)
    box = page.locator("#q")
    box.fill("")
    box.press_sequentially("fog horn")
    expect(page).to_have_title("fog horn · Lantern")
    expect(page.locator(".hit").first).to_contain_text("one long blast")
    expect(box).to_be_focused()
    box.press_sequentially(" on the mole")
    expect(page).to_have_title("fog horn on the mole · Lantern")
    expect(box).to_have_value("fog horn on the mole")
    page.go_back()
    expect(page).to_have_title("ferry · Lantern")
    noted = harbour.query("SELECT query FROM retrieval_searchlog WHERE query LIKE 'fog horn%%'")
    assert noted == []


def test_answers_that_come_after_other_results_are_dropped(opened: Opened) -> None:
    page = opened("/", signed_in=False)
    held: list[Route] = []
    page.route("**/search/answers?q=ferry*", lambda route: held.append(route))  # noqa: PLW0108
    search(page, "ferry")
    expect(page.locator(".hit").first).to_be_visible()
    search(page, "fog")
    with page.expect_response("**/search/answers?q=ferry*"):
        held[0].continue_()
    expect(page.locator(".hit").first).to_contain_text("Fog signals")


def test_a_search_that_takes_long_says_so(opened: Opened) -> None:
    page = opened("/?q=ferry", signed_in=False)
    held: list[Route] = []
    page.route("**/?q=fog*", lambda route: held.append(route))  # noqa: PLW0108
    page.locator("#q").fill("fog")
    page.locator("#q").press("Enter")
    expect(page.locator("#slow-search")).to_have_text(re.compile("Still searching"))
    held[0].continue_()
    expect(page).to_have_title("fog · Lantern")
    expect(page.locator("#slow-search")).to_be_hidden()


def test_what_was_found_is_announced(opened: Opened) -> None:
    page = opened("/", signed_in=False)
    search(page, "ferry")
    expect(page.locator("#announce")).to_contain_text(re.compile(r"\d+ document"))


def test_a_server_that_is_away_is_said(opened: Opened) -> None:
    page = opened("/?q=ferry", signed_in=False)
    page.route("**/?q=fog*", lambda route: route.fulfill(status=404, body="away"))
    page.locator("#q").fill("fog")
    page.locator("#q").press("Enter")
    expect(page.locator("#search-failed")).to_contain_text("could not be done")


def test_everything_works_without_scripts(opened: Opened) -> None:
    page = opened("/", signed_in=False, scripts=False)
    page.locator("#q").fill("auction of herring")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile("HTML")).click()
    assert "type=html" in page.url
    page.locator("[data-result]").first.click()
    expect(page.locator("#passage")).to_be_in_viewport()


def test_the_theme_follows_the_system_until_it_is_chosen(opened: Opened) -> None:
    page = opened("/", signed_in=False)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    body = page.locator("body")
    page.emulate_media(color_scheme="dark")
    expect(body).not_to_have_css("background-color", light)
    page.get_by_role("button", name="Use the light theme").click()
    expect(body).to_have_css("background-color", light)
    page.reload()
    expect(body).to_have_css("background-color", light)
