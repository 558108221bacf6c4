"""What a network costs: totals, a drawing to scale, a table of its layers, and its Keras code."""

from __future__ import annotations

import streamlit as st

from core.lessons import comments, input_dtype
from core.network.network import FLOAT_BYTES, INPUT_SHAPE, Network, Stage
from ui.layers import faces
from ui.shared import charts, source_code, tables, text, theme
from viz import architecture
from viz.architecture import Box
from viz.memory_bars import size
from words import N_, _


def totals(stages: list[Stage], chosen: str) -> None:
    """Four numbers of the whole network, as far as the digit gets, and what the layer `chosen` has of them."""
    parameters = sum(stage.parameters for stage in stages)
    numbers = (
        (_("Parameters"), f"{parameters:,}"),
        (_("Weights in float32"), size(parameters * FLOAT_BYTES)),
        (_("Multiply-adds"), f"{sum(stage.multiply_adds for stage in stages):,}"),
        (_("Activations"), size(sum(stage.activation_bytes for stage in stages))),
    )
    with st.container(border=True, gap="small"):
        for pair in (numbers[:2], numbers[2:]):
            for column, (label, number) in zip(st.columns(2, gap="small", wrap=False), pair, strict=True):
                column.metric(label, number)
        if own := next((stage for stage in stages if stage.name == chosen), None):
            st.caption(
                _(
                    "Both for one image. Of all these `{name}` {input} → {output}: {parameters:,} parameters, "
                    "{multiply_adds:,} multiply-adds.",
                    name=own.name,
                    input=text.shape(own.input_shape),
                    output=text.shape(own.output_shape),
                    parameters=own.parameters,
                    multiply_adds=own.multiply_adds,
                )
            )


def drawing(stages: list[Stage]) -> None:
    """A box for each layer, first one on top."""
    charts.show(architecture.diagram(boxes(stages), theme.kind()), key="network_diagram")


def scale() -> None:
    """How large what is drawn is."""
    st.caption(
        _(
            "Drawn to scale: a box is as wide as its maps, 28 pixels at the top, 1 after Flatten; its height is the "
            "square root of the number of its channels or units. Point at a box for what it costs."
        )
    )


def boxes(stages: list[Stage]) -> list[Box]:
    """What is drawn: the image, then a box for each layer."""
    return [Box(_("image"), _("Input"), INPUT_SHAPE, (_("what goes in"),)), *map(_box, stages)]


def _box(stage: Stage) -> Box:
    details = (
        f"{stage.spec.title}: {text.shape(stage.input_shape)} → {text.shape(stage.output_shape)}",
        _("{count:,} parameters", count=stage.parameters),
        _("{count:,} multiply-adds", count=stage.multiply_adds),
        _("{size} of activations", size=size(stage.activation_bytes)),
    )
    kind = type(stage.spec)
    return Box(
        stage.name,
        kind.__name__,
        stage.output_shape,
        details,
        stage.name.partition("_")[0],
        faces.of(stage.spec).colour,
        hatched=kind().at_rest() != kind(),
    )


def table(stages: list[Stage]) -> None:
    """Every layer's shape and costs, and where most of them are."""
    st.header(_("Layer by layer"), anchor=False)
    total = sum(stage.parameters for stage in stages)
    st.markdown(f"{_where_parameters(stages, total)}  \n{_where_multiply_adds(stages)}")
    head = (
        _("Layer"),
        _("Kind"),
        _("Output shape"),
        _("Parameters"),
        _("Share of parameters"),
        _("Multiply-adds"),
        _("Activation memory"),
    )
    rows = [
        (
            stage.name,
            stage.spec.title,
            text.shape(stage.output_shape),
            f"{stage.parameters:,}",
            f"{100 * stage.parameters / max(1, total):.1f} %",
            f"{stage.multiply_adds:,}",
            f"{stage.activation_bytes / 1000:,.1f} kB",
        )
        for stage in stages
    ]
    st.html(tables.html(_("Layer by layer"), head, rows, numbers=range(3, len(head)), bar=4))
    st.caption(
        _(
            "The share is of all weights and biases of the network; multiply-adds are for one image, and so is the "
            "memory of a layer's output in float32 (1 kB is 1,000 bytes)."
        )
    )


def _where_parameters(stages: list[Stage], total: int) -> str:
    if not total:
        return _("No layer has weights: there is nothing to learn.")
    most = max(stages, key=lambda stage: stage.parameters)
    why = most.spec.weights_in_words(most.input_shape)
    sentence = N_("Most parameters are in `{name}`: {count:,} of {total:,} ({share:.1%}), {why}.")
    return _most(sentence, most, most.parameters, total, why)


def _where_multiply_adds(stages: list[Stage]) -> str:
    total = sum(stage.multiply_adds for stage in stages)
    if not total:
        return _("No layer multiplies.")
    most = max(stages, key=lambda stage: stage.multiply_adds)
    if most.spec.axes(most.input_shape):
        places = most.output_shape[0] * most.output_shape[1]
        why = _("the same kernels work at each of {places} places", places=places)
    else:
        why = _("every weight is used once")
    sentence = N_("Most multiply-adds are in `{name}`: {count:,} of {total:,} ({share:.1%}), {why}.")
    return _most(sentence, most, most.multiply_adds, total, why)


def _most(sentence: str, stage: Stage, count: int, total: int, why: str) -> str:
    return _(sentence, name=stage.name, count=count, total=total, share=count / total, why=why)


def code(network: Network) -> None:
    """The script that builds it, and what is easily written wrongly in it."""
    st.header(_("The same in Keras"), anchor=False)
    st.markdown(
        _(
            "- `layers.Input` with a capital I: it is a function of Keras, and `layers.input` is an AttributeError.\n"
            "- The output layer has softmax, not ReLU: ReLU would leave digits at exactly 0, with no probability and "
            "no gradient to learn from; softmax gives ten probabilities that add up to 1.\n"
            "- `layers.Input(..., dtype=tf.float64)` makes nothing more exact: the first layer casts its input to "
            "float32."
        )
    )
    source_code.python(network.as_code())
    with st.expander(_("What becomes of Input(dtype=tf.float64)")):
        _double()


def _double() -> None:
    st.markdown(
        _(
            "The model takes images in float64, and each layer casts what it gets to the dtype that it computes in: "
            "float32, unless the layer itself is told otherwise. The answers are those of a float32 Input; the image "
            "took twice the memory on its way. Run it:"
        )
    )
    source_code.python(comments.translated(input_dtype.SCRIPT))
    st.markdown(_("It prints:"))
    source_code.printed(input_dtype.PRINTS)
    st.markdown(
        _(
            'To compute in float64 every layer needs `dtype="float64"`: twice the memory, and slower, for a precision '
            "that a network does not need."
        )
    )
