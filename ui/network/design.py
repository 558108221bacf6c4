"""A network of one's own: layers added, removed, moved, duplicated and set; the same as text; presets to start from."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.layers.kinds import KINDS
from core.layers.layer import Layer
from core.network import notation
from core.network.network import MOST_LAYERS, Network, Stage
from core.network.presets import PRESETS, Blocks
from ui.layers import current, face, faces, notice
from ui.network import costs, settings
from ui.shared import aloud, controls, navigation, networks, rounds, state, text
from ui.shared.networks import Chosen
from words import _

_TEXT = "network_text"
_TEXT_PROBLEM = "_network_text_problem"
_TYPED_FOR = "_network_text_of"
# Keras' names, with what the name alone says: MaxPool2D and AveragePooling2D are one kind
_WORDS = {word: (kind, said) for kind in KINDS for word, said in kind.words.items()}


def show(chosen: Chosen, stages: list[Stage]) -> None:
    """The editor of one layer, with what the network costs, then the whole network as text.

    stages: as far as the digit gets.
    """
    network = chosen.network
    notice.show(chosen, back=False)
    name = _choose(network)
    costs.totals(stages, name)
    # each in a container, however many parts it has now: what follows keeps its place, and the focus stays there
    with st.container():
        _settings(network, name)
    _move(chosen, name)
    _add(network, name)
    with st.container():
        _as_text(chosen)
    _presets(network)


def _choose(network: Network) -> str:
    shapes = {stage.name: stage.output_shape for stage in network.trace()}

    def label(name: str) -> str:
        shape = shapes.get(name)
        gives = text.shape(shape) if shape else _("does not fit")
        return f"{name}: {network[name].title}, {gives}"

    names = list(network.names)
    return controls.pick("layer", _("Layer"), names, label, _("The one that the buttons and settings below change."))


def _edit(change: Callable[[Network, int], tuple[Network, str]]) -> None:
    """A callback: what `change` makes of the network, and the name of the layer to look at then."""
    chosen = networks.chosen()
    network = chosen.network
    names = network.names
    wanted = state.get("layer")
    made, name = change(network, names.index(wanted) if wanted in names else 0)
    current.edit(chosen, made, name)
    aloud.say(_place(made, name))


def _place(network: Network, name: str) -> str:
    place = network.names.index(name) + 1
    return _("{name} is layer {place} of {count}.", name=name, place=place, count=len(network))


def _undo() -> None:
    """A callback."""
    networks.undo()
    network, wanted = networks.chosen().network, state.get("layer")
    name = wanted if wanted in network.names else network.names[0]
    aloud.say(_("Undone. {place}", place=_place(network, name)))


def _moved(by: int):
    def change(network: Network, at: int) -> tuple[Network, str]:
        return network.moved(at, by), network.names[at]

    return change


def _removed(network: Network, at: int) -> tuple[Network, str]:
    rest = network.removed(at)
    return rest, rest.names[min(at, len(rest) - 1)]


def _inserted(make: Callable[[Network, int], Layer]):
    def change(network: Network, at: int) -> tuple[Network, str]:
        made = network.inserted(at + 1, make(network, at))
        return made, made.names[at + 1]

    return change


def _same(network: Network, at: int) -> Layer:
    return network.layers[at][1]


def _new(network: Network, at: int) -> Layer:
    # a browser may say that the box held anything
    kind, said = _WORDS.get(st.session_state["network_add"]) or next(iter(_WORDS.values()))
    return kind(**said).at_rest()


def _move(chosen: Chosen, name: str) -> None:
    network = chosen.network
    at, full = network.names.index(name), len(network) >= MOST_LAYERS
    buttons = (
        ("up", _("Move up"), ":material/arrow_upward:", _moved(-1), at == 0),
        ("down", _("Move down"), ":material/arrow_downward:", _moved(1), at == len(network) - 1),
        ("duplicate", _("Duplicate"), ":material/content_copy:", _inserted(_same), full),
        ("remove", _("Remove"), ":material/delete:", _removed, len(network) == 1),
    )
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="bar_layer"):
        for key, label, icon, change, disabled in buttons:
            st.button(
                label,
                icon=icon,
                key=f"network_{key}",
                on_click=_edit,
                args=(change,),
                disabled=disabled,
                width="content",
            )
        st.button(
            _("Undo"),
            icon=":material/undo:",
            key="network_undo",
            on_click=_undo,
            disabled=not networks.can_undo(),
        )
        page = navigation.key_of_kind(type(network[name]))
        at_work = _("See {name} at work", name=name)
        navigation.link(page, at_work, icon=":material/visibility:", more={"layer": name}, width="content")
        # like Undo, further: in a row, for that is one stop of Tab
        notice.way_back(chosen)


def _settings(network: Network, name: str) -> None:
    """The knobs of the chosen layer, as its own page has them."""
    layer = network[name]
    own = faces.of(layer)
    if not own.knobs:
        st.caption(_("{title} has no settings.", title=layer.title))
        return
    face.load(own, layer)
    if own.controls:
        own.controls(layer)
    face.show(own, own.basic, layer)
    if own.more:
        with st.expander(_("More")):
            face.show(own, own.more, layer)


def _add(network: Network, name: str) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.selectbox(_("A new layer behind {name}", name=name), list(_WORDS), key="network_add")
        st.button(
            _("Add"),
            icon=":material/add:",
            key="network_add_button",
            on_click=_edit,
            args=(_inserted(_new),),
            disabled=len(network) >= MOST_LAYERS,
        )


def _as_text(chosen: Chosen) -> None:
    """The whole network, to read, type, copy and send; what is typed wrongly stays, with one sentence."""
    key = networks.key_of(chosen.network)
    # on another page, and where a lesson opens this one, what the box held is forgotten
    if st.session_state.get(_TYPED_FOR) != key or rounds.key(_TEXT) not in st.session_state:
        st.session_state[_TYPED_FOR] = key
        rounds.renew(_TEXT)
        _write(rounds.key(_TEXT), chosen.network)
    box = rounds.key(_TEXT)
    st.text_area(
        _("The network as text"),
        key=box,
        height=180,
        on_change=_typed,
        args=(box,),
        help=_(
            "A layer a line: Keras' name, then its arguments. What is left out is what Keras takes. The name of a "
            "preset stands for all of it: {names}. Ctrl + Enter takes it over.",
            names=", ".join(PRESETS),
        ),
    )
    if problem := st.session_state.get(_TEXT_PROBLEM):
        st.error(text.plain(problem))


def _write(box: str, network: Network) -> None:
    st.session_state[box] = "\n".join(notation.lines(network))
    st.session_state.pop(_TEXT_PROBLEM, None)


def _typed(box: str) -> None:
    if box != rounds.key(_TEXT):
        return  # Streamlit calls back for boxes that are gone, too
    try:
        network = notation.parse(st.session_state[box])
    except notation.NotationError as error:
        st.session_state[_TEXT_PROBLEM] = str(error)
        return
    _write(box, network)
    st.session_state[_TYPED_FOR] = networks.key_of(network)
    current.edit(networks.chosen(), network)


def _presets(network: Network) -> None:
    """Whole networks to start from, and Basic_CNN's relatives as sliders."""
    st.markdown(_("**Start from**"))
    with st.container(horizontal=True, gap="xsmall", key="bar_presets"):
        for name in PRESETS:
            st.button(_title(name), key=f"network_preset_{name}", on_click=_preset, args=(name,))
    family = Blocks.of(network)
    with st.expander(_("Blocks of convolutions"), expanded=False):
        if family is None:
            st.caption(_("A change here replaces the network by blocks, as Basic_CNN has them."))
        else:
            _load(family)
        controls.slider("cnn_blocks", _("Blocks"), help=_("Each ends in a pooling that halves height and width."))
        for block in range(1, state.get("cnn_blocks") + 1):
            filters = _("Filters in block {block}", block=block)
            controls.slider(f"cnn_filters_{block}", filters, help=_("Of each of its convolutions."))
        controls.slider("cnn_convolutions", _("Convolutions in a block"), help=_("Each is followed by the activation."))
        controls.slider("cnn_kernel_size", _("Kernel size"), help=_("Height and width, with same padding."))
        controls.choice("cnn_activation", _("Activation"), help=_("After every layer with weights but the last."))
        controls.slider(
            "cnn_dense_units", _("Dense units"), help=_("Of the hidden Dense layer; the output always has 10.")
        )
        controls.slider(
            "cnn_dropout", _("Dropout rate"), help=_("After each pooling and after the hidden Dense layer.")
        )


def _load(family: Blocks) -> None:
    for key, value in settings.values(family).items():
        if state.get(key) != value:
            st.session_state[key] = value


def _preset(name: str) -> None:
    current.edit(networks.chosen(), PRESETS[name])
    aloud.say(_("{network}: {count} layers.", network=_title(name), count=len(PRESETS[name])))


def _title(preset: str) -> str:
    return _("One of each layer") if preset == networks.ONE_OF_EACH else preset.replace("_", " ")
