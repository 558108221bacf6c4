"""A page runs alone up to its picture, then the whole script: in the end everything shows the last value."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait_until

# page → slider, presses, setting in the address, what the code below says, shape in the map of the walk
PAGES = {
    "conv2d": ("Filters", 4, "Conv2D+12+3+same", "filters=12", "Conv2D 28×28×12"),
    "pooling": ("Pool size: height", 2, "MaxPool2D+4x2+strides+2", "pool_size=(4, 2)", "MaxPool2D 13×14×8"),
    "dense": ("Units", 5, "Dense+37+relu", "units=37", "dense 37"),
    "dropout": ("Rate", 3, "Dropout+0.65", "Dropout(0.65", "Dropout 32"),
}


# but those that Streamlit keeps out of sight where a run was ended for the next one
ELEMENTS = "[data-testid=stMain] [data-testid=stElementContainer]:not([data-retained])"


@pytest.mark.parametrize("path", PAGES)
def test_after_quick_presses_everything_shows_the_last_value(path, view):
    label, presses, setting, code, shape = PAGES[path]
    window = view(path)
    page = window.page
    page.get_by_text("Common mistakes").wait_for()  # the last element of the page
    window.settle()
    widgets = page.locator(ELEMENTS).count()
    slider = page.get_by_role("slider", name=label)
    slider.focus()
    for _ in range(presses):
        page.keyboard.press("ArrowRight")
    sidebar = page.get_by_test_id("stSidebar")
    for name in ("Activation", "Train"):
        expect(sidebar.get_by_role("link", name=name, exact=True)).to_have_attribute(
            "href", re.compile(re.escape(setting))
        )
    expect(page.locator(".lab-code").first).to_contain_text(code)
    expect(sidebar).to_contain_text(shape)
    window.settle()
    assert setting in page.url
    expect(page.locator(ELEMENTS)).to_have_count(widgets)
    expect(slider).to_be_focused()
    window.assert_clean()


@pytest.mark.parametrize(
    ("path", "label", "key", "setting"),
    [
        ("conv2d?net=shipped&layer=block2_conv2", "Filters", "ArrowLeft", "Conv2D+63"),
        ("depthwise_conv2d", "Kernels for each map", "ArrowRight", "DepthwiseConv2D"),
    ],
)
def test_the_first_change_leaves_the_slider_in_the_hand(path, label, key, setting, view):
    """It makes the network a design of one's own, and the page says other things above the slider."""
    window = view(path)
    page = window.page
    slider = page.get_by_role("slider", name=label)
    slider.focus()
    page.keyboard.press(key)
    page.wait_for_url(f"**{setting}**")
    page.get_by_test_id("stMain").get_by_text("Your design").first.wait_for()
    window.settle()
    expect(slider).to_be_focused()
    window.assert_clean()


def test_the_numbers_of_the_picture_come_first_and_a_digit_chosen_in_between_is_not_lost(lab, visit):
    window = visit()
    page = window.open(f"{lab}/conv2d")
    page.evaluate("""() => {
      const text = (part) => document.querySelector(part)?.textContent ?? "";
      const caption = "[data-testid=stMain] [data-testid=stCaptionContainer]";
      const before = text(caption);
      const shown = {
        numbers: () => ![before, ""].includes(text(caption)),
        code: () => text(".lab-code").includes("Constant(0.05)"),
      };
      window.order = [];
      new MutationObserver(() => {
        for (const name of Object.keys(shown)) {
          if (shown[name]() && !window.order.includes(name)) window.order.push(name);
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    }""")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("slider", name="Bias value").press("ArrowRight")
    wait_until(page, "() => window.order.length === 2")
    assert page.evaluate("window.order") == ["numbers", "code"]
    window.settle()
    # a digit that is chosen in between reaches the page, and so does what was changed before
    page.get_by_role("slider", name="Bias value").press("ArrowRight")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".lab-code").first).to_contain_text('mnist["x_test"][1]')
    expect(page.locator(".lab-code").first).to_contain_text("Constant(0.1)")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("test image 1")
    window.assert_clean()
