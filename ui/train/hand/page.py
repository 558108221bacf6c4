"""One image, one weight, one step: every number from the pixel to the new loss, with what TensorFlow computed."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from core.data import mnist
from core.lessons.training_mistakes import GRADIENT_SLIPS
from core.network.network import NetworkError
from core.runs.folders import RunError
from core.scripts import one_step
from core.scripts.one_step import ChosenWeight
from core.training import loss_terms
from core.training.loss_terms import LossSum
from core.training.optimizers import OPTIMIZERS
from ui.components.class_bars import class_bars
from ui.shared import aloud, controls, digit, mistakes, networks, source_code, state, tables, text, warmup
from ui.train import settings
from ui.train.hand import cached, step, sums, weight
from ui.train.hand.cached import Question
from ui.train.hand.weight import Weight
from words import N_, _

_SURE = 0.999
_SEEN = "_hand_seen"
_OPTIMIZERS = {name: OPTIMIZERS[name].title for name in ("sgd", "adam")}
_STEPS = {"1": N_("First step"), "2": N_("Second step")}


def show() -> None:
    """The whole part; TensorFlow computes here, so it waits until that has loaded."""
    st.markdown(
        _(
            "A training is this step, some thousand times: forward, loss, back, and every weight moves a little. Here "
            "it is taken once, with one image, and you see each number of one weight."
        )
    )
    if not warmup.ready():
        warmup.wait_for_tensorflow()
        return
    _body()


def _body() -> None:
    sample = digit.current()
    label = _settings(sample)
    wanted = networks.chosen()
    try:
        spec = settings.hand_spec(wanted.network)
        if problem := spec.problem():
            st.error(text.plain(problem))
        elif label is None:
            st.info(
                _("A drawing has no label: say above which digit it is meant to be, and the loss can be computed."),
                icon=":material/info:",
            )
        else:
            _step(Question(wanted, sample.split, sample.index, label, spec, int(state.get("hand_step"))), sample)
    except (NetworkError, RunError) as error:  # deleted or damaged at this moment
        st.error(text.plain(str(error)))
    mistakes.collapsed(GRADIENT_SLIPS, "hand_slips")


def _settings(sample: mnist.Sample) -> int | None:
    """How it steps, and which digit the image is said to be; None where nobody has said it."""
    first, second = st.columns(2, gap="medium")
    with first:
        with st.container(horizontal=True, gap="medium"):
            controls.choice("hand_optimizer", _("Optimizer"), names=_OPTIMIZERS)
            names = settings.said(_STEPS)
            controls.choice("hand_step", _("Look at"), _("The second step, with the same image again."), names=names)
        controls.steps("hand_rate", _("Learning rate"), _("Try a large one, and look at the loss after the step."))
    with second:
        controls.select("hand_loss", _("Loss"), _("What it is to make small."))
        own = _("choose a digit")
        if sample.label is not None:
            own = _("{digit}, its label", digit=sample.label)
        said = controls.select(
            "hand_label",
            _("The image is a"),
            _("Say another digit: what would have to change, for it to be read as that?"),
            names={settings.OWN_LABEL: own},
        )
    return sample.label if said == settings.OWN_LABEL else int(said)


def _step(question: Question, sample: mnist.Sample) -> None:
    try:
        made = cached.found(question)
    except ValueError as error:  # Keras' words for weights of another shape
        said = _(
            "The weights must fit the layers of this network, and they do not: {error}", error=text.plain(str(error))
        )
        st.error(said)
        return
    if not made.finite:
        st.error(
            _(
                "The step before this one was far too large: the weights, or the loss, are no numbers any more. Take a "
                "smaller learning rate."
            )
        )
        return
    if not made.layers:
        st.info(_("This network has no weights, so it has nothing to learn."), icon=":material/info:")
        return
    compared = loss_terms.loss_sum(made.logits, question.label, question.spec.loss)
    _loss(question, compared)
    st.header(_("One weight"), anchor=False)
    chosen = weight.choose(made)
    _headline(question, chosen)
    _tell(question, chosen)
    # the last layer with weights gives the numbers that become probabilities
    answer = compared if np.array_equal(chosen.found.sums, made.logits) else None
    for parts in (
        (lambda: sums.forward(chosen), lambda: sums.back(chosen, answer)),
        (lambda: step.formula(question, chosen), lambda: step.check(question, chosen)),
    ):
        for column, part in zip(st.columns(2, gap="medium"), parts, strict=True):
            with column, st.container(border=True, height="stretch"):
                part()
    st.caption(
        _(
            "All of it as outside of training: Dropout drops nothing, so that the loss before and after can be "
            "compared, and BatchNormalization uses its moving mean and variance. In a training Dropout draws another "
            "mask for every step, and the gradient is that of the network with the dropped values missing."
        )
    )
    with st.expander(_("The same in TensorFlow"), icon=":material/code:"):
        source_code.python(_code(question, sample, chosen))


def _loss(question: Question, found: LossSum) -> None:
    """The ten probabilities, and the loss that they make with the label."""
    st.header(_("The loss of this image"), anchor=False)
    chart, said = st.columns([2, 3], gap="medium", vertical_alignment="center")
    with chart:
        class_bars(found.probabilities, "hand_classes", question.label, _("the label"))
    with said:
        st.markdown(_sum(found))
        step.losses(cached.outcome(question))
        if not found.averaged and found.probabilities[question.label] > _SURE:
            _sure(question)


def _sure(question: Question) -> None:
    """A way out where there is next to nothing to learn."""
    st.caption(
        _(
            "It is sure already, so its loss and all gradients are next to nothing, and float32 has few digits left "
            "for them. Say above that the image is another digit, or take the same layers with random weights."
        )
    )
    if question.wanted.trained:
        network = question.wanted.network
        st.button(_("Random weights"), icon=":material/casino:", on_click=networks.choose_design, args=(network,))


def _sum(found: LossSum) -> str:
    label = found.label
    p = _probability(float(found.terms[label]))
    inside = f"({p})" if " " in p else p
    mine = text.number(float(found.terms[label]))
    if not found.averaged:
        return _(
            "The label is **{label}**, and its probability is **{p}**. The loss is −ln {inside} = **{loss}**.",
            label=label,
            p=p,
            inside=inside,
            loss=mine,
        )
    others = float(np.delete(found.terms, label).sum())
    rows = [
        (_("yes for the {digit}", digit=label), f"−ln {inside}", mine),
        (_("no for the nine others"), _("−ln (1 − p), added up"), text.number(others)),
        (_("**mean of the ten**"), f"({mine} + {text.number(others)}) / 10", f"**{text.number(found.total)}**"),
    ]
    said = _("Ten questions with yes or no, each number before the last function through sigmoid:")
    table = tables.markdown((_("question"), _("its loss"), _("value")), rows)
    return f"{said}\n\n{table}"


def _probability(loss: float) -> str:
    """Of a label with this loss; what is nearly 1 by what is missing."""
    value = math.exp(-loss)
    return f"1 − {text.number(-math.expm1(-loss), 3)}" if value > _SURE else text.number(value)


def _tell(question: Question, chosen: Weight) -> None:
    """Aloud, what another setting or another weight has led to; another image says itself what it is."""
    seen = (question, chosen.layer, chosen.name, chosen.at)
    before, st.session_state[_SEEN] = st.session_state.get(_SEEN), seen
    if before is None or before == seen or _image(before[0]) != _image(question):
        return
    if before[0] != question:
        aloud.say(step.verdict(cached.outcome(question)))
    else:
        numbers = {"weight": text.number(chosen.value), "gradient": text.number(chosen.gradient)}
        new = text.number(_new(question, chosen))
        said = _(
            "{name}: weight {weight}, gradient {gradient}, new weight {new}.",
            name=weight.in_words(chosen),
            **numbers,
            new=new,
        )
        aloud.say(said)


def _image(question: Question) -> tuple[str, int]:
    return question.split, question.index


def _new(question: Question, chosen: Weight) -> float:
    return float(cached.after(question).weights[chosen.place][chosen.at])


def _headline(question: Question, chosen: Weight) -> None:
    """The weight, its gradient and what it becomes, in large."""
    new = _new(question, chosen)
    st.markdown(f"`{weight.in_words(chosen)}`, {weight.share_of(chosen)}")
    with st.container(horizontal=True, gap="large", key="bar_weight"):
        for label, value, change in (
            (_("Weight w"), chosen.value, None),
            (_("Gradient g = dL/dw"), chosen.gradient, None),
            (_("New weight"), new, f"{new - chosen.value:+.3g}"),
        ):
            st.metric(label, text.number(value), change, delta_color="off", width="content", help=step.full(value))


def _code(question: Question, sample: mnist.Sample, chosen: Weight) -> str:
    picked = ChosenWeight(chosen.layer, chosen.name, chosen.variable, chosen.at)
    model = networks.in_code(question.wanted)
    return one_step.as_code(question.spec, digit.in_code(sample), model, question.label, picked, question.step)
