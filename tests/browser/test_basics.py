"""The Tensors and the Data set page in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import AT_REST, wait_until
from ui.basics.settings import DATA_PARTS, TENSOR_PARTS
from ui.shared import state


def test_tensor_facts_are_shown_and_typed_values_are_taken_over_and_survive_a_reload(view):
    window = view("tensors")
    page = window.page
    # the tensor's shape and the plain array's
    expect(page.get_by_text("(2, 3)", exact=True)).to_have_count(2)
    box = page.get_by_role("textbox", name="Values")
    box.fill("[[1, 2], [3]]")
    box.press("Control+Enter")
    page.get_by_text("row 0 has 2 values, row 1 has 1").wait_for()
    box.fill("[[7, 8, 9, 10]]")
    box.press("Control+Enter")
    expect(page.get_by_text("(1, 4)", exact=True)).to_have_count(2)
    page.wait_for_url("**tensor_text=**")
    page.reload()
    expect(page.get_by_text("(1, 4)", exact=True)).to_have_count(2)
    expect(page.get_by_role("textbox", name="Values")).to_have_value("[[7, 8, 9, 10]]")
    window.assert_clean()


CLICKS = """async ([first, second, gap]) => {
  first.click();
  await new Promise((go) => setTimeout(go, gap));
  second.click();
}"""


def test_the_wall_is_walked_with_the_keyboard_and_no_pick_is_lost_to_a_link_that_is_clicked_at_once(view):
    window = view("dataset")
    page = window.page
    sidebar, link = page.get_by_test_id("stSidebar"), page.get_by_role("link", name="Conv2D", exact=True)
    first = page.get_by_role("option", name="5 #0, training image", exact=True)
    first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    sidebar.get_by_text("training image 1").wait_for()
    page.get_by_role("option", name="0 #1, training image", exact=True, selected=True).wait_for()
    page.get_by_role("option", name="4 #2, training image", exact=True).click()
    sidebar.get_by_text("training image 2").wait_for()
    page.wait_for_url("**index=2**")
    link.click()
    page.wait_for_url("**/conv2d?**index=2**")
    sidebar.get_by_text("training image 2").wait_for()
    # at once both clicks are one run of the server; later the second one comes while the answer to the first is on its
    # way
    for name, index, gap_ms in (("0 #1, training image", 1, 0), ("1 #3, training image", 3, 30)):
        wait_until(page, AT_REST)
        sidebar.get_by_role("link", name="Data set", exact=True).click()
        page.get_by_role("heading", name="Data set", exact=True).wait_for()
        wait_until(page, AT_REST)
        sample = page.get_by_role("option", name=name, exact=True)
        sample.wait_for()
        sidebar.get_by_role("spinbutton", name="Index").wait_for()
        page.evaluate(CLICKS, [sample.element_handle(), link.element_handle(), gap_ms])
        page.get_by_role("heading", name="Conv2D", exact=True).wait_for()
        sidebar.get_by_text(f"training image {index}").wait_for()
        page.wait_for_url(f"**/conv2d?**index={index}**")
    window.settle()
    window.assert_clean()


def test_pages_of_the_wall(view):
    window = view("dataset?data_digit=3")
    page = window.page
    before = page.get_by_role("option").and_(page.locator(".sample")).first.get_attribute("aria-label")
    page.get_by_test_id("stMain").get_by_role("button", name="Next").click()
    page.wait_for_url("**data_page=2**")
    page.get_by_role("option", name=before, exact=True).wait_for(state="detached")
    window.settle()
    window.assert_clean()


@pytest.mark.parametrize(
    ("page", "key", "parts"), [("tensors", "tensor_part", TENSOR_PARTS), ("dataset", "data_part", DATA_PARTS)]
)
def test_no_part_scrolls_sideways_on_a_phone(page, key, parts, view):
    window = view(page, 390)
    main = window.page.get_by_test_id("stMain")
    for part, name in parts.items():
        main.get_by_role("radio", name=name, exact=True).click()
        if part != state.PARAMS[key].default:
            window.page.wait_for_url(f"**{key}={part}**")
        main.locator(".lab-code").last.wait_for()
        window.fits((390, "light"), (390, "dark"))
