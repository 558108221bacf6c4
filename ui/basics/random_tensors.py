"""Tensors of random numbers: the histogram of what was drawn under the curve it was drawn from."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.scripts import dataset
from core.tensors import random_numbers
from core.tensors.random_numbers import RandomSpec
from ui.basics import cached, settings
from ui.basics.cached import Draw
from ui.shared import charts, controls, source_code, state, warmup
from ui.shared import text as text_of
from viz import densities
from words import N_, _

# why the numbers of a seed are not drawn with the function that the page is about
_WHY_OTHERWISE = {
    "tf": N_(
        "This function repeats after `tf.random.set_seed`, which is one setting for the whole program, and everybody "
        "who uses this dashboard shares one program. So the numbers above come from a `Generator` with a seed of its "
        "own: the same distribution, other numbers. In a script of your own either will do."
    ),
    "np": N_(
        "This function repeats after `np.random.seed`, which is one setting for the whole program, and everybody who "
        "uses this dashboard shares one program. So the numbers above come from a `RandomState` with a seed of its "
        "own: the very same numbers."
    ),
}


@st.fragment
def show() -> None:
    """Controls on the left, histogram and numbers on the right."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        _controls()
    with right:
        try:
            spec = settings.random_spec(random_numbers.parse_shape(state.get("random_shape")))
        except ValueError as error:
            st.error(text_of.plain(str(error)))
            return
        if problem := spec.problem():
            st.error(problem)
            return
        if spec.kind.startswith("tf.") and not warmup.ready():
            warmup.wait_for_tensorflow()
            return
        bins = state.get("random_bins")
        drawn = cached.draw(spec, bins)
        _histogram(spec, drawn)
        st.markdown(_numbers(spec, drawn))
    st.header(_("The same in code"), anchor=False)
    source_code.python(dataset.draw(spec, bins))
    if spec.seed is not None:
        st.markdown(_("**With `{kind}` itself**", kind=spec.kind))
        source_code.python(spec.as_plain_code())
        st.caption(_(_WHY_OTHERWISE[spec.kind.partition(".")[0]]))
    st.markdown(_("**The first numbers**") if drawn.count > drawn.first.size else _("**The numbers**"))
    source_code.printed(np.array2string(drawn.first, threshold=60, precision=4, suppress_small=True))


def _controls() -> None:
    kind = controls.select("random_kind", _("Function"))
    controls.text("random_shape", _("Shape"), _("Lengths with commas between: 3, 4. Up to a million numbers."))
    if kind == "tf.random.normal":
        controls.slider("random_mean", "mean")
        controls.slider("random_stddev", "stddev")
    elif kind == "tf.random.uniform":
        controls.slider("random_minval", "minval", _("Included in the range."))
        controls.slider("random_maxval", "maxval", _("Not included in the range."))
    else:
        st.caption(_("`randn` always draws with mean 0 and standard deviation 1, and takes the lengths one by one."))
    if controls.flag("random_seeded", _("Fixed seed"), _("The same seed draws the same numbers, every time.")):
        controls.number("random_seed", _("Seed"))
    else:
        st.button(_("Draw again"), icon=":material/casino:", key="random_again")
    controls.slider("random_bins", _("Bars"))


def _histogram(spec: RandomSpec, drawn: Draw) -> None:
    edges = drawn.histogram.edges
    if spec.kind == "tf.random.uniform":
        # both ends twice, just outside and at the border: the curve of this distribution is a box
        low, high = spec.minval, spec.maxval
        margin = 0.05 * (high - low)
        x = np.array([low - margin, np.nextafter(low, -np.inf), low, np.nextafter(high, -np.inf), high, high + margin])
    else:
        mean, stddev = (spec.mean, spec.stddev) if spec.kind == "tf.random.normal" else (0.0, 1.0)
        x = np.linspace(min(edges[0], mean - 4 * stddev), max(edges[-1], mean + 4 * stddev), 200)
    charts.show(
        densities.histogram(drawn.histogram.density, drawn.histogram.counts, edges, x, spec.density(x)),
        key="random_histogram",
    )


def _numbers(spec: RandomSpec, drawn: Draw) -> str:
    return _(
        "`{count:,}` numbers of shape `{shape}`, {dtype}: min `{minimum:.4g}`, max `{maximum:.4g}`, mean `{mean:.4g}`, "
        "standard deviation `{stddev:.4g}`. The more numbers you draw, the closer the bars come to the curve.",
        **vars(drawn),
        shape=spec.shape,
    )
