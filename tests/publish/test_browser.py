"""The example edition in a real browser: accessible, at rest, and no wider than the screen."""

from __future__ import annotations

import pytest

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [(audience, page) for audience in ("partners", "internal") for page in ("index.html", "20_crime_trends.html")]


@pytest.fixture
def open_page(browser, example):
    """Opens a page of the example edition in a window of some width; `requests` collects what it asks for."""
    pages = []

    def opened(audience: str, name: str, width: int, requests: list[str] | None = None):
        page = browser.new_page(viewport={"width": width, "height": 800})
        pages.append(page)
        page.on("request", lambda request: (requests if requests is not None else []).append(request.url))
        page.goto((example[audience] / name).as_uri())
        return page

    yield opened
    for page in pages:
        page.close()


def open_all_details(page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")


@pytest.mark.parametrize(("audience", "name"), PAGES)
@pytest.mark.parametrize("width", [1280, 320])
def test_a_page_is_accessible_fits_the_window_and_fetches_nothing(open_page, example, audience, name, width):
    from axe_playwright_python.sync_playwright import Axe

    requests: list[str] = []
    page = open_page(audience, name, width, requests)
    open_all_details(page)
    answer = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response
    assert [(hit["id"], [node["html"] for node in hit["nodes"]][:2]) for hit in answer["violations"]] == []
    assert len(answer["passes"]) > 20
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in requests if not url.startswith("data:")] == [(example[audience] / name).as_uri()]


def test_a_wide_table_scrolls_in_its_own_region(open_page):
    page = open_page("partners", "20_crime_trends.html", 320)
    widths = page.evaluate(
        "(region => [region.scrollWidth, region.clientWidth])(document.querySelector('main > .scroll'))"
    )
    assert widths[0] > widths[1]


def test_script_that_got_in_would_not_run(open_page):
    page = open_page("partners", "20_crime_trends.html", 1280)
    page.evaluate(
        "() => { const script = document.createElement('script'); script.textContent = 'window.ran = 1';"
        "document.body.append(script);"
        "document.querySelector('main').innerHTML += '<img src=x onerror=\"window.ran = 1\">'; }"
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran === undefined")


@pytest.mark.parametrize("width", [1280, 320])
def test_the_way_to_the_other_pages_is_there_without_script(open_page, width):
    page = open_page("partners", "20_crime_trends.html", width)
    if width == 320:
        page.get_by_text("Pages and contents").click()
    page.get_by_role("navigation", name="Pages of this edition").get_by_role("link", name="Violence").click()
    assert page.get_by_role("heading", level=1).text_content() == "Violence"


def test_the_keyboard_meets_the_skip_link_first(open_page):
    page = open_page("partners", "20_crime_trends.html", 1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_paper_shows_the_marking_and_no_menu(open_page):
    page = open_page("partners", "20_crime_trends.html", 1280)
    page.emulate_media(media="print")
    assert not page.locator("nav.pages").is_visible()
    assert page.locator("main h1").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
