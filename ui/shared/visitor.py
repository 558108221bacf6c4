"""Who looks at the pages: whose runs somebody may stop and delete.

No accounts and no names: a browser has a token that nobody can guess, in a cookie (`ui.server.cookie`), and a run the
hash of the token of who started it. On a server that answers its own machine only, and knows no teacher, everything is
everybody's: there is one person, perhaps with two browsers.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets

import streamlit as st

from core.runs.folders import Run, RunError
from ui.server.cookie import NAME, TOKEN
from ui.shared.tries import Tries
from words import N_

# where the password of the teacher stands: in st.secrets, or in the environment
SECRET, VARIABLE = "teacher_password", "LAYER_LAB_TEACHER"
# set by `classroom`, for all dashboards that it starts
CLASS = "LAYER_LAB_CLASS"
NOT_YOURS = N_(
    "Somebody else started it: you can watch it and use what it learns, and only they can stop or delete it."
)
_LOCAL = ("localhost", "127.0.0.1", "::1")
_TOKEN, _TEACHER = "_visitor_token", "_is_teacher"
MOST_WRONG = 10
passwords = Tries("_wrong_passwords", MOST_WRONG, 100, 600.0)


def owner() -> str:
    """What a run of this visitor is marked with, which does not tell the token; nothing where all are everybody's."""
    return _mark_of(token()) if shared() else ""


def _mark_of(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()


def token() -> str:
    """What only this browser has, or, where it takes no cookies, this window. Nobody else is to see it: what is kept of
    it is a hash."""
    said = st.context.cookies.get(NAME)
    if isinstance(said, str) and TOKEN.fullmatch(said):
        return said
    return st.session_state.setdefault(_TOKEN, secrets.token_urlsafe(32))


def shared() -> bool:
    """Whether others use this server, so that a run belongs to who started it."""
    return st.get_option("server.address") not in _LOCAL or in_class() or has_teacher()


def in_class() -> bool:
    """Whether this is one of the dashboards of `make classroom`: a proxy stands between it and the others."""
    return bool(os.environ.get(CLASS))


def may_change(run: Run) -> bool:
    """Whether this visitor may pause, resume, stop and delete a run. Those that nobody owns are everybody's, and those
    that come with Layer Lab nobody's."""
    if run.recorded:
        return False
    if not shared() or is_teacher():
        return True
    try:
        made_by = run.owner
    except RunError:
        return True  # damaged: nobody can say any more whose it is, and it is of no use to anybody
    return not made_by or hmac.compare_digest(made_by.encode(), _mark_of(token()).encode())


def has_teacher() -> bool:
    """Whether there is a password to become the teacher."""
    return bool(_password())


def is_teacher() -> bool:
    """Whether this window has given the password."""
    return bool(_password()) and st.session_state.get(_TEACHER) == _mark()


def become_teacher(typed: str) -> bool:
    """Only from a callback: True where this is the teacher's password, and it is listened to (`listens`)."""
    password = _password()
    if not password or not listens():
        return False
    # both hashed, so that the time says nothing of the length either
    if hmac.compare_digest(_hashed(typed), _hashed(password)):
        st.session_state[_TEACHER] = _mark()
        return True
    passwords.wrong()
    return False


def listens() -> bool:
    """Whether another password may be tried, see `Tries`."""
    return passwords.listens()


def _password() -> str:
    try:
        said = st.secrets.get(SECRET, "")
    except FileNotFoundError:  # there is no file of secrets
        said = ""
    return str(said or os.environ.get(VARIABLE, ""))


def _mark() -> str:
    """Another password makes nobody the teacher whom the old one made."""
    return _hashed(_password()).hex()


def _hashed(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
