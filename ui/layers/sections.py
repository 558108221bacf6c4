"""Parts that several layer pages have: the explorer, shapes, costs, values before and after."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from core.layers.layer import Layer
from core.layers.shapes import Axis
from core.network.activations import LayerResult
from core.network.network import CLASSES, Network, Stage
from core.scripts.network import start_limit
from core.tensors import statistics
from ui.components.explorer import explorer
from ui.layers import cached
from ui.layers.current import View
from ui.shared import charts, controls, first_answer, hidden, pictures, state, tables, text, theme
from viz import bars, histograms, palette, walls, weight_bars
from words import N_, _

_FIXED = (-2, 2)
HISTOGRAM_RANGES = {"auto": N_("Automatic"), "-2..2": "−2 … 2"}
BIAS_HELP = N_("Keras starts with 0 and learns it; here you set it for all at once.")
PADDING_HELP = N_(
    "`padding`: valid has none, so the map is smaller than the picture; same adds zeros around it, so that with stride "
    '1 the map is as large. Keras reads "SAME" as "same".'
)
# a link may name a map or a unit of any network, the page shows the nearest one that the current layer has
MOST_MAPS = 512
MOST_UNITS = 4096
MOST_COPIED = 16_000_000
_MAPS_PX = 480

state.declare(
    state.choice("range", "layer", ("layer", "map", "fixed")),
    state.flag("log", True),
    state.choice("histogram", "auto", tuple(HISTOGRAM_RANGES)),
)


def cell(prefix: str, row: int, column: int) -> tuple[state.Param, ...]:
    """The settings of an explorer: which map is large, and which of its cells is taken apart."""
    return (
        state.integer(f"{prefix}_map", 0, 0, MOST_MAPS - 1),
        state.integer(f"{prefix}_row", row, 0, 27),
        state.integer(f"{prefix}_col", column, 0, 27),
    )


def has_bias(layer: Layer) -> bool:
    """Whether a number for all biases means anything to this layer."""
    return layer.use_bias


def has_kernel(stage: Stage) -> bool:
    """Whether the layer multiplies its input with weights that an initializer draws."""
    return "kernel" in stage.spec.weight_names(stage.input_shape)


def is_answer(stage: Stage, network: Network) -> bool:
    """Whether this layer gives the ten values that the network answers with."""
    return stage.name == network.names[-1] and stage.output_shape == (CLASSES,)


def gives_probabilities(stage: Stage) -> bool:
    """Whether the ten values that a layer gives add up to 1."""
    return stage.output_shape == (CLASSES,) and getattr(stage.spec, "activation", "") == "softmax"


def maps(result: LayerResult) -> None:
    """All maps of the output, where there is no window to move."""
    scale = max(1, round(_MAPS_PX / (result.outputs.shape[1] * result.outputs.shape[2] ** 0.5)))
    pictures.show(walls.wall(result.outputs, theme.kind(), scale=scale), alt=_("All maps of the output"))
    span = palette.symmetric(result.outputs, "layer")
    st.caption(_("{colours}, the range of the whole layer.", colours=text.colours(span.low, span.high)))
    first_answer.now()


def before_after(result: LayerResult) -> None:
    """Every value of a row before and after."""
    charts.show(bars.before_after(result.inputs, result.outputs), key="layer_before_after")
    first_answer.now()


def explore(view: View, prefix: str, names: list[str] | None = None) -> None:
    """The explorer with its colour range; picking a map or a cell runs only this part of the page."""
    _explore(view, prefix, names)
    arrays = (view.result.inputs, view.result.outputs, *view.result.weights)
    first_answer.now(sum(array.nbytes for array in arrays))


@st.fragment
def _explore(view: View, prefix: str, names: list[str] | None) -> None:
    result = view.result
    channel = min(state.get(f"{prefix}_map"), result.outputs.shape[-1] - 1)
    values = statistics.summary(result.outputs[..., channel])
    # worked out before: picture and numbers are sent, and painted, together
    input_name = view.before.name if view.before else _("digit")
    explorer(result, prefix, range_choice(), names, input_name, dimmed=view.dimmed)
    st.caption(
        _(
            "Map {channel}: min {minimum}, max {maximum}, mean {mean}, {zeros:.0%} zeros, {negatives:.0%} negative.",
            channel=channel,
            minimum=text.number(values.minimum),
            maximum=text.number(values.maximum),
            mean=text.number(values.mean),
            zeros=values.zeros,
            negatives=values.negatives,
        )
    )


def shapes(stop: Stage) -> None:
    """Input shape → output shape, worked out."""
    title = _("**Shape**")
    st.markdown(f"{title} `{text.shape(stop.input_shape)}` → **`{text.shape(stop.output_shape)}`**")
    if axes := stop.spec.axes(stop.input_shape):
        for name, axis in zip((_("Height"), _("Width")), axes, strict=True):
            st.markdown(f"{name} `{axis.formula()}`")


def shapes_explained(stop: Stage) -> None:
    """The formula of a window in words, where the layer has one."""
    if axes := stop.spec.axes(stop.input_shape):
        multiplies = stop.spec.cell().takes == "products"
        formula = _("⌊(size + padding − extent) / stride⌋ + 1.")
        st.caption(f"{formula} {_extent(multiplies, axes)} {_padding(stop.spec, multiplies, axes)}")


def _extent(multiplies: bool, axes: tuple[Axis, Axis]) -> str:
    if any(axis.dilation > 1 for axis in axes):
        return _("The extent is what a kernel spans with its gaps: dilation · (kernel − 1) + 1.")
    return _("The extent is the size of the kernel.") if multiplies else _("The extent is the size of the pool.")


def _padding(spec: Layer, multiplies: bool, axes: tuple[Axis, Axis]) -> str:
    """What happens at the borders: products read zeros there, others leave out what is not there."""
    if spec.padding == "valid":
        return _("Valid padding adds nothing: windows stay inside the picture.")
    rows, columns = axes
    sides = {"above": rows.pad_before, "below": rows.pad_after, "left": columns.pad_before, "right": columns.pad_after}
    if multiplies:
        return _(
            "Same padding adds rows of zeros, {above} above and {below} below, and columns, {left} left and {right} "
            "right.",
            **sides,
        )
    if rows.pad_total == columns.pad_total == 0:
        return _("Same padding changes nothing here: no window reaches beyond the picture.")
    return _(
        "Same padding lets windows reach beyond the picture, by {above} above, {below} below, {left} left and {right} "
        "right. Nothing is added there: only the values inside count, for the maximum as for the mean.",
        **sides,
    )


def costs(stop: Stage, result: LayerResult) -> None:
    """Weights as `get_weights()` returns them, the parameter count and the multiply-adds."""
    st.markdown(_("**Weights**"))
    if result.weights:
        names = stop.spec.weight_names(stop.input_shape)
        for place, (name, array) in enumerate(zip(names, result.weights, strict=True)):
            axes = f"  \n({_(stop.spec.kernel_axes)})" if array.ndim > 1 else ""
            shape = tables.code(array.shape)
            st.markdown(_("`get_weights()[{place}]`, the {name}: {shape}", place=place, name=name, shape=shape) + axes)
        products = " + ".join("·".join(map(str, shape)) for shape in stop.spec.weight_shapes(stop.input_shape))
        count = stop.spec.parameters(stop.input_shape)
        st.markdown(_("Parameters `{products} = {count:,}`", products=products, count=count))
    else:
        st.markdown(_("`get_weights()` returns `[]`: nothing to learn here."))
    st.markdown(_("Multiply-adds for one image `{count:,}`", count=stop.spec.multiply_adds(stop.input_shape)))


def distribution(view: View) -> None:
    """Input and output as histograms over the same bins, with the numbers that matter."""
    st.header(_("Values before and after"), anchor=False)
    labels = {"histogram": _("Range of the bars"), "log": _("Logarithmic counts")}
    some = [key for key, label in labels.items() if not hidden.hides(key, label)]
    with st.popover(_("Bars"), icon=":material/tune:", type="tertiary") if some else st.container():
        span = controls.choice(
            "histogram",
            labels["histogram"],
            help=_(
                "Automatic: every value is drawn. −2 … 2: the same axis whatever the layer gives, as with "
                "`plt.hist(values, range=[-2, 2])`; what lies beyond is left out."
            ),
            names=HISTOGRAM_RANGES,
        )
        log = controls.flag("log", labels["log"], help=_("Zeros are so many that other bars vanish beside them."))
    result, fixed = view.result, span != "auto"
    chart, numbers = st.columns([3, 2])
    with chart:
        of = (view.key, result.spec, fixed, log)
        charts.show_again(lambda: _histograms(result, fixed, log), of, key="distribution")
    with numbers:
        before, after = (cached.summary(view.key, result, side) for side in cached.SIDES)
        st.markdown(_table(before, after))
        if fixed and (left_out := _left_out(result)):
            st.caption(
                _(
                    "Beyond −2 … 2 and not drawn: {before:,} input and {after:,} output values.",
                    before=left_out[0],
                    after=left_out[1],
                )
            )


def _histograms(result: LayerResult, fixed: bool, log: bool) -> Any:
    sides = (result.inputs, result.outputs)
    edges = statistics.fixed_edges(*_FIXED) if fixed else statistics.shared_edges(*sides)
    before, after = (
        statistics.histogram(statistics.inside(values, edges) if fixed else values, edges) for values in sides
    )
    return histograms.before_after(before, after, edges, log)


def _left_out(result: LayerResult) -> list[int]:
    """How many values of input and output fixed edges do not show; empty where they show all."""
    edges = statistics.fixed_edges(*_FIXED)
    sides = (result.inputs, result.outputs)
    left_out = [values.size - statistics.inside(values, edges).size for values in sides]
    return left_out if any(left_out) else []


def _table(before: statistics.Summary, after: statistics.Summary) -> str:
    rows = [
        (_("values"), f"{before.size:,}", f"{after.size:,}"),
        (_("min"), text.number(before.minimum), text.number(after.minimum)),
        (_("max"), text.number(before.maximum), text.number(after.maximum)),
        (_("mean"), text.number(before.mean), text.number(after.mean)),
        (_("zeros"), f"{before.zeros:.1%}", f"{after.zeros:.1%}"),
        (_("negative"), f"{before.negatives:.1%}", f"{after.negatives:.1%}"),
    ]
    head = (_("measure"), _("input"), _("output"))
    lines = [" | ".join(row) for row in (head, *rows)]
    return "\n".join((f"| {lines[0]} |", "|:--|--:|--:|", *(f"| {line} |" for line in lines[1:])))


def learned(result: LayerResult) -> None:
    """The values of a trained kernel as a histogram, and what they started from."""
    st.header(_("Learned weights"), anchor=False)
    kernel, *bias = result.weights
    limit = start_limit(kernel.shape)
    edges = statistics.shared_edges(kernel, np.array([-limit, limit]), bins=60)
    counts = statistics.histogram(kernel, edges)
    charts.show(weight_bars.histogram(counts, edges, limit), key="layer_weights")
    values = statistics.summary(kernel)
    line = _(
        "{count:,} weights from {minimum} to {maximum}, mean {mean}; GlorotUniform drew them from {low} to {high}.",
        count=values.size,
        minimum=text.number(values.minimum),
        maximum=text.number(values.maximum),
        mean=text.number(values.mean),
        low=text.number(-limit),
        high=text.number(limit),
    )
    if bias:
        offsets = statistics.summary(bias[0])
        line += " " + _(
            "{count} biases from {minimum} to {maximum}; they all start at 0.",
            count=offsets.size,
            minimum=text.number(offsets.minimum),
            maximum=text.number(offsets.maximum),
        )
    st.caption(line)


def range_choice() -> str:
    """Which values the colours span; one choice for all pages."""
    return controls.choice(
        "range",
        _("Colour range"),
        help=_(
            "Whole layer: maps can be compared. Each map: faint maps become visible. Fixed: −1 to 1, "
            "so that two settings can be compared."
        ),
        names={"layer": N_("Whole layer"), "map": N_("Each map"), "fixed": N_("Fixed")},
    )
