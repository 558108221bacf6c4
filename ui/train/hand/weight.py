"""Which weight is looked at: its layer, its array, its place in it; where nothing is said, the one with the largest
gradient."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.layers.weight_use import WeightUse
from core.training.by_hand import LayerPass, Pass
from ui.shared import controls, rounds, state
from words import _

_GROUP = "hand"
_MOST_AXES = 4


@dataclass(frozen=True, eq=False)
class Weight:
    """One number of a network. at: its place in the array of this name, as a tuple; variable: the place of the array
    in `model.trainable_variables`."""

    layer: str
    found: LayerPass
    name: str
    at: tuple[int, ...]
    variable: int

    @property
    def position(self) -> int:
        """Its place in reading order."""
        return int(np.ravel_multi_index(self.at, self.gradients.shape))

    @property
    def gradients(self) -> np.ndarray:
        """Those of its whole array."""
        return self.found.gradients[self.name]

    @property
    def gradient(self) -> float:
        """Its own."""
        return float(self.gradients[self.at])

    @property
    def value(self) -> float:
        """What it is before the step."""
        return float(self.found.weight(self.name)[self.at])

    @property
    def use(self) -> WeightUse | None:
        """Where its layer uses it, None where its kind does not say."""
        found = self.found
        return found.spec.weight_use(self.name, self.position, found.inputs, found.weights)

    @property
    def place(self) -> int:
        """Of its array in `get_weights()`."""
        return self.found.place(self.name)


def choose(made: Pass) -> Weight:
    """The widgets, and the weight that they say."""
    layer = controls.pick("hand_layer", _("Layer"), list(made.layers), widget=st.segmented_control)
    found = made.layers[layer]
    name = controls.pick("hand_weight", _("Weight"), list(found.gradients), widget=st.segmented_control)
    gradients = found.gradients[name]
    at = _at(gradients, state.get)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        _boxes(gradients.shape, at, _axes(found, name))
        st.button(
            _("Largest gradient"),
            icon=":material/vertical_align_top:",
            key="hand_largest",
            help=_(
                "Of all {count:,} numbers of this {name}, the one that the loss follows most.",
                count=gradients.size,
                name=name,
            ),
            on_click=state.put,
            args=({"hand_at": ""},),
        )
    return _weight(made, layer, name, at)


def of_view(made: Pass, get: state.Get) -> Weight:
    """The weight that an address says, or by itself: of the first layer and its first array, the largest gradient."""
    layer = get("hand_layer") if get("hand_layer") in made.layers else next(iter(made.layers))
    gradients = made.layers[layer].gradients
    name = get("hand_weight") if get("hand_weight") in gradients else next(iter(gradients))
    return _weight(made, layer, name, _at(gradients[name], get))


def _weight(made: Pass, layer: str, name: str, at: tuple[int, ...]) -> Weight:
    found = made.layers[layer]
    return Weight(layer, found, name, at, list(made.gradients()).index(found.place(name)))


def _at(gradients: np.ndarray, get: state.Get) -> tuple[int, ...]:
    """The place that was chosen, the nearest one where this array is smaller; else that of the largest gradient."""
    said = [int(part) for part in get("hand_at").split(",") if part]
    if len(said) == gradients.ndim:
        return tuple(min(place, size - 1) for place, size in zip(said, gradients.shape, strict=True))
    return tuple(int(i) for i in np.unravel_index(int(np.abs(gradients).argmax()), gradients.shape))


def _axes(found: LayerPass, name: str) -> list[str]:
    """What the axes of this array are, in the words of the kind."""
    gradients = found.gradients[name]
    if gradients.ndim > 1:
        return [axis.strip().capitalize() for axis in _(found.spec.kernel_axes).split(",")]
    return [_("Unit") if found.sums.ndim == 1 else _("Map")]


def _boxes(shape: tuple[int, ...], at: tuple[int, ...], axes: list[str]) -> None:
    keys = _keys(len(shape))
    if any(st.session_state.get(key, place) != place for key, place in zip(keys, at, strict=True)):
        rounds.renew(_GROUP)  # chosen elsewhere: by the button, by another layer
        keys = _keys(len(shape))
    for key, axis, size, place in zip(keys, axes, shape, at, strict=True):
        with st.container(width=130):
            label = _("{axis} (0 to {last})", axis=axis, last=size - 1)
            st.number_input(
                label,
                0,
                size - 1,
                place,
                1,
                key=key,
                on_change=_moved,
                args=(tuple(keys), at),
                disabled=size == 1,  # nothing to choose, and so no stop of Tab
            )


def _keys(count: int) -> list[str]:
    return [rounds.key(f"hand_axis_{count}_{axis}", _GROUP) for axis in range(count)]


def _moved(keys: tuple[str, ...], at: tuple[int, ...]) -> None:
    """A box was used; one that was emptied keeps what it had."""
    if keys[0] not in _keys(len(at)):
        return  # Streamlit calls back for boxes that are gone, too
    said = [st.session_state.get(key) for key in keys]
    places = [before if place is None else place for place, before in zip(said, at, strict=True)]
    state.put({"hand_at": ",".join(map(str, places))})


def in_words(weight: Weight) -> str:
    """ "kernel[1, 2, 0, 5] of conv2d"."""
    number = f"{weight.name}[{', '.join(map(str, weight.at))}]"
    return _("{number} of {layer}", number=number, layer=weight.layer)


def share_of(weight: Weight) -> str:
    """Which of how many it is."""
    return _("one of {count:,}", count=math.prod(weight.gradients.shape))
