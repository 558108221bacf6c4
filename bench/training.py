"""Images per second and accuracy of a training here, against the plain Keras script that a tutorial would write.

    python -m bench.training [images] [what ...]

what: any of "ways", "recording", "pages"; all by default. images: 55,000 by default.

- ways: the same network on the same images for one epoch, each way in a process of its own: the plain script
  (float32, numpy arrays, `fit`, batch 32), a run of this dashboard at batch 32, and one at its default batch size.
  The pace leaves the first batch out, in which TensorFlow compiles; the plain script comes first and last, to show how
  steady the machine is.
- recording: what writing curves and weights costs, in one training that records in turns with one that does not.
- pages: a key press on the Conv2D page until the new picture, while a run trains and while it is paused, in turns.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import servers
from core.training_spec import TrainingSpec

IMAGES = 55_000
WINDOW_S = 8.0
RECORDING_AIM = 0.02
PAGES_AIM = 2.0
ACCURACY_AIM = 0.002
# each press is one of the 40 steps of the slider: a value that was there before would come from a cache
TURNS, PRESSES = 2, 9


def plain(images: int) -> dict:
    """The script of a tutorial."""
    import keras
    import numpy as np

    from core import mnist, network

    times = []

    class Clock(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            times.append(time.perf_counter())

    train, test = mnist.half("train"), mnist.half("test")
    x = np.expand_dims(train.images[:images], -1) / 255.0
    model = network.NetworkSpec().build(0)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, train.labels[:images], batch_size=32, epochs=1, verbose=0, callbacks=[Clock()])
    pace = 32 * (len(times) - 1) / (times[-1] - times[0])
    return {"pace": pace, "accuracy": _accuracy(model, test), "precision": "float32"}


def dashboard(images: int, batch_size: int) -> dict:
    """A run with everything that it records."""
    from core import mnist, recording, runs

    spec = TrainingSpec(examples=images, validation=100, epochs=1, batch_size=batch_size)
    run = runs.create(spec, "bench")
    recording.execute(run.id)
    rows = run.batches()
    pace = (rows[-1, 2] - rows[0, 2]) / (rows[-1, 5] - rows[0, 5])
    return {"pace": pace, "accuracy": _accuracy(run.model(1), mnist.half("test")), "precision": run.state.precision}


def _accuracy(model, test) -> float:
    from core import network

    return float((network.predict(model, test.images).argmax(axis=1) == test.labels).mean())


def recorded(images: int) -> dict:
    """Seconds a batch with and without recording, in windows of some seconds that take turns."""
    from core import recording, runs

    class InTurns(recording.Recorder):
        def __init__(self, run):
            super().__init__(run)
            self.paces = {True: [0.0, 0], False: [0.0, 0]}
            self.begun = time.perf_counter()
            self.before = None

        def batch(self, epoch, batch, loss, accuracy):
            now = time.perf_counter()
            on = int((now - self.begun) / WINDOW_S) % 2 == 0
            if on:
                super().batch(epoch, batch, loss, accuracy)
            else:
                self.last_batch = time.monotonic()
                self.last_flush = self.last_snapshot = self.last_batch
            # the time after the work of this batch's recording, which belongs to it
            after = time.perf_counter()
            if self.before and self.before[1] == on:
                self.paces[on][0] += after - self.before[0]
                self.paces[on][1] += 1
            self.before = (after, on)

    spec = TrainingSpec(examples=images, validation=100, epochs=1, batch_size=32)
    run = runs.create(spec, "bench")
    recorder = InTurns(run)
    recorder.work()
    return {"on" if on else "off": total / count for on, (total, count) in recorder.paces.items()}


def pages() -> dict:
    """Milliseconds from a key press to the new picture and number on the Conv2D page: while a run trains, and idle."""
    from bench.interaction import CONV2D, opened, press
    from core import training_jobs

    times = {"idle": [], "training": []}
    with servers.serving(servers.ROOT / "dashboard.py") as lab, servers.browser() as browser:
        page, slider = opened(
            browser.new_context(viewport={"width": 1280, "height": 900}), f"{lab}/conv2d?conv_bias=-1", "Bias value"
        )
        run = training_jobs.start(TrainingSpec(examples=50_000, epochs=50))
        _until(run, "running", seen=True)
        for _ in range(TURNS):
            for name, action, status in (
                ("idle", training_jobs.pause, "paused"),
                ("training", training_jobs.resume, "running"),
            ):
                action(run)
                _until(run, status)
                for number in range(PRESSES + 1):
                    marks = press(page, slider, "ArrowRight", CONV2D, {"number", "picture"})
                    if number:
                        times[name].append(max(marks["number"], marks["picture"]))
        training_jobs.delete(run)
    return {name: statistics.median(values) for name, values in times.items()}


def _until(run, status: str, seen: bool = False) -> None:
    deadline = time.monotonic() + 180
    while run.state.status != status or (seen and not run.state.seen):
        if time.monotonic() > deadline:
            raise TimeoutError(f"The run should be {status} within 3 minutes, and is {run.state.status}.")
        time.sleep(0.05)


def _apart(function: str, *arguments: int) -> dict:
    """A measurement in a process of its own."""
    code = f"import json; from bench import training; print(json.dumps(training.{function}{arguments!r}))"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=servers.ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return json.loads(answer.stdout.splitlines()[-1])


def _has_bfloat16() -> bool:
    try:
        return "avx512_bf16" in Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False


def _verdict(what: str, value: float, sign: str, aim: float, unit: str = "×") -> None:
    met = value >= aim if sign == "≥" else value <= aim
    print(f"{what}: {value:.2f} {unit} (aim {sign} {aim:g} {unit}): {'met' if met else 'MISSED'}")


def compare_ways(images: int) -> None:
    """Print pace and accuracy of each way."""
    default = TrainingSpec().batch_size
    results = {
        "plain Keras script, batch 32": _apart("plain", images),
        "dashboard, batch 32": _apart("dashboard", images, 32),
        f"dashboard, batch {default} (default)": _apart("dashboard", images, default),
        "plain Keras script again": _apart("plain", images),
    }
    for name, result in results.items():
        print(
            f"{name:34} {result['pace']:6.0f} images/s, test accuracy {result['accuracy']:.2%}, {result['precision']}"
        )
    peer, equal, usual, again = results.values()
    pace = (peer["pace"] + again["pace"]) / 2
    aims = (2.0, 2.8) if _has_bfloat16() else (1.0, 1.0)
    for name, result, aim in (("batch 32", equal, aims[0]), ("default batch size", usual, aims[1])):
        _verdict(f"pace at {name}", result["pace"] / pace, "≥", aim)
        lost = peer["accuracy"] - result["accuracy"]
        _verdict(f"accuracy lost at {name}", 100 * lost, "≤", 100 * ACCURACY_AIM, "points")


def compare_recording(images: int) -> None:
    """Print what recording costs."""
    result = _apart("recorded", images)
    cost = result["on"] / result["off"] - 1
    print(f"a batch of 32: {1000 * result['on']:.2f} ms recorded, {1000 * result['off']:.2f} ms not")
    _verdict("recording costs", 100 * cost, "≤", 100 * RECORDING_AIM, "%")


def compare_pages() -> None:
    """Print what a training costs those who use another page."""
    result = pages()
    print(f"Conv2D page, medians: idle {result['idle']:.0f} ms, while a run trains {result['training']:.0f} ms")
    _verdict("the page while a run trains", result["training"] / result["idle"], "≤", PAGES_AIM)


def main() -> None:
    """Run what was asked for, in a folder of runs of its own."""
    asked = sys.argv[1:]
    images = int(asked.pop(0)) if asked and asked[0].isdecimal() else IMAGES
    asked = asked or ["ways", "recording", "pages"]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LAYER_LAB_RUNS"] = folder
        print(f"{images:,} images")
        if "ways" in asked:
            compare_ways(images)
        if "recording" in asked:
            compare_recording(images)
        if "pages" in asked:
            compare_pages()


if __name__ == "__main__":
    main()
