"""The frame around every page: settings from the link, navigation, the digit, the network."""

import sys
from pathlib import Path

import streamlit as st

# this script is what Streamlit runs; its own folder is on the path, the project's is not
ROOT = str(Path(__file__).parents[1])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

import ui.basics.settings
import ui.classes.settings
import ui.evaluate.settings
import ui.home.settings
import ui.layers.pin
import ui.predict.settings
import ui.train.settings  # noqa: F401  (these declare the settings of the pages that are not layers)
from ui import around
from ui.classes import gate as classes
from ui.layers import network_map
from ui.lessons import gate
from ui.network import old_links
from ui.shared import (
    aloud,
    digit,
    first_answer,
    followers,
    keyboard,
    language,
    look,
    navigation,
    network_choice,
    present,
    source_code,
    state,
    theme,
    warmup,
)
from ui.train import pill

# a file of our own: emoji and Material icons as page icons are fetched from the internet
st.set_page_config(page_title="Layer Lab", page_icon=f"{ROOT}/assets/icon.png", layout="wide")
first = state.sync(old_links.adopt)
language.begin()
chosen = navigation.navigation()
st.set_page_config(page_title=navigation.window_title(chosen.url_path))
look.styled()
state.page_opened(chosen.url_path)
classes.remember(first)
classes.lend()
gate.follow_link(first)
classes.follow()
gate.travel()
lesson = gate.lesson()
if lesson:  # the dock takes the sidebar's place, and the page keeps its width; it opens with a click, as ever
    st.set_page_config(initial_sidebar_state="collapsed")
aside = st.sidebar.container()
first_answer.remember(around.page())
followers.begin()


def sidebar() -> None:
    """The menu, the digit, and the network with the shapes that it gives."""
    with aside:
        followers.show(navigation.menu)
        digit.sidebar()
        network_choice.sidebar()
        if not gate.hides_shapes(lesson):
            followers.show(network_map.show, chosen.url_path)
        with st.container(gap="small", key="bar_foot"):
            present.start()
            followers.show(language.switch)


def page() -> None:
    """The page itself, beside a lesson where one is open."""
    for note in state.link_notes():
        st.warning(note, icon=":material/link:")
    classes.line()
    present.show()
    with gate.beside(lesson) as covered:
        if not covered:
            run()


def run() -> None:
    """The page's script."""
    # while TensorFlow loads the script waits at its end, and only another run of the whole script ends that
    if warmup.ready() and chosen.url_path in navigation.SECTIONS["Layers"]:
        first_answer.show(chosen, around.page)
    else:
        chosen.run()


# A browser that has nothing yet shows the page's first words while the sidebar, with far more parts, is on its way.
for part in (page, sidebar) if first else (sidebar, page):
    part()
pill.show()
theme.watch()
source_code.copied()
keyboard.listen()
aloud.show()
first_answer.all_sent()
classes.recall()
warmup.finish_page()
