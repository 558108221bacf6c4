"""The page's answer is covered until the learner has committed to one of their own.

The page's script is not run at all: nothing of its picture, its numbers, its code or its costs is sent to the browser.
To cover single elements each page, and each kind of layer, would have to say what gives an answer away: a shape stands
in the picture's size, in the costs, in the code and in the sidebar's map. In place of the page stands a card with what
one needs to think about it: the digit, the layer and what comes in.
"""

from __future__ import annotations

import streamlit as st

from core.lessons.lesson import Lesson
from ui.layers import current, faces
from ui.lessons import progress
from ui.lessons import view as views
from ui.lessons.view import View
from ui.shared import digit, navigation, networks, pictures, source_code, text
from viz import walls
from words import _

_DIGIT_PX = 196
# pages whose question is about one digit, and parts of pages
_DIGITS = (navigation.HOME, "network", "predict")
_DIGIT_PARTS = {"train": ("train_part", ("hand",)), "dataset": ("data_part", ("samples", "prepare"))}


def hides(lesson: Lesson | None) -> bool:
    """Whether shapes in the sidebar would give an answer away."""
    return _waiting(lesson) is not None


def covers(lesson: Lesson | None) -> bool:
    """Whether the page on screen is to be covered."""
    view = _waiting(lesson)
    return view is not None and view.page == views.page_key()


def _waiting(lesson: Lesson | None) -> View | None:
    """The view whose picture waits for an answer."""
    if lesson is None:
        return None
    step = progress.step(lesson)
    if not (step.question and step.question.covers and progress.unanswered(lesson)):
        return None
    try:
        return views.with_kept(views.parse(step.view), step.keep)
    except views.ViewError:
        return None


def show(lesson: Lesson) -> None:
    """The card in place of the page."""
    view = _waiting(lesson)
    assert view is not None
    st.title(navigation.title(view.page), anchor=False)
    layer = view.page in navigation.SECTIONS["Layers"]
    with st.container(border=True, key="lesson_cover"):
        if not (layer or _is_about_a_digit(view)):
            _answer_first()
            if view.page == "tensors" and view.get("tensor_part") in ("build", "dtype"):
                source_code.python(view.get("tensor_text"))
            return
        # side by side on a phone, too (ui/shared/look.css): the question above has most of its height
        picture, beside = st.columns([1, 3], gap="medium")
        with picture:
            _digit(view)
        with beside:
            _answer_first()
            if layer:
                _layer(view)


def _answer_first() -> None:
    st.markdown(
        _(
            ":material/visibility_off: **Answer first.** What you see here decides nothing yet: say in the lesson "
            "what you expect, and this page opens and shows what it is."
        )
    )


def _is_about_a_digit(view: View) -> bool:
    part, parts = _DIGIT_PARTS.get(view.page, ("", ()))
    return view.page in _DIGITS or (part != "" and view.get(part) in parts)


def _digit(view: View) -> None:
    sample = digit.of_view(view.path, view.get)
    alt = _("The digit: a {label}", label=digit.noun(sample))
    pictures.show(walls.picture(sample.image, 7), width=_DIGIT_PX, alt=alt)
    if sample.label is not None:
        st.caption(digit.named(sample))


def _layer(view: View) -> None:
    """The layer, and the shape of what comes in."""
    chosen = networks.named(view.get("net") or networks.default(view.path, view.get), view.get("net_epoch"))
    here = current.place(faces.of_page(view.page).kind, chosen, view.get("layer"))
    if here.stage:
        shape = text.shape(here.stage.input_shape)
        st.markdown(_("`{layer}` of {network} gets `{shape}`.", layer=here.name, network=chosen.name, shape=shape))
    source_code.python(here.layer.as_code(), wrap=True)
    if code := here.stage and here.layer.weights_as_code(here.stage.input_shape):
        source_code.python(code)
