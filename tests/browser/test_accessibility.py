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
