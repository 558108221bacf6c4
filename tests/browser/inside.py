"""From view to view inside a page that is open, and such a page kept from test to test.

Most of what a page costs is Chromium starting Streamlit in it anew. Streamlit follows a step in the browser's history
with a run of that page and address, so this makes such steps.

That the new page is on screen its title says. Streamlit takes the elements of a page away in the same step in which it
takes in that another one runs, so a title that the page before did not have comes from the new run, which goes on
then; that it has ended the page says by itself. A run that was asked for before is one of the page before. So nobody
goes from a page to itself: the title would be there already.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ui.shared import navigation

# A quick page, on which nothing moves or asks to be run again.
QUIET = "tensors"
# on the way from there to there
_ASIDE = "lessons"
# Says whether Streamlit has asked its server for the page, which it does at once.
_STEP = """(address) => {
  const { send } = WebSocket.prototype;
  let asked = false;
  WebSocket.prototype.send = function (...message) {
    asked = true;
    return send.apply(this, message);
  };
  try {
    history.pushState({}, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
  } finally {
    WebSocket.prototype.send = send;
  }
  return asked;
}"""
_UNTOUCHED = """() => {
  document.activeElement?.blur();
  getSelection().removeAllRanges();
  for (const each of document.querySelectorAll("*")) if (each.scrollTop || each.scrollLeft) each.scrollTo(0, 0);
}"""
# What goes on after the test that asked for it: who needs one takes a page of its own.
_OUTLIVES = ("on", "once", "route", "add_init_script", "add_locator_handler", "expose_binding", "expose_function")


def key(url: str) -> str:
    """The page that an address of the dashboard leads to."""
    return urlsplit(url).path.strip("/") or navigation.HOME


def go(page, url: str) -> None:
    """Another page of the dashboard that `page` shows; it has begun then, and goes on."""
    if key(page.url) == key(url):
        go(page, f"/{_ASIDE if key(url) == QUIET else QUIET}")
    step(page, url, navigation.title(key(url)))


def step(page, url: str, title: str) -> None:
    """Another page, with another title, of the app that `page` shows."""
    assert page.evaluate(_STEP, url), "Streamlit should answer a step in the history with a question to its server"
    page.locator("[data-testid=stMain] h1").get_by_text(re.compile(f"^{re.escape(title)}$")).wait_for()


def keep(page) -> None:
    """Refuse what a test could not take back."""

    def refused(*_args, **_options):
        raise AssertionError("This page is kept for other tests: visit() gives one of its own.")

    for name in _OUTLIVES:
        setattr(page, name, refused)


def untouched(page) -> None:
    """Mouse, focus and places as on a page that nobody has touched, and nothing preferred but its colours."""
    page.mouse.move(-1, -1)
    page.emulate_media(media="null", reduced_motion="null", forced_colors="null", contrast="null")
    page.evaluate(_UNTOUCHED)


def open_sidebar(page) -> None:
    """A window that becomes narrow has closed it, and one that becomes wide leaves it closed."""
    opener = page.get_by_test_id("stExpandSidebarButton")
    if opener.is_visible():
        opener.click()
        opener.wait_for(state="detached")
