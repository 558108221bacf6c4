"""GlobalAveragePooling2D on its page: every map becomes its mean."""

from __future__ import annotations

import streamlit as st

from core.layers.global_average_pooling2d import GlobalAveragePooling2D, global_average
from core.network.activations import LayerResult
from ui.layers import sections
from ui.layers.current import View
from ui.layers.face import Face
from ui.shared import charts, controls, first_answer, pictures, state, text, theme
from viz import bars, palette, walls
from words import N_, _

_MAP_PX = 224


def _picture(view: View) -> None:
    _maps(view.result)
    first_answer.now()


@st.fragment
def _maps(result: LayerResult) -> None:
    """The chosen map beside the one number that is left of it, and the means of all."""
    channels = result.outputs.size
    chosen = controls.number("mean_map", _("Map (0 to {last})", last=channels - 1), high=channels - 1)
    values = result.inputs[..., chosen]
    picture, sentence = st.columns([2, 3], gap="medium", vertical_alignment="center")
    with picture:
        span = palette.symmetric(result.inputs, "layer")
        image = palette.colourise(values, span, "activations", theme.kind())
        alt = _("Input map {chosen}", chosen=chosen)
        pictures.show(walls.picture(image, max(1, _MAP_PX // max(values.shape))), alt=alt)
        st.caption(_("{colours}, the range of the whole layer.", colours=text.colours(span.low, span.high)))
    with sentence:
        step = global_average(result.inputs, chosen)
        st.markdown(
            _(
                "**Map {chosen}**: its {count} values add up to `{sum:.5g}`; `{sum:.5g} / {count} = {total:.5g}`, "
                "Keras gives **`{output:.5g}`**. Where in the map they stood is forgotten.",
                chosen=chosen,
                count=step.count,
                sum=step.sum,
                total=step.total,
                output=result.outputs[chosen],
            )
        )
    charts.show(bars.units(result.outputs, chosen, "map"), key="mean_bars")


FACE = Face(
    kind=GlobalAveragePooling2D,
    prefix="mean",
    icon=":material/functions:",
    colour=palette.KINDS["means"],
    intro=N_(
        "Each map becomes one number, the mean of all its values: how much of what the map looks for is in the "
        "picture, wherever it is. It takes the place of Flatten, and the Dense layer behind it needs far fewer weights."
    ),
    says=N_("one mean for each map"),
    picture=_picture,
    view=(state.integer("mean_map", 0, 0, sections.MOST_MAPS - 1),),
)
