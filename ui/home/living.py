"""The living network on the first page: which networks it shows, what it reads, and what becomes of what is touched."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.data import mnist, nearest
from core.network.network import NetworkError
from core.runs.folders import RunError
from ui.components import sent
from ui.components.drawing_pad import drawing
from ui.components.living_network import Accuracy, Epochs, Neighbour, Shown, Stop, living_network
from ui.home import early, judging, source, take_home
from ui.layers import faces
from ui.live import addresses, lit
from ui.predict import input
from ui.shared import digit, models, navigation, networks, second_network, state, text, warmup
from ui.shared.networks import Chosen
from words import N_, _

KEY = "home_network"
_DRAWN = "_home_drawn"
_SHOWN = "_home_number"
_OPEN = "_home_open"
_SCALES = "_home_scales"
_COST = "_home_cost"
_NEAREST = "_home_nearest"
_HEARD = "_home_epoch_heard"
_PRISTINE = ("drawn", "split", "digit", "index", "pred_source")


def show() -> None:
    """All of it, and where TensorFlow has not loaded the line that says so."""
    input.agree(any_source=True)
    wanted = networks.chosen()
    st.session_state[_SHOWN] = drawing().number
    _living(wanted)
    source.show()
    if not warmup.ready():
        warmup.wait_for_tensorflow()


@st.fragment
def _living(wanted: Chosen) -> None:
    if page := st.session_state.pop(_OPEN, None):
        st.switch_page(navigation.page(page), query_params=state.changed())
    if wanted != networks.chosen():  # an epoch was chosen here, and the sidebar and the address follow
        st.rerun(scope="app")
    try:
        if problem := wanted.network.problem():
            st.error(problem)
        elif wanted.drawn and not warmup.ready():
            st.skeleton(height=560)
        else:
            _map(wanted)
    except (NetworkError, RunError) as error:
        st.error(str(error))
    if st.session_state[_SHOWN] != drawing().number:  # the digit of the sidebar follows
        st.session_state[_SHOWN] = drawing().number
        st.rerun(scope="app")


def _map(wanted: Chosen) -> None:
    """Raises NetworkError or RunError with one sentence."""
    by_key = _networks(wanted)
    second, problem = by_key.get("second"), ""
    title = Chosen(wanted.key).label if second else ""
    names = {"now": _label(wanted, title), "start": _("Random start"), "second": second.label if second else ""}
    shown = []
    for key, each in by_key.items():
        try:
            shown.append(Shown(key, names[key], addresses.network(each)))
        except (NetworkError, RunError) as error:
            if key != "second":
                raise
            problem = str(error)
    sample = digit.current()
    ready = warmup.ready()
    judged = judging.judged(wanted) if ready else None
    living_network(
        KEY,
        addresses.engine(),
        shown,
        sample.image,
        sample.label,
        mode=early.MODE,
        ghost=_untouched(),
        judged=judged,
        nearest=_neighbour(sample) if sample.label is None else None,
        sure=state.get("home_sure"),
        accuracy=_accuracy(by_key) if ready else None,
        epochs=_epochs(wanted, title),
        lit=lit.address(),
        on_drawing=_drawn,
        on_open=_opened,
        on_scales=_scaled,
        on_sure=_sure,
        on_epoch=_epoch,
    )
    lit.wait()
    beside, take = st.columns([2, 3], gap="medium")
    with beside:
        _beside(problem)
    with take:
        take_home.show(wanted, sample, judged, judging.plain(wanted)[0] if judged else None, judging.JUDGED)


def _networks(wanted: Chosen) -> dict[str, Chosen]:
    """All that read the drawing, by their keys in the browser."""
    found = {"now": wanted, "start": _start(wanted), "second": _second()}
    return {key: each for key, each in found.items() if each}


def _second() -> Chosen | None:
    """The one beside it, None where there is none, it cannot read digits, or its weights have yet to be drawn."""
    second = second_network.chosen("home_second")
    if second is None or (second.drawn and not warmup.ready()):
        return None
    return None if models.reading_problem(second) else second


def _beside(problem: str) -> None:
    """The choice of a second network. problem: why the one that is chosen cannot be computed in the browser."""
    found = second_network.pick(
        "home_second", _("A second network reads the same drawing: a second bar for every digit.")
    )
    if found and (problem := models.reading_problem(found) or problem):
        st.info(text.plain(problem))


def _label(wanted: Chosen, title: str) -> str:
    """title: what the network is called where another one stands beside it, else nothing."""
    if wanted.epoch != networks.NEWEST:
        named = N_("{name}, epoch {epoch}") if title else N_("Epoch {epoch}")
        return _(named, name=title, epoch=wanted.epoch)
    return title or (early.label() if wanted.trained else _("Random weights"))


def _epochs(wanted: Chosen, title: str) -> Epochs | None:
    """What a run has kept of its epochs, None where that are no two."""
    stops = networks.epochs(wanted)
    if not stops:
        return None
    # the weights of one epoch never change, the newest do
    chosen = [Chosen(wanted.key, epoch) for epoch in stops[:-1]] + [networks.named(wanted.key)]
    told = [
        Stop(each.epoch, networks.epoch_name(each.epoch), _label(each, title), addresses.leading_on(each))
        for each in chosen
    ]
    return Epochs(wanted.key, wanted.epoch, st.session_state.get(_HEARD, 0), tuple(told))


def _start(wanted: Chosen) -> Chosen | None:
    """The same network before it learned anything, None where that is what it is, or TensorFlow has yet to load."""
    if not wanted.trained or not warmup.ready():
        return None
    return Chosen(networks.key_of(wanted.network))


def _untouched() -> bool:
    """Whether nobody has chosen or drawn a digit yet."""
    as_it_came = all(state.get(key) == state.PARAMS[key].default for key in _PRISTINE)
    return as_it_came and not drawing().acts and not st.session_state.get(_DRAWN)


# -- what the browser tells ---------------------------------------------------------------------------------


def _drawn() -> None:
    st.session_state[_DRAWN] = True
    if state.get("pred_source") != "draw" and drawing().acts:
        state.put({"pred_source": "draw"})
    input.given("draw")


def _opened() -> None:
    """A map was clicked: its layer's page is next, with this very map."""
    try:
        told = sent(KEY, "open")
        asked = _networks(networks.chosen())[told["network"]]
        layer, number = asked.network[str(told["layer"])], int(told["map"])
        values: dict[str, state.Value] = {"net": asked.key, "net_epoch": asked.epoch, "layer": str(told["layer"])}
        if pick := faces.of(layer).pick:
            values[pick] = state.PARAMS[pick].read(str(number))
    except (TypeError, KeyError, ValueError, AttributeError, OverflowError, StopIteration):
        return  # what a browser sends is not to be trusted
    state.put(values)
    st.session_state[_OPEN] = navigation.key_of_kind(type(layer))


def _epoch() -> None:
    """The slider was let go: its epoch is that of all pages."""
    try:
        told = sent(KEY, "epoch")
        epoch, number = state.PARAMS["net_epoch"].read(str(told["epoch"])), int(told["number"])
    except (TypeError, KeyError, ValueError):
        return
    if number <= st.session_state.get(_HEARD, 0):
        return  # sent again before the answer came, and something else may have been chosen since
    st.session_state[_HEARD] = number
    if epoch in networks.epochs(networks.chosen()):
        state.put({"net_epoch": epoch})


def _sure() -> None:
    try:
        value = state.PARAMS["home_sure"].read(f"{float(sent(KEY, 'sure')):.1f}")
    except (TypeError, ValueError):
        return
    state.change("home_sure", value)


def _scaled() -> None:
    try:
        told = sent(KEY, "scales")
        scales: dict[str, dict[int, float]] = {}
        for name, number, factor in told["scales"][: mnist.SIZE**2]:
            if not math.isfinite(float(factor)):
                return
            scales.setdefault(str(name), {})[int(number)] = float(factor)
        st.session_state[_SCALES] = _Scaled(str(told["of"]), str(told["network"]), scales)
    except (TypeError, KeyError, ValueError, OverflowError):
        return


# -- what the server adds -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Scaled:
    """What is scaled, as the browser names it, of which network, and by layer and map."""

    of: str
    network: str
    scales: dict[str, dict[int, float]]


def _neighbour(sample: mnist.Sample) -> Neighbour:
    # the run of the map alone and that of the whole script, both after each drawing
    known = st.session_state.get(_NEAREST)
    if known is None or not np.array_equal(known[0], sample.image):
        known = st.session_state[_NEAREST] = (sample.image, _compared(sample))
    return known[1]


def _compared(sample: mnist.Sample) -> Neighbour:
    found = nearest.nearest(sample.image.astype(np.float32) / 255)
    image = mnist.half("train").images[found.index]
    return Neighbour(found.index, found.label, found.distance, nearest.usual_distance(), nearest.AMONG, image)


def _accuracy(shown: dict[str, Chosen]) -> Accuracy | None:
    """Of the network with the maps scaled that were scaled last; None where nothing is, or they are another one's."""
    scaled = st.session_state.get(_SCALES)
    wanted = shown.get(scaled.network) if scaled else None
    if wanted is None or not scaled.scales or models.reading_problem(wanted):
        return None
    # a thousand images are read once for what was scaled, not in every run that comes after
    known = st.session_state.get(_COST)
    if known is None or known[0] != (wanted, scaled):
        known = st.session_state[_COST] = ((wanted, scaled), _cost(wanted, scaled))
    return known[1]


def _cost(wanted: Chosen, scaled: _Scaled) -> Accuracy | None:
    try:
        now = judging.accuracy(wanted, scaled.scales)
    except ValueError:
        return None
    return Accuracy(scaled.of, judging.JUDGED, judging.plain(wanted)[0], now)
