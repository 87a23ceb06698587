"""The page of the API works under our policy, without asking any other host."""

from playwright.sync_api import Browser

from tests.live import LiveStack


def test_the_page_works_without_breaking_the_policy_or_leaving_the_house(
    live_stack: LiveStack, browser: Browser
) -> None:
    found: list[str] = []

    def asked(address: str) -> None:
        if not address.startswith((live_stack.url, "data:")):
            found.append(address)

    page = browser.new_page()
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", lambda request: asked(request.url))
    page.goto(f"{live_stack.url}/api/v1/docs")
    page.click("#operations-search-search .opblock-summary-control")
    page.wait_for_selector("text=Words, “exact phrases” in quotation marks")
    page.close()
    assert found == []
