"""The step itself: what SGD or Adam makes of the gradient, and what the loss is afterwards."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from core.training import update_rules
from core.training.by_hand import Slopes
from core.training.update_rules import BETA_1, BETA_2, EPSILON, AdamChange, Moments
from ui.shared import tables
from ui.train.hand import cached
from ui.train.hand.cached import Outcome, Question
from ui.train.hand.sums import bracketed, number
from ui.train.hand.weight import Weight
from words import N_, _

_MOMENTUM = {
    True: N_("Momentum would change nothing in the first step: it has no step before to add."),
    False: N_("This is SGD without momentum; with it, a share of the first step would be added."),
}
# a share of the loss that is called no change, and what float32 may round off of a small one
_STILL, _ROUNDING = 1e-4, 1e-6
# others get worse by any step for one image alone; by more than this, it was too large
_WORSE = 1.5
# of what all weights do together
_LITTLE = 0.1


def full(value: float) -> str:
    """All digits of a float32, for whoever points at the number."""
    return number(value, 9)


def formula(question: Question, weight: Weight) -> None:
    """From the old weight to the new one, with these numbers."""
    rate = question.spec.learning_rate
    if question.spec.optimizer == "sgd":
        st.markdown(_("**The step: w − rate · g**"))
        new = update_rules.sgd(weight.value, weight.gradient, rate)
        st.markdown(f"{number(weight.value)} − {rate:g} × {bracketed(weight.gradient)} = **{number(new, 5)}**")
        st.caption(_(_MOMENTUM[question.step == 1]))
        return
    st.markdown(_("**The step: Adam**"))
    _adam(question, weight)


def _adam(question: Question, weight: Weight) -> None:
    rate, gradient, step = question.spec.learning_rate, weight.gradient, question.step
    before = _moments(question, weight)
    now = before.next(gradient)
    change = AdamChange(now, step, rate)
    g = bracketed(gradient)
    rows = [
        (_("m, mean of g"), f"{BETA_1:g} × {bracketed(before.m)} + {1 - BETA_1:g} × {g}", number(now.m)),
        (_("v, mean of g²"), f"{BETA_2:g} × {number(before.v)} + {1 - BETA_2:.3g} × {g}²", number(now.v)),
        (_("m̂, corrected"), f"m / (1 − {BETA_1:g}{_power(step)})", number(change.m_hat)),
        (_("v̂, corrected"), f"v / (1 − {BETA_2:g}{_power(step)})", number(change.v_hat)),
        (_("step"), f"{rate:g} × m̂ / (√v̂ + {number(change.epsilon, 3)})", number(change.amount)),
        (_("**new weight**"), _("w − step"), f"**{number(weight.value - change.amount, 5)}**"),
    ]
    st.markdown(tables.markdown((_("number"), _("how"), _("value")), rows))
    st.caption(f"{_size(change, gradient, step)} {_epsilon(change)}")


def _power(step: int) -> str:
    return "" if step == 1 else "²"


def _moments(question: Question, weight: Weight) -> Moments[float]:
    """Adam's memory of this weight before the step."""
    kept = cached.state(question).moments
    moments = kept[weight.place] if kept else None
    if moments is None:
        return Moments(0.0, 0.0)
    return Moments(float(moments.m[weight.at]), float(moments.v[weight.at]))


def _size(change: AdamChange[float], gradient: float, step: int) -> str:
    if step > 1:
        return _("m and v hold both gradients now, this one and the one of the first step.")
    if gradient == 0:
        return _("With a gradient of 0 there is no step.")
    if np.sqrt(change.v_hat) < 10 * change.epsilon:
        return _("The gradient is so small that ε counts beside it: the step is smaller than the rate.")
    return _(
        "In the first step m̂ is g and √v̂ is |g|: however large the gradient is, the weight moves by about the rate, "
        "and only the sign of g matters."
    )


def _epsilon(change: AdamChange[float]) -> str:
    return _(
        "{number} is Keras' ε: {epsilon:g} beside √v, before the correction, and so {epsilon:g} / √(1 − "
        "{beta:g}{power}) beside √v̂. It keeps the divisor from 0.",
        number=number(change.epsilon, 3),
        epsilon=EPSILON,
        beta=BETA_2,
        power=_power(change.step),
    )


def losses(outcome: Outcome) -> None:
    """The loss before and after the step of all weights, on this image and on others."""
    with st.container(horizontal=True, gap="large", key="bar_losses"):
        _metric(_("Loss"), outcome.before)
        _metric(_("After the step of all weights"), outcome.after, outcome.before)
        if outcome.others:
            label = _("On {count} other images", count=outcome.others)
            _metric(label, outcome.others_after, outcome.others_before)
    st.markdown(verdict(outcome))


def _metric(label: str, value: float, before: float | None = None) -> None:
    # a plain minus: by it Streamlit tells which way the arrow points
    change = None if before is None else f"{value - before:.3g}"
    st.metric(label, number(value), change, delta_color="inverse", width="content", help=full(value))


def verdict(outcome: Outcome) -> str:
    """What the step did, from its numbers."""
    before, later, promised = outcome.before, outcome.after, outcome.promised
    if not math.isfinite(later) or not math.isfinite(outcome.others_after):
        return _(
            "**The step was far too large**: a loss is no number any more. Take a learning rate ten times smaller."
        )
    if promised == 0:
        return _("Nothing moves: the gradients are 0, or so small that float32 rounds the step away.")
    still = max(_STILL * before, _ROUNDING)
    changes = {"promised": number(promised, 3), "change": number(later - before, 3)}
    ends = {"before": number(before), "after": number(later)}
    if later > before + still:
        return _(
            "**The step was too large: the loss rose** from {before} to {after}; by its slope alone it would change by "
            "{promised}, and it changed by {change}. So far away the slope is another one. Try a smaller learning "
            "rate.",
            **ends,
            **changes,
        )
    if later >= before - still:
        return _(
            "**The step was so small that the loss hardly moved**; by its slope alone it would change by {promised}, "
            "and it changed by {change}.",
            **changes,
        )
    said = [
        _(
            "The loss fell from {before} to {after}; by its slope alone it would change by {promised}, and it changed "
            "by {change}.",
            **ends,
            **changes,
        )
    ]
    if abs(later - before) < abs(promised) / 2:
        said.append(_("So far away the slope is another one."))
    return " ".join([*said, *_others(outcome)])


def _others(outcome: Outcome) -> list[str]:
    """Whether others pay for it."""
    before, later = outcome.others_before, outcome.others_after
    if later <= before * _WORSE:
        return []
    said = _(
        "**But the step was too large**: this one image is learned by heart, and on {count} others the loss rose from "
        "{before} to {after}. A batch of many images, and a smaller rate, keep a step from that.",
        count=outcome.others,
        before=number(before),
        after=number(later),
    )
    return [said]


def check(question: Question, weight: Weight) -> None:
    """This weight alone: the loss after its step, and its gradient beside a difference."""
    found = cached.alone(question, weight.place, weight.position)
    before = cached.found(question).loss
    st.markdown(_("**This weight alone**"))
    st.markdown(
        _(
            "If it alone takes its step, the loss goes from {before} to **{after}**.",
            before=number(before, 6),
            after=number(found.loss, 6),
        )
    )
    if abs(found.loss - before) < _LITTLE * abs(cached.outcome(question).after - before):
        st.caption(_("One weight does little; all of them together do it."))
    st.markdown(_("**Is the gradient right?** Move the weight a little to both sides, and look at the loss:"))
    st.markdown(checked(weight.gradient, found.slopes))


def checked(gradient: float, slopes: Slopes) -> str:
    """The difference beside the gradient, and why where they are not the same."""
    h = f"{slopes.distance:.5f}"
    difference = f"(L(w + {h}) − L(w − {h})) / (2 × {h})"
    line = _(
        "{difference} = **{slope}**, the gradient is **{gradient}**.",
        difference=difference,
        slope=number(slopes.middle, 5),
        gradient=number(gradient, 5),
    )
    return f"{line} {_compared(gradient, slopes)}"


def _compared(gradient: float, slopes: Slopes) -> str:
    if slopes.confirms(gradient):
        return _("The same, as it should be.")
    left, right = (number(side, 3) for side in slopes.sides)
    if slopes.corner:
        return _(
            "Not the same: the slope is {left} on the left and {right} on the right. The loss has a corner here, "
            "where a ReLU stands at exactly 0, or a maximum is reached twice. At a corner TensorFlow takes the slope "
            "of one side, and what is computed here is the mean of both.",
            left=left,
            right=right,
        )
    return _("They differ by more than a hundredth: float32 has rounded on the way, or a corner is very near.")
