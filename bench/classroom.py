"""A class in front of one server: how long each of its pupils waits, and what the server pays for it.

    python -m bench.classroom [pupils ...] [--servers N] [--training] [--every SECONDS] [--no-wait] [--told]
                              [--chromium N] [--rounds N]

Each pupil (`bench.pupil`: a window over Streamlit's own websocket) opens the first page, then Conv2D, turns a slider
twenty times, goes to MaxPooling and turns one there, goes to Predict and draws five digits with a pen that moves for a
second each (the browser reads them meanwhile: the server hears of a digit once the pen is lifted), opens Evaluate, and
watches a training for ten seconds. They begin one after the other within one turn, and rest for `--every` seconds (2)
between two things they do, a little more or less. No two of them set the same values, so that no cache answers for
all.

--servers: so many processes behind a proxy, as `make classroom` starts them; 1 is one process without a proxy.
--training: a training runs all the while, at the lowest priority, as all trainings do. --no-wait: do not wait at the
end until Streamlit forgets windows that were closed, which takes two minutes. --told: the server hears of each piece
of a stroke, as from browsers that cannot read it. --chromium: so many of them have a real browser (`bench.window`),
which takes processor that pupils bring along; what these met is printed as kinds of its own. --rounds: so many classes
one after the other on the same server, with its memory after each. Without numbers: 1, 10, 30 and 60 pupils, one server
after the other.

Printed for each kind of step: median and 95 % of the seconds until the picture that was asked for is complete, and
until the page is, for a single pupil also the milliseconds of a processor that a step takes; then errors, bytes a
pupil, the processor's share of each run of a script, and memory. The load of the machine stands beside it: the pupils
themselves take a part of it, and others may take more.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench import processes, servers
from bench.pupil import Pupil, PupilError, Took
from bench.window import Window, browser

AIMS_S = {False: 0.5, True: 1.0}
AIM_MB = 15
AIM_LEFT = 1.10
SLIDERS, DRAWINGS, MOVES_S, PACE_S, WATCH_S = 20, 5, 1.0, 0.125, 10.0
FORGOTTEN_S = 170.0
PAD = "pred_pad"
# what is waited for, as pupils would call it
CHANGES = ("slider", "pen-up")
IN_CHROMIUM = " (Chromium)"


@dataclass
class Measured:
    """What a class met: by kind of step what each took; errors as sentences."""

    steps: dict[str, list[Took]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    cpu_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    peak_mb: float = 0.0

    @property
    def runs(self) -> int:
        """Of scripts and fragments."""
        return sum(took.runs for kind in self.steps.values() for took in kind)

    @property
    def bytes(self) -> int:
        """That all pupils received."""
        return sum(took.bytes for kind in self.steps.values() for took in kind)


class Walk:
    """One pupil's way through the pages."""

    def __init__(
        self,
        pupil: Pupil | Window,
        number: int,
        every: float,
        found: Measured,
        alone: Sequence[int] = (),
        told: bool = False,
    ):
        """alone: the server's processes, where nobody else is there: then each step's share of them is measured.
        told: whether the pad tells the server of the pen's moves."""
        self.pupil, self.found, self.every, self.alone, self.told = pupil, found, every, alone, told
        self.number, self.random = number, random.Random(number)
        self.beside = IN_CHROMIUM if isinstance(pupil, Window) else ""

    async def go(self) -> None:
        """All of it; what goes wrong is written down, and ends it."""
        try:
            await self._go()
        except (PupilError, OSError, asyncio.TimeoutError) as error:
            self.found.errors.append(f"pupil {self.number}: {error}")
        except Exception as error:  # the server closed the connection, say
            self.found.errors.append(f"pupil {self.number}: {type(error).__name__}: {error}")
        finally:
            await self.pupil.leave()

    async def _go(self) -> None:
        await asyncio.sleep(self.random.random() * self.every)
        await self._step("first page", self.pupil.open())
        await self._step("page", self.pupil.visit("conv2d"))
        for turn in range(SLIDERS):
            key, value = self._value(turn)
            await self._step("slider", self.pupil.turn(key, value))
        await self._step("page", self.pupil.visit("pooling"))
        await self._step("slider", self.pupil.turn("pool_size_h", 2 + self.number % 4))
        await self._step("page", self.pupil.visit("predict"))
        for _ in range(DRAWINGS):
            await self._draw()
        await self._step("page", self.pupil.visit("evaluate"))
        await self._step("page", self.pupil.visit("train"))
        await self._step("page", self.pupil.choose("train_part", "watch"))
        self.found.steps[f"watch{self.beside}"] += await self.pupil.stay(WATCH_S)

    async def _step(self, kind: str, action) -> None:
        kind += self.beside
        before = self._paid()
        self.found.steps[kind].append(await action)
        await asyncio.sleep(self.every * self.random.uniform(0.75, 1.25))
        self.found.cpu_s[kind] += self._paid() - before  # what comes after the answer, too

    def _paid(self) -> float:
        return sum(map(processes.cpu_seconds, self.alone))

    def _value(self, turn: int) -> tuple[str, float]:
        """A slider and a value that nobody else chose: of filters, kernels, strides and biases in turn."""
        place = self.number * SLIDERS + turn
        kinds = {
            "conv_filters": 1 + (place * 7) % 24,
            "conv_bias": round(-1 + 0.05 * (place % 41), 2),
            "conv_kernel_h": 1 + (place // 3) % 9,
            "conv_bias ": round(-1 + 0.05 * (place * 3 % 41), 2),
        }
        key = list(kinds)[turn % len(kinds)]
        return key.strip(), kinds[key]

    async def _draw(self) -> None:
        """The pen moves, and is lifted; a pad that tells of its moves does so as often as it would."""
        points = digit(self.random)
        began = time.perf_counter()
        if not self.told:
            await asyncio.sleep(MOVES_S)
        while self.told and (share := (time.perf_counter() - began) / MOVES_S) < 1:
            told = [[1, 18, *points[: max(2, 2 * int(share * len(points) / 2))]]]
            took = await self.pupil.draw(PAD, told, done=False)
            self.found.steps["pen moves"].append(took)
            await asyncio.sleep(max(0.0, PACE_S - took.whole))
        await self._step("pen-up", self.pupil.draw(PAD, [[1, 18, *points]], done=True))


def digit(source: random.Random) -> list[float]:
    """A zero, a six or a spiral in between, as nobody else draws it: x, y, x, y, … on a pad of 280 × 280."""
    turns, lean, wide = source.uniform(0.9, 1.6), source.uniform(-0.3, 0.3), source.uniform(40, 70)
    found = []
    for place in range(40):
        angle = 2 * math.pi * turns * place / 39 - 1.5
        size = 90 * (1 - 0.4 * place / 39 * (turns > 1.2))
        x, y = wide / 90 * size * math.cos(angle), size * math.sin(angle)
        found += [round(140 + x + lean * y, 1), round(140 + y, 1)]
    return found


async def lesson(address: str, pids: list[int], pupils: int, options: argparse.Namespace, round_: int) -> Measured:
    """All pupils at once; round_: so many classes were there before."""
    found = Measured()

    async def watch() -> None:
        while True:
            found.peak_mb = max(found.peak_mb, sum(map(processes.memory_mb, pids)))
            await asyncio.sleep(1)

    watching = asyncio.create_task(watch())
    alone = pids if pupils == 1 else []
    windows = min(options.chromium, pupils)
    async with browser(wanted=windows > 0) as chromium:
        seats = [Window(address, chromium) if seat < windows else Pupil(address) for seat in range(pupils)]
        numbers = range(round_ * pupils, (round_ + 1) * pupils)
        walks = [
            Walk(pupil, number, options.every, found, alone, options.told)
            for pupil, number in zip(seats, numbers, strict=True)
        ]
        await asyncio.gather(*(walk.go() for walk in walks))
    watching.cancel()
    return found


async def warm(address: str, times: int) -> None:
    """Before anything counts TensorFlow is loaded, and every page compiled once, in every process."""
    found = Measured()
    await asyncio.gather(*(Walk(Pupil(address), 10_000 + each, 0.0, found).go() for each in range(times)))
    if found.errors:
        raise SystemExit(f"The server should serve one pupil first, and does not: {found.errors[0]}")


async def forgotten(pids: list[int], low: float) -> float:
    """Memory once Streamlit has let go of closed windows, or after a while."""
    end = time.monotonic() + FORGOTTEN_S
    held = sum(map(processes.memory_mb, pids))
    while time.monotonic() < end and held > low * AIM_LEFT:
        await asyncio.sleep(5)
        held = sum(map(processes.memory_mb, pids))
    return held


@contextmanager
def trained(folder: str, on: bool):
    """on: something trains meanwhile, until the end of all this."""
    os.environ["LAYER_LAB_RUNS"] = folder
    from core.runs import queue
    from core.training.spec import TrainingSpec

    if not on:
        yield
        return
    run = queue.start(TrainingSpec(epochs=50, examples=50_000), "while all work")
    while run.state.status in ("queued", "starting"):
        time.sleep(0.2)
    yield
    queue.delete(run)


@contextmanager
def serving(folder: str, count: int):
    """The address of one dashboard, or of so many behind a proxy, and all processes of theirs."""
    port = servers.free_port()
    if count == 1:
        server = servers.start(servers.ROOT / "dashboard.py", port, LAYER_LAB_RUNS=folder)
    else:
        environment = {"LAYER_LAB_RUNS": folder, "PORT": str(port), "PROCESSES": str(count)}
        command = [sys.executable, "-m", "classroom"]
        quiet = {"stdout": subprocess.DEVNULL, "cwd": servers.ROOT}
        server = subprocess.Popen(command, env=os.environ | environment, **quiet)
    try:
        servers.wait_until_healthy(port)
        yield f"http://localhost:{port}", [server.pid, *processes.children(server.pid)]
    finally:
        server.terminate()
        server.wait(60)


def measure(pupils: int, options: argparse.Namespace) -> None:
    """A server of its own for one class, and what came of it, printed."""
    with tempfile.TemporaryDirectory() as folder, serving(folder, options.servers) as (address, pids):
        asyncio.run(warm(address, options.servers))
        with trained(folder, options.training):
            for round_ in range(options.rounds):
                _round(address, pids, pupils, options, round_)


def _round(address: str, pids: list[int], pupils: int, options: argparse.Namespace, round_: int) -> None:
    before = sum(map(processes.memory_mb, pids))
    paid, began = sum(map(processes.cpu_seconds, pids)), time.perf_counter()
    found = asyncio.run(lesson(address, pids, pupils, options, round_))
    paid, took = sum(map(processes.cpu_seconds, pids)) - paid, time.perf_counter() - began
    load = processes.load()
    after = sum(map(processes.memory_mb, pids)) if options.no_wait else asyncio.run(forgotten(pids, before))
    _print(found, pupils, options)
    print(
        f"  {len(found.errors)} errors; {found.bytes / pupils / 2**20:.1f} MB a pupil; {found.runs} runs in "
        f"{took:.0f} s, {1000 * paid / max(1, found.runs):.0f} ms CPU each ({paid / took:.2f} cores); "
        f"load {load:.1f}"
    )
    print(
        f"  memory {before:.0f} MB before, {found.peak_mb:.0f} at most "
        f"({(found.peak_mb - before) / pupils:.1f} a pupil), {after:.0f} after"
    )
    for error in found.errors[:5]:
        print(f"  error: {error}")


def _print(found: Measured, pupils: int, options: argparse.Namespace) -> None:
    while_ = " while one training runs" if options.training else ""
    print(f"{pupils} pupils, a change every {options.every:g} s, {options.servers} server(s){while_}:")
    for kind, all_took in found.steps.items():
        if not all_took:
            continue
        first, whole = ([getattr(took, name) for took in all_took] for name in ("first", "whole"))
        print(
            f"  {kind:17} {len(all_took):5} × answer {_spread(first)}   complete {_spread(whole)}"
            f"{_paid(found, kind)}{_verdict(first, options) if kind in CHANGES else ''}"
        )


def _paid(found: Measured, kind: str) -> str:
    paid = found.cpu_s.get(kind, 0.0) / len(found.steps[kind])
    return f"   {1000 * paid:4.0f} ms CPU" if paid else ""


def _spread(values: list[float]) -> str:
    return f"median {statistics.median(values):5.2f} s, 95 % {high(values):5.2f} s"


def _verdict(values: list[float], options: argparse.Namespace) -> str:
    aim = AIMS_S[options.training]
    return f"  (aim ≤ {aim:g}: {'met' if high(values) <= aim else 'MISSED'})"


def high(values: list[float]) -> float:
    """What 95 % of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, math.ceil(0.95 * len(values)) - 1)]


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description="A class in front of one server.")
    parser.add_argument("pupils", type=int, nargs="*", default=[1, 10, 30, 60])
    parser.add_argument("--servers", type=int, default=1)
    parser.add_argument("--training", action="store_true")
    parser.add_argument("--every", type=float, default=2.0)
    parser.add_argument("--no-wait", action="store_true")
    parser.add_argument("--told", action="store_true")
    parser.add_argument("--chromium", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    if not processes.available():
        raise SystemExit("This benchmark reads /proc, which only Linux has.")
    for pupils in options.pupils or parser.get_default("pupils"):
        measure(pupils, options)


if __name__ == "__main__":
    main()
