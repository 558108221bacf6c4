"""Pages with many controls, by keyboard alone: Tab has few stops, and nothing is out of reach."""

import pytest
from playwright.sync_api import expect

from tests.browser import keys

# what is on such a page last, once TensorFlow has loaded, and how many stops it may have
PAGES = {
    "network": ("Code (.py)", keys.MOST_STOPS),
    "train?train_part=hand": ("Largest gradient", keys.MOST_STOPS),
    "train?train_part=watch": ("Use these settings", keys.MOST_STOPS),
    "predict?pred_source=sample&pred_why=occlusion": ("Fullscreen: The digit with the patch over it", 23),
    "evaluate?eval_part=batch": ("Copy", 20),
}


@pytest.mark.parametrize("path", PAGES)
def test_few_presses_of_tab_and_arrow_keys_come_to_everything(path, lab, visit):
    window = visit()
    page = window.open(f"{lab}/{path}")
    last, most = PAGES[path]
    page.get_by_role("button", name=last).last.wait_for()
    window.settle()
    if path == "network":  # a design with a way back has one button more; pressed so, nothing takes the focus
        page.get_by_role("button", name="Duplicate").evaluate("button => button.click()")
        page.get_by_role("button", name="Back to Basic_CNN").wait_for()
        window.settle()
    stops = keys.walk(page)
    assert len(stops) <= most, stops
    assert keys.missed(page) == []
    window.assert_clean()


def test_a_button_says_its_help_when_tab_comes_to_it(view):
    page = view("train?train_part=hand").page
    page.get_by_role("spinbutton", name="Filters").focus()
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Largest gradient")
    expect(button).to_be_focused()
    expect(button).to_have_accessible_description(
        "Of all 288 numbers of this kernel, the one that the loss follows most."
    )


def test_a_network_is_changed_by_keys_that_are_heard_and_never_lost(lab, visit):
    """Through a network that cannot be, up to where a button is of no use any more."""
    page = visit().open(f"{lab}/network?net=Conv2D 4 3 - Flatten - Dense 10 softmax&layer=conv2d")
    heard = page.locator("#lab-aloud")
    row = page.get_by_role("toolbar").filter(has_text="Duplicate")
    page.get_by_role("combobox", name="Layer", exact=True).focus()
    page.keyboard.press("Tab")  # it makes a row of the buttons
    down = row.get_by_role("button", name="Move down")
    down.focus()
    page.keyboard.press("Enter")
    expect(heard).to_have_text("conv2d is layer 2 of 3.")
    expect(page.get_by_test_id("stAlert")).to_contain_text("it belongs before Flatten")
    expect(down).to_be_focused()
    page.keyboard.press("Enter")
    expect(heard).to_have_text("conv2d is layer 3 of 3.")
    expect(down).to_be_disabled()
    expect(row).to_be_focused()  # pressed once too often, nothing is done
    page.keyboard.press("ArrowLeft")
    expect(row.get_by_role("button", name="Move up")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    undo = row.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    expect(heard).to_have_text("Undone. conv2d is layer 2 of 3.")
    expect(undo).to_be_focused()


def test_the_focus_stays_in_a_picture_that_is_enlarged_and_at_it_when_it_is_closed(view):
    page = view("train?train_part=hand").page
    of = "δ at all 784 places of the map"
    small = page.get_by_role("button", name=f"Fullscreen: {of}", exact=True)
    large = page.get_by_role("button", name=f"Close fullscreen: {of}", exact=True)
    dialog = page.get_by_role("dialog", name=of)

    def is_open(opened: bool) -> None:
        expect(large if opened else small).to_be_focused()
        expect(dialog).to_have_count(int(opened))

    small.focus()
    for key, opened in (("Enter", True), ("Escape", False), ("Enter", True), ("Enter", False), ("Enter", True)):
        page.keyboard.press(key)
        is_open(opened)
    for key in ("Tab", "Shift+Tab", "ArrowRight", "Home"):  # nothing behind it
        page.keyboard.press(key)
        expect(large).to_be_focused()
    page.keyboard.press("Escape")
    is_open(False)
    small.click()  # and by a mouse, which may be put down anywhere then
    is_open(True)
    page.mouse.click(5, 5)
    page.keyboard.press("Tab")
    expect(large).to_be_focused()
    page.mouse.click(5, 5)
    page.keyboard.press("Escape")
    is_open(False)


def test_a_panel_that_is_opened_by_a_key_is_entered_and_left_where_it_stands(view):
    page = view("conv2d").page
    opener, panel = page.get_by_role("button", name="Bars", exact=True), page.get_by_role("dialog", name="Bars")
    opener.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_focused()
    panel.get_by_role("switch").wait_for()
    page.keyboard.press("Tab")
    expect(panel.get_by_role("radio", checked=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(panel.get_by_role("switch")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".st-key-distribution_numbers button")).to_be_focused()  # what follows the button
    page.keyboard.press("Shift+Tab")
    expect(opener).to_be_focused()
    page.keyboard.press("Tab")
    expect(panel).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(opener).to_be_focused()


def test_who_pins_a_picture_stays_at_the_button_and_hears_what_came_of_it(view):
    page = view("flatten").page
    page.get_by_role("button", name="Pin picture").focus()
    for said, name in (("The picture is pinned", "Unpin"), ("Nothing is pinned.", "Pin picture")):
        page.keyboard.press("Enter")
        expect(page.locator("#lab-aloud")).to_contain_text(said)
        expect(page.get_by_role("button", name=name)).to_be_focused()
