"""A page that is kept for the next test shows nothing of the one before, and takes on nothing that would stay."""

import pytest
from playwright.sync_api import expect

from tests.browser import inside

HOVERED = "() => document.querySelectorAll(':hover').length"
WHERE = "() => [document.querySelector('[data-testid=stMain]').scrollTop, document.activeElement.tagName]"


def test_nothing_of_one_test_reaches_the_next(view, lab):
    window = view("conv2d?conv_filters=5")
    page = window.page
    page.emulate_media(reduced_motion="reduce")
    window.become(390, "light")
    window.settle()
    page.get_by_role("slider", name="Filters").focus()
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 400)")
    page.locator(".output-stage").hover()
    before = page.evaluate(WHERE)
    assert page.evaluate(HOVERED) and before[0] > 0 and before[1] != "BODY"
    with pytest.raises(AssertionError, match="kept for other tests"):
        page.route("**", lambda route: route.abort())
    assert window.take_back(lab)
    window.open(f"{lab}/conv2d")
    assert page.viewport_size["width"] == 1280
    expect(page.get_by_test_id("stExpandSidebarButton")).to_have_count(0)
    assert page.evaluate(HOVERED) == 0 and page.evaluate(WHERE) == [0, "BODY"]
    assert not page.evaluate("() => matchMedia('(prefers-reduced-motion: reduce)').matches")
    expect(page.locator(".maps .tile")).to_have_count(8)
    assert "?" not in page.url
    window.assert_clean()
    window.become(1280, "dark")
    assert not window.take_back(lab)


def test_the_page_of_an_address():
    assert inside.key("http://localhost:8501/?index=1") == "home" and inside.key("/pooling?pool_kind=max") == "pooling"
