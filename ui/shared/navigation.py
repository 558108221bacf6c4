"""The pages, in teaching order: one line a page. Stage pages have their stage's name as key."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

from ui.shared import state

_PAGES = Path(__file__).parents[2] / "pages"

HOME = "home"

# section → {key: (title, icon)}; the key is the file's name and the address
SECTIONS = {
    "": {"home": ("Layer Lab", ":material/home:")},
    "Basics": {
        "tensors": ("Tensors", ":material/data_array:"),
        "dataset": ("Data set", ":material/photo_library:"),
    },
    "Layers": {
        "conv2d": ("Conv2D", ":material/grid_on:"),
        "activation": ("Activation", ":material/show_chart:"),
        "pooling": ("Pooling", ":material/compress:"),
        "flatten": ("Flatten", ":material/linear_scale:"),
        "dense": ("Dense", ":material/hub:"),
        "dropout": ("Dropout", ":material/blur_on:"),
    },
    "The full CNN": {
        "network": ("Network", ":material/account_tree:"),
        "train": ("Train", ":material/model_training:"),
        "evaluate": ("Evaluate", ":material/fact_check:"),
        "predict": ("Predict", ":material/draw:"),
    },
}


def _entry(key: str) -> tuple[str, str]:
    return next(pages[key] for pages in SECTIONS.values() if key in pages)


def title(key: str) -> str:
    """The page's name in the navigation, and its first heading."""
    return _entry(key)[0]


def path(key: str) -> str:
    """The page's address below the root: the key, and nothing for the start page."""
    return "" if key == HOME else key


def page(key: str) -> st.Page:
    """The page of this key, made anew for each run as Streamlit wants it."""
    name, icon = _entry(key)
    return st.Page(_PAGES / f"{key}.py", title=name, icon=icon, url_path=key, default=key == HOME)


@lru_cache(maxsize=1)
def keys() -> tuple[str, ...]:
    """Keys of all pages in order."""
    return tuple(key for pages in SECTIONS.values() for key in pages)


def link(key: str, label: str | None = None, carried: dict[str, str] | None = None, **options) -> None:
    """A link to a page that carries all settings: Streamlit's own links leave them out of the address.

    carried: `state.changed()`, where many links are drawn at once; reading all settings takes a few milliseconds.
    """
    carried = state.changed() if carried is None else carried
    st.page_link(page(key), label=label or title(key), query_params=carried, **options)


def navigation():
    """Streamlit's navigation over all pages, without its menu; returns the chosen page."""
    return st.navigation([page(key) for key in keys()], position="hidden")


def menu() -> None:
    """All pages by section."""
    carried = state.changed()
    for section, pages in SECTIONS.items():
        with st.container(gap="xxsmall"):
            if section:
                st.caption(section)
            for key in pages:
                link(key, carried=carried)
