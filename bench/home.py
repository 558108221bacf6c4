"""The first page as a visitor has it: from the pen to the screen, from the address to the first map, bytes, messages.

Part of `python -m bench.live`. Everything is measured in pages of a running dashboard, in Chromium; the peer of the
first map is the text of an empty Streamlit page, opened in turns with it.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import predict, servers

EMPTY = "[data-testid=stMarkdown] p"
LAB = servers.ROOT / "dashboard.py"
PATIENCE_MS = 120_000
STROKES = 5
OPENINGS = 5
COLD_STARTS = 3
PUPILS = 30
REAL_PAGES = 4
LIFTS_EVERY_S = 5
# of a pen, as far apart as the frames of a screen
STEP_S = 1 / 60
STEPS = 14

# Installed once the map is lit. A move of the pen is painted with the first answer to a drawing that holds it: its time
# ends in the task after the frame in which the maps were drawn.
PROBE = """
(root) => {
  const paper = root.querySelector(".paper");
  const marks = (window.homeMarks = { moves: 0, delays: [], paints: [] });
  let [moves, down] = [[], false];
  const sent = new Map();
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message.kind === "draw") {
      sent.set(message.number, moves);
      moves = [];
    }
    return post.call(this, message, ...rest);
  };
  const listen = (name, act) => paper.addEventListener(name, act, { capture: true });
  listen("pointerdown", () => { down = true; });
  listen("pointerup", () => { down = false; });
  listen("pointermove", (event) => {
    if (!down) return;
    marks.moves += 1;
    moves.push(event.timeStamp);
  });
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data: [answered, drawing] }) => {
    const now = performance.now();
    if (drawing) marks.paints.push(now);
    for (const [number, times] of [...sent]) {
      if (number > answered) continue;
      marks.delays.push(...times.map((time) => now - time));
      sent.delete(number);
    }
  };
  new MutationObserver(() => channel.port2.postMessage([Number(root.dataset.answered), down]))
    .observe(root, { attributes: true, attributeFilter: ["data-answered"] });
}
"""


@dataclass
class Strokes:
    """Milliseconds from a move of the pen to its paint; a second: moves of the pen and paints of the whole map while it
    is down; websocket messages while it is down."""

    delays: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    paints: list[float] = field(default_factory=list)
    messages: int = 0


class Counter:
    """What a page sends and fetches: messages of its websockets, bytes that the browser did not have."""

    def __init__(self, page):
        self.messages = self.bytes = 0
        page.on("websocket", lambda socket: socket.on("framesent", self._message))
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        self.kept: set[str] = set()
        session.on("Network.responseReceived", self._answered)
        session.on("Network.requestServedFromCache", lambda event: self.kept.add(event["requestId"]))
        session.on("Network.loadingFinished", self._fetched)

    def _message(self, _frame) -> None:
        self.messages += 1

    def _answered(self, event) -> None:
        if event["response"].get("fromDiskCache"):
            self.kept.add(event["requestId"])

    def _fetched(self, event) -> None:
        if event["requestId"] not in self.kept:
            self.bytes += int(event["encodedDataLength"])


@contextmanager
def visitor(browser) -> Iterator:
    """A browser that has nothing of the dashboard yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def lit(page, address: str, first: str = ".living[data-answered]") -> float:
    """Seconds from opening the address to the first map on screen, or to what else the selector says."""
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(first).first.wait_for()
    return time.perf_counter() - start


def draw(page) -> float:
    """A seven as a hand draws it, the pen is still down at its end; the seconds that it took.

    Each point has its moment: where the browser is late, the next one comes at once.
    """
    box = page.locator(".paper").bounding_box()
    scale = box["width"] / 280
    places = [(box["x"] + x * scale, box["y"] + y * scale) for x, y in predict.SEVEN]
    page.mouse.move(*places[0])
    page.mouse.down()
    start = due = time.perf_counter()
    for (x0, y0), (x1, y1) in itertools.pairwise(places):
        for step in range(1, STEPS + 1):
            due += STEP_S
            time.sleep(max(0, due - time.perf_counter()))
            page.mouse.move(x0 + (x1 - x0) * step / STEPS, y0 + (y1 - y0) * step / STEPS)
    return time.perf_counter() - start


def at_rest(page) -> None:
    """Until everything that comes by itself has come."""
    page.get_by_text("TensorFlow is loading").wait_for(state="detached")
    page.get_by_role("button", name="Random start").wait_for()
    page.wait_for_timeout(2000)


def strokes(browser, address: str) -> Strokes:
    """A seven, again and again, at the speed of a hand; the first one is not counted."""
    found = Strokes()
    with visitor(browser) as context:
        page = context.new_page()
        counter = Counter(page)
        lit(page, address)
        at_rest(page)
        page.locator(".living").evaluate(PROBE)
        for turn in range(STROKES + 1):
            page.evaluate("Object.assign(window.homeMarks, { moves: 0, delays: [], paints: [] })")
            before, took = counter.messages, draw(page)
            sent = counter.messages - before
            page.mouse.up()
            page.wait_for_timeout(1500)
            marks = page.evaluate("window.homeMarks")
            if turn:
                found.messages += sent
                found.delays += marks["delays"]
                found.moves.append(marks["moves"] / took)
                found.paints.append(len(marks["paints"]) / took)
            page.get_by_role("button", name="Clear").click()
            page.wait_for_timeout(1500)
    return found


def openings(browser, address: str) -> tuple[list[float], list[float], list[float]]:
    """Seconds on a server that has served before: to the first lit map for a browser that has nothing and for the same
    one again, and to the text of an empty Streamlit page for one that has nothing."""
    found, again, peers = [], [], []
    with servers.empty_page() as script, servers.serving(script) as empty:
        for _ in range(OPENINGS):
            with visitor(browser) as context:
                peers.append(lit(context.new_page(), empty, EMPTY))
            with visitor(browser) as context:
                found.append(lit(context.new_page(), address))
                again.append(lit(context.new_page(), address))
    return found, again, peers


def cold_openings(browser) -> tuple[list[float], list[float]]:
    """The same for servers that have just begun to answer, and from the start of their process."""
    opened, started = [], []
    for _ in range(COLD_STARTS):
        port = servers.free_port()
        start = time.perf_counter()
        server = servers.start(LAB, port)
        try:
            servers.wait_until_healthy(port)
            with visitor(browser) as context:
                opened.append(lit(context.new_page(), f"http://localhost:{port}"))
                started.append(time.perf_counter() - start)
        finally:
            server.terminate()
            server.wait(60)
    return opened, started


def visits(browser, address: str) -> tuple[int, int]:
    """Bytes of a first visit and of a second one with the same browser, without what the websocket carries."""
    found = []
    # with a folder of its own: a window that keeps nothing on disk keeps no file of the size of a network either
    with tempfile.TemporaryDirectory() as folder:
        options = {"executable_path": servers.chromium(), "args": servers.CHROMIUM_ARGS}
        context = browser.browser_type.launch_persistent_context(folder, **options)
        context.set_default_timeout(PATIENCE_MS)
        for _ in range(2):
            page = context.new_page()
            counter = Counter(page)
            lit(page, address)
            at_rest(page)
            found.append(counter.bytes)
            page.close()
        context.close()
    return found[0], found[1]


def cpu_seconds(pid: int) -> float:
    """What a process has used of processors; needs Linux' /proc."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def pupils(browser, address: str, pid: int) -> tuple[float, float, float]:
    """Shares of one processor that the server uses while nobody does anything, and while the pens of some pages move;
    seconds of it for a drawing that is finished. One after the other: a browser holds pages back that are behind."""
    moving, finished = [], []
    with visitor(browser) as context:
        pages = [context.new_page() for _ in range(REAL_PAGES)]
        for page in pages:
            lit(page, address)
            at_rest(page)
        idle, start = cpu_seconds(pid), time.perf_counter()
        time.sleep(5)
        resting = (cpu_seconds(pid) - idle) / (time.perf_counter() - start)
        for page in pages:
            page.bring_to_front()
            page.wait_for_timeout(500)
            before, took = cpu_seconds(pid), draw(page)
            after = cpu_seconds(pid)
            moving.append((after - before) / took)
            page.mouse.up()
            page.wait_for_timeout(3000)
            finished.append(cpu_seconds(pid) - after)
    return resting, statistics.mean(moving), statistics.mean(finished)


def report(browser) -> None:
    """Print all of it."""
    cold, started = cold_openings(browser)
    port = servers.free_port()
    server = servers.start(LAB, port)
    address = f"http://localhost:{port}"
    try:
        servers.wait_until_healthy(port)
        first, second = visits(browser, address)
        warm, again, empty = openings(browser, address)
        drawn = strokes(browser, address)
        resting, moving, finished = pupils(browser, address, server.pid)
    finally:
        server.terminate()
        server.wait(60)
    middle, high = statistics.median(drawn.delays), statistics.quantiles(drawn.delays, n=20)[-1]
    _line("pen move to paint, median", f"{middle:.0f} ms (n {len(drawn.delays)})", middle <= 33, "≤ 33 ms")
    _line("pen move to paint, p95", f"{high:.0f} ms", high <= 60, "≤ 60 ms")
    rate = statistics.median(drawn.paints)
    said = f"{rate:.0f} a second (the pen moved {statistics.median(drawn.moves):.0f} times)"
    _line("paints of the whole map", said, rate >= 30, "≥ 30")
    _line("messages while the pen is down", str(drawn.messages), drawn.messages == 0, "0")
    _line("first lit map, warm server", _seconds(warm), statistics.median(warm) <= 1.5, "≤ 1.5 s")
    print(f"{'  the same browser again':32} {_seconds(again)}")
    print(f"{'  text of an empty Streamlit page':32} {_seconds(empty)}")
    _line("first lit map, cold server", _seconds(cold), statistics.median(cold) <= 4, "≤ 4 s")
    print(f"{'  from the start of its process':32} {_seconds(started)}")
    print(f"{'bytes of a first visit':32} {first:,}; of a second one {second:,}")
    print(f"{'server while pens move':32} {moving:.1%} of a processor; while nobody does anything {resting:.1%}")
    load = PUPILS * finished / LIFTS_EVERY_S
    print(
        f"{'server for a finished drawing':32} {1000 * finished:.0f} ms of a processor; {PUPILS} pupils who finish one"
    )
    print(f"{'':32} every {LIFTS_EVERY_S} s each: {load:.1f} processors (reckoned from {REAL_PAGES} real pages)")


def _seconds(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} s (largest {max(values):.2f}, n {len(values)})"


def _line(what: str, value: str, met: bool, aim: str) -> None:
    print(f"{what:32} {value:44} aim {aim}: {'met' if met else 'MISSED'}")
