"""What every layer page shows, in the order in which it shows it."""

from __future__ import annotations

import streamlit as st

from core.layers import Layer, Pooling
from core.layers.shapes import Axis
from core.network.activations import LayerResult
from core.network.network import Stage
from core.scripts import layers as layers_script
from core.tensors import statistics
from ui.components.explorer import explorer
from ui.layers import cached, settings
from ui.shared import controls, digit, first_answer, navigation, state, tables, text, warmup
from viz import histograms
from viz.figures import CONFIG

# by the number of axes of a kernel
_KERNEL_AXES = {4: "height, width, input channels, filters", 2: "inputs, units"}


def stop_of(stage: str) -> Stage | None:
    """The stage on the current walk; None where an earlier stage cannot be built."""
    return next((stop for stop in settings.walk().trace() if stop.name == stage), None)


def result_of(stage: str) -> LayerResult | None:
    """What Keras computed for the chosen digit. None where there is nothing to show yet; the page says why:
    an impossible setting here or before, or TensorFlow still loading (then the page comes back by itself)."""
    last = settings.walk().trace()[-1]
    stop = stop_of(stage)
    if stop is None:
        st.error(f"The digit does not get this far, {last.spec.title} stops it. {last.problem}")
        navigation.link(last.name, f"Go to {last.spec.title}", icon=":material/arrow_back:")
    elif problem := stop.problem or settings.walk_problem():
        st.error(problem)
    elif warmup.ready():
        return compute(settings.walk().upto(stage))
    else:
        warmup.wait_for_tensorflow()
        st.skeleton(height=320)
    return None


def compute(specs: tuple[Layer, ...]) -> LayerResult:
    """What the last of `specs`, the stages of a walk, did to the chosen digit, scaled or not as it is chosen."""
    sample = digit.current()
    return cached.result(specs, sample.split, sample.index, settings.scaled())


def explore(result: LayerResult, prefix: str, names: list[str] | None = None) -> None:
    """The explorer with its colour range; picking a map or a cell runs only this part of the page."""
    _explore(result, prefix, names)
    first_answer.now()


@st.fragment
def _explore(result: LayerResult, prefix: str, names: list[str] | None) -> None:
    channel = min(state.get(f"{prefix}_map"), result.outputs.shape[-1] - 1)
    values = statistics.summary(result.outputs[..., channel])
    # worked out before: picture and numbers are sent, and painted, together
    explorer(result, prefix, range_choice(), names)
    st.caption(
        f"Map {channel}: min {text.number(values.minimum)}, max {text.number(values.maximum)}, "
        f"mean {text.number(values.mean)}, "
        f"{values.zeros:.0%} zeros, {values.negatives:.0%} negative."
    )


def shapes(stop: Stage) -> None:
    """Input shape → output shape, worked out, and what the layer costs."""
    st.subheader("Shape", anchor=False)
    st.markdown(f"`{text.shape(stop.input_shape)}` → **`{text.shape(stop.output_shape)}`**")
    if axes := stop.spec.axes(stop.input_shape):
        for name, axis in zip(("Height", "Width"), axes, strict=True):
            st.markdown(f"{name} `{axis.formula()}`")
        st.caption(f"⌊(size + padding − extent) / stride⌋ + 1. {_extent(stop.spec, axes)} {_padding(stop.spec, axes)}")


def _extent(spec: Layer, axes: tuple[Axis, Axis]) -> str:
    if any(axis.dilation > 1 for axis in axes):
        return "The extent is what a kernel spans with its gaps: dilation · (kernel − 1) + 1."
    return f"The extent is the size of the {'pool' if isinstance(spec, Pooling) else 'kernel'}."


def _padding(spec: Layer, axes: tuple[Axis, Axis]) -> str:
    """What happens at the borders: a convolution reads zeros there, a pooling leaves out what is not there."""
    if spec.padding == "valid":
        return "Valid padding adds nothing: windows stay inside the picture."
    rows, columns = axes
    if not isinstance(spec, Pooling):
        return (
            f"Same padding adds rows of zeros, {rows.pad_before} above and {rows.pad_after} below, "
            f"and columns, {columns.pad_before} left and {columns.pad_after} right."
        )
    if rows.pad_total == columns.pad_total == 0:
        return "Same padding changes nothing here: no window reaches beyond the picture."
    return (
        f"Same padding lets windows reach beyond the picture, by {rows.pad_before} above, {rows.pad_after} below, "
        f"{columns.pad_before} left and {columns.pad_after} right. Nothing is added there: only the values inside "
        "count, for the maximum as for the mean."
    )


def costs(stop: Stage, result: LayerResult) -> None:
    """Weights as `get_weights()` returns them, the parameter count and the multiply-adds."""
    st.subheader("Weights", anchor=False)
    if result.weights:
        kernel, *bias = result.weights
        st.markdown(f"`get_weights()[0]`, the kernel: {tables.code(kernel.shape)}  \n({_KERNEL_AXES[kernel.ndim]})")
        if bias:
            st.markdown(f"`get_weights()[1]`, the bias: {tables.code(bias[0].shape)}")
        products = " + ".join("·".join(map(str, shape)) for shape in stop.spec.weight_shapes(stop.input_shape))
        st.markdown(f"Parameters `{products} = {stop.spec.parameters(stop.input_shape):,}`")
    else:
        st.markdown("`get_weights()` returns `[]`: nothing to learn here.")
    st.markdown(f"Multiply-adds for one image `{stop.spec.multiply_adds(stop.input_shape):,}`")


def distribution(result: LayerResult) -> None:
    """Input and output as histograms over the same bins, with the numbers that matter."""
    st.subheader("Values before and after", anchor=False)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        span = controls.choice(
            "histogram",
            "Range of the bars",
            help="Automatic: every value is drawn. −2 … 2: the same axis whatever the layer gives, as with "
            "`plt.hist(values, range=[-2, 2])`; what lies beyond is left out.",
            names=settings.HISTOGRAM_RANGES,
        )
        log = controls.flag("log", "Logarithmic counts", help="Zeros are so many that other bars vanish beside them.")
    sides = (result.inputs, result.outputs)
    if span == "auto":
        edges = statistics.shared_edges(*sides)
        drawn = sides
    else:
        edges = statistics.fixed_edges(-2, 2)
        drawn = tuple(statistics.inside(values, edges) for values in sides)
    counts = [statistics.histogram(values, edges) for values in drawn]
    chart, numbers = st.columns([3, 2])
    with chart:
        st.plotly_chart(histograms.before_after(*counts, edges, log), config=CONFIG, key="distribution")
    with numbers:
        st.markdown(_table(*map(statistics.summary, sides)))
        left_out = [values.size - shown.size for values, shown in zip(sides, drawn, strict=True)]
        if any(left_out):
            st.caption(f"Beyond −2 … 2 and not drawn: {left_out[0]:,} input and {left_out[1]:,} output values.")


def _table(before: statistics.Summary, after: statistics.Summary) -> str:
    rows = [
        ("values", f"{before.size:,}", f"{after.size:,}"),
        ("min", text.number(before.minimum), text.number(after.minimum)),
        ("max", text.number(before.maximum), text.number(after.maximum)),
        ("mean", text.number(before.mean), text.number(after.mean)),
        ("zeros", f"{before.zeros:.1%}", f"{after.zeros:.1%}"),
        ("negative", f"{before.negatives:.1%}", f"{after.negatives:.1%}"),
    ]
    lines = ["| | input | output |", "|:--|--:|--:|", *("| " + " | ".join(row) + " |" for row in rows)]
    return "\n".join(lines)


def code(stage: str) -> None:
    """The script that computes exactly what this page shows."""
    st.subheader("The same in Keras", anchor=False)
    sample = digit.current()
    script = layers_script.as_code(settings.walk(), stage, sample.split, sample.index, settings.scaled())
    st.code(digit.in_code(script), language="python")


def details(stage: str, result: LayerResult) -> None:
    """Shape, weights, histograms and code: the lower half of every layer page.

    They wait a moment: drawing charts keeps the browser busy for longer than painting the maps above, and what
    arrives together is painted together. While somebody drags a slider no run gets here, so the charts are drawn
    once, at the end.
    """
    first_answer.rest()
    stop = stop_of(stage)
    left, right = st.columns(2, gap="medium", border=True)
    with left:
        shapes(stop)
    with right:
        costs(stop, result)
    with st.container(border=True):
        distribution(result)
        if stage != "conv2d" and not settings.scaled():
            st.caption("The walk starts with the image as stored, 0 to 255, as chosen on the Conv2D page.")
    code(stage)


def range_choice() -> str:
    """Which values the colours span; one choice for all pages."""
    return controls.choice(
        "range",
        "Colour range",
        help="Whole layer: maps can be compared. Each map: faint maps become visible. Fixed: −1 to 1, "
        "so that two settings can be compared.",
        names={"layer": "Whole layer", "map": "Each map", "fixed": "Fixed"},
    )


def reset_button(prefix: str) -> None:
    """Back to the defaults of this page's settings."""
    st.button(
        "Reset this layer",
        icon=":material/restart_alt:",
        key=f"{prefix}reset",
        on_click=state.reset,
        args=(prefix,),
    )
