"""Images per second and accuracy of a training here, against the plain Keras script that a tutorial would write.

    python -m bench.training [images] [what ...] [seed ...]

what: any of "pace", "accuracy", "recording", "pages"; all by default. images: 55,000 by default. seeds: those of the
rounds of "pace" and "accuracy"; 0 1 2 by default. Each of them takes some minutes on two quiet cores; one round of
"accuracy" alone is `python -m bench.training 55000 accuracy 0`.

- pace: the same network on the same images in three ways: the plain script (float32, numpy arrays, `fit`, Adam at
  0.001, batch 32), a run of this dashboard with the same settings, and one with its default batch size, rate and
  schedule. The first batch is left out, in which TensorFlow compiles. At most 20,000 images; rounds in which the ways
  take turns, each in a process of its own; medians.
  Beside it the share of what these cores reach in one large matmul of the run's dtype, measured in every round (the
  best counts). A training image costs 2 × 3 × the multiply-adds of all layers: a multiplication and an addition each,
  once forward and twice back (the gradient for the weights and the one for the inputs, which the first layer does not
  need: for Basic_CNN 0.4 % too much). The optimizer's work is left out.
- accuracy: the plain script and the default settings for one epoch over all images, with three seeds, on the 10,000
  test images; means.
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
from dataclasses import replace

from bench import servers
from core.network.presets import BASIC_CNN, PRESETS
from core.training.spec import TrainingSpec

IMAGES = 55_000
WINDOW_S = 8.0
RECORDING_AIM = 0.02
PAGES_AIM = 2.0
PACE_AIM = 2.0
ACCURACY_AIM = 0.001
PACE_IMAGES = 20_000
SEEDS = (0, 1, 2)
MATMUL, MATMULS = 4096, 5
WAYS = {
    "plain Keras script": ("plain",),
    "dashboard, the script's settings": ("dashboard", False),
    "dashboard, default settings": ("dashboard", True),
}
# each press is one of the 40 steps of the slider: a value that was there before would come from a cache
TURNS, PRESSES = 2, 9


def plain(images: int, seed: int) -> dict:
    """The script of a tutorial."""
    import keras
    import numpy as np

    from core.data import mnist

    times = []

    class Clock(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            times.append(time.perf_counter())

    train = mnist.half("train")
    x = np.expand_dims(train.images[:images], -1) / 255.0
    model = PRESETS[BASIC_CNN].seeded(seed).build()
    keras.utils.set_random_seed(seed)  # the order of the images
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, train.labels[:images], batch_size=32, epochs=1, verbose=0, callbacks=[Clock()])
    pace = 32 * (len(times) - 1) / (times[-1] - times[0])
    return _measured(pace, model, "float32")


def dashboard(images: int, seed: int, default: bool) -> dict:
    """A run with everything that it records, in its default settings or in those of the plain script."""
    from core.runs import folders
    from core.runs import recorder as runs_recorder

    spec = TrainingSpec(examples=images, validation=100, epochs=1, seed=seed)
    if not default:
        spec = replace(spec, batch_size=32, learning_rate=0.001, schedule="constant")
    run = folders.create(spec, "bench")
    runs_recorder.execute(run.id)
    rows = run.batches()
    pace = (rows[-1, 2] - rows[0, 2]) / (rows[-1, 5] - rows[0, 5])
    return _measured(pace, run.model(1), run.state.precision)


def _measured(pace: float, model, precision: str) -> dict:
    """What one way gave, and what a matmul reaches in the same process."""
    from core.data import mnist
    from core.network import saved

    test = mnist.half("test")
    accuracy = float((saved.predict(model, test.images).argmax(axis=1) == test.labels).mean())
    return {"pace": pace, "accuracy": accuracy, "precision": precision, "matmul": matmul(precision)}


def matmul(precision: str) -> float:
    """GFLOP/s of one large matrix product in the dtype that this precision multiplies in: the best of some."""
    import tensorflow as tf

    dtype = tf.bfloat16 if precision == "mixed_bfloat16" else tf.float32
    square = tf.cast(tf.random.Generator.from_seed(0).normal((MATMUL, MATMUL)), dtype)
    times = []
    for _ in range(1 + MATMULS):
        start = time.perf_counter()
        tf.linalg.matmul(square, square)[0, 0].numpy()  # one number, to wait for all of them
        times.append(time.perf_counter() - start)
    return 2 * MATMUL**3 / min(times[1:]) / 1e9


def recorded(images: int) -> dict:
    """Seconds a batch with and without recording, in windows of some seconds that take turns."""
    from core.runs import folders
    from core.runs import recorder as runs_recorder

    class InTurns(runs_recorder.Recorder):
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
    run = folders.create(spec, "bench")
    recorder = InTurns(run)
    recorder.work()
    return {"on" if on else "off": total / count for on, (total, count) in recorder.paces.items()}


def pages() -> dict:
    """Milliseconds from a key press to the new picture and number on the Conv2D page: while a run trains, and idle."""
    from bench.interaction import CONV2D, opened, press
    from core.runs import queue

    times = {"idle": [], "training": []}
    with servers.serving(servers.ROOT / "dashboard.py") as lab, servers.browser() as browser:
        page, slider = opened(
            browser.new_context(viewport={"width": 1280, "height": 900}), f"{lab}/conv2d?conv_bias=-1", "Bias value"
        )
        run = queue.start(TrainingSpec(examples=50_000, epochs=50))
        _until(run, "running", seen=True)
        for _ in range(TURNS):
            for name, action, status in (
                ("idle", queue.pause, "paused"),
                ("training", queue.resume, "running"),
            ):
                action(run)
                _until(run, status)
                for number in range(PRESSES + 1):
                    marks = press(page, slider, "ArrowRight", CONV2D, {"number", "picture"})
                    if number:
                        times[name].append(max(marks["number"], marks["picture"]))
        queue.delete(run)
    return {name: statistics.median(values) for name, values in times.items()}


def _until(run, status: str, seen: bool = False) -> None:
    deadline = time.monotonic() + 180
    while run.state.status != status or (seen and not run.state.seen):
        if time.monotonic() > deadline:
            raise TimeoutError(f"The run should be {status} within 3 minutes, and is {run.state.status}.")
        time.sleep(0.05)


def _apart(function: str, *arguments):
    """A measurement in a process of its own."""
    code = f"import json; from bench import training; print(json.dumps(training.{function}{arguments!r}))"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=servers.ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return json.loads(answer.stdout.splitlines()[-1])


def _verdict(what: str, value: float, sign: str, aim: float, unit: str = "×") -> None:
    met = value >= aim if sign == "≥" else value <= aim
    print(f"{what}: {value:.2f} {unit} (aim {sign} {aim:g} {unit}): {'met' if met else 'MISSED'}")


def in_turns(images: int, seeds: tuple[int, ...], ways: tuple[str, ...]) -> dict[str, list[dict]]:
    """What each way gave with each seed; said as it comes."""
    results: dict[str, list[dict]] = {name: [] for name in ways}
    for seed in seeds:
        for name in ways:
            function, *settings = WAYS[name]
            answer = _apart(function, images, seed, *settings)
            results[name].append(answer)
            print(
                f"  seed {seed}: {name:32} {answer['pace']:6.0f} images/s, test accuracy {answer['accuracy']:.2%}, "
                f"{answer['precision']}, matmul {answer['matmul']:.0f} GFLOP/s",
                flush=True,
            )
    return results


def compare_pace(images: int, seeds: tuple[int, ...]) -> None:
    """Print the pace of each way and its share of a matmul's."""
    results = in_turns(min(images, PACE_IMAGES), seeds, tuple(WAYS))
    work = 2 * 3 * sum(layer.multiply_adds for layer in PRESETS[BASIC_CNN].stages()) / 1e9
    medians = {name: statistics.median(answer["pace"] for answer in rounds) for name, rounds in results.items()}
    for name, rounds in results.items():
        done, peak = work * medians[name], max(answer["matmul"] for answer in rounds)
        print(
            f"{name:32} {medians[name]:6.0f} images/s: {done:.0f} GFLOP/s, {done / peak:.0%} of a matmul's {peak:.0f}"
        )
    plain, *others = medians
    for name in others:
        _verdict(f"pace of {name}", medians[name] / medians[plain], "≥", PACE_AIM)


def compare_accuracy(images: int, seeds: tuple[int, ...]) -> None:
    """Print the mean test accuracy after one epoch of the plain script and of the default settings."""
    plain, _, default = WAYS
    results = in_turns(images, seeds, (plain, default))
    means = {name: statistics.mean(answer["accuracy"] for answer in rounds) for name, rounds in results.items()}
    for name, mean in means.items():
        print(f"{name:32} mean test accuracy {mean:.2%}")
    _verdict("accuracy lost by default", 100 * (means[plain] - means[default]), "≤", 100 * ACCURACY_AIM, "points")


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
    seeds = tuple(int(word) for word in asked if word.isdecimal()) or SEEDS
    asked = [word for word in asked if not word.isdecimal()] or ["pace", "accuracy", "recording", "pages"]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LAYER_LAB_RUNS"] = folder
        print(f"{images:,} images")
        if "pace" in asked:
            compare_pace(images, seeds)
        if "accuracy" in asked:
            compare_accuracy(images, seeds)
        if "recording" in asked:
            compare_recording(images)
        if "pages" in asked:
            compare_pages()


if __name__ == "__main__":
    main()
