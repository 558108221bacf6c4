"""Presenting: on a projector the picture and its sum are as large as a room needs, and one key leads in and out."""

import re

import pytest
from playwright.sync_api import expect

HEIGHT = 1080
TWO_DECIMALS = re.compile(r"^sum −?\d+\.\d\d \+ bias 0 = −?\d+\.\d\d$")


def test_a_room_can_read_it(visit, lab):
    window = visit(width=1920)
    page = window.page
    page.set_viewport_size({"width": 1920, "height": HEIGHT})
    window.open(f"{lab}/conv2d?hide=explorer_slide")
    page.get_by_role("button", name="Present").wait_for()  # it knows of its key from then on
    page.keyboard.press("p")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    cell = page.locator(".matrix span").first
    cell.wait_for()
    window.settle()
    picture = page.locator(".input-stage").first.bounding_box()
    assert picture["height"] >= 0.45 * HEIGHT and picture["y"] + picture["height"] <= HEIGHT
    # what the browser enlarges says its size as if it did not
    enlarged = cell.bounding_box()["height"] / cell.evaluate("cell => parseFloat(getComputedStyle(cell).height)")
    assert enlarged * cell.evaluate("cell => parseFloat(getComputedStyle(cell).fontSize)") >= 28
    assert "present=true" in page.url
    expect(page.locator(".strongest")).to_be_visible()
    expect(page.locator(".play")).to_be_hidden()  # the link hides it
    total = page.locator(".total").first
    expect(total).to_have_text(TWO_DECIMALS)
    # Plotly takes its size from what is on screen: it must not be enlarged once more, and cut
    place = page.get_by_test_id("stPlotlyChart").first
    drawn = place.locator("svg.main-svg").first
    drawn.wait_for()
    assert drawn.bounding_box()["width"] == pytest.approx(place.bounding_box()["width"], rel=0.02)
    # a click still lands where it is seen
    output = page.locator(".output-stage").first.bounding_box()
    page.mouse.click(output["x"] + output["width"] * 0.999, output["y"] + output["height"] * 0.999)
    expect(page.locator(".readout").first).to_contain_text("row 27, column 27")
    window.settle()
    page.get_by_role("slider", name="Filters").focus()  # as after it was turned
    page.keyboard.press("p")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    expect(total).not_to_have_text(TWO_DECIMALS)
    window.settle()
    window.assert_clean()
