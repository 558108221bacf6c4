"""From a cold server to the first paint of the home page, and to the first real layer picture.

    python -m bench.startup [rounds]

Each round starts a fresh server and a fresh browser window, in turns with an empty Streamlit app. Time runs from
the start of the server's process. "first paint" is the home page's first text on screen; "first layer picture" the
first picture that Keras computed, on the Conv2D page, opened right after (the home page's own is read in the
browser, see bench.live). The second aim is taken against the import of TensorFlow alone, in a process of its own in
the same run.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench import servers

PAINT_AIM = 1.3
PICTURE_AIM_S = 3.0
PATIENCE_MS = 120_000
FIRST_TEXT = {"lab": "[data-testid=stMain] h1", "empty page": "[data-testid=stMarkdown] p"}
LAYER_PICTURE = ".readout:not(:empty)"


def cold_start(browser, script: Path, text: str, picture: str | None) -> tuple[float, float | None]:
    """Seconds from the start of the server's process to the first text, and to `picture` where one is named."""
    port = servers.free_port()
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    start = time.perf_counter()
    server = servers.start(script, port)
    try:
        servers.wait_until_healthy(port)
        page.goto(f"http://localhost:{port}", wait_until="commit")
        page.locator(text).first.wait_for(timeout=PATIENCE_MS)
        painted = time.perf_counter() - start
        if picture is None:
            return painted, None
        page.goto(f"http://localhost:{port}/conv2d", wait_until="commit")
        page.locator(picture).wait_for(timeout=PATIENCE_MS)
        return painted, time.perf_counter() - start
    finally:
        context.close()
        server.terminate()
        server.wait(10)


def import_of_tensorflow() -> float:
    """Seconds for a process that imports TensorFlow and nothing else."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import tensorflow"], check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Print medians and the two comparisons."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    empty, lab, pictures, imports = [], [], [], []
    with servers.empty_page() as script, servers.browser() as browser:
        import_of_tensorflow()  # brings the files into memory: every later start finds them there
        for _ in range(rounds):
            empty.append(cold_start(browser, script, FIRST_TEXT["empty page"], None)[0])
            painted, picture = cold_start(browser, servers.ROOT / "dashboard.py", FIRST_TEXT["lab"], LAYER_PICTURE)
            lab.append(painted)
            pictures.append(picture)
            imports.append(import_of_tensorflow())
    median = statistics.median
    print(f"{rounds} cold starts each, in turns; seconds from the start of the server's process, medians")
    print(f"empty page, first text     {median(empty):5.2f}")
    print(f"home page, first text      {median(lab):5.2f}")
    print(f"import of TensorFlow alone {median(imports):5.2f}")
    print(f"first layer picture        {median(pictures):5.2f}")
    ratio = median(lab) / median(empty)
    late = median(pictures) - median(imports)
    print(f"first paint {ratio:.2f} × the empty page (aim ≤ {PAINT_AIM}): {'met' if ratio <= PAINT_AIM else 'MISSED'}")
    verdict = "met" if late <= PICTURE_AIM_S else "MISSED"
    print(f"first layer picture: import of TensorFlow + {late:.2f} s (aim ≤ + {PICTURE_AIM_S:g} s): {verdict}")


if __name__ == "__main__":
    main()
