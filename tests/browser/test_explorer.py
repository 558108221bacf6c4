"""The explorer by itself: pixels of one size, the sliding window, the last possible picture, any kind of layer."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from bench import servers
from core.layers.kinds import Conv2D, DepthwiseConv2D
from core.network import activations
from tests.browser import inside
from tests.browser.conftest import Visit, pixels, wait_for_change
from tests.core.layers.by_hand import of_cells
from ui.shared import text

APP = Path(__file__).parent / "apps" / "explorer.py"
OUTPUT = ".output-stage canvas"
# cells of the output that are painted
PAINTED = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, i) => i % 4 === 3 && value > 0).length;
}"""


@pytest.fixture(scope="module")
def app(chromium):
    with servers.serving(APP) as address:
        yield address


def ready(page):
    page.locator(".readout:not(:empty)").wait_for()


@pytest.fixture(scope="module")
def windows(app, contexts):
    """A window of each width that leads on from case to case; a new one costs a second."""
    opened = {}

    def get(width: int) -> Visit:
        if width not in opened:
            opened[width] = Visit(contexts(), width, "light")
            opened[width].page.goto(app)
            opened[width].page.get_by_text("No case").wait_for()
        return opened[width]

    yield get
    for window in opened.values():
        window.page.close()


@pytest.fixture
def shown(windows):
    """Open a case: shown("stride", width=1280) gives the page."""

    def open_case(case: str, width: int = 1280, more: str = ""):
        window = windows(width)
        window.become(width, "light")
        inside.untouched(window.page)
        if inside.key(window.page.url) == case:
            inside.step(window.page, "/", "No case")
        inside.step(window.page, f"/{case}?{more}", case)
        ready(window.page)
        window.settle()
        return window.page

    return open_case


def size_of_a_pixel(page, side: str) -> tuple[float, float]:
    return page.locator(f".{side}-stage").evaluate(
        "stage => { const canvas = stage.querySelector('canvas'); const box = canvas.getBoundingClientRect();"
        " return [box.width / canvas.width, box.height / canvas.height]; }"
    )


def test_a_pixel_is_as_large_in_input_and_output(shown, windows):
    window = windows(1280)
    inputs = {}
    for case in ("same", "stride", "tall", "depthwise"):
        shown(case)
        for width in (1280, 390):
            window.become(width, "light")
            window.settle()
            before, after = size_of_a_pixel(window.page, "input"), size_of_a_pixel(window.page, "output")
            assert before[0] == pytest.approx(before[1], rel=0.02) and before[0] > 4, (case, width)
            assert after == pytest.approx(before, rel=0.02), (case, width)
            assert window.page.evaluate("document.documentElement.scrollWidth") <= width, (case, width)
            inputs[case, width] = before
    # a stride makes the output smaller, and the input stays as it is
    assert inputs["same", 1280] == pytest.approx(inputs["stride", 1280], rel=0.02)


def test_a_tiny_output_is_enlarged_and_says_so(shown):
    page = shown("tiny", 390)
    assert "1 × 1, enlarged" in page.locator(".output-title").inner_text()
    assert page.locator(OUTPUT).bounding_box()["width"] >= 44


def test_the_window_starts_at_the_ink_and_fills_the_output_cell_by_cell(shown):
    page = shown("same")
    readout = page.locator(".readout")
    step = page.get_by_role("button", name="Step")
    assert page.locator(OUTPUT).evaluate(PAINTED) == 28 * 28
    step.click()
    # a 3 × 3 window around row 9, column 11 is the first that touches the square at row 10, column 12
    expect(readout).to_contain_text("row 9, column 11:")
    assert page.locator(OUTPUT).evaluate(PAINTED) == 9 * 28 + 12
    step.click()
    expect(readout).to_contain_text("row 9, column 12:")
    assert page.locator(OUTPUT).evaluate(PAINTED) == 9 * 28 + 13
    page.wait_for_url(re.compile("toy_row=9.*toy_col=12"))
    page.locator(".output-stage").click(position={"x": 5, "y": 5})
    assert page.locator(OUTPUT).evaluate(PAINTED) == 28 * 28


def test_the_window_comes_to_an_end_and_moves_at_its_speed_until_paused(app, visit):
    """On a clock of its own, which costs a browser's whole start."""
    page = visit(own_clock=True).page
    page.goto(f"{app}/stride")
    ready(page)
    page.get_by_role("button", name="Slide").click()
    expect(page.locator(".readout")).not_to_contain_text("row 0,")
    page.clock.run_for(14 * 14 * 120)
    expect(page.get_by_role("button", name="Slide")).to_have_count(1)
    expect(page.locator(".readout")).to_contain_text("row 13, column 13:")
    assert page.locator(OUTPUT).evaluate(PAINTED) == 14 * 14
    page.goto(f"{app}/same")
    ready(page)
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    for speed, ms in (("slow", 1500), ("medium", 360), ("fast", 32)):
        while page.locator(".speed").inner_text() != f"Speed: {speed}":
            page.locator(".speed").click()
        page.get_by_role("button", name="Slide").click()
        page.clock.run_for(ms)
        expect(page.locator(".readout")).to_contain_text(re.compile("row (9|10), column"))
        before = page.locator(OUTPUT).evaluate(PAINTED)
        page.clock.run_for(ms)
        assert page.locator(OUTPUT).evaluate(PAINTED) == before + 3, speed
        page.get_by_role("button", name="Pause").click()
        page.clock.run_for(5000)
        assert page.locator(OUTPUT).evaluate(PAINTED) == before + 3, speed


def test_who_wants_less_motion_steps(app, visit):
    page = visit().page
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{app}/same")
    ready(page)
    assert page.get_by_role("button", name="Slide").count() == 0 and not page.locator(".speed").is_visible()
    page.get_by_role("button", name="Step").click()
    expect(page.locator(".readout")).to_contain_text("row 9, column 11:")


def test_the_last_possible_picture_is_seen_and_not_touched(shown):
    page = shown("same", more="dimmed=true")
    expect(page.get_by_text("The last picture that was possible:")).to_be_visible()
    explorer = page.locator(".explorer")
    assert explorer.evaluate("root => root.inert && Number(getComputedStyle(root.firstElementChild).opacity) < 0.6")
    before = page.locator(".readout").inner_text()
    box = page.locator(".output-stage").bounding_box()
    page.mouse.click(box["x"] + 50, box["y"] + 50)
    assert page.locator(".readout").inner_text() == before and "toy_row" not in page.url
    shown("same")
    expect(page.get_by_text("The last picture that was possible:")).to_be_hidden()


def square():
    """A square in the middle of a picture, as the app has it."""
    picture = np.zeros((28, 28, 1), np.float32)
    picture[10:18, 12:20] = 1
    return picture


def values(shape):
    return np.random.default_rng(1).normal(size=shape).astype(np.float32)


def test_a_kernel_for_each_channel_adds_up_to_the_number_of_keras(shown):
    page = shown("depthwise", more="toy_map=3&toy_row=4&toy_col=2")
    result = activations.run_layer(
        DepthwiseConv2D((3, 2), padding="valid", depth_multiplier=2, activation="tanh"), values((9, 8, 3))
    )
    np.testing.assert_allclose(of_cells(result), result.outputs, rtol=1e-4, atol=1e-5)
    total = page.locator(".total")
    assert np.tanh(float(total.get_attribute("data-total"))) == pytest.approx(float(result.outputs[4, 2, 3]), abs=1e-5)
    assert text.number(float(result.outputs[4, 2, 3])) in total.inner_text()
    # map 3 is the second one of channel 1
    assert "map 1 (0 to 2)" in page.locator(".input-title").inner_text()
    assert page.locator(".channels").is_hidden()


def test_of_a_large_kernel_the_chosen_part_comes_and_every_number_is_right(shown):
    page = shown("many", more="toy_row=1&toy_col=1")
    result = activations.run_layer(Conv2D(160, padding="valid"), values((6, 5, 160)))
    total = page.locator(".total")
    assert float(total.get_attribute("data-total")) == pytest.approx(float(result.outputs[1, 1, 0]), abs=1e-4)
    before = pixels(page, OUTPUT)
    page.locator(".maps .tile").nth(158).click()
    wait_for_change(page, OUTPUT, before)
    assert float(total.get_attribute("data-total")) == pytest.approx(float(result.outputs[1, 1, 158]), abs=1e-4)
    inputs = pixels(page, ".input-stage canvas")
    page.locator(".sources .tile").nth(7).click()
    wait_for_change(page, ".input-stage canvas", inputs)
    one = (result.inputs[1:4, 1:4, 7] * result.weights[0][:, :, 7, 158]).sum()
    assert float(total.get_attribute("data-channel")) == pytest.approx(float(one), abs=1e-4)


def test_what_no_window_explains_is_shown_without_arithmetic(shown):
    page = shown("softmax")
    assert page.locator(".arithmetic").inner_text() == ""
    assert page.locator(".maps .tile").count() == 4


def test_a_pick_is_said_in_one_sentence_and_the_maps_are_one_stop(shown):
    page = shown("same")
    spoken, stage = page.locator(".spoken"), page.locator(".output-stage")
    result = activations.run_layer(Conv2D(2), square())
    output = result.outputs[:, :, 0]
    stage.hover(position={"x": 40, "y": 40})
    expect(page.locator(".readout")).not_to_contain_text("row 0, column 0:")
    assert spoken.inner_text() == ""  # hovering is silent
    page.get_by_role("button", name="Strongest").click()
    row, column = np.unravel_index(np.abs(output).argmax(), output.shape)
    under = np.pad(result.inputs[:, :, 0], 1)[row : row + 3, column : column + 3] > 0
    weights = [text.number(float(weight)) for weight in result.weights[0][:, :, 0, 0][under]]
    expect(spoken).to_contain_text(
        re.compile(rf"^Row {row}, column {column}, map 0: {len(weights)} of 9 products not zero: 1 times ")
    )
    said = spoken.inner_text()
    assert all(f"1 times {weight}" in said for weight in weights)
    value = text.number(float(output[row, column]))
    assert said.endswith(f", sum {value}, bias 0, function linear, value {value}.")
    stage.focus()
    for key, place in {"Control+End": (27, 27), "Home": (27, 0), "PageUp": (20, 0), "Control+Home": (0, 0)}.items():
        page.keyboard.press(key)
        # the picture that has the focus says it itself, as a slider does: nothing is said twice
        expect(stage).to_have_attribute("aria-valuetext", re.compile(f"^Row {place[0]}, column {place[1]}, map 0:"))
        assert stage.get_attribute("aria-valuenow") == str(28 * place[0] + place[1])
    assert "0 of 9 products not zero" in stage.get_attribute("aria-valuetext") and spoken.inner_text() == said
    tiles = page.locator(".maps .tile")
    assert tiles.evaluate_all("tiles => tiles.map((tile) => tile.tabIndex)") == [0, -1]
    tiles.first.focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(spoken).to_contain_text("Row 0, column 0, map 1:")
    assert tiles.evaluate_all("tiles => tiles.map((tile) => tile.tabIndex)") == [-1, 0]
    buttons = page.locator(".buttons button:visible")
    buttons.first.focus()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Strongest")).to_be_focused()
    assert buttons.evaluate_all("all => all.map((button) => button.tabIndex)") == [-1, -1, -1, 0]
