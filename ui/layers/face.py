"""How a kind of layer looks on its page: what each file of this folder says, and its settings as widgets.

A layer's values are in the network, and so in the text that the address carries. The widgets take theirs from it at
every run (`load`), and a change puts another layer into the network (`changed`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, replace
from functools import partial

import streamlit as st

from core.layers.layer import Layer
from ui.layers import current
from ui.layers.current import Place, View
from ui.shared import controls, networks, state
from words import _

_PICKS = ("_map", "_unit", "_position")


def always(layer: Layer) -> bool:
    """Whatever the layer is."""
    return True


@dataclass(frozen=True)
class Knob:
    """One argument of a kind of layer as a widget. `name`: the end of its key, the argument's own name where nothing is
    said. low, high, step: of a slider, which reaches further where a layer has more; `box`: a box for the number
    instead. `when`: whether a layer has use for it. Words are marked with `N_`: faces are made once for all readers."""

    field: str
    label: str
    help: str | None = None
    name: str = ""
    low: float | None = None
    high: float | None = None
    step: float = 1
    box: bool = False
    names: dict[str, str] | None = None
    options: tuple[str, ...] = ()
    when: Callable[[Layer], bool] = always


@dataclass(frozen=True)
class Face:
    """What ui has of one kind of layer.

    colour: of its kind, where a network is drawn. says: what it does, in a few words. basic, more: its knobs, the ones
    in sight and the others. picture: what stands large; aside: what stands under the controls; below: what follows;
    after: what follows the code. extra: settings besides the knobs that end in the layer, with `values` from the layer
    to the widgets and `finished` back; `controls` draws them. view: settings that change what is looked at, not the
    layer; `view_controls` draws them above the knobs, `more_controls` below the others. seen: the layer as it is called
    on its page, with what gives the settings.
    """

    kind: type[Layer]
    prefix: str
    icon: str
    colour: str
    intro: str
    says: str
    picture: Callable[[View], None]
    basic: tuple[Knob, ...] = ()
    more: tuple[Knob, ...] = ()
    aside: Callable[[View], None] | None = None
    below: Callable[[View], None] | None = None
    after: Callable[[View], None] | None = None
    extra: tuple[state.Param, ...] = ()
    values: Callable[[Layer], dict[str, state.Value]] = lambda layer: {}
    finished: Callable[[Layer], Layer] = lambda layer: layer
    controls: Callable[[Layer], None] | None = None
    view: tuple[state.Param, ...] = ()
    view_controls: Callable[[Layer], None] | None = None
    more_controls: Callable[[Layer], None] | None = None
    seen: Callable[[Layer, state.Get], Layer] = lambda layer, get: layer

    @property
    def pick(self) -> str | None:
        """The setting that says which map or unit is looked at, None where the page has no such choice."""
        return next((param.key for param in self.view if param.key.endswith(_PICKS)), None)

    @property
    def knobs(self) -> tuple[Knob, ...]:
        """All of them."""
        return (*self.basic, *self.more)

    def key(self, knob: Knob) -> str:
        """Of the knob's widget, or the start of its two keys where the argument has a height and a width."""
        return f"{self.prefix}_{knob.name or knob.field}"

    def declare(self) -> None:
        """Its settings go into the table of all."""
        changed_ = partial(changed, self)
        own = [param for knob in self.knobs for param in self._params(knob)]
        state.declare(*(replace(param, carried=False, on_change=changed_) for param in (*own, *self.extra)), *self.view)

    def _params(self, knob: Knob) -> list[state.Param]:
        key, default = self.key(knob), _default(self.kind, knob.field)
        if isinstance(default, tuple):
            return [state.integer(f"{key}_{end}", default[i], knob.low, knob.high) for i, end in enumerate("hw")]
        if isinstance(default, bool):
            return [state.flag(key, default)]
        if isinstance(default, str):
            return [state.choice(key, default, knob.options or self.kind.options[knob.field])]
        if isinstance(default, int):
            return [state.integer(key, default, knob.low, knob.high)]
        return [state.number(key, default, knob.low, knob.high, knob.step)]


def _default(kind: type[Layer], field: str) -> object:
    default = next(each.default for each in fields(kind) if each.name == field)
    assert default is not MISSING, f"{kind.__name__}.{field} needs a default"
    return default


def values(face: Face, layer: Layer) -> dict[str, state.Value]:
    """Settings by key that say this layer."""
    found: dict[str, state.Value] = {}
    for knob in face.knobs:
        key, value = face.key(knob), getattr(layer, knob.field)
        found |= dict(zip((f"{key}_h", f"{key}_w"), value, strict=True)) if isinstance(value, tuple) else {key: value}
    return found | face.values(layer)


def load(face: Face, layer: Layer) -> None:
    """Before the widgets exist: they show this layer."""
    for key, value in values(face, layer).items():
        if state.get(key) != value:
            st.session_state[key] = value


def read(face: Face, layer: Layer) -> Layer:
    """`layer` with all values that the widgets have."""
    found = {knob.field: _value(face.key(knob), getattr(layer, knob.field)) for knob in face.knobs}
    return face.finished(replace(layer, **found))


def _value(key: str, now: object) -> object:
    """A box whose number was deleted keeps what it had."""
    if isinstance(now, tuple):
        return tuple(state.get(f"{key}_{end}") for end in "hw")
    value = state.get(key)
    return now if value is None else value


def changed(face: Face) -> None:
    """A widget's callback: the network with the layer as it is set now becomes the network of all pages."""
    here = current.place(face.kind, networks.chosen())
    put(here, read(face, here.layer))


def reset(face: Face) -> None:
    """The same with the layer as it was before anybody touched it."""
    here = current.place(face.kind, networks.chosen())
    one = networks.parsed(networks.ONE_OF_EACH)
    before = one[here.name] if here.name in one.names else None
    put(here, before if isinstance(before, face.kind) else face.kind())


def put(here: Place, layer: Layer) -> None:
    """A callback: another layer at this place."""
    current.edit(here.chosen, here.chosen.network.replaced(here.name, layer), here.name)


def show(face: Face, knobs: tuple[Knob, ...], layer: Layer) -> None:
    """The widgets of the knobs that this layer has use for."""
    for knob in knobs:
        if knob.when(layer):
            _show(face, knob, layer)


def _show(face: Face, knob: Knob, layer: Layer) -> None:
    key, value = face.key(knob), getattr(layer, knob.field)
    label, help = _(knob.label), knob.help and _(knob.help)
    if isinstance(value, tuple):
        controls.pair(key, label, help, high=max(knob.high, *value))
    elif isinstance(value, bool):
        controls.flag(key, label, help)
    elif isinstance(value, str):
        controls.choice(key, label, help, knob.names)
    else:
        widget = controls.number if knob.box else controls.slider
        widget(key, label, help, high=max(knob.high, value))
