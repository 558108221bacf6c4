"""Why the network answers as it does: heat over the digit, a patch to slide, and what every layer gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.network import explanation, saved
from core.network.explanation import ExplanationError
from core.network.network import NetworkError
from core.runs.folders import RunError
from ui.components.class_bars import class_bars
from ui.predict import answer, code, input
from ui.predict.settings import EXPLAINED, METHODS, PREDICTED
from ui.shared import cache, controls, models, pictures, state, text, warmup
from ui.shared.networks import Chosen
from viz import overlays
from words import N_, _

_SCALE = 12
_WALL_PX = 156  # two stand side by side on a phone, five on a laptop
_TRACERS = 4
_UNMOVED = 0.01
# Logits. A place that adds less moves no answer that anybody would see: its colours fade. The largest of Grad-CAM is
# 0.02 to 0.1 where it speaks, of single places some tenths (shipped network, test images).
_NEGLIGIBLE = 0.005
# a drop of the whole probability has the full colour, whatever the picture
_PROBABILITY = overlays.Scale(1.0, root=True)
cache.also(explanation.forget)


@dataclass(frozen=True, eq=False)
class _Question:
    """The network, the image (28, 28) that it read, the class that is asked about and its probability."""

    wanted: Chosen
    image: np.ndarray
    digit: int
    probability: float

    @property
    def model(self):
        return models.model(self.wanted)


def show(readers: list[Chosen]) -> None:
    """The lower half of the page, for the one or two networks that read the digit."""
    image = input.current().image
    if image is None or not warmup.ready():
        return
    st.header(_("Why?"), anchor=False)
    wanted = _explained(readers)
    try:
        values = answer.probabilities(wanted, image)
        names = {key: _(name) for key, name in METHODS.items()}
        method = controls.choice("pred_why", _("Look at"), names=names)
        _explain(method, wanted, image, values)
        code.show(wanted, image)
    except (NetworkError, RunError, ExplanationError) as error:
        st.error(text.plain(str(error)))
    except ValueError:  # Keras' words for weights of another shape; the answer above says so
        return


def _explained(readers: list[Chosen]) -> Chosen:
    """Which of two networks is asked; there is no choice where there is one."""
    if len(readers) == 1:
        return readers[0]
    names = dict(zip(EXPLAINED, (each.name for each in readers), strict=True))
    if len(set(names.values())) == 1:
        name = readers[0].name
        both = _("{network}, first", network=name), _("{network}, second", network=name)
        names = dict(zip(EXPLAINED, both, strict=True))
    return readers[EXPLAINED.index(controls.choice("pred_explained", _("Ask"), names=names))]


def _explain(method: str, wanted: Chosen, image: np.ndarray, values: np.ndarray) -> None:
    picture, knobs = st.columns([2, 3], gap="medium")
    with knobs:
        best = int(values.argmax())
        names = {PREDICTED: _("{digit}, which it reads", digit=best)}
        asked = controls.select("pred_class", _("What speaks for a"), names=names)
        about = best if asked == PREDICTED else int(asked)
        question = _Question(wanted, image, about, float(values[about]))
        {"cam": _grad_cam, "saliency": _saliency, "occlusion": _occlusion}[method](question, picture)
    if method == "occlusion":
        _slide(question)


def _picture(image: np.ndarray, heat: np.ndarray, alt: str, scale: overlays.Scale, unit: str, signed=False) -> None:
    """The heat over the digit, and below it what the colours stand for, in which unit."""
    width = heat.shape[1] * _SCALE
    with st.container(width=width, gap="xxsmall"):
        pictures.show(overlays.over(image, heat, scale, _SCALE), width="stretch", alt=alt)
        colours = _("From the weakest to the strongest colour")
        with st.container(gap="xxsmall", key="pred_scale"):  # look.css: no stops of Tab
            pictures.show(overlays.legend(scale, signed), width="stretch", alt=colours)
            high = text.number(scale.limit, 2)
            with st.container(horizontal=True, horizontal_alignment="distribute", wrap=False):
                st.caption(f"−{high}" if signed else "0", width="content")
                st.caption(unit, width="content")
                st.caption(f"+{high}" if signed else high, width="content")


def _grad_cam(question: _Question, picture) -> None:
    known = explanation.map_layers(question.model)
    help = _("Early ones see strokes, late ones see their parts put together.")
    layer = controls.pick("pred_layer", _("Maps of"), known, help=help, otherwise=known[-1])
    by_place = controls.flag(
        "pred_by_place", _("Weigh every place by itself"), _("HiResCAM: no mean over the map is taken.")
    )
    heat = explanation.grad_cam(question.model, question.image, layer, question.digit, by_place)
    scale = overlays.relative(heat, _NEGLIGIBLE)
    asked = {"layer": layer, "digit": question.digit}
    with picture:
        alt = _("Grad-CAM of {layer} for a {digit}", **asked)
        _picture(question.image, heat, alt, scale, _("added to the logit"))
    orange = _("**Orange is where the maps of `{layer}` speak for a {digit}.**", **asked)
    st.markdown(f"{orange} {_(_CAM_SAYS[by_place])}")
    if not heat.any():
        st.markdown(_("Here nothing in `{layer}` speaks for a {digit}: every sum is negative.", **asked))
    elif scale.strongest < 1:
        st.markdown(
            _(
                "Here no place adds more than {most} to the logit of a {digit}: the colours are faded, as it hardly "
                "counts.",
                most=text.number(scale.limit, 2),
                digit=question.digit,
            )
        )
    st.caption(
        "Draelos and Carin, *Use HiResCAM instead of Grad-CAM*, 2020."
        if by_place
        else "Selvaraju et al., *Grad-CAM: visual explanations from deep networks*, 2017."
    )


_CAM_SAYS = {
    False: N_(
        "Each map counts as much as the logit would grow with it: its mean gradient. The weighted maps are added "
        "up, what speaks against is left out. Heat beside the strokes? The mean forgets where in a map the Dense layer "
        "looks: switch on the weights by place, and compare."
    ),
    True: N_(
        "Each value of each map counts as much as the logit would grow with it: its own gradient. All are added up "
        "place by place, what speaks against is left out."
    ),
}


def _saliency(question: _Question, picture) -> None:
    smooth = controls.flag("pred_smooth", _("Smooth"), _("The mean over noisy copies (SmoothGrad)."))
    if smooth:
        copies = controls.slider("pred_copies", _("Noisy copies"))
        sigma = controls.slider("pred_noise", _("Noise"), _("Standard deviation; black is 0, white is 1."))
        heat = explanation.smooth_saliency(question.model, question.image, question.digit, copies, sigma)
    else:
        heat = explanation.saliency(question.model, question.image, question.digit)
    with picture:
        scale = overlays.Scale(float(heat.max()) or 1.0)
        alt = _("Saliency for a {digit}", digit=question.digit)
        _picture(question.image, heat, alt, scale, _("size of the gradient"))
    st.markdown(_(_SALIENCY_SAYS[smooth], digit=question.digit))
    source = "Smilkov et al., *SmoothGrad*, 2017" if smooth else "Simonyan et al., *Deep inside networks*, 2014"
    st.caption(f"{source}.")


_SALIENCY_SAYS = {
    False: N_(
        "**Orange are the pixels whose tiniest change moves the answer {digit} most**, up or down: the size of the "
        "gradient of its logit. It shows where the network is sensitive, not what it needs."
    ),
    True: N_(
        "**Orange are the pixels whose tiniest change moves the answer {digit} most**, up or down: the size of the "
        "gradient of its logit, averaged over noisy copies. It shows where the network is sensitive, not what it needs."
    ),
}


def _occlusion(question: _Question, picture) -> None:
    left, right = st.columns(2, gap="small")
    with left:
        side = controls.slider("pred_patch", _("Patch"), _("Side of the square that covers the digit, in pixels."))
        fill = controls.slider(
            "pred_fill", _("Grey of the patch"), _("0 is black like the background, 1 white like ink.")
        )
    with right:
        stride = controls.slider("pred_stride", _("Step"), _("How far the patch moves each time, in pixels."))
    found = explanation.occlusion(question.model, question.image, question.digit, side, stride, fill)
    with picture:
        alt = _("Occlusion for a {digit}", digit=question.digit)
        _picture(question.image, found.drop, alt, _PROBABILITY, _("fall of the probability"), signed=True)
    st.markdown(
        _(
            "**Orange is what a {digit} needs**: where the patch covers it, the probability falls; averaged over all "
            "patches that cover a pixel at most by {most}. Blue: covered, the {digit} becomes more probable. {places} "
            "places were tried. The colours mean the same for every digit and every network.",
            digit=question.digit,
            most=text.number(float(found.drop.max()), 2),
            places=found.probabilities.size,
        )
    )
    if np.abs(found.drop).max() < _UNMOVED:
        st.markdown(_("Here no patch of this size changes the answer by more than 1 %: try a larger one."))
    st.caption("Zeiler and Fergus, *Visualizing and understanding convolutional networks*, 2014.")


@st.fragment
def _slide(question: _Question) -> None:
    """One patch to move by hand, and the ten probabilities with it."""
    side, fill = state.get("pred_patch"), state.get("pred_fill")
    last = question.image.shape[0] - side
    with st.container(border=True):
        st.markdown(_("**Slide the patch, watch the probability**"))
        rows, columns = st.columns(2, gap="small")
        with rows:
            top = controls.slider("pred_top", _("Down"), high=last)
        with columns:
            left = controls.slider("pred_left", _("Right"), high=last)
        covered = explanation.cover(question.image, top, left, side, fill)
        values = saved.predict(question.model, covered)[0]
        shown, chart = st.columns([1, 3], gap="medium", vertical_alignment="center")
        with shown:
            alt = _("The digit with the patch over it")
            pictures.show(overlays.patch(covered, top, left, side), width=150, alt=alt)
        with chart:
            class_bars(values, "pred_patch_classes", question.digit, _("the one asked about"))
        st.markdown(
            _(
                "Probability of a {digit}: {uncovered} uncovered, **{covered}** with the patch here.",
                digit=question.digit,
                uncovered=text.share(question.probability),
                covered=text.share(float(values[question.digit])),
            )
        )
