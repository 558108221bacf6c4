"""The living network: a pad, every map of every layer and ten bars, computed in the browser while the pen moves.

The engine and the networks come by addresses that a browser keeps (ui/live/addresses.py); the message holds what else
there is to say. The server is told of a drawing when the pen is lifted, of a map that is opened, and of maps that are
scaled. In a page without a server the message holds the engine and the network, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from core.drawing import strokes
from core.live.bundle import Bundle
from ui.components import Source, frame, register, tables
from ui.components import source as component_source
from ui.components.drawing_pad import Drawing, drawing, receiver
from ui.live import scripts
from ui.shared import hidden
from words import language

_PARTS = ("living_network", "pad")


# What the component is told where nobody is there to be asked: a ghost draws, and nothing is compared.
_UNASKED = {"ghost": True, "nearest": None, "sure": 0, "accuracy": None}

_mount = register(*_PARTS, before=scripts.client, more=scripts.said)


@dataclass(frozen=True)
class Shown:
    """A network of the map: its key there, what its button says, and where its bundle is."""

    key: str
    label: str
    address: str


@dataclass(frozen=True)
class Stop:
    """An epoch of the slider: what the slider and the button of its network say, and where its weights are."""

    epoch: int
    label: str
    name: str
    address: str


@dataclass(frozen=True)
class Epochs:
    """Those of the first network: the run that has them, which of them `networks` shows, and the number of the last
    choice that the browser was heard to make."""

    run: str
    at: int
    heard: int
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class Accuracy:
    """Shares of `images` test images that are read right, with the maps scaled that the browser asked about as `of`."""

    of: str
    images: int
    before: float
    now: float


@dataclass(frozen=True, eq=False)
class Judged:
    """Of test images, (n,) each: the probability of the answer, and whether it is right. usual_logit: 95 % of them have
    a largest logit above it."""

    sure: np.ndarray
    right: np.ndarray
    usual_logit: float


@dataclass(frozen=True, eq=False)
class Neighbour:
    """The training image nearest to what is read, of `among`: uint8 (28, 28), and how far it is; usual: 95 % of the
    test images are nearer."""

    index: int
    label: int
    distance: float
    usual: float
    among: int
    image: np.ndarray


def living_network(
    key: str,
    engine: str,
    networks: list[Shown],
    image: np.ndarray | None,
    truth: int | None = None,
    mode: str = "layer",
    ghost: bool = False,
    judged: Judged | None = None,
    nearest: Neighbour | None = None,
    sure: float = 0,
    accuracy: Accuracy | None = None,
    epochs: Epochs | None = None,
    lit: str | None = None,
    on_drawing: Callable[[], None] | None = None,
    on_open: Callable[[], None] | None = None,
    on_scales: Callable[[], None] | None = None,
    on_sure: Callable[[], None] | None = None,
    on_epoch: Callable[[], None] | None = None,
) -> None:
    """Show it. The first network is on screen at first, those with the keys "start" and "second" stand beside it: the
    same network before it learned anything, and any other one.

    engine: where its script is. image: uint8 (28, 28) that is read while the pad is empty; truth: its label, None for
    a drawing. mode: colour range, see `viz.palette.choose_range`. ghost: a digit draws itself until somebody touches
    the pad. sure: per cent below which the answer is "I don't know". epochs: a slider over them, which plays.
    lit: what is asked for once the first answer is painted, or cannot be.
    on_drawing, on_open, on_scales, on_sure, on_epoch: callbacks; `sent(key, "open")`, "scales", "sure" and "epoch" say
    what of.
    """
    header = {
        "engine": engine,
        "networks": [asdict(network) for network in networks],
        "truth": truth,
        "mode": mode,
        "ghost": ghost,
        "nearest": nearest and {key: value for key, value in vars(nearest).items() if key != "image"},
        "sure": sure,
        "accuracy": accuracy and asdict(accuracy),
        "epochs": epochs and asdict(epochs),
        "lit": lit,
        "hides": hidden.parts("pad", "living"),
    }
    arrays = {"nearest_image": np.ascontiguousarray(nearest.image)} if nearest else {}
    _mount(
        data=_message(header, drawing(), image, judged, arrays),
        key=key,
        on_drawing_change=receiver(key, on_drawing),
        on_open_change=on_open or _nothing,
        on_scales_change=on_scales or _nothing,
        on_sure_change=on_sure or _nothing,
        on_epoch_change=on_epoch or _nothing,
    )


def first_message(
    engine: str, networks: list[Shown], image: np.ndarray, truth: int, mode: str, judged: Judged | None
) -> bytes:
    """What `living_network` passes to the component where nobody has done anything; see there."""
    header = {"engine": engine, "networks": [asdict(network) for network in networks], "truth": truth, "mode": mode}
    return _message(_UNASKED | header, Drawing(), image, judged, {})


def source() -> Source:
    """The component's own html, css and script, for a page without a server, in the language of whoever asks."""
    return component_source(*_PARTS, before=scripts.client(), more=scripts.said(), languages=(language(),))


def whole_message(
    bundle: Bundle,
    label: str,
    image: np.ndarray,
    truth: int | None = None,
    mode: str = "layer",
    judged: Judged | None = None,
) -> bytes:
    """What a page without a server passes to the component: one network, the engine, an empty pad on which a ghost
    draws; see `living_network`."""
    header = _UNASKED | {"networks": [{"key": "now", "label": label}], "truth": truth, "mode": mode}
    inside = {"engine": scripts.engine().encode(), "network now": bundle.data}
    arrays = {name: np.frombuffer(data, np.uint8) for name, data in inside.items()}
    return _message(header, Drawing(), image, judged, arrays)


def _message(
    header: dict[str, object],
    now: Drawing,
    image: np.ndarray | None,
    judged: Judged | None,
    arrays: dict[str, np.ndarray],
) -> bytes:
    drawn = {"number": now.number, "acts": now.acts, "undone": now.undone, "pen": now.pen, "widths": strokes.WIDTHS}
    arrays = {**tables("activations"), **tables("weights"), **tables("grey"), **arrays}
    if image is not None:
        arrays["image"] = np.ascontiguousarray(image)
    if judged:
        arrays |= {"sure": judged.sure.astype(np.float32), "right": judged.right.astype(np.uint8)}
    typical = judged and {"logit": judged.usual_logit}
    return frame({**header, **drawn, "typical": typical}, arrays)


def _nothing() -> None:
    pass
