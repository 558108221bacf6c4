"""The drawing pad, and beside it what the network sees and says: one component, so that both keep pace.

While a stroke is drawn the browser reads it, and the server hears of nothing. When the pen is lifted it is sent, and
the answer comes back in `data`, with the number of the drawing that it answers. Where the browser cannot read it (no
worker, a network that is not there yet) the drawing is sent while the pen is down, too, as soon as the last answer has
arrived.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import numpy as np
import streamlit as st

from core.drawing import strokes
from ui.components import class_bars, frame, register, sent
from ui.live import scripts
from ui.shared import hidden

_mount = register("drawing_pad", "pad", before=scripts.client, more=scripts.said)
_STATE = "_drawing"
_PEN = 18


@dataclass
class Drawing:
    """The drawing of this session. `number`: which message of the browser it came with; `done`: the pen is up."""

    acts: list[list[float]] = field(default_factory=list)
    undone: list[list[float]] = field(default_factory=list)
    pen: float = _PEN
    number: int = 0
    done: bool = True

    def picture(self) -> np.ndarray:
        """uint8 (280, 280), white on black."""
        return strokes.picture(self.acts)


@dataclass(frozen=True, eq=False)
class Reading:
    """What one network says: its name, one line, more words, (10,) probabilities; `truth` is the label, if known."""

    name: str
    headline: str
    words: str
    probabilities: np.ndarray
    truth: int | None = None


@dataclass(frozen=True, eq=False)
class Step:
    """One picture on the way, uint8 (height, width); `middle`: mark where MNIST has the centre of mass."""

    title: str
    caption: str
    picture: np.ndarray
    middle: bool = False


@dataclass(frozen=True)
class Live:
    """What the browser needs to read a drawing itself: where the engine's script is, and of each network that reads its
    name and where its bundle is, in the order of the readings."""

    engine: str
    networks: tuple[tuple[str, str], ...]


def drawing() -> Drawing:
    """What is on the pad in this session, on all pages."""
    return st.session_state.setdefault(_STATE, Drawing())


def put_on_pad(acts: list[list[float]]) -> None:
    """Another drawing takes the place of the one on the pad; the browser learns of it with the pad's next data."""
    now = drawing()
    st.session_state[_STATE] = Drawing(acts, [], now.pen, now.number + 1)


def clear_pad() -> None:
    """Clear it as its own button does: Undo brings the drawing back."""
    put_on_pad([*drawing().acts, [strokes.CLEAR]])


def drawing_pad(
    key: str,
    readings: list[Reading],
    steps: list[Step],
    sentence: str = "",
    pad: bool = True,
    live: Live | None = None,
    on_change: Callable[[], None] | None = None,
) -> None:
    """Show the pad (or, without `pad`, only what it would say), the steps and the readings.

    sentence: shown in place of readings: why there is nothing to read. live: None where only the server can read.
    on_change: a callback, called once the browser has sent what is on the pad.
    """
    now = drawing()
    header = {
        "pad": pad,
        "hides": hidden.parts("pad") if pad else [],
        "number": now.number,
        "acts": now.acts,
        "undone": now.undone,
        "pen": now.pen,
        "widths": strokes.WIDTHS,
        "sentence": sentence,
        "live": live
        and {
            "engine": live.engine,
            "networks": [{"name": name, "address": address} for name, address in live.networks],
        },
        "steps": [{"title": step.title, "caption": step.caption, "middle": step.middle} for step in steps],
        "readings": [_reading(reading) for reading in readings],
    }
    arrays = {f"step_{i}": np.ascontiguousarray(step.picture) for i, step in enumerate(steps)}
    _mount(data=frame(header, arrays), key=key, on_drawing_change=receiver(key, on_change))


def _reading(reading: Reading) -> dict:
    probabilities = [float(value) for value in reading.probabilities]
    return {**asdict(reading), "probabilities": probabilities, **class_bars.rows(reading.probabilities, reading.truth)}


def receiver(key: str, on_change: Callable[[], None] | None) -> Callable[[], None]:
    """The callback of a component with a pad: takes what its browser has sent as "drawing", where it is one."""

    def receive() -> None:
        message = sent(key, "drawing")
        try:
            acts, undone = strokes.checked(message["acts"]), strokes.checked(message["undone"])
            pen, number = float(message["pen"]), int(message["number"])
        except (TypeError, KeyError, ValueError, OverflowError):
            return
        low, high = strokes.WIDTHS
        st.session_state[_STATE] = Drawing(acts, undone, min(max(pen, low), high), number, message.get("done") is True)
        if on_change:
            on_change()

    return receive
