"""Inside a trained network: the digit layer by layer, what each made of it, and what the network reads."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from core.data import mnist
from core.layers import Activation
from core.network import saved
from core.network.activations import LayerResult
from core.network.network import CLASSES, NetworkError, Stage
from core.runs.folders import RunError
from core.scripts.network import layer_code, start_limit
from core.tensors import statistics
from ui.layers import sections
from ui.network import layer_view
from ui.shared import controls, digit, network_choice, networks, pictures, state, text, theme, warmup
from ui.shared.networks import NEWEST, Chosen
from viz import bars, walls, weight_bars
from viz.figures import CONFIG

_THUMB_PX = 76


def show() -> None:
    """The whole part; waits for TensorFlow, and says in one sentence why a network cannot be shown."""
    choices, reading = st.columns(2, gap="medium")
    with choices:
        wanted = network_choice.choose()
    if not warmup.ready():
        warmup.wait_for_tensorflow()
        st.skeleton(height=320)
        return
    sample = digit.current()
    try:
        results = networks.trace(wanted, sample.split, sample.index)
        layers = wanted.spec.layers()
    except (NetworkError, RunError) as error:
        st.error(str(error))
        return
    except ValueError:  # Keras' words for weights of another shape
        st.error("The weights of this network should fit its settings, and do not: a file is damaged.")
        return
    if broken := next((name for name, result in results.items() if not np.isfinite(result.outputs).all()), None):
        st.error(f"Every layer should give numbers, and {broken} gives NaN or infinity: this training diverged.")
        return
    with choices:
        layer = _choose_layer(layers)
    with reading:
        _reading(results["probabilities"].outputs, sample)
    _strip(wanted, layers, results)
    kind = layer.spec.activation if isinstance(layer.spec, Activation) else layer.spec.title
    st.subheader(f"{layer.name}: {kind}", anchor=False)
    layer_view.view(layer, results[layer.name], _maps_before(layer, layers), sample.label)
    _details(layer, results[layer.name])
    _code(wanted, layer, sample)


def _choose_layer(layers: tuple[Stage, ...]) -> Stage:
    named = {layer.name: layer for layer in layers}
    chosen = controls.pick(
        "look_layer",
        "Layer",
        list(named),
        lambda name: f"{name}: {text.shape(named[name].output_shape)}",
        "In the order in which the digit passes them; the pictures below choose too.",
    )
    return named[chosen]


def _strip(wanted: Chosen, layers: tuple[Stage, ...], results: dict[str, LayerResult]) -> None:
    """What every layer gives, small; the name under a picture chooses its layer."""
    sample = digit.current()
    thumbnails = _thumbnails(wanted, sample.split, sample.index, theme.kind(), results)
    with st.container(horizontal=True, wrap=False, gap="xsmall", key="network_strip"):
        for layer in layers:
            with st.container(width=_THUMB_PX + 8, gap=None, horizontal_alignment="center"):
                pictures.show(thumbnails[layer.name], width=_THUMB_PX, alt=f"What {layer.name} gives")
                chosen = layer.name == state.get("look_layer")
                st.button(
                    f"**{_short(layer.name)}**" if chosen else _short(layer.name),
                    key=f"look_at_{layer.name}",
                    type="tertiary",
                    on_click=state.put,
                    args=({"look_layer": layer.name},),
                )


def _short(name: str) -> str:
    return name.replace("activation", "act").replace("block", "b").replace("_", " ")


@st.cache_resource(max_entries=24, show_spinner=False)
def _thumbnails(
    wanted: Chosen, split: str, index: int, kind: str, _results: dict[str, LayerResult]
) -> dict[str, bytes]:
    """PNG files by layer name: made once, since eighteen of them would be encoded anew in every run."""
    return {name: pictures.png(_picture(result.outputs, kind)) for name, result in _results.items()}


def _picture(outputs: np.ndarray, kind: str):
    if outputs.ndim == 3:
        return walls.wall(outputs, kind)
    side = math.ceil(math.sqrt(outputs.size))
    return walls.strip(outputs, kind, math.ceil(outputs.size / side), max(1, _THUMB_PX // side))


def _details(layer: Stage, result: LayerResult) -> None:
    """Shape, costs, weights and values, as on the layer pages."""
    stop = Stage(layer.name, layer.spec, layer.input_shape, layer.output_shape, None)
    left, right = st.columns(2, gap="medium", border=True)
    with left:
        sections.shapes(stop)
    with right:
        sections.costs(stop, result)
    if result.weights:
        with st.container(border=True):
            _weights(result)
    if result.outputs.size > CLASSES:  # ten values are on screen one by one
        with st.container(border=True):
            sections.distribution(result)


def _maps_before(layer: Stage, layers: tuple[Stage, ...]) -> tuple[int, ...] | None:
    """The shape of the maps that Flatten made this layer's input of; None where it was not Flatten."""
    before = layers[max(0, layers.index(layer) - 1)]
    return before.input_shape if before.name == "flatten" else None


def _reading(probabilities: np.ndarray, sample: mnist.Sample) -> None:
    """The ten probabilities of this digit."""
    best = int(probabilities.argmax())
    verdict = text.verdict(best, sample.label)
    st.markdown(f"It reads a **{best}** with probability `{probabilities[best]:.6f}`{verdict and f': {verdict}'}.")
    st.plotly_chart(bars.classes(probabilities, sample.label), config=CONFIG, key="look_probabilities")


def _weights(result: LayerResult) -> None:
    """The kernel's values as a histogram, and its numbers."""
    st.subheader("Learned weights", anchor=False)
    kernel, *bias = result.weights
    limit = start_limit(kernel.shape)
    edges = statistics.shared_edges(kernel, np.array([-limit, limit]), bins=60)
    counts = statistics.histogram(kernel, edges)
    st.plotly_chart(weight_bars.histogram(counts, edges, limit), config=CONFIG, key="look_weights")
    values = statistics.summary(kernel)
    line = (
        f"{values.size:,} weights from {text.number(values.minimum)} to {text.number(values.maximum)}, "
        f"mean {text.number(values.mean)}; GlorotUniform drew them from {text.number(-limit)} to {text.number(limit)}."
    )
    if bias:
        offsets = statistics.summary(bias[0])
        line += (
            f" {offsets.size} biases from {text.number(offsets.minimum)} to {text.number(offsets.maximum)}; "
            "they all start at 0."
        )
    st.caption(line)


def _code(wanted: Chosen, layer: Stage, sample: mnist.Sample) -> None:
    st.subheader("The same in Keras", anchor=False)
    if wanted.run is None:
        file = f"{saved.FILE.parent.name}/{saved.FILE.name}"
    elif wanted.epoch == NEWEST and wanted.run.final.exists():
        file = f"runs/{wanted.run.id}/{wanted.run.final.name}"
    else:
        st.caption("A run writes its network as a .keras file at its end: the code for it is here then.")
        return
    st.code(digit.in_code(layer_code(layer, file, sample.split, sample.index)), language="python")
