"""The explorer: input and output of one layer linked by the window of a cell, its arithmetic, all maps.

A convolution that reads many maps shows one of them, the chosen channel, with its slice of the kernel and its
products, and what each channel adds to the cell.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.layers import Activation, Conv2D, Dropout, Pooling, steps
from core.layers.shapes import Axis
from core.network.activations import LayerResult
from ui.components import frame, register, tables
from ui.shared import state
from viz import palette

_mount = register("explorer")

RANGE_LABELS = {"layer": "the whole layer", "map": "each map on its own", "fixed": "fixed, −1 to 1"}


def explorer(
    result: LayerResult, prefix: str, mode: str, names: list[str] | None = None, input_name: str = "digit"
) -> None:
    """Show a layer's `result`; the chosen map and cell are the settings `prefix`_map, _row and _col, and where it
    is declared `prefix`_channel is the input map that a convolution over several shows.

    mode: colour range, see `viz.palette.choose_range`. names: of the output maps, where they have any.
    """
    key = f"{prefix}_explorer"
    _mount(
        data=frame(*_message(result, prefix, mode, names, input_name)),
        key=key,
        on_pick_change=lambda: _picked(key, prefix),
    )


def _picked(key: str, prefix: str) -> None:
    pick = st.session_state[key].pick
    wanted = {f"{prefix}_map": "map", f"{prefix}_row": "row", f"{prefix}_col": "column"}
    if f"{prefix}_channel" in state.PARAMS:
        wanted[f"{prefix}_channel"] = "channel"
    try:
        # what a browser sends is checked like what an address says
        state.put({name: state.PARAMS[name].read(str(int(pick[field]))) for name, field in wanted.items()})
    except (TypeError, KeyError, ValueError):
        return


def _message(
    result: LayerResult, prefix: str, mode: str, names: list[str] | None, input_name: str
) -> tuple[dict, dict[str, np.ndarray]]:
    spec, inputs, outputs = result.spec, result.inputs, result.outputs
    axes = spec.axes(inputs.shape) or tuple(Axis(n, 1) for n in inputs.shape[:2])
    grey = isinstance(spec, Conv2D) and inputs.shape[-1] == 1
    channel = f"{prefix}_channel"
    header = {
        "axes": [_axis(axis) for axis in axes],
        "chosen": {
            "map": state.get(f"{prefix}_map"),
            "row": state.get(f"{prefix}_row"),
            "column": state.get(f"{prefix}_col"),
            "channel": state.get(channel) if channel in state.PARAMS else 0,
        },
        "input_family": "grey" if grey else "activations",
        # an image as stored reaches from 0 to 255
        "input_range": [0, 255 if inputs.max() > 1 else 1] if grey else None,
        "input_name": input_name,
        "names": names,
        "range_label": RANGE_LABELS[mode],
    }
    arrays = {
        "input": channels_first(inputs),
        "output": channels_first(outputs),
        # a convolution's input is of another kind; any other layer shows both sides in the same colours
        "ranges": _ranges(mode, outputs) if isinstance(spec, Conv2D) else _ranges(mode, inputs, outputs),
        **tables("activations"),
    }
    if grey:
        arrays |= tables("grey")
    elif isinstance(spec, Conv2D):
        arrays["input_ranges"] = _ranges(mode, inputs)
    extra_header, extra_arrays = _details(result, axes)
    return header | extra_header, arrays | extra_arrays


def _details(result: LayerResult, axes: tuple[Axis, Axis]) -> tuple[dict, dict[str, np.ndarray]]:
    """What the arithmetic of this kind of layer needs on top."""
    spec = result.spec
    match spec:
        case Conv2D():
            kernel, *bias = result.weights
            span = palette.symmetric(kernel, "kernel")
            # (channels, filters, height, width)
            arrays = {"kernel": np.transpose(kernel, (2, 3, 0, 1)), **tables("weights")}
            if bias:
                arrays["bias"] = bias[0]
            return {
                "kind": "conv",
                "function": spec.activation,
                "kernel_range": [span.low, span.high],
            }, arrays
        case Pooling(kind="max"):
            won = steps.winners(result.inputs, axes)
            return {"kind": "pool", "reduce": "max"}, {"winners": channels_first(won)}
        case Pooling():
            return {"kind": "pool", "reduce": "mean"}, {}
        case Activation():
            return {"kind": "point", "function": spec.activation}, {}
        case Dropout():
            return {"kind": "point", "function": "dropout"}, {}
    raise TypeError(f"Expected a Conv2D, activation, pooling or Dropout result, got {type(spec).__name__}.")


def channels_first(maps: np.ndarray) -> np.ndarray:
    """(height, width, channels) → (channels, height, width): one map in one piece, as a browser paints it."""
    return np.moveaxis(maps, -1, 0)


def _axis(axis: Axis) -> dict:
    return {
        "kernel": axis.kernel,
        "stride": axis.stride,
        "dilation": axis.dilation,
        "before": axis.pad_before,
        "after": axis.pad_after,
        "output": axis.output,
    }


def _ranges(mode: str, *sides: np.ndarray) -> np.ndarray:
    """(channels, 2) float32: the colour range of each map, wide enough for that map of every side."""
    extremes = np.array([bound(maps, axis=(0, 1)) for maps in sides for bound in (np.min, np.max)])
    spans = [palette.choose_range(mode, extremes, of_map) for of_map in extremes.T]
    return np.array([(span.low, span.high) for span in spans], np.float32)
