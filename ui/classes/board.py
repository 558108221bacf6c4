"""The board: everybody's drawings, read when they were sent or by the sidebar's network now; what fooled it first."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.classes import board, drawings, training_set
from core.classes.board import Reading
from core.classes.drawings import Drawn
from core.classes.limits import ClassError
from core.classes.teaching import Group
from core.network import saved
from core.network.network import NetworkError
from core.runs.folders import RunError
from core.scripts import class_drawings
from ui.classes import news, tiles, trained
from ui.classes.opening import LOOK_S
from ui.classes.settings import READERS
from ui.components.confusion import confusion
from ui.evaluate.settings import MOST_FREQUENT
from ui.shared import aloud, controls, models, networks, source_code, state, text, warmup
from ui.shared.networks import Chosen
from words import N_, _, language, plural, using

_PAGE = 48
_READ = "_teach_read"
_TAKEN = "teach_take_off"
_ROWS = N_(
    "A row holds the drawings that were meant to be one digit, a column what they were taken for. Click a "
    "cell, or walk with the arrow keys and press Enter."
)
_DRAWINGS, _OF_CELL = N_("{count} drawings"), N_("{count} drawings of this cell")


def show(group: Group) -> None:
    """All tiles, what fooled the network first."""
    if not (seen := _seen(group)):
        return
    drawn, found = seen
    _shown(drawn, found, found.order(), _DRAWINGS)
    with st.container(horizontal=True, gap="small"):
        _download(group, drawn)
        trained.offer(group)
        _take_off(group, drawn)
    st.caption(
        _(
            "✗ and bold: it read another digit than was meant; the surest mistakes come first, the surest right "
            "answers last. Whoever sent something they should not have: take it off the board by its number."
        )
    )
    _code(group)


def _code(group: Group) -> None:
    """How the network of the sidebar is trained on the file, at home, where what it learns may stay."""
    with st.expander(_("Train on these drawings, in Keras"), icon=":material/code:", key="teach_code"):
        st.markdown(_("Download the drawings into the project's folder, and run this there."))
        source_code.python(class_drawings.train(networks.in_code(networks.chosen()), _file(group)))


def _file(group: Group) -> str:
    return f"drawings-{group.code}.npz"


def matrix(group: Group) -> None:
    """The class's confusion matrix, and the drawings of the chosen cell."""
    if not (seen := _seen(group)):
        return
    drawn, found = seen
    if (apart := _apart(group, drawn)) is not None:
        if apart:
            _before_and_after([drawn[at] for at in apart], found.of(apart))
        return
    cell = _cell(found)
    left, right = st.columns(2, gap="medium")
    with left:
        confusion(found.confusion, cell)
        st.caption(_(_ROWS))
    with right:
        _of_cell(drawn, found, cell)


def _of_cell(drawn: Sequence[Drawn], found: Reading, cell: tuple[int, int]) -> None:
    """The drawings of a cell of the matrix."""
    true, predicted = cell
    places = found.order()
    places = places[(found.labels[places] == true) & (found.predictions[places] == predicted)]
    name = N_("A {true}, read rightly") if true == predicted else N_("A {true}, taken for {predicted}")
    st.markdown(f"**{_(name, true=true, predicted=predicted)}**")
    _shown(drawn, found, places, _OF_CELL)


def _apart(group: Group, drawn: Sequence[Drawn]) -> list[int] | None:
    """Which drawings judge a run that was trained on this class: those that were kept apart from it, for that it reads
    what it has seen would prove nothing. None where the reader has seen none of them: then all do."""
    if state.get("teach_reader") != "now" or not trained.has_seen(group, networks.chosen()):
        return None
    return [at for at, each in enumerate(drawn) if training_set.is_apart(each.pupil)]


def _before_and_after(apart: list[Drawn], after: Reading) -> None:
    """Of a run that was trained on this class: both matrices, over what was kept apart from it."""
    before = board.as_sent(apart)
    st.markdown(
        _(
            "This run was trained on the class's drawings. Below are those that were kept apart from it: every third "
            "pupil's, and nobody else's."
        )
    )
    cell = _cell(after)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(_("**Before**, when sent: {right} of {count}", right=_right(before), count=len(apart)))
        confusion(before.confusion, cell, key="teach_before")
    with right:
        st.markdown(_("**Now**, by this run: {right} of {count}", right=_right(after), count=len(apart)))
        confusion(after.confusion, cell)
    st.caption(_(_ROWS))
    _of_cell(apart, after, cell)


def _right(found: Reading) -> int:
    return int(found.correct.sum())


def _shown(drawn: Sequence[Drawn], found: Reading, places: np.ndarray, what: str) -> None:
    """what: how many there are of what, a message."""
    if not len(places):
        st.caption(_("There is no such drawing: choose another cell."))
        return
    pages = -(-len(places) // _PAGE)
    page = controls.pager("teach_page", pages, _(what, count=len(places))) if pages > 1 else 1
    tiles.show(drawn, found, places[(page - 1) * _PAGE : page * _PAGE])


def _cell(found: Reading) -> tuple[int, int]:
    """As on Evaluate: the chosen one, else the most frequent mistake; where none was made, what was sent most often."""
    chosen = (state.get("eval_true"), state.get("eval_pred"))
    if MOST_FREQUENT not in chosen:
        return int(chosen[0]), int(chosen[1])
    wrong = found.confusion * (1 - np.eye(len(found.confusion), dtype=int))
    counted = wrong if wrong.any() else found.confusion
    true, predicted = np.unravel_index(int(counted.argmax()), counted.shape)
    return int(true), int(predicted)


def _seen(group: Group) -> tuple[list[Drawn], Reading] | None:
    """All drawings and what was read; where there are none, or it takes a moment, words in their place."""
    try:
        at, drawn = drawings.newest(group), drawings.on_board(group)
    except ClassError as error:
        st.error(text.plain(str(error)))
        return None
    _look(group, at)
    if not drawn:
        st.info(
            _(
                "The board is empty. Pupils draw on the first page or on Predict, say which digit it is meant to be, "
                "and press “Send to the board”."
            ),
            icon=":material/draw:",
        )
        return None
    reader = controls.choice("teach_reader", _("Read by"), names=READERS)
    found = board.as_sent(drawn) if reader == "sent" else _read_now(group, at, drawn)
    if found is None:
        return None
    _figures(drawn, found, _apart(group, drawn))
    return drawn, found


@st.fragment(run_every=LOOK_S)
def _look(group: Group, at: tuple[int, int]) -> None:
    """Nothing to see: the page runs again once there is something new on the board, and that is said."""
    try:
        if drawings.newest(group) != at:
            st.rerun(scope="app")
    except ClassError:
        return
    count, _last = at
    news.tell(f"board {group.id}", plural("{count} drawing on the board.", "{count} drawings on the board.", count))


def _read_now(group: Group, at: tuple[int, int], drawn: list[Drawn]) -> Reading | None:
    """By the network of the sidebar; kept until there are other drawings or another network."""
    wanted = networks.chosen()
    if not warmup.ready():
        warmup.wait_for_tensorflow()
        return None
    key = (wanted, group.id, at)
    known = st.session_state.get(_READ)
    if known is None or known[0] != key:
        try:
            known = st.session_state[_READ] = (key, _probabilities(wanted, drawn))
        except (NetworkError, RunError) as error:
            st.error(text.plain(str(error)))
            return None
    return board.read_by(drawn, known[1])


def _probabilities(wanted: Chosen, drawn: list[Drawn]) -> np.ndarray:
    """(n, 10). Raises NetworkError or RunError."""
    found = saved.predict(models.model(wanted), board.pixels(drawn))
    if not np.isfinite(found).all():
        raise NetworkError(
            _("A network should give ten numbers, and {name} gives NaN: its training diverged.", name=wanted.name)
        )
    return found


def _figures(drawn: list[Drawn], found: Reading, apart: list[int] | None) -> None:
    """apart: see `_apart`."""
    writers = len({each.pupil for each in drawn})
    said: dict[str, object] = {
        "drawings": plural("**{count}** drawing", "**{count}** drawings", len(drawn)),
        "pupils": plural("**{count}** pupil", "**{count}** pupils", writers),
        "name": networks.chosen().name,
    }
    if apart is not None:
        _figures_apart(found.of(apart), said)
        return
    right = _right(found)
    said |= {"right": right, "share": text.share(right / len(drawn))}
    if state.get("teach_reader") == "sent":
        st.markdown(
            _(
                "{drawings} by {pupils}. Read rightly by the network of whoever sent it: **{right}**, {share}.",
                **said,
            )
        )
        return
    st.markdown(_("{drawings} by {pupils}. Read rightly by {name}: **{right}**, {share}.", **said))


def _figures_apart(found: Reading, said: dict[str, object]) -> None:
    """found: of what was kept apart."""
    count, right = len(found.labels), _right(found)
    if not count:
        st.markdown(_("{drawings} by {pupils}.", **said))
        st.info(
            _(
                "This run was trained on the class's drawings, and there are no others: every third pupil's are kept "
                "apart, and none of those pupils has sent one yet."
            ),
            icon=":material/groups:",
        )
        return
    st.markdown(
        _(
            "{drawings} by {pupils}. Of those that {name} was not trained on it reads **{right} of {count}** rightly, "
            "{share}.",
            **said,
            right=right,
            count=count,
            share=text.share(right / count),
        )
    )


def _download(group: Group, drawn: list[Drawn]) -> None:
    made, spoken = time.strftime(_("%d %B %Y")), language()

    def file() -> bytes:  # in a thread that knows nothing of this session
        with using(spoken):
            return board.as_file(drawn, made)

    st.download_button(
        _("Drawings (.npz)"),
        file,
        _file(group),
        "application/zip",
        icon=":material/download:",
        key="teach_download",
        on_click="ignore",
        help=_("Pixels, digits, writers as numbers, and a data sheet in the same file. No names."),
    )


def _take_off(group: Group, drawn: list[Drawn]) -> None:
    with st.popover(_("Take one off"), icon=":material/delete:"):
        numbers, place = [each.id for each in drawn], _("under its picture")
        st.selectbox(_("Number"), numbers, index=None, key=_TAKEN, placeholder=place)
        st.button(_("Take it off the board"), key="teach_take_off_now", on_click=_taken, args=(group,))


def _taken(group: Group) -> None:
    number = st.session_state.get(_TAKEN)
    if number is None:
        return
    try:
        drawings.take_off(group, int(number))
        news.wait()
        aloud.say(_("Drawing {number} is off the board.", number=number))
    except ClassError as error:
        st.session_state["_teach_said"] = str(error)
    st.session_state[_TAKEN] = None
