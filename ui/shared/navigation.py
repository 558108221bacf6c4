"""The pages, in teaching order: one line a page; the kinds of layers bring theirs."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st

from core.layers.kinds import KINDS
from core.layers.layer import Layer
from ui.shared import state
from words import N_, _, language

_PAGES = Path(__file__).parents[2] / "pages"

HOME = "home"


def key_of_kind(kind: type[Layer]) -> str:
    """The key of a kind's page: the name of its files."""
    return kind.__module__.rpartition(".")[2]


# section → {key: (title, icon)}; the key is the file's name and the address. Kinds of layers keep the names that Keras
# gives them.
SECTIONS = {
    "": {"home": ("Layer Lab", ":material/home:"), "lessons": (N_("Lessons"), ":material/school:")},
    N_("Basics"): {
        "tensors": (N_("Tensors"), ":material/data_array:"),
        "dataset": (N_("Data set"), ":material/photo_library:"),
    },
    N_("Layers"): {key_of_kind(kind): (kind.__name__, None) for kind in KINDS},
    N_("The full CNN"): {
        "network": (N_("Network"), ":material/account_tree:"),
        "train": (N_("Train"), ":material/model_training:"),
        "evaluate": (N_("Evaluate"), ":material/fact_check:"),
        "predict": (N_("Predict"), ":material/draw:"),
    },
    N_("Teaching"): {"teach": (N_("Teach"), ":material/co_present:")},
}
# what is for one in thirty stands at the foot of the first page and of the lessons, not in everybody's menu
_NOT_IN_MENU = ("Teaching",)


def _entry(key: str) -> tuple[str, str]:
    return next(pages[key] for pages in SECTIONS.values() if key in pages)


def title(key: str) -> str:
    """The page's name in the navigation, and its first heading."""
    name = _entry(key)[0]
    return name if _keeps_its_name(key) else _(name)


def _keeps_its_name(key: str) -> bool:
    return key == HOME or key in SECTIONS["Layers"]


def window_title(url_path: str) -> str:
    """Of the browser's window and its history: the page first, since tabs are narrow."""
    name = title(url_path or HOME)
    return name if name == title(HOME) else f"{name} · {title(HOME)}"


def path(key: str) -> str:
    """The page's address below the root: the key, and nothing for the start page."""
    return "" if key == HOME else key


def page(key: str) -> st.Page:
    """The page of this key, made anew for each run as Streamlit wants it. All kinds of layers share one script."""
    icon = _entry(key)[1]
    script = "layer" if key in SECTIONS["Layers"] else key
    return st.Page(
        _PAGES / f"{script}.py", title=title(key), icon=icon or _icon(key), url_path=key, default=key == HOME
    )


@cache
def _led_to(key: str, spoken: str) -> st.Page:
    """A page that is linked to and never run: sixteen links in every run need not be sixteen new pages. spoken: the
    language that its title is in."""
    return page(key)


def _icon(key: str) -> str:
    """That of a kind of layer, which its file in ui/layers says; it imports this module."""
    return import_module(f"ui.layers.{key}").FACE.icon


@lru_cache(maxsize=1)
def keys() -> tuple[str, ...]:
    """Keys of all pages in order."""
    return tuple(key for pages in SECTIONS.values() for key in pages)


def link(
    key: str,
    label: str | None = None,
    carried: dict[str, str] | None = None,
    more: dict[str, str] | None = None,
    **options: Any,
) -> None:
    """A link to a page that carries all settings: Streamlit's own links leave them out of the address.

    carried: `state.changed()`, where many links are drawn at once; reading all settings takes a few milliseconds.
    more: settings that the link changes; they must be among `state.LED`.
    """
    carried = (state.changed() if carried is None else carried) | (more or {})
    st.page_link(_led_to(key, language()), label=label or title(key), query_params=carried, **options)


def navigation():
    """Streamlit's navigation over all pages, without its menu; returns the chosen page."""
    return st.navigation([page(key) for key in keys()], position="hidden")


def menu() -> None:
    """All pages by section, but those that are not for everybody. `keyboard.js` makes one stop of Tab of it."""
    carried = state.changed()
    with st.container(key="menu"):
        for section, pages in SECTIONS.items():
            if section in _NOT_IN_MENU:
                continue
            with st.container(gap="xxsmall"):
                if section:
                    st.caption(_(section))
                for key in pages:
                    link(key, carried=carried)
