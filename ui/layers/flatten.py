"""Flatten on its page: from a position in the vector to (row, column, channel) and back."""

from __future__ import annotations

import streamlit as st

from core.layers import steps
from core.layers.kinds import Flatten
from core.network.activations import LayerResult
from ui.components.flat_strip import flat_strip
from ui.layers import sections
from ui.layers.current import View
from ui.layers.face import Face
from ui.shared import controls, state, text
from viz import palette
from words import N_, _

_AXES = {"row": N_("Row"), "column": N_("Column"), "channel": N_("Channel")}


def _picture(view: View) -> None:
    if view.result.inputs.ndim == 3:
        _lookup(view.result)
    else:
        st.markdown(_("What comes in is one row of numbers already: Flatten changes nothing here."))
        sections.before_after(view.result)


@st.fragment
def _lookup(result: LayerResult) -> None:
    """The strip with its map, and boxes for both directions."""
    shape = result.inputs.shape
    position = min(state.get("flat_position"), result.outputs.size - 1)
    flat_strip(result.outputs, shape, position)
    span = palette.symmetric(result.outputs, "vector")
    st.caption(_("{colours}, the range of the whole vector.", colours=text.colours(span.low, span.high)))
    boxes = st.columns(4)
    with boxes[0]:
        controls.number("flat_position", _("Position"), high=result.outputs.size - 1)
    place = steps.unflat_position(shape, min(state.get("flat_position"), result.outputs.size - 1))
    for box, (axis, name), at, size in zip(boxes[1:], _AXES.items(), place, shape, strict=True):
        key = f"flat_at_{axis}"
        st.session_state[key] = at
        with box:
            st.number_input(_(name), 0, size - 1, step=1, key=key, on_change=_moved, args=(shape,))
    st.markdown(
        _(
            "Position = (row · {width} + column) · {channels} + channel = "
            "`({row} · {width} + {column}) · {channels} + {channel} = {position}`",
            width=shape[1],
            channels=shape[2],
            **dict(zip(_AXES, place, strict=True)),
            position=steps.flat_position(shape, *place),
        )
    )


def _moved(shape: tuple[int, int, int]) -> None:
    place = [st.session_state[f"flat_at_{axis}"] for axis in _AXES]
    state.put({"flat_position": steps.flat_position(shape, *place)})


FACE = Face(
    kind=Flatten,
    prefix="flat",
    icon=":material/linear_scale:",
    colour=palette.KINDS["order"],
    intro=N_(
        "Flatten changes no value, only the shape: a Dense layer wants one row of numbers. The channel counts "
        "fastest, then the column, then the row. Point at the strip or at the map: both mark the same number."
    ),
    says=N_("one long row"),
    picture=_picture,
    view=(state.integer("flat_position", 532, 0, 28 * 28 * sections.MOST_MAPS - 1),),
)
