"""Every page in teaching order: the layers of the network as thumbnails, the others as cards, each a link."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.layers import KINDS, Layer
from core.network.network import CLASSES, INPUT_SHAPE, Network, NetworkError, Stage
from core.runs.folders import RunError
from ui.layers import current, faces
from ui.shared import digit, navigation, networks, pictures, state, text, theme, warmup
from ui.shared.networks import Chosen
from viz import walls

_SIDE = 132  # pixels: the width of a thumbnail; two cards fit side by side on a phone
_ANSWERS = "one value for each digit"
# what the pages that are no layers are for
_PAGES = {
    "tensors": "Shapes, dtypes and casts: the numbers that layers take and give.",
    "dataset": "70,000 handwritten digits, and what must happen to them before a network learns.",
    "network": "The layers put together: what each costs, and what a trained one sees.",
    "train": "Choose loss, optimizer and data, and watch the kernels take shape.",
    "evaluate": "How many digits it reads, which it mixes up, and when it is guessing.",
    "predict": "Draw a digit, and see how it is read and why.",
}


def pages() -> None:
    """All sections of the navigation but this page itself, in its order."""
    carried = state.changed()
    for section, entries in navigation.SECTIONS.items():
        if not section:
            continue
        st.subheader(section, anchor=False)
        if entries is navigation.SECTIONS["Layers"]:
            layers(carried)
            continue
        places = st.columns(len(entries), gap="small")
        for place, key in zip(places, entries, strict=True):
            with place, st.container(border=True, height="stretch", gap="xsmall"):
                navigation.link(key, f"**{navigation.title(key)}**", carried)
                st.caption(_PAGES[key])


def layers(carried: dict[str, str]) -> None:
    """One card a layer. Until TensorFlow has loaded, the digit and the shapes are there and pictures follow."""
    chosen = networks.chosen()
    weights = (
        "The weights were learned."
        if chosen.trained
        else "The weights are random, not trained: what you see is what each layer does, not yet what it has learned."
    )
    st.caption(
        f"**{chosen.name}**, chosen in the sidebar: every layer receives what the one before gives. {weights} Dropout "
        "is at rest, as in `predict`."
    )
    pictures_ = None
    if warmup.ready():
        sample = digit.current()
        try:
            key = f"{chosen} {sample.split} {sample.index} {current.scaled()} {theme.kind()}"
            pictures_ = _thumbnails(key, current.outputs(chosen))
        except (NetworkError, RunError) as error:
            st.error(str(error))
            return
    _cards(chosen, pictures_, carried)
    if not warmup.ready():
        warmup.wait_for_tensorflow()


@st.cache_resource(max_entries=24, show_spinner=False)
def _thumbnails(key: str, _outputs: dict[str, np.ndarray]) -> dict[str, bytes]:
    """PNG files by layer name: made once, since all of them would be encoded anew in every run."""
    return {name: pictures.png(_thumbnail(maps)) for name, maps in _outputs.items()}


def _cards(chosen: Chosen, thumbnails: dict[str, bytes] | None, carried: dict[str, str]) -> None:
    sample, network = digit.current(), chosen.network
    stages = network.trace()
    with st.container(horizontal=True, gap="small"):
        with _card():
            st.markdown("**Input**")
            pictures.show(
                walls.picture(sample.image, _SIDE // 28 + 1),
                width=_SIDE,
                alt=f"The digit, a {digit.noun(sample)}",
            )
            values = current.PIXELS[state.get("conv_pixels")]
            st.caption(f"`{text.shape(INPUT_SHAPE)}`  \na {digit.noun(sample)}, values {values}")
        for stage in stages:
            with _card():
                _stage(stage, stage is stages[-1], thumbnails, carried)
        for name in network.names[len(stages) :]:
            with _card():
                _link(name, network[name], carried)
                st.caption("The digit does not get this far.")
    _missing(network, carried)


def _missing(network: Network, carried: dict[str, str]) -> None:
    """The kinds of layers that it has none of: their pages show one put in."""
    kinds = {type(layer) for _, layer in network}
    missing = [key for kind in KINDS if kind not in kinds and (key := navigation.key_of_kind(kind))]
    if not missing:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption("It has none of these; their pages show one put in:", width="content")
        for key in missing:
            navigation.link(key, carried=carried, width="content")


def _card():
    return st.container(border=True, width=_SIDE + 34, gap="xsmall")


def _link(name: str, layer: Layer, carried: dict[str, str]) -> None:
    """The link to the page of its kind, which then shows this very layer."""
    key = navigation.key_of_kind(type(layer))
    navigation.link(key, f"**{layer.title}**", carried, {"layer": name})
    st.caption(f"`{name}`")


def _stage(stage: Stage, last: bool, thumbnails: dict[str, bytes] | None, carried: dict[str, str]) -> None:
    _link(stage.name, stage.spec, carried)
    if stage.problem:
        st.error(stage.problem)
        return
    if thumbnails:
        pictures.show(thumbnails[stage.name], width=_SIDE, alt=f"Output of {stage.name}")
    else:
        st.skeleton(height=_SIDE)
    answers = last and stage.output_shape == (CLASSES,)
    st.caption(f"`{text.shape(stage.output_shape)}`  \n{_ANSWERS if answers else faces.of(stage.spec).says}")


def _thumbnail(outputs: np.ndarray):
    """Maps as a wall, vectors as a square of cells in reading order; both `_SIDE` pixels wide, or nearly."""
    if outputs.ndim == 1:
        side = int(np.ceil(np.sqrt(outputs.size)))
        return walls.strip(outputs, theme.kind(), rows=int(np.ceil(outputs.size / side)), scale=max(1, _SIDE // side))
    return walls.wall(outputs, theme.kind(), scale=max(1, round(_SIDE / (outputs.shape[1] * outputs.shape[2] ** 0.5))))
