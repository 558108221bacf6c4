"""The Evaluate page in a real browser, with the shipped network."""

import re

from ui.evaluate.settings import PARTS
from ui.shared import state

CELLS = ".confusion .cell"


def opened(view, query="", width=1280):
    """The window of the page once its evaluation is there."""
    window = view(f"evaluate{query}", width)
    window.page.get_by_role("heading", name="The same in Keras").wait_for()
    window.settle()
    return window


def name_of_a_mistake(page) -> str:
    """The label of a cell with mistakes that is not the one on show."""
    page.locator(CELLS).nth(99).wait_for()
    names = page.locator(CELLS).evaluate_all(
        "cells => cells.filter(c => c.ariaSelected === 'false').map(c => c.getAttribute('aria-label'))"
    )
    return next(name for name in names if "taken for" in name and not name.startswith("0 images"))


def test_a_cell_shows_its_images_and_one_of_them_goes_to_conv2d(view):
    window = opened(view, "?eval_part=confusion")
    page = window.page
    name = name_of_a_mistake(page)
    true, predicted = re.search(r"of a (\d) taken for a (\d)", name).groups()
    page.get_by_role("gridcell", name=name, exact=True).click()
    page.get_by_text(f"A {true}, taken for {predicted}", exact=True).wait_for()
    page.wait_for_url(f"**eval_true={true}&eval_pred={predicted}**")
    tile = page.get_by_role("option", name=re.compile(rf"^{true} #\d+ ✗ {predicted} · ")).first
    index = re.search(r"#(\d+)", tile.get_attribute("aria-label")).group(1)
    tile.click()
    page.get_by_test_id("stSidebar").get_by_text(f"test image {int(index):,}").wait_for()
    page.get_by_role("link", name=f"Open test image {int(index):,} in Conv2D").click()
    page.wait_for_url(f"**/conv2d?**index={index}**")
    page.get_by_test_id("stSidebar").get_by_text(f"test image {int(index):,}").wait_for()
    window.settle()
    window.assert_clean()


def test_the_matrix_is_walked_with_the_keyboard_and_the_choice_survives_a_reload(view):
    window = opened(view, "?eval_part=confusion&eval_true=4&eval_pred=4")
    page = window.page
    page.locator(f"{CELLS}[aria-selected=true]").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    page.get_by_text("A 5, taken for 4", exact=True).wait_for()
    page.wait_for_url("**eval_true=5&eval_pred=4**")
    window.settle()
    page.reload()
    page.get_by_text("A 5, taken for 4", exact=True).wait_for()
    window.settle()
    page.get_by_role("radio", name="Calibration").click()
    page.get_by_text("Calibration error", exact=True).wait_for()
    window.assert_clean()


def test_no_part_scrolls_sideways_on_a_phone(view):
    window = opened(view, width=390)
    page = window.page
    for part, name in PARTS.items():
        page.get_by_role("radio", name=name, exact=True).click()
        if part != state.PARAMS["eval_part"].default:
            page.wait_for_url(f"**eval_part={part}**")
        window.fits((390, "light"), (390, "dark"))
