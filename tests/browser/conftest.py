"""Real servers and a real browser. Skipped, with the reason, only where no Chromium or Chrome is installed."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from bench import servers
from tests.browser import afterwards, inside

DASHBOARD = servers.ROOT / "dashboard.py"
WRITES = Path(__file__).parent / "writes"
LOADING = "TensorFlow is loading"
PATIENCE_MS = 120_000  # TensorFlow loads once, slowly where other tests run beside
# pages whose picture is a component: it mounts some time after the script has ended
WITH_COMPONENT = {"conv2d", "activation", "pooling", "flatten"}
# pages that a kept window does not wait on: they draw, watch trainings, follow a class
LIVELY = {"home", "train", "teach"}
# from this width on Streamlit shows its sidebar by itself
WIDE = 769
# Pages of one server in one process: Streamlit's scripts are compiled once, not for every page that a test opens.
ONE_RENDERER = "--process-per-site"
# While scripts arrive Chromium parses them in other threads, known or not; those of a page are known from the page
# before. An eighth of the processor that it takes to open one.
COMPILED_ONCE = "--js-flags=--no-script-streaming"
# The script has ended; what it sent is mounted, what is loaded for it is there (what is folded away may never be; in
# the sidebar nothing is, and that may not have been laid out yet); and all of it has been painted: that the script has
# ended may be known some frames before what it sent last is mounted, so the same is found twice, two frames apart.
# Playwright does not await a promise here, it would take it for a yes.
AT_REST = """() => {
  const all = (selector) => Array.from(document.querySelectorAll(selector)).filter((e) => e.getClientRects().length);
  const rest = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
    && all("[data-testid=stSkeleton], [data-stale=true], #early").length === 0
    && !document.querySelector("[data-testid=stSidebar] [data-testid=stSkeleton]")
    && all("[data-testid=stPlotlyChart]").every((chart) => chart.querySelector(".main-svg"))
    && all("img").every((image) => image.complete);
  const found = rest && String(document.querySelectorAll("[data-testid=stElementContainer]").length);
  const before = window.foundAtRest;
  if (found && before?.found === found) {
    if (before.painted) delete window.foundAtRest;
    return before.painted;
  }
  const now = window.foundAtRest = { found, painted: false };
  if (found) requestAnimationFrame(() => requestAnimationFrame(() => (now.painted = true)));
  return false;
}"""

# Nothing on the page is wider than the window, for which the sidebar has made room.
FITS = """(width) => {
  const main = document.querySelector("[data-testid=stMain]");
  return main.scrollWidth <= main.clientWidth && document.documentElement.scrollWidth <= width;
}"""

# How often a page is asked; by itself Playwright asks at every frame, which keeps it painting.
POLL_MS = 50
# What Streamlit moves: grey boxes pulse until what they stand for is there, an old picture fades, a bar grows. Without
# a graphics card each of these frames is painted by the processor that the page is waiting for. What our components
# move is in their shadow roots, where this does not reach.
WITHOUT_MOTION = """() => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, ::before, ::after { animation: none !important; transition: none !important; }");
  document.adoptedStyleSheets.push(still);
}"""

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items):
    """Everything in this folder needs the browser."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that fails here may have done so once in a thousand times: what was on screen must not be lost."""
    report = yield
    if report.when == "call" and report.failed and "chromium" in item.funcargs:
        report.sections += afterwards.sections(item.funcargs["chromium"])
    return report


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """A headless browser for the whole run."""
    servers.logs = tmp_path_factory.mktemp("servers")
    path = servers.headless_shell() or servers.chromium()
    if path is None:
        pytest.skip("no Chromium or Chrome on the PATH: browser tests need one (Debian: apt install chromium)")
    with servers.browser(ONE_RENDERER, COMPILED_ONCE, path=path) as browser:
        yield browser


@pytest.fixture(scope="session")
def writes(tmp_path_factory):
    """A file where the dashboard of this run writes down each file that it opens for writing, one a line."""
    log = tmp_path_factory.mktemp("writes") / "log"
    log.touch()
    return log


@pytest.fixture(scope="session")
def lab(chromium, writes):
    """Address of one dashboard that has TensorFlow loaded; shared, since sessions are independent."""
    path = os.pathsep.join(map(str, (servers.ROOT, WRITES)))
    with servers.serving(DASHBOARD, PYTHONPATH=path, WRITES_LOG=str(writes)) as address:
        page = chromium.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address)
        page.get_by_text(LOADING).wait_for()
        page.get_by_text(LOADING).wait_for(state="detached")
        page.close()
        yield address


class Visit:
    """A page of one browser window, with everything that must not happen written down."""

    def __init__(self, context, width: int, scheme: str):
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.add_init_script(f"({WITHOUT_MOTION})()")
        self.become(width, scheme)
        self.complaints: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _console(self, message):
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _request(self, request):
        if not request.url.startswith(("http://localhost:", "ws://localhost:", "data:", "blob:")):
            self.complaints.append(f"asked the network: {request.url}")

    def _response(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def become(self, width: int, scheme: str):
        """Another window, or another theme, for the page that is open, as when somebody turns a tablet."""
        self.shown = width, scheme
        self.page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
        self.page.emulate_media(color_scheme=scheme)

    def fits(self, *kinds: tuple[int, str]):
        """At each of these widths and schemes, one after the other, nothing scrolls sideways or complains; to open a
        page anew for each takes seconds. Charts follow the width some frames later. The one that is shown comes first:
        who looks at one part after the other changes the theme once a part, and each time the server draws anew."""
        for width, scheme in sorted(kinds, key=lambda kind: kind != self.shown):
            self.become(width, scheme)
            self.settle()
            wait_until(self.page, FITS, width)
            self.assert_clean()

    def open(self, url: str):
        """Go to `url` and wait until the page stands still."""
        self._go(url)
        self.page.get_by_test_id("stHeading").first.wait_for()
        self.settle()
        return self.page

    def _go(self, url: str):
        self.page.goto(url)

    def settle(self):
        """Wait until nothing loads or runs, and all that the last run sent is on screen. After an action wait for
        its effect first: the run that it asks for may not have begun."""
        self.page.get_by_text(LOADING).wait_for(state="detached")
        if urlsplit(self.page.url).path.strip("/") in WITH_COMPONENT:
            self.page.locator(".readout:not(:empty), [data-testid=stAlert]").first.wait_for()
        wait_until(self.page, AT_REST)

    def assert_clean(self):
        """No complaint, no exception box, no "page not found"."""
        assert self.complaints == []
        assert self.page.get_by_test_id("stException").count() == 0
        assert self.page.get_by_text("Page not found").count() == 0


class Kept(Visit):
    """A page that goes on from test to test, and in which `open` leads on: nothing is loaded anew."""

    def __init__(self, context, width: int, scheme: str):
        self.kind = width, scheme
        super().__init__(context, width, scheme)
        inside.keep(self.page)

    def _go(self, url: str):
        if self.page.url.startswith("http"):
            inside.go(self.page, url)
        else:
            super()._go(url)

    def take_back(self, lab: str) -> bool:
        """Nobody touches it any more, and nothing moves on it. False where it cannot be what it was: a page tells the
        server that its theme has changed, nobody sees when, and what it tells then could undo the next step."""
        if self.complaints or self.shown[1] != self.kind[1]:
            return False
        inside.untouched(self.page)
        if self.shown != self.kind:
            self.become(*self.kind)
        if self.kind[0] >= WIDE:
            inside.open_sidebar(self.page)
        if inside.key(self.page.url) in LIVELY:
            self._go(f"{lab}/{inside.QUIET}")
        self.settle()
        return True


@pytest.fixture(scope="session")
def contexts(chromium, lab):
    """One browser context a kind of device, so that Streamlit's scripts are fetched once; pages are sessions.

    A page of the server that stays open in each of them keeps the process of all its pages alive.
    """
    opened = {}

    def get(**options):
        key = tuple(sorted(options.items()))
        if key not in opened:
            opened[key] = chromium.new_context(**options)
            opened[key].new_page().goto(f"{lab}/_stcore/health")
        return opened[key]

    return get


@pytest.fixture
def visit(contexts, chromium):
    """Make a Visit: visit(width=1280, scheme="light").

    own_clock: its time can be put forward. Such a clock is that of all pages of a context, so it gets one of its own.
    """
    visits, own = [], []

    def make(width: int = 1280, scheme: str = "light", own_clock: bool = False, **options) -> Visit:
        if own_clock:
            own.append(chromium.new_context(**options))
        visits.append(Visit(own[-1] if own_clock else contexts(**options), width, scheme))
        if own_clock:
            visits[-1].page.clock.install()
        return visits[-1]

    yield make
    for window in visits:
        window.page.close()
    for context in own:
        context.close()


@pytest.fixture(scope="session")
def waiting():
    """Kept pages that wait for a test, by window."""
    return defaultdict(list)


@pytest.fixture
def view(contexts, lab, waiting, request):
    """Make a Visit that shows a view: view("pooling?pool_kind=max", width=1280, scheme="light").

    Its page is one that other tests had before, since a new one costs seconds. So it is for who looks at a view and
    turns what the address holds. What else a session keeps (a drawing and its steps, an upload, a lesson), what comes
    by opening, reloading or listening from the start, another language, and Tab's way through a page that nobody has
    touched: `visit`. A page whose test has failed, that has complained or is in another theme at the end is not kept.
    """
    lent, failed_before = [], request.session.testsfailed

    def make(path: str, width: int = 1280, scheme: str = "light") -> Visit:
        free = waiting[width, scheme]
        window = free.pop() if free else Kept(contexts(), width, scheme)
        lent.append((free, window))
        window.open(f"{lab}/{path}")
        return window

    yield make
    for free, window in lent:
        if request.session.testsfailed == failed_before and window.take_back(lab):
            free.append(window)
        else:
            window.page.close()


@pytest.fixture
def page(visit):
    """A page at 1280 px, at whose end nothing may have gone wrong."""
    window = visit()
    yield window.page
    window.assert_clean()


def wait_until(page, question: str, arg=None):
    """Until a function in the page says yes."""
    page.wait_for_function(question, arg=arg, polling=POLL_MS)


def pixels(page, selector: str) -> str:
    """The picture that a canvas shows, as a data URL."""
    return page.locator(selector).first.evaluate("canvas => canvas.toDataURL()")


def wait_for_change(page, selector: str, before: str):
    """Until a canvas no longer shows the picture `before`."""
    canvas = page.locator(selector).first.element_handle()
    wait_until(page, "([canvas, before]) => canvas.toDataURL() !== before", [canvas, before])


def wait_for_picture(page, selector: str, wanted: str):
    """Until a canvas shows the picture `wanted`: it is drawn again where what stands beside it changes its width."""
    canvas = page.locator(selector).first.element_handle()
    wait_until(page, "([canvas, wanted]) => canvas.toDataURL() === wanted", [canvas, wanted])


def next_frame(page):
    """Until the browser is about to paint: as far apart come the events of a hand."""
    page.evaluate("() => new Promise(requestAnimationFrame)")
