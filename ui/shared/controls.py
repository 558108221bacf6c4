"""Widgets set right once: bounds and default come from the settings table, the change goes to the URL. A link may hide
any of them (`ui.shared.hidden`): then its setting is what it is. Labels and help come in the
language of whoever reads them; names of options, which stand in tables, are said here.

Each widget is given its default although the session's value wins where there is one: a browser that misses the
message with that value, because a newer run overtook it, would otherwise start at a default of Streamlit's own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

import streamlit as st

from ui.shared import hidden, state
from words import _

_Option = TypeVar("_Option", bound=Hashable)


def _options(key: str, help: str | None, on_change: Callable[[], None] | None = None) -> dict:
    change = on_change or state.PARAMS[key].on_change or state.publish
    if key in st.session_state and st.session_state[key] != state.get(key):
        st.session_state[key] = state.get(key)  # no widget can show what cannot be its value
    return {"key": key, "help": help, "persist_state": "session", "on_change": change}


def slider(key: str, label: str, help: str | None = None, high: int | None = None):
    """A slider over the declared range; high: a narrower upper bound of the moment, as for `number`."""
    bounds = _range(key, high)
    if hidden.hides(key, label):
        return state.get(key)
    return st.slider(label, **bounds, **_options(key, help))


def number(key: str, label: str, help: str | None = None, high: int | None = None):
    """A box for a number with a range too long to drag over.

    high: a narrower upper bound of the moment (cells of the present map, say). A value beyond it is brought
    back before the widget exists.
    """
    bounds = _range(key, high)
    if hidden.hides(key, label):
        return state.get(key)
    return st.number_input(label, **bounds, **_options(key, help))


def _range(key: str, high: int | None) -> dict:
    """Bounds, step and default; a value beyond the upper bound, or one that was deleted, becomes the bound."""
    param = state.PARAMS[key]
    high = param.high if high is None else high
    if state.get(key) is None or state.get(key) > high:
        st.session_state[key] = high
    return {"min_value": param.low, "max_value": high, "value": min(param.default, high), "step": param.step}


def choice(
    key: str,
    label: str,
    help: str | None = None,
    names: dict[str, str] | None = None,
    on_change: Callable[[], None] | None = None,
):
    """2 to 5 options side by side; more as a select box. names: what to show for an option.

    on_change: a callback that ends in `state.publish` or `state.put`, where more must happen.
    """
    if hidden.hides(key, label):
        return state.get(key)
    param = state.PARAMS[key]
    options = {"format_func": _named(names), **_options(key, help, on_change)}
    if len(param.options) <= 5:
        return st.segmented_control(label, param.options, default=param.default, required=True, wrap=True, **options)
    return st.selectbox(label, param.options, param.options.index(param.default), **options)


def _named(names: dict[str, str] | None) -> Callable[[str], str]:
    """What to show for an option: its name, or itself where it has none."""
    return lambda option: _(names[option]) if names and option in names else option


def flag(key: str, label: str, help: str | None = None):
    """On or off."""
    if hidden.hides(key, label):
        return state.get(key)
    return st.toggle(label, state.PARAMS[key].default, **_options(key, help))


def pair(key: str, label: str, help: str | None = None, high: int | None = None) -> tuple[int, int]:
    """Height and width side by side: two sliders with the keys `key_h` and `key_w`; high: as for `slider`."""
    left, right = st.columns(2, gap="small", wrap=False)
    with left:
        height = slider(f"{key}_h", _("{label}: height", label=label), help, high)
    with right:
        width = slider(f"{key}_w", _("{label}: width", label=label), high=high)
    return height, width


def several(key: str, label: str, help: str | None = None, names: dict[str, str] | None = None):
    """Any number of the options, all of them in sight. names: what to show for an option."""
    if hidden.hides(key, label):
        return state.get(key)
    return st.pills(
        label,
        state.PARAMS[key].options,
        default=state.PARAMS[key].default,
        selection_mode="multi",
        wrap=True,
        format_func=_named(names),
        **_options(key, help),
    )


def bias(prefix: str) -> None:
    """Bias on or off, and the value that every bias starts with."""
    if flag(f"{prefix}_use_bias", _("Bias")):
        slider(
            f"{prefix}_bias",
            _("Bias value"),
            _("Keras starts with 0 and learns it; here you set it for all at once."),
        )


def row(
    key: str,
    label: str,
    help: str | None = None,
    names: dict[str, str] | None = None,
    on_change: Callable[[], None] | None = None,
):
    """All options side by side however many there are; for short ones, such as ten digits."""
    if hidden.hides(key, label):
        return state.get(key)
    return st.segmented_control(
        label,
        state.PARAMS[key].options,
        default=state.PARAMS[key].default,
        required=True,
        format_func=_named(names),
        **_options(key, help, on_change),
    )


def select(key: str, label: str, help: str | None = None, names: dict[str, str] | None = None):
    """One option from a list that opens; for few options with long names."""
    if hidden.hides(key, label):
        return state.get(key)
    param = state.PARAMS[key]
    return st.selectbox(
        label,
        param.options,
        param.options.index(param.default),
        format_func=_named(names),
        **_options(key, help),
    )


def pick(
    key: str,
    label: str,
    options: list,
    show: Callable[[Any], str] = str,
    help: str | None = None,
    otherwise: object = None,
    widget: Callable = st.selectbox,
):
    """One of the options of the moment: runs, networks, layers. A setting that is none of them becomes the default,
    or, where that is none of them either, `otherwise`.

    show: what to write for an option, see `told_apart`; otherwise: by default the first option; widget: which widget of
    Streamlit's.
    """
    default = state.PARAMS[key].default
    if default not in options:
        default = options[0] if otherwise is None else otherwise
    if state.get(key) not in options:
        st.session_state[key] = default
        st.session_state[_itself(key)] = default
    if hidden.hides(key, label):
        return state.get(key)
    start = {"index": options.index(default)} if widget is st.selectbox else {"value": default}
    if widget is st.segmented_control:
        start = {"default": default, "required": True, "wrap": True}
    labels = told_apart(options, show)
    return widget(label, options, **start, format_func=lambda each: labels.get(each, each), **_options(key, help))


def by_itself(key: str) -> bool:
    """Whether a setting is what `pick` has made of it, since it was none of the options."""
    return _itself(key) in st.session_state and st.session_state[_itself(key)] == state.get(key)


def _itself(key: str) -> str:
    return f"_picked_{key}"


def told_apart(options: Iterable[_Option], show: Callable[[_Option], str]) -> dict[_Option, str]:
    """What to write for each option, no two the same: a browser says which one was chosen by what it shows, and of two
    that look alike Streamlit takes the last. So that one is shown as it is, and those above it with what they are."""
    labels: dict[_Option, str] = {}
    taken: set[str] = set()
    for option in reversed([*options]):
        label = show(option)
        labels[option] = f"{label} ({option})" if label in taken else label
        taken.add(label)
    return labels


def steps(key: str, label: str, help: str | None = None, names: dict[str, str] | None = None):
    """A slider over the options in their order, for amounts whose steps are not equal."""
    if hidden.hides(key, label):
        return state.get(key)
    return st.select_slider(
        label,
        state.PARAMS[key].options,
        value=state.PARAMS[key].default,
        format_func=_named(names),
        **_options(key, help),
    )


def text(key: str, label: str, help: str | None = None, on_change: Callable[[], None] | None = None):
    """One line of text."""
    if hidden.hides(key, label):
        return state.get(key)
    return st.text_input(label, state.PARAMS[key].default, **_options(key, help, on_change))


def area(key: str, label: str, help: str | None = None, height: int = 110):
    """Several lines of text, with a note where they are too long for a link."""
    if hidden.hides(key, label):
        return state.get(key)
    typed = st.text_area(label, state.PARAMS[key].default, height=height, **_options(key, help))
    if not state.in_link(key):
        st.caption(
            _(
                ":material/link_off: A link holds up to {most:,} characters, this text has {length:,}: it stays in "
                "this window only.",
                most=state.PARAMS[key].most,
                length=len(typed),
            )
        )
    return typed


def pager(key: str, pages: int, what: str, label: str | None = None) -> int:
    """The page number, counted from 1, with buttons for the one before and after. what: what all pages hold; label:
    what is counted, by itself pages."""
    number_now = min(state.get(key) or 1, pages)
    if hidden.hides(key, f"{label}: {what}" if label else _("Pages: {what}", what=what)):
        return number_now
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        with st.container(width=130):
            number(key, label or _("Page"), high=pages)
        for end, name, icon, target in (
            ("previous", _("Previous"), ":material/chevron_left:", number_now - 1),
            ("next", _("Next"), ":material/chevron_right:", number_now + 1),
        ):
            st.button(
                name,
                icon=icon,
                key=f"{key}_{end}",
                on_click=state.put,
                args=({key: target},),
                disabled=not 1 <= target <= pages,
            )
        st.caption(_("of {pages:,}: {what}", pages=pages, what=what))
    return number_now
