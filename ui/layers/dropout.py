"""Dropout on its page: the mask itself, the survivors, and the mean over many masks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from core.layers.kinds import Dropout
from ui.layers import cached, sections
from ui.layers.current import View
from ui.layers.face import Face, Knob
from ui.shared import charts, controls, first_answer, pictures, state, theme
from viz import bars, palette, walls
from words import N_, _

_COLUMNS = 16
_MAPS_PX = 400
MASKS = 500


def _seen(layer: Dropout, get: state.Get) -> Dropout:
    """The network keeps its rate; whether it trains, and which mask, is a matter of the view."""
    return replace(layer, training=get("drop_training"), seed=get("drop_seed") or 0)


def _view_controls(layer: Dropout) -> None:
    controls.flag(
        "drop_training", _("Training"), help=_("`layer(x, training=True)`; `predict` and `evaluate` use False.")
    )
    controls.number("drop_seed", _("Seed"), help=_("Another seed, another mask."))


def _picture(view: View) -> None:
    """What was kept, before and after, and whether the mean survives."""
    spec, result = view.result.spec, view.result
    kept = cached.dropout_mask(spec, result.inputs.shape)
    counts = {"kept": kept.sum(), "size": kept.size}
    st.markdown(_("**Mask**: {kept:,} of {size:,} kept, {off:,} switched off", **counts, off=(~kept).sum()))
    pictures.show(_mask(kept), alt=_("Dropout mask: {kept} of {size} values kept", **counts))
    if kept.ndim == 1:
        st.caption(_("One square a unit, in order: orange is kept, neutral is switched off."))
    else:
        st.caption(_("One square a value of each map, in order: orange is kept, neutral is switched off."))
    if kept.ndim == 1:
        charts.show(bars.before_after(result.inputs, result.outputs), key="dropout_bars")
    st.markdown(_scaling(view, kept))
    if kept.ndim == 3:
        sections.explore(view, "drop")
    first_answer.now()


def _mask(kept: np.ndarray):
    values = np.where(kept, 0.5, 0.0)
    if kept.ndim == 1:
        # each unit a map of one pixel, so that the wall lays them out
        return walls.wall(values[np.newaxis, np.newaxis, :], theme.kind(), mode="fixed", scale=20, columns=_COLUMNS)
    across = kept.shape[1] * np.ceil(np.sqrt(kept.shape[2]))
    return walls.wall(values, theme.kind(), mode="fixed", scale=max(1, int(_MAPS_PX // across)))


def _scaling(view: View, kept: np.ndarray) -> str:
    spec, result = view.result.spec, view.result
    before = result.inputs.mean(dtype=np.float64)
    if not spec.training or spec.rate == 0:
        return _(
            "Nothing is dropped and nothing is scaled: the mean stays `{mean:.4g}`, output equals input.", mean=before
        )
    masks = max(1, min(MASKS, sections.MOST_COPIED // result.inputs.size))
    average = cached.dropout_average(f"{view.key} {spec!r}", spec, result.inputs, masks)
    return _(
        "Survivors are multiplied by 1 / (1 − {rate:g}) = `{factor:.4g}`. Mean before `{before:.4g}`, after this mask "
        "`{after:.4g}`, over {masks} masks `{average:.4g}`.",
        rate=spec.rate,
        factor=1 / (1 - spec.rate),
        before=before,
        after=result.outputs.mean(dtype=np.float64),
        masks=masks,
        average=average,
    )


FACE = Face(
    kind=Dropout,
    prefix="drop",
    icon=":material/blur_on:",
    colour=palette.KINDS["drops"],
    intro=N_(
        "In training, Dropout sets a random share of its inputs to 0 and makes the others larger by 1 / (1 − rate), "
        "so that their mean stays the same on average. With training off it does nothing at all."
    ),
    says=N_("drops some at random"),
    picture=_picture,
    basic=(Knob("rate", N_("Rate"), N_("The share that is switched off."), low=0.0, high=0.95, step=0.05),),
    view=(
        *sections.cell("drop", 8, 12),
        state.flag("drop_training", True),
        state.integer("drop_seed", 0, 0, 9999),
    ),
    view_controls=_view_controls,
    seen=_seen,
)
