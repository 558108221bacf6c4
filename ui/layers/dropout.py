"""The mask itself, the survivors, and the mean over many masks."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.network.activations import LayerResult
from ui.layers import cached, settings
from ui.shared import digit, first_answer, pictures, theme
from viz import bars, walls
from viz.figures import CONFIG

_COLUMNS = 16
MASKS = 500


def mask(result: LayerResult) -> None:
    """What was kept, before and after, and whether the mean survives."""
    spec = result.spec
    kept = cached.dropout_mask(spec, result.inputs.shape)
    st.markdown(f"**Mask**: {kept.sum()} of {kept.size} kept, {(~kept).sum()} switched off")
    image = walls.wall(_grid(np.where(kept, 0.5, 0.0)), theme.kind(), mode="fixed", scale=20, columns=_COLUMNS)
    pictures.show(image, alt=f"Dropout mask: {kept.sum()} of {kept.size} units kept")
    st.caption("One square a unit, in order: orange is kept, neutral is switched off.")
    st.plotly_chart(bars.before_after(result.inputs, result.outputs), config=CONFIG, key="dropout_bars")
    st.markdown(_scaling(result, kept))
    first_answer.now()


def _grid(values: np.ndarray) -> np.ndarray:
    """(n,) → (1, 1, n): each unit a map of one pixel, so that the wall lays them out."""
    return values[np.newaxis, np.newaxis, :]


def _scaling(result: LayerResult, kept: np.ndarray) -> str:
    spec, sample = result.spec, digit.current()
    before = result.inputs.mean(dtype=np.float64)
    if not spec.training or spec.rate == 0:
        return f"Nothing is dropped and nothing is scaled: the mean stays `{before:.4g}`, output equals input."
    specs = settings.walk().upto("dropout")
    average = cached.dropout_average(specs, sample.split, sample.index, MASKS, settings.scaled())
    return (
        f"Survivors are multiplied by 1 / (1 − {spec.rate:g}) = `{1 / (1 - spec.rate):.4g}`. "
        f"Mean before `{before:.4g}`, after this mask `{result.outputs.mean(dtype=np.float64):.4g}`, "
        f"over {MASKS} masks `{average:.4g}`."
    )
