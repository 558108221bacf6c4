"""The explorer: input and output of one layer linked by the window of a cell, its arithmetic, all maps.

It knows no kind of layer: `Layer.cell()` and `Layer.axes()` say how a cell comes about. A layer whose maps read all
input channels shows one of them, the chosen one, with its slice of the kernel and its products, and what each adds.
"""

from __future__ import annotations

import numpy as np

from core.data import mnist
from core.layers import steps
from core.layers.shapes import Axis
from core.network.activations import LayerResult
from ui.components import frame, register, sent, tables
from ui.shared import hidden, present, state
from viz import palette
from words import N_, _

_mount = register("explorer")
# more kernel values than these are sent for the chosen map and the chosen channel only
_MOST_KERNEL_VALUES = 200_000

RANGE_LABELS = {"layer": N_("the whole layer"), "map": N_("each map on its own"), "fixed": N_("fixed, −1 to 1")}


def explorer(
    result: LayerResult,
    prefix: str,
    mode: str,
    names: list[str] | None = None,
    input_name: str | None = None,
    dimmed: bool = False,
) -> None:
    """Show a layer's `result`; the chosen map and cell are the settings `prefix`_map, _row and _col, and where it
    is declared `prefix`_channel is the input map that is shown where an output map reads several.

    mode: colour range, see `viz.palette.choose_range`. names: of the output maps, where they have any. input_name:
    of the input, where it is no digit. dimmed: the settings ask for what cannot be; `result` is the last one that
    could, to be seen and not touched.
    """
    key = f"{prefix}_explorer"
    header, arrays = _message(result, prefix, mode, names, input_name or _("digit"))
    shown = {"dimmed": dimmed, "decimals": present.decimals(), "hides": hidden.parts("explorer")}
    _mount(
        data=frame(header | shown, arrays),
        key=key,
        on_pick_change=lambda: _picked(key, prefix),
    )


def _picked(key: str, prefix: str) -> None:
    pick = sent(key, "pick")
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
    inputs, outputs, cell = result.inputs, result.outputs, result.spec.cell()
    axes = result.spec.axes(inputs.shape) or tuple(Axis(n, 1) for n in inputs.shape[:2])
    products = cell is not None and cell.takes == "products"
    apart = products or cell is None  # other layers give values of the kind that they receive
    grey = products and _is_picture(inputs)
    channel = f"{prefix}_channel"
    chosen = {
        "map": min(state.get(f"{prefix}_map"), outputs.shape[-1] - 1),
        "row": state.get(f"{prefix}_row"),
        "column": state.get(f"{prefix}_col"),
        "channel": min(state.get(channel) if channel in state.PARAMS else 0, inputs.shape[-1] - 1),
    }
    header = {
        "axes": [_axis(axis) for axis in axes],
        "chosen": chosen,
        "takes": cell.takes if cell else "nothing",
        "function": cell.function if cell else "",
        "all_channels": cell is not None and cell.all_channels,
        "input_family": "grey" if grey else "activations",
        # an image as stored reaches from 0 to 255
        "input_range": [0, 255 if inputs.max() > 1 else 1] if grey else None,
        "input_name": input_name,
        "names": names,
        "range_label": _(RANGE_LABELS[mode]),
    }
    arrays = {
        "input": channels_first(inputs),
        "output": channels_first(outputs),
        "ranges": _ranges(mode, outputs) if apart else _ranges(mode, inputs, outputs),
        **tables("activations"),
    }
    if grey:
        arrays |= tables("grey")
    elif apart:
        arrays["input_ranges"] = _ranges(mode, inputs)
    if products:
        kernel, bias = result.spec.map_kernels(result.weights)
        span = palette.symmetric(kernel, "kernel")
        header["kernel_range"] = [span.low, span.high]
        arrays |= {**_kernels(kernel, chosen), **tables("weights")}
        if bias is not None:
            arrays["bias"] = bias
    elif header["takes"] == "maximum":
        arrays["winners"] = channels_first(steps.winners(inputs, axes))
    return header, arrays


def _is_picture(inputs: np.ndarray) -> bool:
    """Whether these are MNIST's 256 greys, as stored or divided by 255: shown as a picture, not as an activation."""
    if inputs.shape != (mnist.SIZE, mnist.SIZE, 1) or inputs.min() < 0:
        return False
    greys = inputs if inputs.max() > 1 else inputs * 255
    return bool(greys.max() <= 255 and np.abs(greys - np.rint(greys)).max() < 1e-3)


def _kernels(kernel: np.ndarray, chosen: dict[str, int]) -> dict[str, np.ndarray]:
    """(height, width, channels, maps) → "kernel" (channels, maps, height, width); where that is too much to send with
    every change, the ones of the chosen map, (channels, height, width), and of the chosen channel."""
    ordered = np.transpose(kernel, (2, 3, 0, 1))
    if kernel.size <= _MOST_KERNEL_VALUES:
        return {"kernel": ordered}
    # where a map reads one channel there is one to choose from
    channel = min(chosen["channel"], len(ordered) - 1)
    return {"kernels_of_map": ordered[:, chosen["map"]], "kernels_of_channel": ordered[channel]}


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
