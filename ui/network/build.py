"""The network as it is set: controls, totals, a drawing to scale, a table of its layers, and its Keras code."""

from __future__ import annotations

import streamlit as st

from core.layers import Activation, Conv2D, Dense, Dropout, Flatten, Pooling
from core.lessons import input_dtype
from core.network.network import FLOAT_BYTES, INPUT_SHAPE, Stage
from core.network.presets import Blocks
from ui.network.settings import network_spec
from ui.shared import controls, navigation, state, text, theme
from viz import architecture
from viz.architecture import Box
from viz.figures import CONFIG
from viz.memory_bars import size

_KINDS = {
    Conv2D: "Conv2D",
    Activation: "Activation",
    Pooling: "Pooling",
    Dropout: "Dropout",
    Flatten: "Flatten",
    Dense: "Dense",
}


def show() -> None:
    """The whole part; with impossible settings the controls stay and one sentence takes the picture's place."""
    spec = network_spec()
    problem = spec.problem()
    if problem:
        st.error(problem)
    else:
        _totals(spec)
    picture, knobs = st.columns([2, 1], gap="medium")
    with picture:
        if not problem:
            _drawing(spec)
    with knobs:
        _controls(spec)
    if not problem:
        _table(spec)
        _code(spec)


def _controls(spec: Blocks) -> None:
    controls.slider("cnn_blocks", "Blocks", help="Each ends in a pooling that halves height and width.")
    for block in range(1, len(spec.filters) + 1):
        controls.slider(f"cnn_filters_{block}", f"Filters in block {block}", help="Of each of its convolutions.")
    controls.slider("cnn_convolutions", "Convolutions in a block", help="Each is followed by the activation.")
    controls.slider("cnn_kernel_size", "Kernel size", help="Height and width, with same padding.")
    controls.choice("cnn_activation", "Activation", help="After every layer with weights but the last.")
    controls.slider("cnn_dense_units", "Dense units", help="Of the hidden Dense layer; the output always has 10.")
    controls.slider("cnn_dropout", "Dropout rate", help="After each pooling and after the hidden Dense layer.")
    st.button(
        "Back to Basic_CNN",
        icon=":material/restart_alt:",
        key="network_reset",
        on_click=state.reset,
        args=("cnn_",),
    )
    navigation.link("train", "Train this network", icon=":material/model_training:")


def _totals(spec: Blocks) -> None:
    layers = spec.layers()
    numbers = (
        ("Parameters", f"{spec.parameter_count():,}"),
        ("Weights in float32", size(spec.parameter_count() * FLOAT_BYTES)),
        ("Multiply-adds for one image", f"{sum(layer.multiply_adds for layer in layers):,}"),
        ("Activations of one image", size(sum(layer.activation_bytes for layer in layers))),
    )
    with st.container(horizontal=True, gap="medium"):
        for label, number in numbers:
            st.metric(label, number, width="content")


def _drawing(spec: Blocks) -> None:
    boxes = [Box("image", "Input", INPUT_SHAPE, ("what goes in",)), *map(_box, spec.layers())]
    st.plotly_chart(architecture.diagram(boxes, theme.kind()), config=CONFIG, key="network_diagram")
    st.caption(
        "Drawn to scale: a box is as wide as its maps, 28 pixels at the top, 1 after Flatten; its height is the "
        "square root of the number of its channels or units. Point at a box for what it costs."
    )


def _box(layer: Stage) -> Box:
    details = (
        f"{layer.spec.title}: {text.shape(layer.input_shape)} → {text.shape(layer.output_shape)}",
        f"{layer.parameters:,} parameters",
        f"{layer.multiply_adds:,} multiply-adds",
        f"{size(layer.activation_bytes)} of activations",
    )
    return Box(layer.name, _KINDS[type(layer.spec)], layer.output_shape, details, _group(layer.name))


def _group(name: str) -> str:
    return name.partition("_")[0] if name.startswith("block") else "head"


def _table(spec: Blocks) -> None:
    st.subheader("Layer by layer", anchor=False)
    layers, total = spec.layers(), spec.parameter_count()
    st.markdown(f"{_where_parameters(layers, total)}  \n{_where_multiply_adds(layers)}")
    st.dataframe(
        {
            "Layer": [layer.name for layer in layers],
            "Kind": [layer.spec.title for layer in layers],
            "Output shape": [text.shape(layer.output_shape) for layer in layers],
            "Parameters": [layer.parameters for layer in layers],
            "Share of parameters": [100 * layer.parameters / total for layer in layers],
            "Multiply-adds": [layer.multiply_adds for layer in layers],
            "Activation memory": [layer.activation_bytes / 1000 for layer in layers],
        },
        hide_index=True,
        height="content",
        column_config={
            "Layer": st.column_config.TextColumn(pinned=True),
            "Parameters": st.column_config.NumberColumn(format="localized"),
            "Share of parameters": st.column_config.ProgressColumn(
                format="%.1f %%", min_value=0, max_value=100, help="Of all weights and biases of the network."
            ),
            "Multiply-adds": st.column_config.NumberColumn(format="localized", help="For one image."),
            "Activation memory": st.column_config.NumberColumn(
                format="%.1f kB", help="The layer's output for one image in float32; 1 kB is 1,000 bytes."
            ),
        },
        key="network_table",
    )


def _where_parameters(layers: tuple[Stage, ...], total: int) -> str:
    most = max(layers, key=lambda layer: layer.parameters)
    if isinstance(most.spec, Dense):
        why = f"{most.input_shape[-1]:,} inputs times {most.spec.units:,} units, and their biases"
    else:
        kernel = "×".join(map(str, most.spec.kernel_size))
        why = f"{most.spec.filters} kernels of {kernel} over {most.input_shape[-1]} channels"
    share = most.parameters / total
    return f"Most parameters are in `{most.name}`: {most.parameters:,} of {total:,} ({share:.1%}), {why}."


def _where_multiply_adds(layers: tuple[Stage, ...]) -> str:
    most = max(layers, key=lambda layer: layer.multiply_adds)
    total = sum(layer.multiply_adds for layer in layers)
    if isinstance(most.spec, Conv2D):
        places = most.output_shape[0] * most.output_shape[1]
        why = f"the same kernels work at each of {places} places"
    else:
        why = "every weight is used once"
    return (
        f"Most multiply-adds are in `{most.name}`: {most.multiply_adds:,} of {total:,} "
        f"({most.multiply_adds / total:.1%}), {why}."
    )


def _code(spec: Blocks) -> None:
    st.subheader("The same in Keras", anchor=False)
    st.markdown(
        "- `layers.Input` with a capital I: it is a function of Keras, and `layers.input` is an AttributeError.\n"
        "- The output layer has softmax, not ReLU: ReLU would leave digits at exactly 0, with no probability and no "
        "gradient to learn from; softmax gives ten probabilities that add up to 1.\n"
        "- `layers.Input(..., dtype=tf.float64)` makes nothing more exact: the first layer casts its input to float32."
    )
    st.code(spec.as_code(), language="python")
    with st.expander("What becomes of Input(dtype=tf.float64)"):
        _double()


def _double() -> None:
    st.markdown(
        "The model takes images in float64, and each layer casts what it gets to the dtype that it computes in: "
        "float32, unless the layer itself is told otherwise. The answers are those of a float32 Input; the image took "
        "twice the memory on its way. Run it:"
    )
    st.code(input_dtype.SCRIPT, language="python")
    st.markdown("It prints:")
    st.code(input_dtype.PRINTS, None)
    st.markdown(
        'To compute in float64 every layer needs `dtype="float64"`: twice the memory, and slower, for a precision that '
        "a network does not need."
    )
