"""Every page in a real browser: as the very first request, at both widths, in both themes; and under axe-core."""

import pytest
from playwright.sync_api import expect

from bench import servers
from bench.pupil import Pupil
from tests import loops
from tests.browser import axe, own_settings
from tests.browser.conftest import DASHBOARD, pixels
from ui.shared import navigation
from viz import palette

# One of each script: a kind of layer is another link to the same one, and every page is opened below.
SCRIPTS = ("conv2d", *sorted({*navigation.keys()} - {*navigation.SECTIONS["Layers"]}))
# the one that shows most, and the one that most people open
IN_BROWSER = ("conv2d", navigation.HOME)


@pytest.mark.parametrize("key", IN_BROWSER)
def test_a_page_opens_as_the_first_request_on_a_fresh_server(key, visit):
    with servers.serving(DASHBOARD) as address:
        window = visit()
        window.page.goto(f"{address}/{navigation.path(key)}")
        window.page.get_by_test_id("stHeading").first.wait_for()
        title = navigation.title(key)
        window.page.get_by_role("heading", name=title).first.wait_for()
        window.assert_clean()


class FirstWords(Pupil):
    """A window without a browser, up to a page's title; it raises PupilError for an exception and for no such page."""

    class Shown(Exception):  # noqa: N818  (no error)
        """The title has come."""

    def _element(self, delta):
        super()._element(delta)
        if delta.new_element.heading.body == self.title:
            raise self.Shown

    async def read(self, key):
        self.title = navigation.title(key)
        try:
            await self.open(navigation.path(key))
        except self.Shown:
            return True
        finally:
            await self.leave()


@pytest.mark.parametrize("key", sorted({*SCRIPTS} - {*IN_BROWSER}))
def test_so_does_every_other_page(key):
    with servers.serving(DASHBOARD) as address:
        assert loops.run(FirstWords(address).read(key))


@pytest.mark.parametrize("key", navigation.keys())
def test_a_page_fits_its_width_complains_about_nothing_and_keeps_nobody_out(key, view):
    outside = () if key == navigation.HOME else axe.SIDEBAR
    for width, scheme, rules in ((1280, "light", ()), (390, "dark", axe.OF_A_WINDOW)):
        window = view(navigation.path(key), width, scheme)
        window.page.locator(f"{axe.SIDEBAR[0]} [data-testid=stPageLink-NavLink]").last.wait_for(state="attached")
        window.fits((width, scheme))
        axe.assert_accessible(window.page, rules, outside)
    own_settings.assert_kept(window.page)


def test_colours_follow_the_theme_and_the_shown_digit_is_the_one_of_the_link(lab, view):
    corner = "c => Array.from(c.getContext('2d').getImageData(0, 0, 1, 1).data)"
    window = view("conv2d?split=train&index=7", scheme="light")
    light, dark = window.page, view("conv2d?split=train&index=7", scheme="dark").page
    # the digit's corner is empty: zero has the neutral colour, near the background of each theme
    assert min(light.locator(".output-stage canvas").first.evaluate(corner)[:3]) > 230
    assert max(dark.locator(".output-stage canvas").first.evaluate(corner)[:3]) < 50
    assert light.get_by_text("training image 7").count() == 1
    seventh = pixels(light, ".input-stage canvas")
    window.open(f"{lab}/conv2d?split=train&index=8")
    assert pixels(light, ".input-stage canvas") != seventh


def test_charts_and_pictures_follow_a_theme_that_comes_while_they_are_on_screen(view):
    window = view("dropout", scheme="light")
    page = window.page
    tick = page.locator("[data-testid=stPlotlyChart] .xtick text").first
    mask = page.locator("[data-testid=stMain] img").first
    painted = mask.get_attribute("src")
    for scheme in ("light", "dark"):
        window.become(1280, scheme)
        ink = palette.INK[scheme].removeprefix("#")
        expect(tick).to_have_css("fill", f"rgb({', '.join(str(part) for part in bytes.fromhex(ink))})")
    expect(mask).not_to_have_attribute("src", painted)  # painted by the server, which hears of it
    for scheme in ("light", "dark", "light"):  # faster than the server answers
        window.become(1280, scheme)
    expect(mask).to_have_attribute("src", painted)


def test_a_home_card_leads_to_its_page_and_back(view):
    window = view("?conv_filters=5")
    page = window.page
    page.get_by_test_id("stMain").get_by_role("link", name="Pooling", exact=True).click()
    page.get_by_role("heading", name="Pooling").wait_for()
    window.settle()
    assert "/pooling?net=Conv2D+5+3+same" in page.url
    expect(page.locator(".st-key-menu [aria-current=page]")).to_contain_text("Pooling")
    assert page.locator(".tile").count() == 5
    page.go_back()
    page.get_by_role("heading", name="Layer Lab").wait_for()
    window.assert_clean()


def test_code_is_copied_as_it_stands(lab, visit):
    window = visit()
    page = window.open(f"{lab}/conv2d")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown = page.locator(".lab-code").last
    shown.hover()
    shown.get_by_role("button", name="Copy").click()
    shown.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == 'tf.keras.layers.Conv2D(8, 3, 1, "SAME")'
    window.assert_clean()
