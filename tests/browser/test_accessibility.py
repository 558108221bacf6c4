"""Views that no page has at its start under axe-core; every page itself is in test_pages.py."""

import pytest

from tests.browser import axe

VIEWS = {
    "64 filters": "conv2d?net=Conv2D 64 3 same - Conv2D 64 3 same&index=0",
    "a kernel of one's own": "conv2d?conv_kernel=own",
}


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_of_ours_breaks_a_rule_of_axe(name, view):
    axe.assert_accessible(view(VIEWS[name]).page, outside=axe.SIDEBAR)


def test_the_chosen_one_of_a_row_is_read_where_a_pointer_is(view):
    page = view("tensors", scheme="dark").page
    page.get_by_test_id("stMain").get_by_role("radio", checked=True).first.hover()
    axe.assert_accessible(page, ("color-contrast",), axe.SIDEBAR)


def test_in_korean_a_cell_is_called_by_the_number_that_is_seen_too(visit, lab):
    page = visit().open(f"{lab}/evaluate?eval_part=confusion&lang=ko")
    page.locator(".confusion .cell").nth(99).wait_for()
    axe.assert_accessible(page, ("label-content-name-mismatch",), axe.SIDEBAR)
