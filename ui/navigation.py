"""The pages, in teaching order: one line a page. Stage pages have their stage's name as key."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

_PAGES = Path(__file__).parents[1] / "pages"

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
}


def page(key: str) -> st.Page:
    """The page of this key, made anew for each run as Streamlit wants it."""
    title, icon = next(pages[key] for pages in SECTIONS.values() if key in pages)
    return st.Page(_PAGES / f"{key}.py", title=title, icon=icon, url_path=key, default=key == "home")


@lru_cache(maxsize=1)
def keys() -> tuple[str, ...]:
    """Keys of all pages in order."""
    return tuple(key for pages in SECTIONS.values() for key in pages)


def navigation():
    """Streamlit's navigation over all pages; returns the chosen one."""
    return st.navigation({section: [page(key) for key in pages] for section, pages in SECTIONS.items()})
