"""The Predict page's upper half: where the digit comes from, which networks read it, and their answer, live."""

from __future__ import annotations

import contextlib

import numpy as np
import streamlit as st

from core.network import saved
from core.network.explanation import certainty
from core.network.network import NetworkError
from core.runs.folders import RunError
from ui.components.drawing_pad import Live, Reading, drawing, drawing_pad
from ui.live import addresses
from ui.predict import input, picture
from ui.predict.input import Input
from ui.predict.settings import SOURCES
from ui.shared import controls, digit, models, navigation, networks, second_network, state, text, warmup
from ui.shared.networks import Chosen
from words import _

_SHOWN = "_pred_shown"
# below it, the best of ten digits is not even as probable as the other nine together
_DOUBTFUL = 0.5
_EVEN = f"{np.log2(10):.2f}"


def show() -> list[Chosen]:
    """Everything down to the answer; returns the one or two networks that read the digit."""
    input.agree()
    names = {key: _(name) for key, name in SOURCES.items()}
    source = controls.choice("pred_source", _("Digit from"), names=names, on_change=input.source_changed)
    place = st.container()  # on a phone the pad comes first, the networks that read it after it
    first, second = st.columns(2, gap="medium")
    with first:
        wanted = networks.chosen()
        st.markdown(_("**{network}** reads it, as chosen in the sidebar.", network=wanted.name))
    with second:
        other = second_network.pick(
            "pred_second",
            _("A second network reads the same picture. Any that was trained on the Train page can be chosen."),
        )
    both = [wanted, *([other] if other else [])]
    st.session_state[_SHOWN] = drawing().number
    with place:
        if source in picture.SOURCES:
            left, place = st.columns([2, 3], gap="medium")
            with left:
                picture.take("pred", source)
        with place:
            _live(both)
    _open_layers(source)
    if not warmup.ready():
        warmup.wait_for_tensorflow()
    elif input.current().image is None:
        for each in both:
            _get_ready(each)
    return both


@st.cache_resource(max_entries=8, show_spinner=False)
def _get_ready(wanted: Chosen) -> None:
    """Keras compiles a model at its first prediction, for a third of a second: not under somebody's first stroke."""
    with contextlib.suppress(NetworkError, RunError, ValueError):
        probabilities(wanted, np.zeros((28, 28), np.float32))


def _open_layers(source: str) -> None:
    """The way to the layer pages, whose digit this picture is."""
    if source != digit.MNIST_SOURCE and digit.drawing():
        label = _("It is the digit of all layer pages: open Conv2D")
        navigation.link("conv2d", label, icon=":material/arrow_forward:", width="content")


@st.fragment
def _live(wanted: list[Chosen]) -> None:
    """The pad and the answer: only this runs while somebody draws. With the pen up, the page below follows."""
    found = input.current()
    pad = state.get("pred_source") == "draw"
    readings, sentence = _readings(found, wanted)
    drawing_pad(
        "pred_pad", readings, list(found.steps), sentence, pad, _in_browser(wanted) if pad else None, input.given
    )
    if pad and drawing().done and st.session_state[_SHOWN] != drawing().number:
        st.session_state[_SHOWN] = drawing().number
        st.rerun(scope="app")


def _in_browser(wanted: list[Chosen]) -> Live | None:
    """The networks for the browser, which reads while the pen is down; None where one cannot be had there: the server
    then says why, with the first answer."""
    if any(models.reading_problem(each) or (each.drawn and not warmup.ready()) for each in wanted):
        return None
    try:
        return Live(addresses.engine(), tuple((each.label, addresses.network(each)) for each in wanted))
    except (NetworkError, RunError):
        return None


def _readings(found: Input, wanted: list[Chosen]) -> tuple[list[Reading], str]:
    if found.image is None:
        return [], found.sentence
    if not warmup.ready():
        return [], _("The answer comes once TensorFlow has loaded.")
    try:
        return [_reading(each, found) for each in wanted], ""
    except (NetworkError, RunError) as error:
        return [], str(error)
    except ValueError:  # Keras' words for weights of another shape
        return [], _("The weights of this network should fit its settings, and do not: a file is damaged.")


def probabilities(wanted: Chosen, image: np.ndarray) -> np.ndarray:
    """(10,) float32. Raises NetworkError or RunError with one sentence, also where they are no numbers."""
    found = saved.predict(models.model(wanted), image)[0]
    if not np.isfinite(found).all():
        raise NetworkError(
            _(
                "A network should give ten numbers, and {network} gives NaN: its training diverged.",
                network=wanted.name,
            )
        )
    return found


def _reading(wanted: Chosen, found: Input) -> Reading:
    values = probabilities(wanted, found.image)
    best = int(values.argmax())
    verdict = text.verdict(best, found.truth)
    headline = ", ".join(filter(None, (str(best), text.share(values[best]), verdict)))
    return Reading(wanted.label, headline, sureness(values), values, found.truth)


def sureness(values: np.ndarray) -> str:
    """How sure the network is, in words, with the second and third best and the entropy."""
    sure = certainty(values)
    first, second, third = (int(digit) for digit in sure.ranking[:3])
    if sure.margin >= 0.98:
        words = _("Very sure")
    elif sure.margin >= 0.8:
        words = _("Sure")
    elif sure.margin >= 0.4:
        words = _("Rather sure")
    elif sure.margin >= 0.1:
        words = _("Unsure")
    else:
        words = _("Torn between {first} and {second}", first=first, second=second)
    if values[first] < _DOUBTFUL:
        words = _("{sureness}: is it a digit at all? The network knows nothing but the ten", sureness=words)
    return _(
        "{sureness}. Next: {second} with {share}, {third} with {other_share}. Entropy {entropy:.2f} of {most} bits.",
        sureness=words,
        second=second,
        share=text.share(values[second]),
        third=third,
        other_share=text.share(values[third]),
        entropy=sure.entropy,
        most=_EVEN,
    )
