"""Training on a class's drawings: who may, what it means, and how the class's drawings are read afterwards."""

from __future__ import annotations

import time

import streamlit as st

from core.classes import codes, keys, teaching, training_set
from core.classes.limits import ClassError
from core.classes.teaching import Group
from core.training.spec import TrainingSpec
from ui.classes import member
from ui.classes.settings import CLASS, DRAWINGS, OFFERED
from ui.shared import controls, navigation, networks, state, text, visitor
from words import N_, _, plural

_NOT_YOURS = N_(
    "This training should see the drawings of a class that this window is in or teaches, and it is another one's, or "
    "has ended: it is set to MNIST alone."
)


def settle() -> None:
    """Before the training's settings are read: drawings of a class that this window has nothing to do with are no
    choice."""
    try:
        group = _mine()
    except ClassError as error:
        st.warning(text.plain(str(error)))
        group = None
    st.session_state[OFFERED] = group is not None
    asked = state.get(DRAWINGS)
    if asked and (group is None or asked != training_set.key(group)):
        st.session_state[DRAWINGS] = ""
        st.warning(_(_NOT_YOURS), icon=":material/groups:")


def choice(spec: TrainingSpec) -> None:
    """MNIST, or MNIST and the drawings; then what that amounts to, and that the run goes with the class."""
    try:
        group = _mine()
        if group is None:
            return
        key = training_set.key(group)
        size = training_set.size(key)
    except ClassError as error:
        st.warning(text.plain(str(error)))
        return
    names = {"": "MNIST", key: _("MNIST and the drawings of class {code}", code=codes.spoken(group.code))}
    controls.pick(DRAWINGS, _("Data"), ["", key], lambda each: names[each], widget=st.segmented_control)
    if not spec.class_drawings or not size.seen:
        return
    st.caption(f"{_amount(spec, size)} {_apart(size)} {_goes(key)}")


def _amount(spec: TrainingSpec, size: training_set.Size) -> str:
    places = size.places(spec.examples)
    return plural(
        "**{places:,}** of the {images:,} training images are drawings: {count} drawing, {times:.3g} times in each "
        "epoch.",
        "**{places:,}** of the {images:,} training images are drawings: {count} drawings, each {times:.3g} times in "
        "each epoch.",
        size.seen,
        places=places,
        images=spec.examples,
        times=places / size.seen,
    )


def _apart(size: training_set.Size) -> str:
    return plural(
        "{count} drawing is kept apart (every third pupil's): *Confusion*, on Teach, shows how the run reads it.",
        "{count} drawings are kept apart (every third pupil's): *Confusion*, on Teach, shows how the run reads them.",
        size.apart,
    )


def _goes(key: str) -> str:
    return _(
        "**The run is deleted with the class**, in {left} at the latest: its curves and its weights, and where it "
        "trains then, it ends. Until then everybody on this server can watch it.",
        left=_left(key),
    )


def _left(key: str) -> str:
    return text.duration(max(0.0, keys.parts(key)[1] - time.time()))


def note(spec: TrainingSpec) -> None:
    """On a run: that it goes with the class whose drawings it has seen."""
    if spec.class_drawings:
        st.caption(
            _(
                ":material/groups: It sees the drawings of a class, and is deleted when the class ends, in {left} at "
                "the latest.",
                left=_left(spec.class_drawings),
            )
        )


def offer(group: Group) -> None:
    """On the board: the way to such a training."""
    if st.button(_("Train on these drawings"), icon=":material/play_arrow:", key="teach_train"):
        state.put({DRAWINGS: training_set.key(group), "train_part": "setup"})
        st.switch_page(navigation.page("train"), query_params=state.changed())


def has_seen(group: Group, wanted: networks.Chosen) -> bool:
    """Whether a network is a run that was trained on the drawings of this class."""
    run = wanted.run
    return bool(run and run.readable and run.spec.class_drawings == training_set.key(group))


def _mine() -> Group | None:
    """The class that this window is in; else the one that this browser teaches. Raises ClassError."""
    found = member.mine() if state.get(CLASS) else None
    return found[0] if found else teaching.of_teacher(visitor.token())
