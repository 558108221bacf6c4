"""What a stroke costs in the browser: preparing it, every layer of the shipped network, and the picture of all maps.

    python -m bench.live [drawings]

A seven grows point by point; each state of it goes to a worker with the engine, once with its loops in WebAssembly and
once in JavaScript, in Chromium, from a page without a server. "engine" is the network alone, "worker" all that the
worker does for one answer, "there and back" from the page's message until the answer has arrived. The peer is Keras'
`predict_on_batch` of one image, in turns with the drawings. Then the bytes of a bundle by how its numbers are kept, and
how many of MNIST's 10,000 test images each of them answers as Keras does. Last the first page itself (bench/home.py):
from a move of the pen to the paint of the whole map, from opening the page to its first lit map, bytes, messages, and
what the server does meanwhile.
"""

from __future__ import annotations

import base64
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench import home, predict, servers
from core.data import mnist
from core.drawing import strokes
from core.live.bundle import NUMBERS, bundle
from core.network import saved
from core.network.presets import BASIC_CNN, PRESETS
from ui.live import scripts
from viz import palette

LOOPS = ("wasm", "js")
# times the peer's median, so that they hold on any machine; Keras has all cores, the engine one
AIMS = {"wasm": 1.0, "js": 6.0}
WARM_UP = 15
PEN = 18

PAGE = """<!doctype html><meta charset="utf-8"><title>engine</title>
<script id="engine">{engine}</script><script>{client}
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const workers = {{}};
let heard = () => {{}};
const begin = async (loops, bundle, tables) => {{
  const script = {{ text: document.querySelector("#engine").textContent }};
  const worker = workers[loops] = new LiveWorker(script, (message) => heard(message));
  for (const name of Object.keys(tables)) tables[name] = bytesOf(tables[name]);
  const opened = new Promise((resolve) => {{ heard = resolve; }});
  worker.open("a", bytesOf(bundle).buffer, loops);
  worker.colours(tables);
  return (await opened).loops;
}};
const draw = async (loops, acts) => {{
  const start = performance.now();
  const answer = new Promise((resolve) => {{ heard = resolve; }});
  workers[loops].draw(acts);
  const {{ kind, times }} = await answer;
  const back = performance.now() - start;
  if (kind !== "answer") return null;
  const {{ started, prepared, engine, ended }} = times;
  return {{ prepare: prepared - started, engine, worker: ended - started, "there and back": back }};
}};
const answers = (bundle, images) => {{
  const engine = new LivingNetwork.Engine(bytesOf(bundle).buffer);
  const pixels = bytesOf(images);
  const found = [];
  for (let at = 0; at < pixels.length; at += 784) {{
    engine.run(Float32Array.from(pixels.subarray(at, at + 784), (level) => level / 255));
    found.push(engine.probabilities.indexOf(Math.max(...engine.probabilities)));
  }}
  return found;
}};
</script>"""


def growing(count: int) -> list[list[list[float]]]:
    """A seven in `count` states, each a little longer."""
    corners = np.array(predict.SEVEN, float)
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    places = np.linspace(0, along[-1], count + 4)
    points = np.stack([np.interp(places, along, corners[:, axis]) for axis in (0, 1)], axis=1).round(1)
    return [[[strokes.PEN, PEN, *points[:end].ravel().tolist()]] for end in range(4, count + 4)]


def text(content: bytes) -> str:
    """Bytes as a page takes them."""
    return base64.b64encode(content).decode()


def milliseconds(act) -> float:
    """What one call takes."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def measure(page, model, weights: list[np.ndarray], drawings: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds: loops, or "keras", → part → values."""
    made = text(bundle(PRESETS[BASIC_CNN], weights).data)
    for loops in LOOPS:
        tables = {name: text(palette.table(name, "light").tobytes()) for name in ("activations", "grey")}
        if (found := page.evaluate("(sent) => begin(...sent)", [loops, made, tables])) != loops:
            raise SystemExit(f"The browser should run the loops in {loops}, and runs them in {found}.")
    image = mnist.half("test").images[:1].astype(np.float32)[..., np.newaxis] / 255
    taken: dict[str, dict[str, list[float]]] = {name: {} for name in (*LOOPS, "keras")}
    for turn, acts in enumerate(growing(drawings + WARM_UP)):
        parts = {loops: page.evaluate("(sent) => draw(...sent)", [loops, acts]) for loops in LOOPS}
        parts["keras"] = {"predict_on_batch": milliseconds(lambda: model.predict_on_batch(image))}
        if turn < WARM_UP or None in parts.values():  # the first points may be no digit yet
            continue
        for name, values in parts.items():
            for part, value in values.items():
                taken[name].setdefault(part, []).append(value)
    return taken


def report(taken: dict[str, dict[str, list[float]]]) -> None:
    """Medians and 95th percentiles, and the engine against Keras."""
    for name, parts in taken.items():
        for part, values in parts.items():
            high = statistics.quantiles(values, n=20)[-1]
            print(f"{name:6} {part:17} median {statistics.median(values):6.2f} ms   p95 {high:6.2f}   n {len(values)}")
    peer = statistics.median(taken["keras"]["predict_on_batch"])
    for name, aim in AIMS.items():
        ratio = statistics.median(taken[name]["engine"]) / peer
        print(f"{name}: the engine takes {ratio:.2f} × Keras (aim ≤ {aim:g}): {'met' if ratio <= aim else 'MISSED'}")


def sizes(page, model, weights: list[np.ndarray]) -> None:
    """Bytes by how numbers are kept, and answers that differ from Keras'."""
    images = mnist.half("test").images
    expected = saved.predict(model, images).argmax(axis=1)
    for numbers in NUMBERS:
        made = bundle(PRESETS[BASIC_CNN], weights, numbers).data
        found = page.evaluate("(sent) => answers(...sent)", [text(made), text(images.tobytes())])
        differ = int((np.array(found) != expected).sum())
        print(f"{numbers:8} {len(made):10,} bytes   {differ} of {len(images):,} answers differ from Keras'")


def main() -> None:
    """Print all figures."""
    drawings = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    model = saved.load_pretrained()
    weights = model.get_weights()
    with servers.browser() as browser, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "engine.html"
        path.write_text(PAGE.format(engine=scripts.engine(), client=scripts.client()), encoding="utf-8")
        page = browser.new_page()
        page.goto(path.as_uri())
        engine, client = (len(script().encode()) for script in (scripts.engine, scripts.client))
        print(f"scripts: {engine:,} bytes in the worker, {client:,} in the page")
        report(measure(page, model, weights, drawings))
        sizes(page, model, weights)
        page.close()
        home.report(browser)


if __name__ == "__main__":
    main()
