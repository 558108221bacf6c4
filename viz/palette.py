"""Colours and ranges, once. Activations: blue (negative), neutral zero, orange (positive). Weights: purple,
neutral, green. Two families, so that a weight is never mistaken for an activation. Red-green blind eyes see purple as
blue and green as orange: what tells them the families apart is lightness. Activations go to the darker end (in the dark
theme: to the middle), weights to the middle (to the lighter end). A test simulates such eyes. Pictures are grey, as
MNIST has them.

The neutral colour is close to the page's background, so that a map of zeros looks empty in light and dark.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

THEMES = ("light", "dark")

# family → theme → (most negative, halfway, zero, halfway, most positive)
_STOPS = {
    "activations": {
        "light": ("#00204f", "#3f74b5", "#f4f4f2", "#c9701f", "#6b2d00"),
        "dark": ("#64a8ff", "#3874c6", "#1b1e24", "#a95510", "#eaa94a"),
    },
    "weights": {
        "light": ("#a446f0", "#dca4ec", "#f4f4f2", "#7cd3a8", "#33965e"),
        "dark": ("#f6dcff", "#c9a0d2", "#1b1e24", "#6cae7c", "#d2ffdf"),
    },
}
# One colour of each sign, readable on both backgrounds: for bars, curves and text.
SIGNS = {"activations": ("#1a66bd", "#b85808"), "weights": ("#c46ce0", "#38a474")}
# The same over a black picture, whatever the theme: they must glow.
GLOW = (_STOPS["activations"]["dark"][0], _STOPS["activations"]["dark"][-1])
# One colour for each kind of layer, by what it does. Layers with weights have the colours of weights, those that only
# work on values the colours of values.
KINDS = {
    "kernels": SIGNS["weights"][1],
    "a kernel a channel": "#1d7a6b",
    "units": SIGNS["weights"][0],
    "scale": "#c2548f",
    "values": SIGNS["activations"][1],
    "windows": SIGNS["activations"][0],
    "means": "#2f5f8f",
    "order": "#b8a13c",
    "drops": "#a3a9b3",
}
INPUT_KIND = "#5b6570"
# Of texts in a picture: nearly that of the page's own text.
INK = {"light": "#1a2024", "dark": "#e8ecee"}
GREY = "#8a8f98"
BEFORE, AFTER = GREY, "#e07b28"
# Of what is pointed out on a picture: no value has it.
MARK = "#d6336c"
# Behind what is said of an answer: green where it was right, and no red where it was not.
ANSWERS = {
    "right": {"light": "#e0f7e7", "dark": "#173025"},
    "other": {"light": "#fef4d5", "dark": "#433c20"},
}
# Curves of a training: each run has one of RUNS. None of them is an activation's or a weight's, and no two look alike,
# nor to red-green blind eyes.
BATCHES = "#a3aab3"
RUNS = ("#0f9fb5", "#a45085", "#8146c4", "#af8009", "#3d84ff", "#9f695a", "#bd2f23", "#5c9480")
FIXED_LIMIT = 1.0


@dataclass(frozen=True)
class Range:
    """Values from `low` to `high` take the colours from end to end; `label` says whose range it is."""

    low: float
    high: float
    label: str


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], float)


@lru_cache(maxsize=16)
def table(family: str, theme: str) -> np.ndarray:
    """uint8 (255, 3): colour of every step from low to high; the middle one, 127, is zero's.

    family: "activations", "weights" or "grey"; theme: "light" or "dark" (grey is the same in both).
    """
    steps = np.linspace(0, 1, 255)
    if family == "grey":
        colours = np.repeat(np.rint(steps * 255)[:, np.newaxis], 3, axis=1)
    else:
        stops = np.array([_rgb(colour) for colour in _STOPS[family][theme]])
        places = np.linspace(0, 1, len(stops))
        colours = np.stack([np.interp(steps, places, stops[:, c]) for c in range(3)], axis=-1)
    colours = np.rint(colours).astype(np.uint8)
    colours.setflags(write=False)
    return colours


def symmetric(values: np.ndarray, label: str) -> Range:
    """The smallest range about zero that holds `values`; zero is therefore always the neutral colour."""
    limit = float(np.abs(values).max()) or 1.0
    return Range(-limit, limit, label)


def choose_range(mode: str, layer: np.ndarray, chosen: np.ndarray) -> Range:
    """mode: "layer" (all maps share one range), "map" (each map its own) or "fixed" (−1 to 1)."""
    match mode:
        case "layer":
            return symmetric(layer, "whole layer")
        case "map":
            return symmetric(chosen, "this map alone")
        case "fixed":
            return Range(-FIXED_LIMIT, FIXED_LIMIT, "fixed")
    raise ValueError(f"Expected a range of layer, map or fixed, got {mode!r}.")


def colourise(values: np.ndarray, span: Range, family: str, theme: str) -> np.ndarray:
    """float (...) → uint8 (..., 3); values beyond the range take the colour of its end."""
    colours = table(family, theme)
    place = (values - span.low) / (span.high - span.low) * (len(colours) - 1)
    return colours[np.clip(np.rint(np.nan_to_num(place)), 0, len(colours) - 1).astype(np.int16)]


def plotly_scale(family: str, theme: str) -> list[list]:
    """The same colours as a Plotly colorscale."""
    colours = table(family, theme)
    places = np.linspace(0, len(colours) - 1, 17).round().astype(int)
    return [[float(i / (len(colours) - 1)), "rgb({},{},{})".format(*colours[i])] for i in places]


def dark_ink(colours: np.ndarray) -> np.ndarray:
    """bool (...): where black stands out more than white on uint8 (..., 3), by WCAG's contrast; it is at least 4.58."""
    part = colours / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722] > 0.1791
