"""A pupil with a real browser: a window of Chromium in which the same steps are taken as by `bench.pupil`.

Times are those of the page itself: from what was done until the first run that answers it has ended and what it sent
is painted (`first`), and until no other run has followed for a while (`whole`). Bytes are not counted here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager

from bench import servers
from bench.pupil import PATIENCE_S, PupilError, Took

# The moments, of the page's own clock, at which a run had ended and the frame behind it was painted.
_PROBE = """() => {
  const ends = (window.runsEnded = []);
  const state = () => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState;
  let before = state();
  new MutationObserver(() => {
    const now = state();
    if (now === before) return;
    before = now;
    if (now === "notRunning") requestAnimationFrame(() => setTimeout(() => ends.push(performance.now())));
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-test-script-state"] });
}"""
# until none has followed for so long, the page is complete; one that asks again and again is so after the longer time
_QUIET_MS, _LONG_MS = 400, 3000
_ENDED = f"""(before) => {{
  const [ends, now] = [window.runsEnded, performance.now()];
  if (ends.length <= before) return false;
  return (now - ends.at(-1) > {_QUIET_MS} || now - ends[before] > {_LONG_MS}) && [ends[before], ends.at(-1)];
}}"""
_FOLD = "More"


@asynccontextmanager
async def browser(wanted: bool):
    """An open Chromium for `Window`, None where none is wanted."""
    if not wanted:
        yield None
        return
    from playwright.async_api import async_playwright

    if (path := servers.chromium()) is None:
        raise SystemExit("Windows of Chromium need Chromium or Chrome on the PATH, and found none.")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=path, args=servers.CHROMIUM_ARGS)
        yield opened
        await opened.close()


class Window:
    """As `bench.pupil.Pupil`; what it cannot do in time is a PupilError."""

    def __init__(self, address: str, chromium):
        """chromium: see `browser`."""
        self.address, self.chromium = address, chromium
        self._page = None

    async def open(self, page: str = "") -> Took:
        """The first page that this window shows, with a browser that has nothing yet."""
        context = await self.chromium.new_context(viewport={"width": 1280, "height": 900})
        self._page = await context.new_page()
        self._page.set_default_timeout(1000 * PATIENCE_S)
        await self._page.add_init_script(f"({_PROBE})()")
        return await self._took(lambda: self._page.goto(f"{self.address}/{page}"), opens=True)

    async def leave(self) -> None:
        """Close the window."""
        if self._page:
            await self._page.context.close()

    async def visit(self, page: str) -> Took:
        """Another page, by its link in the menu."""
        link = self._page.locator(f".st-key-menu a[href^='{page}']").first
        await link.wait_for()
        return await self._took(link.click)

    async def turn(self, key: str, value: float) -> Took:
        """The slider of this key a step on; value: stands for those of a pupil who is not bound to steps."""
        slider = self._page.locator(f"[class*=st-key-{key}]").get_by_role("slider").first
        fold = self._page.get_by_text(_FOLD, exact=True).first
        await slider.or_(fold).first.wait_for()
        if not await slider.is_visible():
            await fold.click()
        await slider.wait_for()
        return await self._took(lambda: slider.press("ArrowRight"))

    async def choose(self, key: str, value: str) -> Took:
        """Choose from options that stand side by side; value: what is written on it, in any case."""
        option = self._page.locator(f"[class*=st-key-{key}]").get_by_text(value.capitalize(), exact=True).first
        return await self._took(option.click)

    async def draw(self, _pad: str, acts: list[list[float]], done: bool) -> Took:
        """The last of these strokes, on a pad that is cleared before; done: has to be, for the pen goes up."""
        if not done:
            raise ValueError("A window draws whole strokes, and was asked for a piece of one.")
        clear = self._page.get_by_role("button", name="Clear").first
        await clear.wait_for()
        if await clear.is_enabled():
            await self._took(clear.click)
        box = await self._page.locator(".paper").first.bounding_box()
        scale = box["width"] / 280
        points = acts[-1][2:]
        places = [(box["x"] + x * scale, box["y"] + y * scale) for x, y in zip(points[::2], points[1::2], strict=True)]
        await self._page.mouse.move(*places[0])
        await self._page.mouse.down()
        for place in places[1:]:
            await self._page.mouse.move(*place)
            await asyncio.sleep(1 / len(places))
        return await self._took(self._page.mouse.up)

    async def stay(self, seconds: float) -> list[Took]:
        """Watch."""
        await asyncio.sleep(seconds)
        return []

    async def _took(self, act: Callable[[], Awaitable], opens: bool = False) -> Took:
        before = 0 if opens else await self._page.evaluate("window.runsEnded.length")
        began = time.perf_counter()
        start = 0.0 if opens else await self._page.evaluate("performance.now()")
        await act()
        try:
            ended = await self._page.wait_for_function(_ENDED, arg=before, polling=50, timeout=1000 * PATIENCE_S)
        except Exception as error:  # Playwright's own, which is not imported where no browser is wanted
            raise PupilError(f"A run should end within {PATIENCE_S:g} s, and none did: {error}") from error
        first, last = await ended.json_value()
        if opens:  # the page's clock begins with it
            start = await self._page.evaluate(f"performance.now() - {1000 * (time.perf_counter() - began)}")
        await self._complain()
        return Took((first - start) / 1000, (last - start) / 1000, 0, 0)

    async def _complain(self) -> None:
        box = self._page.get_by_test_id("stException")
        if await box.count():
            raise PupilError(f"The page shows an exception: {await box.first.inner_text()}")
