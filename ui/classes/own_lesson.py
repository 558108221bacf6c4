"""A lesson that the teacher wrote, in the class: given from the editor or as a file, read by who is in the class."""

from __future__ import annotations

import time
from functools import lru_cache

import streamlit as st

from core.classes import own_lesson, teaching
from core.classes.limits import MOST_CLASSES, ClassError
from core.classes.teaching import Group
from core.lessons import reader
from core.lessons.lesson import Lesson, LessonError
from ui.lessons import progress, settings
from ui.lessons import view as views
from ui.shared import navigation, state, text, visitor
from words import _

_SEEN, _SAID, _FILE, _TIMES = "_class_lesson", "_class_lesson_said", "teach_lesson_file", "_class_lesson_files"
_FRESH_S = 1.0


def lend(group: Group | None) -> None:
    """The class's lesson stands among the others in this window; where there is none, none does. Raises ClassError."""
    seen = st.session_state.get(_SEEN)
    if group is None:
        st.session_state.pop(_SEEN, None)
        progress.borrow(None)
        return
    if seen is not None and seen[0] == group.id and time.monotonic() - seen[2] < _FRESH_S:
        return
    number = own_lesson.number(group)
    if seen is None or seen[:2] != (group.id, number):
        found = own_lesson.of(group) if number else None
        progress.borrow(_read(found.text, found.key, found.language) if found else None)
    st.session_state[_SEEN] = (group.id, number, time.monotonic())


@lru_cache(maxsize=MOST_CLASSES)
def _read(said: str, key: str, language: str) -> Lesson | None:
    """None where an older version of the project took what is no lesson any more."""
    try:
        return reader.lesson(said, key, key, language)
    except LessonError:
        return None


def give(group: Group, said: str) -> str:
    """Put a lesson into the class; its key. Raises LessonError or ClassError, with a sentence."""
    name = _("Your file")
    lesson = reader.lesson(said, name, progress.DRAFT, progress.language())
    if wrong := views.problems(lesson):
        raise LessonError(wrong[0])
    key = own_lesson.give(group, said, progress.language()).key
    st.session_state.pop(_SEEN, None)
    lend(group)
    return key


def offer(said: str) -> None:
    """Below what is written: the way to lead one's class through it; nothing where this browser has no class."""
    try:
        group = teaching.of_teacher(visitor.token())
    except ClassError:
        return
    if group is None:
        return
    label = _("Lead your class through it")
    if st.button(
        label,
        icon=":material/co_present:",
        key="lesson_lead",
        help=_(
            "It goes into class {code}, in the place of the one that you gave before, and is deleted with the class.",
            code=group.spoken,
        ),
    ):
        try:
            key = give(group, said)
        except (LessonError, ClassError) as error:
            st.error(text.plain(str(error)))
            return
        state.put({"teach_lesson": key, "teach_step": 1, "teach_part": "lead"})
        st.switch_page(navigation.page("teach"), query_params=state.changed())


def upload(group: Group) -> None:
    """A file from elsewhere, and the way to the page on which one writes."""
    with st.expander(_("A lesson of your own"), icon=":material/edit_note:", key="teach_own_lesson"):
        st.markdown(
            _(
                "Write it under **Lessons**, *Write one*, and press *Lead your class through it* there, or choose its "
                "file here. It lies in the class, in the place of the one that you gave before; who is in the class "
                "has it, nobody else, and it is deleted with the class."
            )
        )
        # a new box each time: the old one would go on holding the file
        key = f"{_FILE}_{st.session_state.get(_TIMES, 0)}"
        st.file_uploader(_("Its file"), ["md"], key=key, on_change=_uploaded, args=(group, key), max_upload_size=1)
        if said := st.session_state.pop(_SAID, ""):
            st.error(text.plain(said))
        if st.button(_("Write it"), icon=":material/edit:", key="teach_own_write"):
            _write(group)


def _write(group: Group) -> None:
    """The editor, with the class's lesson in it where there is one and nothing else has been written."""
    try:
        found = own_lesson.of(group)
    except ClassError:
        found = None
    if found and settings.EDITED not in st.session_state:
        st.session_state[settings.EDITED] = found.text
    state.put({"lessons_part": "write"})
    st.switch_page(navigation.page(settings.LIST), query_params=state.changed())


def _uploaded(group: Group, key: str) -> None:
    file = st.session_state.get(key)
    if file is None:
        return
    st.session_state[_TIMES] = st.session_state.get(_TIMES, 0) + 1
    try:
        state.put({"teach_lesson": give(group, file.getvalue().decode()), "teach_step": 1})
    except UnicodeDecodeError:
        st.session_state[_SAID] = _("A lesson is text in UTF-8, and this file is not.")
    except (LessonError, ClassError) as error:
        st.session_state[_SAID] = str(error)
