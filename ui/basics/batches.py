"""The tf.data pipeline: what it delivers, and how well it mixes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.data import mnist
from core.data.input_pipeline import PipelineSpec
from core.scripts import dataset
from ui.basics import cached, settings
from ui.basics.cached import Stream
from ui.basics.dataset import split_choice
from ui.components.sample_wall import sample_wall
from ui.shared import charts, controls, source_code, state, tables, warmup
from viz import mixing
from words import _

_MOST_IMAGES = 36
_QUICK = (1, 100, 1000, 10_000, 60_000)


def show() -> None:
    """Parameters on the left, the drawn batches on the right, the mixing below."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        split = split_choice()
        available = len(mnist.half(split).labels)
        _controls(available)
    spec = settings.pipeline_spec(available)
    with right:
        if problem := spec.problem(available):
            st.error(problem)
            return
        _sizes(spec)
        if not warmup.ready():
            warmup.wait_for_tensorflow()
            return
        stream = cached.stream(spec)
        _drawn(split, stream)
    _mixing(spec, stream)
    st.header(_("The same in TensorFlow"), anchor=False)
    source_code.python(dataset.pipeline(spec, split))


def _controls(available: int) -> None:
    controls.number("data_examples", _("Examples"), _("The first so many images of this half."), high=available)
    controls.number("data_buffer", "shuffle: buffer_size", _("1 does not shuffle at all."))
    with st.container(horizontal=True, gap="xsmall"):
        for size in _QUICK:
            st.button(f"{size:,}", key=f"data_buffer_{size}", on_click=state.put, args=({"data_buffer": size},))
    controls.number("data_pipe_seed", "shuffle: seed", _("The same seed, the same order."))
    controls.number("data_batch", _("batch: size"), _("Images that a network sees at once."))
    controls.flag("data_drop", "drop_remainder", _("Leave out the last batch where it is not full."))
    controls.slider("data_take", _("take: batches to draw"))


def _sizes(spec: PipelineSpec) -> None:
    sizes = spec.batches()
    with st.container(horizontal=True, gap="medium"):
        for label, number in (
            (_("Batches in one pass"), sizes.count),
            (_("Images in each"), min(spec.batch_size, spec.examples)),
            (_("Images in the last"), sizes.last),
        ):
            st.metric(label, f"{number:,}", width="content")
    left_out = spec.examples - (sizes.count - 1) * spec.batch_size - sizes.last
    sign = "⌊⌋" if spec.drop_remainder else "⌈⌉"
    formula = f"{sign[0]}{spec.examples:,} / {spec.batch_size:,}{sign[1]} = {sizes.count:,}"
    if left_out:
        left = _("{formula}; {left_out:,} images are left out of this pass.", formula=formula, left_out=left_out)
        st.caption(left)
    else:
        st.caption(f"{formula}.")


def _drawn(split: str, stream: Stream) -> None:
    labels = mnist.half(split).labels
    for number, indexes in enumerate(stream.batches, 1):
        shown = indexes[:_MOST_IMAGES]
        shapes = {"images": (len(indexes), 28, 28), "labels": (len(indexes),)}
        st.markdown(_("**Batch {number}**: images `{images}`, labels `{labels}`", number=number, **shapes))
        sample_wall(split, shown, f"data_batch_{number}")
        st.caption(_what(indexes, shown, np.array2string(labels[shown], threshold=12, edgeitems=5)))


def _what(indexes: np.ndarray, shown: np.ndarray, labels: str) -> str:
    """Which images a batch has, and what is on those that are `shown`."""
    values = {"low": indexes.min(), "high": indexes.max(), "labels": labels}
    if len(shown) == len(indexes):
        return _("original indexes {low:,} to {high:,}; labels {labels}", **values)
    return _(
        "original indexes {low:,} to {high:,}, the first {shown} of {count:,} images; labels {labels}",
        shown=len(shown),
        count=len(indexes),
        **values,
    )


def _mixing(spec: PipelineSpec, stream: Stream) -> None:
    """Where each image of the stream came from, and what it means for the batches."""
    st.header(_("How well is it mixed?"), anchor=False)
    chart, numbers = st.columns([3, 2], gap="medium")
    measured = stream.mixing
    with chart:
        charts.show(mixing.order(stream.order, spec.buffer_size), key="data_mixing")
    with numbers:
        rows = [
            (_("mean distance moved"), f"{measured.mean_displacement:,.0f}", f"{measured.full_displacement:,.0f}"),
            (_("moved less than the buffer"), f"{measured.within_buffer:.0%}", "–"),
            (_("rank correlation"), f"{measured.rank_correlation:.3f}".replace("-", "−"), _("about 0")),
        ]
        st.markdown(tables.markdown((_("measure"), _("here"), _("perfect shuffle")), rows))
        st.markdown(_verdict(spec, measured.rank_correlation))
        with st.expander(_("The code of these measures")):
            source_code.python(dataset.mixing(spec, state.get("data_split")))


def _verdict(spec: PipelineSpec, correlation: float) -> str:
    if spec.buffer_size == 1:
        return _("A buffer of one image has only one to choose from: the order is that of the file.")
    if spec.buffer_size >= spec.examples:
        return _("The buffer holds all images, so that each may come next: a full shuffle.")
    if correlation > 0.1:
        return _(
            "The next image is drawn from a buffer of {size:,}. No image comes earlier than the buffer lets it: the "
            "points stay near the diagonal, and early images fill the early batches. If the file were sorted by digit, "
            "whole batches would hold one digit.",
            size=spec.buffer_size,
        )
    return _("The buffer is smaller than the data, but large enough: the points fill most of the square.")
