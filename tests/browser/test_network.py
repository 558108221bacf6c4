"""The Network page in a real browser: its drawing on a phone, its channels' arithmetic; trained kernels on Conv2D."""

import numpy as np
import pytest
from playwright.sync_api import expect

from core.data import mnist
from core.layers.shapes import Axis
from core.layers.steps import convolution
from core.network import saved
from core.network.activations import Tracer
from core.network.presets import Blocks
from tests.browser.conftest import pixels

WIDEST = "cnn_blocks=3&cnn_convolutions=3&cnn_filters_1=128&cnn_filters_2=128&cnn_filters_3=128"


@pytest.fixture(scope="module")
def results():
    """What every layer of the shipped network makes of test image 0."""
    return Tracer(saved.load_pretrained(), Blocks().network()).trace(mnist.sample("test", 0).image)


def opened(window, url: str):
    """The page once the component or the drawing is there."""
    page = window.open(url)
    page.locator(".total, .js-plotly-plot .main-svg").first.wait_for()
    window.settle()
    return page


def number(text: str) -> float:
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("query", ["", f"?{WIDEST}", "?cnn_part=look", "?cnn_part=look&look_layer=dense"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_both_parts_fit_their_width(query, width, scheme, lab, visit):
    window = visit(width, scheme)
    page = opened(window, f"{lab}/network{query}")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("m => m.scrollWidth") <= main.evaluate("m => m.clientWidth")
    window.assert_clean()


@pytest.mark.parametrize("width", [1280, 390])
def test_no_word_of_the_drawing_is_cut(width, lab, visit):
    page = opened(visit(width), f"{lab}/network?{WIDEST}")
    plot = page.locator(".st-key-network_diagram .js-plotly-plot")
    edge = plot.bounding_box()
    words = plot.locator(".textpoint text")
    assert words.count() == 1 + len(Blocks((128,) * 3, 3).layers())
    for box in words.evaluate_all("all => all.map(word => word.getBoundingClientRect().toJSON())"):
        assert box["right"] <= edge["x"] + edge["width"]
        assert box["left"] >= edge["x"]
    tops = sorted(box["top"] for box in words.evaluate_all("all => all.map(w => w.getBoundingClientRect().toJSON())"))
    assert np.diff(tops).min() > 10  # no word stands over another


def test_a_slider_redraws_the_network(lab, visit):
    window = visit()
    page = opened(window, f"{lab}/network")
    words = page.locator(".st-key-network_diagram .textpoint text")
    before = words.count()
    page.get_by_role("slider", name="Blocks").press("ArrowRight")
    expect(words).to_have_count(before + 6)
    expect(words.filter(has_text="block3_pool")).to_contain_text("3 × 3 × 64")
    assert "cnn_blocks=3" in page.url
    link = page.get_by_test_id("stMain").get_by_role("link", name="Train this network")
    assert "cnn_blocks=3" in link.get_attribute("href")
    window.assert_clean()


def test_channels_add_up_to_keras_number(lab, visit, results):
    window = visit()
    where = "look_map=5&look_row=10&look_col=12"
    page = opened(window, f"{lab}/network?cnn_part=look&look_layer=block1_conv2&{where}")
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
    page.wait_for_url(f"**look_channel={strongest}**" if strongest else "**")
    window.settle()
    window.assert_clean()


def test_the_chosen_channel_is_part_of_the_link(lab, visit):
    page = opened(visit(), f"{lab}/network?cnn_part=look&look_layer=block2_conv1&look_channel=9")
    expect(page.locator(".input-title")).to_contain_text("channel 9 (0 to 31)")
    assert page.locator(".sources .tile[aria-selected=true]").get_attribute("aria-label").startswith("channel 9,")
    other = opened(visit(), f"{lab}/network?cnn_part=look&look_layer=block2_conv1&look_channel=2")
    assert pixels(page, ".input-stage canvas") != pixels(other, ".input-stage canvas")
    assert pixels(page, ".output-stage canvas") == pixels(other, ".output-stage canvas")


@pytest.mark.parametrize("path", ["network?cnn_part=look&look_layer=block1_conv1", "conv2d", "pooling"])
def test_where_there_is_one_channel_there_is_nothing_to_choose(path, lab, visit):
    page = opened(visit(), f"{lab}/{path}") if path.startswith("network") else visit().open(f"{lab}/{path}")
    assert not page.locator(".channels").is_visible()
    assert not page.locator(".maps-heading").is_visible()


def test_the_strip_leads_through_the_layers(lab, visit, results):
    window = visit()
    page = opened(window, f"{lab}/network?cnn_part=look")
    page.get_by_role("button", name="b1 pool").click()
    page.wait_for_url("**look_layer=block1_pool**")
    expect(page.locator(".output-title")).to_contain_text("14 × 14")
    window.settle()
    assert not page.locator(".channels").is_visible()
    value = results["block1_pool"].outputs[8, 12, 0]
    assert page.locator(".readout").inner_text().startswith("row 8, column 12:")
    assert number(page.locator(".readout").inner_text().partition(": ")[2]) == pytest.approx(value, rel=1e-3, abs=1e-4)
    window.assert_clean()


def test_conv2d_slides_trained_kernels(lab, visit, results):
    window = visit()
    page = window.open(f"{lab}/conv2d?conv_source=trained&conv_map=3&conv_row=9&conv_col=14")
    assert page.locator(".maps .tile").count() == 32
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
    window.assert_clean()
