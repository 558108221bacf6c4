"""Every page under axe-core, light, dark and on a phone: nothing of ours may keep anybody out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.browser import axe
from ui.shared import navigation

PAGES = navigation.keys()
VIEWS = {key: navigation.path(key) for key in PAGES} | {
    "64 filters": "conv2d?net=Conv2D 64 3 same - Conv2D 64 3 same&index=0",
    "a kernel of one's own": "conv2d?conv_kernel=own",
}
# The page is the same in all three: what colour and width cannot change is looked for once. () is every rule.
SETTINGS = (
    (1280, "light", ()),
    (1280, "dark", ("color-contrast",)),
    (390, "dark", ("target-size", "scrollable-region-focusable", "region", "color-contrast")),
)
THEME = "(scheme) => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === scheme"
MENU = "[data-testid=stSidebar] [data-testid=stPageLink-NavLink]"


@dataclass(frozen=True)
class Known:
    """What is Streamlit's own and cannot be set right from here: a rule, a part of the element's HTML, and why."""

    rule: str
    html: str
    why: str


STREAMLIT = (
    Known("presentation-role-conflict", "stFileUploaderDropzone", "its box for files has a role that its name undoes"),
    Known("scrollable-region-focusable", "stSidebarContent", "its sidebar scrolls, and the links in it have the focus"),
    Known("scrollable-region-focusable", "<table", "its tables from Markdown scroll sideways where they are wide"),
    Known("scrollable-region-focusable", "stTabs", "its row of tabs scrolls, and the tabs in it have the focus"),
)


def ours(found: axe.Violation) -> bool:
    return not any(known.rule == found.rule and known.html in found.html for known in STREAMLIT)


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_of_ours_breaks_a_rule_of_axe(view, lab, visit):
    window = visit()
    page = window.open(f"{lab}/{VIEWS[view]}")
    page.locator(MENU).last.wait_for()
    axe.inject(page)
    broken = []
    for width, scheme, rules in SETTINGS:
        page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(THEME, arg=scheme)
        window.settle()
        broken += [f"{width} px, {scheme}: {found}" for found in axe.violations(page, rules) if ours(found)]
    assert not broken, "\n".join(broken)
