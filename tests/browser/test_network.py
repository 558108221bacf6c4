"""The Network page in a real browser, and the trained network on the layer pages: the arithmetic of all channels."""

import numpy as np
import pytest
from playwright.sync_api import expect

from core.data import mnist
from core.layers.shapes import Axis
from core.layers.steps import convolution
from core.network import notation, saved
from core.network.activations import Tracer, as_input, run
from core.network.presets import Blocks
from tests.browser.conftest import pixels

WIDEST = "cnn_blocks=3&cnn_convolutions=3&cnn_filters_1=128&cnn_filters_2=128&cnn_filters_3=128"


@pytest.fixture(scope="module")
def results():
    """What every layer of the shipped network makes of test image 0."""
    return Tracer(saved.load_pretrained(), Blocks().network()).trace(mnist.sample("test", 0).image)


@pytest.fixture
def opened(view):
    """The window of a view once its component or its drawing is there."""

    def make(path: str, *kind):
        window = view(path, *kind)
        window.page.locator(".total, .js-plotly-plot .main-svg").first.wait_for()
        window.settle()
        return window

    return make


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def test_a_dense_of_the_shipped_network_fits_its_width(opened):
    opened("dense?net=shipped").fits((1280, "light"), (390, "dark"))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_word_of_the_drawing_is_cut_and_the_page_fits_its_width(width, scheme, opened):
    window = opened(f"network?{WIDEST}", width, scheme)
    page = window.page
    plot = page.locator(".st-key-network_diagram .js-plotly-plot")
    edge = plot.bounding_box()
    words = plot.locator(".textpoint text")
    assert words.count() == 1 + len(Blocks((128,) * 3, 3).network())
    for box in words.evaluate_all("all => all.map(word => word.getBoundingClientRect().toJSON())"):
        assert box["right"] <= edge["x"] + edge["width"]
        assert box["left"] >= edge["x"]
    tops = sorted(box["top"] for box in words.evaluate_all("all => all.map(w => w.getBoundingClientRect().toJSON())"))
    assert np.diff(tops).min() > 10  # no word stands over another
    window.fits((width, scheme))


def test_a_slider_redraws_the_network_and_another_is_typed_and_seen_at_work(opened):
    """Turned, and back; then typed, a layer added, looked at on its page."""
    window = opened("network")
    page = window.page
    words = page.locator(".st-key-network_diagram .textpoint text")
    before = words.count()
    page.get_by_text("Blocks of convolutions").click()
    page.get_by_role("slider", name="Blocks").press("ArrowRight")
    expect(words).to_have_count(before + 6)
    expect(words.filter(has_text="block3_pool")).to_contain_text("3 × 3 × 64")
    assert "block3_pool" in page.url
    link = page.get_by_test_id("stMain").get_by_role("link", name="Train this network")
    assert "block3_pool" in link.get_attribute("href")
    window.settle()
    page.go_back()
    expect(words).to_have_count(before)
    window.settle()
    box = page.get_by_role("textbox", name="The network as text")
    box.fill("Conv2D 6 5 relu\nFlatten\nDense 10 softmax")
    box.press("Control+Enter")
    expect(words).to_have_count(4)
    window.settle()
    page.get_by_role("button", name="Duplicate").click()
    expect(words).to_have_count(5)
    expect(words.filter(has_text="conv2d_1")).to_contain_text("20 × 20 × 6")
    window.settle()
    page.get_by_role("link", name="See conv2d_1 at work").click()
    page.get_by_role("heading", name="Conv2D", exact=True).wait_for()
    expect(page.locator(".input-title")).to_contain_text("24 × 24")
    window.settle()
    network = notation.parse("Conv2D 6 5 relu - Conv2D 6 5 relu - Flatten - Dense 10 softmax")
    outputs = run(network.upto("conv2d_1"), as_input(mnist.sample("test", 0).image))[-1].outputs
    shown = float(page.locator(".total").get_attribute("data-value"))
    assert shown == pytest.approx(outputs[8, 12, 0], abs=1e-5)
    window.assert_clean()


def test_turning_a_knob_of_a_trained_network_is_undone_by_back(view, results):
    window = view("conv2d?net=shipped&layer=block2_conv1&conv_map=5")
    page = window.page
    tiles = page.locator(".maps .tile")
    expect(tiles).to_have_count(64)
    trained = float(page.locator(".total").get_attribute("data-value"))
    assert trained == pytest.approx(results["block2_conv1"].outputs[8, 12, 5], abs=1e-5)
    page.get_by_role("slider", name="Filters").press("ArrowLeft")
    expect(tiles).to_have_count(63)
    expect(page.get_by_text("This is a design of your own now, with fresh weights")).to_be_visible()
    window.settle()
    page.go_back()
    expect(tiles).to_have_count(64)
    window.settle()
    assert float(page.locator(".total").get_attribute("data-value")) == trained
    window.assert_clean()


def test_channels_add_up_to_keras_number(opened, results):
    window = opened("conv2d?net=shipped&layer=block1_conv2&conv_map=5&conv_row=10&conv_col=12")
    page = window.page
    result = results["block1_conv2"]
    axes = tuple(Axis(28, 3, 1, "same") for _ in range(2))
    step = convolution(result.inputs, *result.weights, axes, (10, 12, 5))
    added = step.products.sum(axis=(0, 1))
    tiles = page.locator(".sources .tile")
    assert tiles.count() == 32
    strongest = int(np.abs(added).argmax())
    tiles.nth(strongest).click()
    total = page.locator(".total")
    expect(total).to_contain_text(f"channel {strongest} gives")
    assert float(total.get_attribute("data-channel")) == pytest.approx(added[strongest], abs=1e-6)
    assert float(total.get_attribute("data-total")) == pytest.approx(result.outputs[10, 12, 5], abs=1e-5)
    assert float(total.get_attribute("data-value")) == pytest.approx(result.outputs[10, 12, 5], abs=1e-5)
    shown = [number(text) for text in page.locator(".sources .adds").all_text_contents()]
    np.testing.assert_allclose(shown, added, rtol=0.06, atol=1e-8)
    # the matrices are those of the channel: patch, kernel, products
    matrices = [
        [number(text) for text in page.locator(".matrix").nth(i).locator("span").all_text_contents()] for i in range(3)
    ]
    np.testing.assert_allclose(matrices[0], step.window.values[..., strongest].ravel(), rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(matrices[1], step.kernel[..., strongest].ravel(), rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(matrices[2], step.products[..., strongest].ravel(), rtol=1e-3, atol=1e-6)
    page.wait_for_url(f"**conv_channel={strongest}**" if strongest else "**")
    window.settle()
    window.assert_clean()


def test_the_chosen_channel_is_part_of_the_link(opened, lab):
    window = opened("conv2d?net=shipped&layer=block2_conv1&conv_channel=9")
    page = window.page
    expect(page.locator(".input-title")).to_contain_text("channel 9 (0 to 31)")
    assert page.locator(".sources .tile[aria-selected=true]").get_attribute("aria-label").startswith("channel 9,")
    inputs, output = pixels(page, ".input-stage canvas"), pixels(page, ".output-stage canvas")
    window.open(f"{lab}/conv2d?net=shipped&layer=block2_conv1&conv_channel=2")
    expect(page.locator(".input-title")).to_contain_text("channel 2 (0 to 31)")
    assert pixels(page, ".input-stage canvas") != inputs
    assert pixels(page, ".output-stage canvas") == output


def assert_nothing_to_choose(page):
    assert not page.locator(".channels").is_visible()
    assert not page.locator(".maps-heading").is_visible()


def test_where_there_is_one_channel_there_is_nothing_to_choose(view):
    window = view("conv2d")
    page = window.page
    assert_nothing_to_choose(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Pooling", exact=True).click()
    page.get_by_role("heading", name="Pooling", exact=True).wait_for()
    window.settle()
    assert_nothing_to_choose(page)


def test_the_map_of_home_leads_to_its_layers(view, results):
    window = view("?net=shipped&index=0&split=test&pool_row=8&pool_col=12")
    page = window.page
    page.locator(".living[data-answered]").wait_for()
    window.settle()
    for key in ("ArrowRight", *["ArrowDown"] * 4):
        page.locator(".living .maps").press(key)
    expect(page.locator(".living")).to_have_attribute("data-chosen", "block1_pool 0")
    page.locator(".living .maps").press("Enter")
    page.wait_for_url("**layer=block1_pool**")
    expect(page.locator(".output-title")).to_contain_text("14 × 14")
    window.settle()
    assert not page.locator(".channels").is_visible()
    value = results["block1_pool"].outputs[8, 12, 0]
    assert page.locator(".readout").inner_text().startswith("row 8, column 12:")
    assert number(page.locator(".readout").inner_text().partition(": ")[2]) == pytest.approx(value, rel=1e-3, abs=1e-4)
    window.assert_clean()


def test_conv2d_slides_trained_kernels_and_fits_its_width(view, results):
    window = view("conv2d?net=shipped&conv_map=3&conv_row=9&conv_col=14")
    page = window.page
    assert page.locator(".maps .tile").count() == 32
    assert_nothing_to_choose(page)
    total = page.locator(".total")
    assert float(total.get_attribute("data-total")) == pytest.approx(
        results["block1_conv1"].outputs[9, 14, 3], abs=1e-5
    )
    assert "+ bias" in total.inner_text()
    before = pixels(page, ".output-stage canvas")
    page.locator(".maps .tile").nth(4).click()
    page.wait_for_url("**conv_map=4**")
    window.settle()
    assert pixels(page, ".output-stage canvas") != before
    window.fits((1280, "light"), (390, "dark"))
