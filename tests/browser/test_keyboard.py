"""Pages with many controls, by keyboard alone: Tab has few stops, and nothing is out of reach."""

import pytest
from playwright.sync_api import expect

from tests.browser import keys

# what is on such a page last, once TensorFlow has loaded
PAGES = {
    "network": "Code (.py)",
    "train?train_part=hand": "Largest gradient",
    "train?train_part=watch": "Use these settings",
}


@pytest.mark.parametrize("path", PAGES)
def test_few_presses_of_tab_and_arrow_keys_come_to_everything(path, lab, visit):
    window = visit()
    page = window.open(f"{lab}/{path}")
    page.get_by_role("button", name=PAGES[path]).wait_for()
    window.settle()
    stops = keys.walk(page)
    assert len(stops) <= keys.MOST_STOPS, stops
    assert keys.missed(page) == []
    window.assert_clean()


def test_a_button_says_its_help_when_tab_comes_to_it(lab, visit):
    page = visit().open(f"{lab}/train?train_part=hand")
    page.get_by_role("spinbutton", name="Filters").focus()
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Largest gradient")
    expect(button).to_be_focused()
    expect(button).to_have_accessible_description(
        "Of all 288 numbers of this kernel, the one that the loss follows most."
    )
