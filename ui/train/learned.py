"""What a network in training makes of the chosen digit: its first kernels, its maps and its answer, by epoch."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.data import mnist
from core.network.activations import LayerResult
from core.network.network import Network
from core.runs import folders
from core.runs.folders import Run
from ui.components.class_bars import are_shares, class_bars
from ui.shared import controls, digit, models, networks, pictures, text, theme, warmup
from viz import palette, walls
from words import N_, _

_WALL_PX = 300


def show(run: Run, over: bool) -> None:
    """Pictures after the epoch of the slider; at its right end, of this very moment."""
    sample = digit.current()
    if sample.split == digit.DRAWN:
        st.header(_("What it has learned, seen on this drawing"), anchor=False)
    else:
        st.header(_("What it has learned, seen on this {digit}", digit=sample.label), anchor=False)
    saved = run.saved_epochs()
    if not saved:
        st.caption(_("Its start weights come first, then those of every epoch."))
        return
    epoch = _epoch(run, saved, over)
    if not warmup.ready():
        if over:  # nothing else would draw them
            warmup.wait_for_tensorflow()
        else:
            st.caption(_("The pictures come once TensorFlow has loaded."))
        return
    try:
        network = run.spec.network
        results = models.trace(networks.named(run.id, epoch), sample.split, sample.index)
    except (folders.RunError, ValueError) as error:  # deleted or replaced at this moment
        st.caption(text.plain(str(error)))
        return
    _pictures(network, results, sample)


def _epoch(run: Run, saved: list[int], over: bool) -> int:
    last = run.spec.epochs
    help = _("0: the random start weights. Slide to see the kernels take shape.")
    chosen = controls.slider("train_epoch", _("After epoch"), help, high=last)
    newest = not over or run.learned
    if chosen >= last and newest and run.newest():
        if over:
            st.caption(_("The newest weights: at the end."))
        else:
            st.caption(_("The newest weights: now, a few seconds old at most."))
        return networks.NEWEST
    shown = max((epoch for epoch in saved if epoch <= chosen), default=saved[0])
    st.caption(_here(shown, chosen))
    return shown


def _here(shown: int, chosen: int) -> str:
    """Which weights these are, where others may have been asked for."""
    if shown == 0:
        if shown == chosen:
            return _("Here: the random start weights.")
        return _("Here: the random start weights; epoch {wanted} is not there yet.", wanted=chosen)
    if shown >= chosen:
        return _("Here: the weights after epoch {epoch}.", epoch=shown)
    return _("Here: the weights after epoch {epoch}; epoch {wanted} is not there yet.", epoch=shown, wanted=chosen)


def _pictures(network: Network, results: dict[str, LayerResult], sample: mnist.Sample) -> None:
    """The kernels that can be drawn, the first maps and the last ones that weights gave, and the answer."""
    maps = [(stage.name, network.activated(stage.name)) for stage in network.maps()]
    answer, rest = st.columns([2, 3], gap="medium")
    with rest, st.container(key="bar_learned"):
        columns = st.columns(3, gap="medium")
    if maps:
        (first, after_first), (_last, after_last) = maps[0], maps[-1]
        with columns[0]:
            _kernels(results[first])
        for column, title, name in zip(
            columns[1:], (_("First maps"), _("Last maps")), (after_first, after_last), strict=True
        ):
            with column:
                _wall(title, results[name].outputs, "activations", _range(results[name].outputs))
    else:
        with rest:
            st.caption(_("No layer with weights gives maps here, so there are no kernels and no maps to draw."))
    with answer:
        probabilities = results[network.names[-1]].outputs
        guess = int(probabilities.argmax())
        written = text.share if are_shares(probabilities) else text.number
        st.markdown(_("**Its answer**: {digit}, {share}", digit=guess, share=written(float(probabilities[guess]))))
        class_bars(probabilities, "learned_classes", sample.label, _("the label"))
        if sample.label is not None:
            right = guess == sample.label
            st.caption(_("Right.") if right else _("Wrong, it is a {digit}.", digit=sample.label))


def _kernels(first: LayerResult) -> None:
    if first.weights[0].ndim != 4:
        st.caption(_("The first layer with weights is {layer}, which has no kernels to draw.", layer=first.spec.title))
        return
    kernel = first.weights[0][:, :, 0]
    span = palette.symmetric(kernel, "layer")
    colours = text.colours(span.low, span.high, N_("purple"), N_("green"))
    _wall(_("First kernels"), kernel, "weights", colours)


def _range(values: np.ndarray) -> str:
    span = palette.symmetric(values, "layer")
    return text.colours(span.low, span.high)


def _wall(title: str, maps: np.ndarray, family: str, colours: str) -> None:
    st.markdown(f"**{title}**")
    columns = int(np.ceil(np.sqrt(maps.shape[2])))
    scale = max(1, _WALL_PX // (columns * maps.shape[1]))
    picture = walls.wall(maps, theme.kind(), family=family, scale=scale, gap=max(2, scale // 3))
    pictures.show(picture, width="stretch", alt=f"{title}, {maps.shape}")
    height, width, count = maps.shape
    st.caption(_("{count} of {height} × {width}. {colours}.", count=count, height=height, width=width, colours=colours))
