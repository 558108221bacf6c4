"""The view as a link: every setting is declared once, kept in session state and mirrored in the URL.

Why not `bind="query-params"` on each widget: Streamlit drops a bound parameter from the URL as soon as a page
without that widget runs. Here a later page's picture depends on settings whose widgets stand on another page
(MaxPool shows what Conv2D gives), so its address must carry them too. So the widgets are plain keyed ones, each
change writes all settings that differ from their default, links between pages carry them, and a fresh session or
the browser's back and forward read them again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeGuard

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.shared import text as text_of
from words import _

Value = int | float | bool | str | list[str]
# gives a setting's value by its key: that of the session, or of an address that nobody has opened
Get = Callable[[str], Any]

# the language of the session: read first, for what is said of the others is said in it
LANGUAGE = "lang"
# settings that a link between pages may change on its way: where somebody goes says what they want to see
LED = ("layer", "lessons_teachers")
_NOTES = "_link_notes"
_PAGE = "_page"


@dataclass(frozen=True)
class Param:
    """One setting. `read` turns URL text into a valid value or raises ValueError with what was expected.

    `most`: longer text stays in the session; a link of that length would be cut or refused on its way. `carried`: False
    where another setting holds the value (a layer's, which the network's text has): it is read from a link, and never
    written to one. `on_change`: what a widget calls in place of `publish`.
    """

    key: str
    default: Value
    read: Callable[[str], Value]
    low: int | float | None = None
    high: int | float | None = None
    step: int | float | None = None
    options: tuple[str, ...] = ()
    most: int | None = None
    carried: bool = True
    on_change: Callable[[], None] | None = None

    def holds(self, value: object) -> bool:
        """Whether this may be its value: a browser sends what it likes, and Streamlit passes on what a select box was
        said to hold. None is a box for a number that somebody has just emptied."""
        if isinstance(self.default, list):
            return isinstance(value, list) and all(isinstance(each, str) and self._offers(each) for each in value)
        if self.low is not None and self.high is not None:
            return value is None or (_is_number(value) and self.low <= value <= self.high)
        if isinstance(self.default, str):
            return isinstance(value, str) and self._offers(value)
        return isinstance(value, type(self.default))

    def _offers(self, value: str) -> bool:
        return not self.options or value in self.options


PARAMS: dict[str, Param] = {}


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def declare(*params: Param) -> None:
    """Add settings to the table; a key is declared once."""
    for param in params:
        if param.key in PARAMS:
            raise KeyError(f"setting {param.key!r} is declared twice")
        PARAMS[param.key] = param


def integer(key: str, default: int, low: int, high: int) -> Param:
    """A whole number from low to high."""

    def read(text: str) -> int:
        if text.removeprefix("-").isdecimal() and len(text) < 12 and low <= int(text) <= high:
            return int(text)
        raise ValueError(_("a whole number from {low} to {high}", low=low, high=high))

    return Param(key, default, read, low, high, 1)


def number(key: str, default: float, low: float, high: float, step: float) -> Param:
    """A decimal number from low to high, a multiple of step above low."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        # off-step values would sit between two stops of the slider and could not be reached again
        if low <= value <= high and abs(round((value - low) / step) * step + low - value) < 1e-9:
            return round(value, 6)
        raise ValueError(_("a number from {low:g} to {high:g} in steps of {step:g}", low=low, high=high, step=step))

    return Param(key, default, read, low, high, step)


def choice(key: str, default: str, options: tuple[str, ...]) -> Param:
    """One of the options."""

    def read(text: str) -> str:
        if text in options:
            return text
        raise ValueError(_("one of {names}", names=", ".join(filter(None, options))))

    return Param(key, default, read, options=options)


def flag(key: str, default: bool) -> Param:
    """On or off."""

    def read(text: str) -> bool:
        if text in ("true", "false"):
            return text == "true"
        raise ValueError(_("true or false"))

    return Param(key, default, read)


def text(key: str, default: str, check: Callable[[str], object], most: int = 4000) -> Param:
    """Free text of at most `most` characters that `check` accepts (it raises ValueError otherwise)."""

    def read(value: str) -> str:
        if len(value) > most:
            raise ValueError(_("at most {most} characters", most=most))
        check(value)
        return value

    return Param(key, default, read, most=most)


def names(key: str, options: tuple[str, ...]) -> Param:
    """Any number of the options; all of them by default."""

    def read(value: str) -> list[str]:
        wanted = value.split(",") if value else []
        if set(wanted) <= set(options) and len(set(wanted)) == len(wanted):
            return wanted
        raise ValueError(_("names from {names}, each at most once", names=", ".join(options)))

    return Param(key, list(options), read, options=options)


def sync(adopt: Callable[[set[str]], None]) -> bool:
    """Call first in every run: on a fresh session, and on back and forward, take all settings from the URL. True in a
    session's first run.

    adopt: called with the keys of the link's settings that are not carried, once they are in the session.

    On other runs the session's values win: during quick key presses the browser's address is a step behind.
    A setting at its default is not in the session before its widget is: each slider of Streamlit copies the whole
    session to look up its own value, and a hundred settings of other pages made that 10 ms of every run.
    """
    context = get_script_run_ctx()
    fresh = _NOTES not in st.session_state
    if not fresh and not getattr(context, "is_history_navigation", False):
        return False
    notes, foreign = [], set()
    for key, param in sorted(PARAMS.items(), key=lambda each: each[0] != LANGUAGE):
        asked = st.query_params.get(key)
        if asked is None and not in_link(key):
            continue  # back and forward must not lose a text that no link can hold
        try:
            value = param.default if asked is None else param.read(asked)
        except ValueError as error:
            value = param.default
            notes.append(_note(param, asked, error))
        if asked is not None and not param.carried:
            foreign.add(key)
        if value != get(key):
            st.session_state[key] = value
    adopt(foreign)
    st.session_state[_NOTES] = notes
    return fresh


def page_opened(key: str) -> None:
    """Call when the page is known. A link that did not carry the latest settings (they can change after it was
    drawn) is made complete, so that the address always shows the whole view."""
    before = st.session_state.get(_PAGE)
    st.session_state[_PAGE] = key
    if before in (None, key):
        return
    for name in LED:
        if name in st.query_params and st.query_params[name] != get(name):
            st.session_state[name] = PARAMS[name].read(st.query_params[name])
    if {name: st.query_params[name] for name in st.query_params if name in PARAMS} != changed():
        publish()
    for name, param in PARAMS.items():
        if name not in st.session_state:
            continue
        if get(name) == param.default:
            del st.session_state[name]
        else:  # a widget that stood on the page before as well would start at its default here
            st.session_state[name] = get(name)


def page() -> str | None:
    """The key of the page on screen, None before the first one is known."""
    return st.session_state.get(_PAGE)


def _note(param: Param, asked: str, error: ValueError) -> str:
    shown = asked if len(asked) <= 24 else asked[:24] + "…"
    return _(
        "`{key}` expects {expected}; this link says “{shown}”, so the page shows {instead}.",
        key=param.key,
        expected=text_of.plain(str(error)),
        shown=text_of.plain(shown),
        instead=to_text(param.default) or _("none"),
    )


def link_notes() -> list[str]:
    """One sentence for each setting of the link that could not be used; empty once something was changed."""
    return st.session_state.get(_NOTES, [])


def get(key: str) -> Any:
    """The current value of a declared setting, on any page: a `Value`; who declared it knows which. What cannot be its
    value is its default."""
    param = PARAMS[key]
    value = st.session_state.get(key, param.default)
    return value if param.holds(value) else param.default


def put(values: dict[str, Value]) -> None:
    """Set some settings and the URL; only from a callback, before the widgets of the run exist."""
    for key, value in values.items():
        st.session_state[key] = value
    publish()


def change(key: str, value: Value) -> None:
    """What a widget does whose value was changed: for a component's callback."""
    st.session_state[key] = value
    (PARAMS[key].on_change or publish)()


def to_text(value: Value) -> str:
    """The form a value takes in the URL; `Param.read` is the inverse."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def in_link(key: str) -> bool:
    """Whether the current value is short enough for the address."""
    return _fits(PARAMS[key], get(key))


def _fits(param: Param, value: Value | None) -> bool:
    return param.most is None or len(value or "") <= param.most


def changed() -> dict[str, str]:
    """All settings that differ from their default, as URL text."""
    # looking into the session is what takes time here, most of all for what is not there: that is at its default
    held = PARAMS.keys() & {str(key) for key in st.session_state}
    values = [(param, get(key)) for key, param in PARAMS.items() if key in held and param.carried]
    return {
        param.key: to_text(value)
        for param, value in values
        if value is not None and value != param.default and _fits(param, value)
    }


def publish() -> None:
    """Write the URL; the `on_change` of every widget of the table.

    Parameters that are not in the table (embed=true, say) are left as they are.
    """
    st.session_state[_NOTES] = []
    others = {key: st.query_params.get_all(key) for key in st.query_params if key not in PARAMS}
    st.query_params.from_dict(others | changed())


def reset(prefix: str) -> None:
    """Back to the defaults of all settings whose key starts with `prefix`."""
    put({key: param.default for key, param in PARAMS.items() if key.startswith(prefix)})
