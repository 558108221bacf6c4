"""Views that no page has at its start under axe-core; every page itself is in test_pages.py."""

import pytest

from tests.browser import axe

VIEWS = {
    "64 filters": "conv2d?net=Conv2D 64 3 same - Conv2D 64 3 same&index=0",
    "a kernel of one's own": "conv2d?conv_kernel=own",
}


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_of_ours_breaks_a_rule_of_axe(view, lab, visit):
    axe.assert_accessible(visit().open(f"{lab}/{VIEWS[view]}"), outside=axe.SIDEBAR)
