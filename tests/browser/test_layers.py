"""The layer pages touched as a student touches them: keys, mouse, links, back and forward."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from core.data import mnist
from core.layers import steps
from core.layers.kinds import Activation, Conv2D, Pooling
from core.network import activations, presets
from tests.browser import keys
from tests.browser.conftest import pixels, wait_for_change
from ui.shared import text

OUTPUT = ".output-stage canvas"
# Where Tab has led: "" once it leaves the page.


def press(window, label: str, key: str = "ArrowRight"):
    """A slider's next value, once it is in the address and on screen."""
    before = window.page.url
    window.page.get_by_role("slider", name=label).press(key)
    window.page.wait_for_url(lambda url: url != before)
    window.settle()


def wait_for_link(page, *settings: str):
    """Until the address holds all these settings."""
    page.wait_for_url(lambda url: all(f"{setting}&" in f"{url.partition('?')[2]}&" for setting in settings))


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ("conv2d", ("Kernel: height", "Dilation: width", "Bias value")),
        ("pooling", ("Pool size: height",)),
        ("activation?act_name=leaky_relu", ("Negative slope",)),
    ],
)
def test_a_slider_changes_the_picture(path, labels, view):
    window = view(path)
    page = window.page
    for label in labels:
        slider, more = page.get_by_role("slider", name=label), page.get_by_text("More", exact=True)
        slider.or_(more).first.wait_for()
        if slider.count() == 0:
            more.click()
        before = pixels(page, OUTPUT)
        press(window, label)
        wait_for_change(page, OUTPUT, before)
    window.assert_clean()


def test_back_forward_and_reload_keep_the_state_and_another_browser_shows_the_same_view_of_a_later_page(view, visit):
    window = view("conv2d")
    page = window.page
    tiles = page.locator(".tile")
    assert tiles.count() == 8
    press(window, "Filters")
    expect(tiles).to_have_count(9)
    assert "Conv2D+9+3" in page.url
    page.go_back()
    expect(tiles).to_have_count(8)
    window.settle()
    page.go_forward()
    expect(tiles).to_have_count(9)
    window.settle()
    page.reload()
    page.locator(".tile").nth(8).wait_for()
    window.settle()
    assert tiles.count() == 9
    press(window, "Kernel: width")
    press(window, "Filters", "ArrowLeft")
    press(window, "Filters", "ArrowLeft")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Pooling", exact=True).click()
    page.get_by_role("heading", name="Pooling").wait_for()
    window.settle()
    assert "Conv2D+7+3x4" in page.url
    elsewhere = visit().open(page.url)
    assert elsewhere.locator(".tile").count() == 7
    assert pixels(elsewhere, OUTPUT) == pixels(page, OUTPUT)
    window.assert_clean()


def test_the_arithmetic_on_screen_is_keras_number(view):
    page = view("conv2d?conv_bias=0.25&conv_kernel_h=5&conv_strides_w=2&conv_map=2&conv_row=9&conv_col=6").page
    total = page.locator(".total")
    shown = float(total.get_attribute("data-total"))
    spec = Conv2D(kernel_size=(5, 3), strides=(1, 2), bias=0.25)
    result = activations.run_layer(spec, activations.as_input(mnist.sample("test", 0).image))
    assert shown == pytest.approx(result.outputs[9, 6, 2], abs=1e-5)
    step = steps.convolution(result.inputs, *result.weights, spec.axes(result.inputs.shape), (9, 6, 2))
    assert shown == pytest.approx(step.total, abs=1e-6)
    products = [
        float(shown.replace("−", "-")) for shown in page.locator(".matrix").nth(2).locator("span").all_text_contents()
    ]
    np.testing.assert_allclose(products, step.products.ravel(), rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(("kind", "said"), [("max", "max = −1, from"), ("average", "−4 / 4 = −1, the mean of 4")])
def test_what_lies_outside_never_counts_in_a_pooling(kind, said, view):
    window = view(
        "pooling?conv_bias=-1&act_name=linear&pool_padding=same&pool_size_h=3&pool_size_w=3"
        f"&pool_kind={kind}&pool_row=13&pool_col=13"
    )
    page = window.page
    walk = presets.one_of_each(Conv2D(bias=-1.0), Activation("linear"), Pooling(kind, (3, 3), (2, 2), padding="same"))
    result = activations.run(walk.upto("pooling"), activations.as_input(mnist.sample("test", 0).image))[-1]
    assert result.outputs[13, 13, 0] == -1
    assert page.locator(".readout").inner_text() == "row 13, column 13: −1"
    cells = page.locator(".matrix span")
    assert cells.all_text_contents() == ["−1", "−1", "–", "−1", "−1", "–", "–", "–", "–"]
    assert page.locator(".matrix .outside").count() == 5
    assert page.locator(".total").inner_text().startswith(said)
    # one range for both sides, so that no value of the input lies beyond its colours
    assert page.locator(".legend .low").inner_text() == text.number(-np.abs(result.inputs).max())
    window.assert_clean()


def test_the_unscaled_image_looks_the_same_and_counts_255_times(lab, view):
    window = view("conv2d?conv_row=8&conv_col=12")
    page = window.page
    assert "0 to 1" in page.locator(".input-title").inner_text()
    picture = pixels(page, ".input-stage canvas")
    window.open(f"{lab}/conv2d?conv_row=8&conv_col=12&conv_pixels=0-255")
    assert "0 to 255" in page.locator(".input-title").inner_text()
    assert pixels(page, ".input-stage canvas") == picture
    result = activations.run_layer(Conv2D(), activations.as_input(mnist.sample("test", 0).image, scaled=False))
    shown = float(page.locator(".total").get_attribute("data-total"))
    assert abs(shown) > 1
    assert shown == pytest.approx(float(result.outputs[8, 12, 0]), rel=1e-4)
    assert page.locator(".legend .high").inner_text() == text.number(np.abs(result.outputs).max())
    window.assert_clean()


def test_keyboard_and_mouse_reach_map_and_cell_and_both_are_part_of_the_link(lab, visit):
    window = visit()
    page = window.open(f"{lab}/conv2d")
    stops = keys.walk(page)
    assert len(stops) <= keys.MOST_STOPS and stops.count("menu") == 1, stops
    # the "?" beside a control is no stop: its help comes with the control, and goes once that is used
    asked, help = page.get_by_role("radio", name="Whole layer"), page.get_by_role("tooltip")
    asked.focus()
    help.wait_for()
    expect(asked).to_have_attribute("aria-describedby", help.get_attribute("id"))
    page.keyboard.press("Shift")
    expect(help).to_have_count(0)
    # arrow keys lead through the menu; who leaves it finds it at the open page again
    link = page.locator(".st-key-menu a:focus")
    page.locator(".st-key-menu [aria-current=page]").focus()
    for key, name in (("ArrowDown", "DepthwiseConv2D"), ("End", "Predict"), ("ArrowUp", "Evaluate")):
        page.keyboard.press(key)
        expect(link).to_contain_text(name)
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(link).to_contain_text("Conv2D")
    expect(link).to_have_attribute("aria-current", "page")
    # and so they do in a row of buttons, which is one stop; behind it Tab comes to the choice that is made
    side = page.get_by_role("toolbar").filter(has_text="Random")
    side.get_by_role("button", name="Previous").focus()
    page.keyboard.press("End")
    expect(side.get_by_role("button", name="Next")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="Test", exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(side.get_by_role("button", name="Next")).to_be_focused()
    page.locator(".output-stage").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    wait_for_link(page, "conv_row=9", "conv_col=13")
    window.settle()
    page.locator(".tile").nth(3).focus()
    page.keyboard.press("Enter")
    wait_for_link(page, "conv_map=3")
    window.settle()
    expect(page.get_by_text("Map 3: min")).to_have_count(1)
    # the address, the picture, the tile and the caption count from 0, as the code does
    assert "map 3 (0 to 7)" in page.locator(".output-title").inner_text()
    assert page.locator(".maps .name").all_text_contents() == [str(channel) for channel in range(8)]
    stage = page.locator(".output-stage")
    cell = stage.bounding_box()["width"] / 28
    stage.hover(position={"x": cell * 20.5, "y": cell * 15.5})
    expect(page.locator(".readout")).to_contain_text("row 15, column 20:")
    stage.click(position={"x": cell * 20.5, "y": cell * 15.5})
    wait_for_link(page, "conv_row=15", "conv_col=20")
    window.settle()
    # the other direction: a pixel of the input picks the cell whose window is centred on it
    page.locator(".input-stage").hover(position={"x": 10, "y": 10})
    assert re.match(r"row \d, column \d:", page.locator(".readout").inner_text())
    window.assert_clean()


def test_sliding_moves_the_window_by_itself_until_paused(lab, visit):
    window = visit(own_clock=True)
    page = window.open(f"{lab}/conv2d")
    readout = page.locator(".readout")
    start = readout.inner_text()
    page.get_by_role("button", name="Slide").click()
    expect(readout).not_to_have_text(start)
    page.get_by_role("button", name="Pause").click()
    stopped = readout.inner_text()
    page.clock.run_for(2000)
    assert readout.inner_text() == stopped
    window.settle()
    assert readout.inner_text() == stopped


def test_typed_kernels_are_used_and_bad_values_get_a_sentence(view):
    window = view("conv2d?conv_source=typed")
    page = window.page
    before = pixels(page, OUTPUT)
    box = page.get_by_label("row 1, column 1")
    box.fill("4")
    box.press("Enter")
    wait_for_change(page, OUTPUT, before)
    window.settle()
    box.fill("four")
    box.press("Enter")
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("row 1, column 1 holds “four”")
    window.settle()
    assert box.input_value() == "four"  # nothing typed is lost
    assert page.get_by_role("slider", name="Kernel: height").count() == 1  # the rest of the page stays
    box.fill("1,5")
    box.press("Enter")
    expect(alert).to_have_count(0)
    expect(box).to_have_value("1.5")
    window.settle()
    window.assert_clean()


def test_flatten_links_strip_and_boxes(view):
    window = view("flatten")
    page = window.page
    position = page.get_by_role("spinbutton", name="Position")
    position.fill("611")
    position.press("Enter")
    place = steps.unflat_position((14, 14, 8), 611)
    for name, number in zip(("Row", "Column", "Channel"), place, strict=True):
        expect(page.get_by_role("spinbutton", name=name)).to_have_value(str(number))
    expect(page.locator(".readout")).to_contain_text("position 611 =")
    window.settle()
    row = page.get_by_role("spinbutton", name="Row")
    row.fill("2")
    row.press("Enter")
    expect(position).to_have_value(str(steps.flat_position((14, 14, 8), 2, *place[1:])))
    window.settle()
    window.assert_clean()


def test_touch_picks_a_cell(lab, visit):
    window = visit(390, has_touch=True, is_mobile=True)
    page = window.open(f"{lab}/conv2d")
    stage = page.locator(".output-stage")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    cell = box["width"] / 28
    stage.tap(position={"x": 14.5 * cell, "y": 14.5 * cell})
    wait_for_link(page, "conv_row=14")
