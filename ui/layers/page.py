"""The page of a kind of layer: which of the network's layers, its picture, its settings, its numbers and its code."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.lessons.mistakes import LAYER_SLIPS
from core.network import notation
from core.network.network import NetworkError, Stage
from core.runs.folders import RunError
from core.scripts import layers as layers_script
from core.scripts.network import layer_code
from ui.layers import current, face, faces, notice, pin, sections
from ui.layers.current import Place, View
from ui.layers.face import Face
from ui.lessons import gate
from ui.shared import digit, first_answer, mistakes, navigation, networks, source_code, state, warmup
from ui.shared.networks import Chosen
from words import _


def show(key: str) -> None:
    """The whole page. key: that of the page, the name of the kind's file."""
    own = faces.of_page(key)
    here = current.place(own.kind, networks.chosen())
    st.title(navigation.title(key), anchor=False)
    with st.container():  # its own place whatever it says, see `notice.show`
        _intro(own, here)
    face.load(own, here.layer)
    _layer(own, here)
    if slips := LAYER_SLIPS.get(key):
        mistakes.collapsed(slips, f"{key}_slips")


def _intro(own: Face, here: Place) -> None:
    """What the kind does, whose layer this is, and which one where the network has several."""
    if gate.introduces():
        st.markdown(_(own.intro))
    if here.added:
        st.caption(f":material/add_circle: {_put_in(own, here)}")
    names = [name for name, layer in here.chosen.network if isinstance(layer, own.kind)]
    if len(names) > 1:
        key = f"{own.prefix}_layer"
        if st.session_state.get(key) != here.name:
            st.session_state[key] = here.name
        st.segmented_control(
            _("Layer of {network}", network=here.chosen.name),
            names,
            required=True,
            wrap=True,
            key=key,
            on_change=_picked,
            args=(key,),
        )


def _put_in(own: Face, here: Place) -> str:
    """Where the page has put a layer of this kind, since the network has none."""
    names, chosen = here.chosen.network.names, networks.chosen()
    before = names[names.index(here.name) - 1]
    values = {"network": chosen.name, "kind": own.kind.__name__, "before": before}
    if chosen.trained:
        return _(
            "{network} has no {kind}: here is one behind `{before}` of One of each layer. With the first change it "
            "becomes your design.",
            **values,
        )
    return _(
        "{network} has no {kind}: here is one behind `{before}`. With the first change it becomes your design.",
        **values,
    )


def _picked(key: str) -> None:
    state.put({"layer": st.session_state[key]})


def _layer(own: Face, here: Place) -> None:
    picture, knobs = st.columns([2, 1], gap="medium")
    with picture:  # before the controls: the picture that people wait for is the first thing to arrive
        view = _view(own, here)
        if view:
            own.picture(view)
            first_answer.now()
    with knobs:
        _controls(own, here)
        if view and not view.dimmed:
            _beside(own, view)
        if view:
            pin.button(view)
    if view and not view.dimmed:
        _details(own, view)


def _beside(own: Face, view: View) -> None:
    """What the settings change and a picture does not show stands near them."""
    if own.aside:
        own.aside(view)
    with st.container(border=True, gap="xsmall"):
        sections.shapes(view.stage)
        sections.costs(view.stage, view.result)
        sections.shapes_explained(view.stage)


def _view(own: Face, here: Place) -> View | None:
    """None where there is nothing to show yet; the page says why: an impossible setting here or before, weights that
    cannot be read, or TensorFlow still loading (then the page comes back by itself)."""
    if here.stage is None:
        _stopped_before(here.chosen)
    elif here.stage.problem:
        return _impossible(own, here, here.stage)
    elif not warmup.ready():
        warmup.wait_for_tensorflow()
        st.skeleton(height=320)
    else:
        try:
            view = current.view(here.stage, here.chosen, own.seen(here.layer, state.get))
            st.session_state[f"_{own.prefix}_fitted"] = here.layer
            return view
        except (NetworkError, RunError) as error:
            st.error(str(error))
    return None


def _impossible(own: Face, here: Place, stage: Stage) -> View | None:
    """The sentence, a button for the nearest layer that fits, and the last picture that could be, dimmed."""
    st.error(stage.problem)
    mended = here.layer.mended(stage.input_shape)
    if mended is None:
        return None
    st.button(
        _("Use {layer}", layer=notation.layer_as_text(mended)),
        icon=":material/build:",
        key=f"{own.prefix}_mend",
        on_click=face.put,
        args=(here, mended),
    )
    last = st.session_state.get(f"_{own.prefix}_fitted")
    fitted = last if isinstance(last, own.kind) and not last.problem(stage.input_shape) else mended
    if not warmup.ready():
        return None
    other = Place(Chosen(networks.key_of(here.chosen.network.replaced(here.name, fitted))), here.name)
    return replace(current.view(other.stage, other.chosen, own.seen(fitted, state.get)), dimmed=True)


def _stopped_before(chosen: Chosen) -> None:
    """The digit does not get as far as this kind of layer."""
    last = chosen.network.trace()[-1]
    title = last.spec.title
    st.error(_("The digit does not get this far, {title} stops it. {problem}", title=title, problem=last.problem))
    key = navigation.key_of_kind(type(last.spec))
    navigation.link(key, _("Go to {title}", title=title), icon=":material/arrow_back:", more={"layer": last.name})


def _controls(own: Face, here: Place) -> None:
    """The settings: those of the view, the layer's own three, and the others under More."""
    if own.view_controls:
        own.view_controls(here.layer)
    if not own.knobs:
        return
    notice.show(here.chosen)
    with st.container():  # its own place even where it is empty, see `notice.show`
        # where weights were learned, nobody chose them
        if own.controls and not here.chosen.trained:
            own.controls(here.layer)
    face.show(own, own.basic, here.layer)
    if own.more:
        with st.expander(_("More")):
            face.show(own, own.more, here.layer)
            if own.more_controls:
                own.more_controls(here.layer)
            _reset(own, here)
    else:
        _reset(own, here)


def _reset(own: Face, here: Place) -> None:
    if not here.chosen.trained:
        st.button(
            _("Reset this layer"),
            icon=":material/restart_alt:",
            key=f"{own.prefix}_reset",
            on_click=face.reset,
            args=(own,),
        )


def _details(own: Face, view: View) -> None:
    """Shape, weights, histograms and code: the lower half of every layer page.

    They wait a moment: drawing charts keeps the browser busy for longer than painting the maps above, and what
    arrives together is painted together. While somebody drags a slider no run gets here, so the charts are drawn
    once, at the end.
    """
    first_answer.rest()
    pin.show(view)
    if own.below:
        own.below(view)
    if view.chosen.trained and sections.has_kernel(view.stage):
        with st.container(border=True):
            sections.learned(view.result)
    with st.container(border=True):
        sections.distribution(view)
        if view.before and not current.scaled():
            st.caption(_("The network gets the image as stored, 0 to 255, as chosen on the Conv2D page."))
    _code(own, view)
    if own.after:
        own.after(view)


def _code(own: Face, view: View) -> None:
    """The script that computes exactly what this page shows."""
    st.header(_("The same in Keras"), anchor=False)
    sample, stage = digit.current(), view.stage
    if not view.chosen.trained:
        network = view.network.replaced(stage.name, view.result.spec)
        script = layers_script.as_code(network, stage.name, digit.in_code(sample), current.scaled())
    else:
        model = networks.layer_in_code(view.chosen)
        script = layer_code(stage, model, digit.in_code(sample), current.scaled(), view.result.spec)
    source_code.python(script)
