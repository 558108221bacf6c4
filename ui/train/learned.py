"""What a network in training makes of the chosen digit: its first kernels, its maps and its answer, by epoch."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.layers import Conv2D
from core.runs import folders
from core.runs.folders import Run
from ui.shared import controls, digit, networks, pictures, text, theme, warmup
from viz import bars, palette, walls
from viz.figures import CONFIG

_WALL_PX = 300


def show(run: Run, over: bool) -> None:
    """Pictures after the epoch of the slider; at its right end, of this very moment."""
    sample = digit.current()
    st.subheader(f"What it has learned, seen on this {digit.noun(sample)}", anchor=False)
    saved = run.saved_epochs()
    if not saved:
        st.caption("Its start weights come first, then those of every epoch.")
        return
    epoch = _epoch(run, saved, over)
    if not warmup.ready():
        st.caption("The pictures come once TensorFlow has loaded.")
        return
    try:
        results = networks.trace(networks.named(run.id, epoch), sample.split, sample.index)
    except (folders.RunError, ValueError) as error:  # deleted or replaced at this moment
        st.caption(str(error))
        return
    _pictures(results, sample)


def _epoch(run: Run, saved: list[int], over: bool) -> int:
    last = run.spec.epochs
    help = "0: the random start weights. Slide to see the kernels take shape."
    chosen = controls.slider("train_epoch", "After epoch", help, high=last)
    newest = not over or run.final.exists()
    if chosen >= last and newest and run.newest():
        where = "at the end" if over else "now, a few seconds old at most"
        st.caption(f"The newest weights: {where}.")
        return networks.NEWEST
    shown = max((epoch for epoch in saved if epoch <= chosen), default=saved[0])
    before = "the random start weights" if shown == 0 else f"the weights after epoch {shown}"
    st.caption(f"Here: {before}{f'; epoch {chosen} is not there yet' if shown < chosen else ''}.")
    return shown


def _pictures(results: dict, sample) -> None:
    convolutions = [name for name, result in results.items() if isinstance(result.spec, Conv2D)]
    first, last = results[convolutions[0]], convolutions[-1]
    after_first, after_last = (results[name.replace("conv", "activation")] for name in (convolutions[0], last))
    answer, rest = st.columns([2, 3], gap="medium")
    with rest:
        kernels, maps, deep = st.columns(3, gap="medium")
    with kernels:
        kernel = first.weights[0][:, :, 0]
        span = palette.symmetric(kernel, "layer")
        _wall("First kernels", kernel, "weights", text.colours(span.low, span.high, "purple", "green"))
    with maps:
        _wall("First maps", after_first.outputs, "activations", _range(after_first.outputs))
    with deep:
        _wall("Last maps", after_last.outputs, "activations", _range(after_last.outputs))
    with answer:
        probabilities = results["probabilities"].outputs
        guess = int(probabilities.argmax())
        st.markdown(f"**Its answer**: {guess}, {probabilities[guess]:.1%}")
        st.plotly_chart(bars.classes(probabilities, sample.label), config=CONFIG, key="learned_classes")
        if verdict := text.verdict(guess, sample.label):
            st.caption(f"{verdict.capitalize()}.")


def _range(values: np.ndarray) -> str:
    span = palette.symmetric(values, "layer")
    return text.colours(span.low, span.high)


def _wall(title: str, maps: np.ndarray, family: str, colours: str) -> None:
    st.markdown(f"**{title}**")
    columns = int(np.ceil(np.sqrt(maps.shape[2])))
    scale = max(1, _WALL_PX // (columns * maps.shape[1]))
    picture = walls.wall(maps, theme.kind(), family=family, scale=scale, gap=max(2, scale // 3))
    pictures.show(picture, width="stretch", alt=f"{title}, {maps.shape}")
    st.caption(f"{maps.shape[2]} of {maps.shape[0]} × {maps.shape[1]}. {colours}.")
