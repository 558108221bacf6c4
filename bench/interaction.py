"""From a key press on a slider to the new picture and the new number, against an empty Streamlit page.

    python -m bench.interaction [presses]

Each press moves the Conv2D page's bias slider by one step, on One of each and on the last convolution of Basic_CNN:
every value is new, nothing comes from the result cache. Times are taken inside the page: from the keydown event to the
frame after the change. "number" is the line under the feature maps, "picture" the repainted wall of maps, "settled" the
last number of the page (the table beside the histograms). The peer is a page with one slider and one line of text,
pressed in turns.
"""

from __future__ import annotations

import statistics
import sys

from bench import servers

AIMS = {"defaults": 1.5, "64 filters": 3.0, "block2_conv2": 2.5}
PATIENCE_MS = 10_000

# Installed in every page: note the key press, then the first frame after each kind of change.
PROBE = """
window.probe = (selectors) => {
  const marks = {};
  let start = null;
  const after = (name) => requestAnimationFrame(() => {
    if (start !== null && !(name in marks)) marks[name] = performance.now() - start;
  });
  const text = (selector) => document.querySelector(selector)?.textContent ?? "";
  const texts = Object.entries(selectors).map(([name, selector]) => ({ name, selector, before: text(selector) }));
  const observer = new MutationObserver(() => {
    for (const entry of texts) if (text(entry.selector) !== entry.before) after(entry.name);
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  document.addEventListener("keydown", () => { start = performance.now(); }, { once: true, capture: true });
  window.onPaint = () => after("picture");
  window.marks = marks;
  window.endProbe = () => { observer.disconnect(); window.onPaint = null; return marks; };
};
const put = CanvasRenderingContext2D.prototype.putImageData;
CanvasRenderingContext2D.prototype.putImageData = function (...args) {
  put.apply(this, args);
  window.onPaint?.();
};
"""
CONV2D = {
    "number": '[data-testid="stMain"] [data-testid="stCaptionContainer"]',
    "settled": '[data-testid="stMain"] table',
}
EMPTY = {"number": "[data-testid=stMarkdown] p"}


def press(page, slider, key: str, selectors: dict[str, str], wanted: set[str]) -> dict[str, float]:
    """One key press; milliseconds until each wanted change was on screen."""
    page.evaluate("probe", selectors)
    slider.press(key)
    page.wait_for_function(
        "names => names.every(name => name in window.marks)", arg=sorted(wanted), timeout=PATIENCE_MS
    )
    marks = page.evaluate("endProbe()")
    page.wait_for_timeout(250)  # let the page come to rest, as a person would
    return marks


def opened(context, url: str, slider_label: str, last: str = CONV2D["settled"]):
    """A page at rest, and its slider. last: selector of what appears last."""
    page = context.new_page()
    page.add_init_script(PROBE)
    page.goto(url)
    page.locator(last).first.wait_for(timeout=60_000)
    slider, more = page.get_by_role("slider", name=slider_label), page.get_by_text("More", exact=True)
    slider.or_(more).first.wait_for(timeout=60_000)
    if not slider.count():  # folded away
        more.click()
    slider.wait_for(timeout=60_000)
    page.wait_for_timeout(2500)
    return page, slider


def measure(presses: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds of every press: page → kind of change → values."""
    lab_script = servers.ROOT / "dashboard.py"
    with (
        servers.empty_page() as script,
        servers.serving(script) as empty,
        servers.serving(lab_script) as lab,
        servers.browser() as browser,
    ):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        pages = {
            "empty page": (
                *opened(context, empty, "x", EMPTY["number"]),
                {"number": "[data-testid=stMarkdown] p"},
                {"number"},
            ),
            "defaults": (
                *opened(context, f"{lab}/conv2d", "Bias value"),
                CONV2D,
                {"number", "picture", "settled"},
            ),
            "64 filters": (
                *opened(context, f"{lab}/conv2d?conv_filters=64", "Bias value"),
                CONV2D,
                {"number", "picture", "settled"},
            ),
            # 64 filters over 64 maps of a deep network; with the first press it is a design with random weights
            "block2_conv2": (
                *opened(context, f"{lab}/conv2d?net=shipped&layer=block2_conv2", "Bias value"),
                CONV2D,
                {"number", "picture", "settled"},
            ),
        }
        times: dict[str, dict[str, list[float]]] = {name: {} for name in pages}
        for turn in range(presses + 2):
            for name, (page, slider, selectors, wanted) in pages.items():
                page.bring_to_front()
                marks = press(page, slider, "ArrowRight", selectors, wanted)
                if turn >= 2:  # the first presses still compile scripts and load chunks
                    for kind in wanted:
                        times[name].setdefault(kind, []).append(marks[kind])
        return times


def main() -> None:
    """Print medians, the 90th percentile, and the ratio of "number and picture" to the empty page."""
    presses = int(sys.argv[1]) if len(sys.argv) > 1 else 18
    times = measure(presses)
    peer = statistics.median(times["empty page"]["number"])
    print(f"{presses} presses each, in turns; milliseconds from the key press")
    for name, kinds in times.items():
        for kind, values in kinds.items():
            high = statistics.quantiles(values, n=10)[-1]
            print(f"{name:12} {kind:8} median {statistics.median(values):6.0f}  p90 {high:6.0f}")
    for name, aim in AIMS.items():
        both = [max(pair) for pair in zip(times[name]["number"], times[name]["picture"], strict=True)]
        ratio = statistics.median(both) / peer
        verdict = "met" if ratio <= aim else "MISSED"
        print(f"{name}: number and picture {ratio:.2f} × the empty page (aim ≤ {aim:g}): {verdict}")


if __name__ == "__main__":
    main()
