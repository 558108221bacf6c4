"""The network on screen as one HTML file that works without this server."""

from __future__ import annotations

import re
from collections.abc import Callable

import streamlit as st

from core.data.mnist import Sample
from core.live.bundle import bundle, weights_problem
from core.network.network import NetworkError
from core.runs.folders import RunError
from ui.components.living_network import Judged
from ui.live import addresses, page
from ui.shared import text
from ui.shared.networks import Chosen
from words import ENGLISH, N_, _, language, using

NUMBERS = ("float16", "int8")
# by how the kernels are kept
_KEPT = {
    "float16": N_("The kernels of this network are kept as float16."),
    "int8": N_("The kernels of this network are kept as int8 with a scale for every filter."),
}
_KEPT_AND_KNOWN = {
    "float16": N_(
        "With float32 weights this network reads {share} of {images:,} MNIST test images. Here its kernels are kept as "
        "float16."
    ),
    "int8": N_(
        "With float32 weights this network reads {share} of {images:,} MNIST test images. Here its kernels are kept as "
        "int8 with a scale for every filter."
    ),
}
_MOST_NAME = 80


@st.fragment
def show(wanted: Chosen, sample: Sample, judged: Judged | None, accuracy: float | None, images: int) -> None:
    """A button and a choice. sample: the digit that goes along. accuracy: on the first `images` test images, None where
    it is not known; judged: see `living_network`.

    The file is made when the button is pressed, and not kept.
    """
    try:
        _row(wanted, sample, judged, accuracy, images)
    except (NetworkError, RunError) as error:
        st.error(text.plain(str(error)))


def _row(wanted: Chosen, sample: Sample, judged: Judged | None, accuracy: float | None, images: int) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        numbers = st.segmented_control(
            _("Take it home as one file"),
            NUMBERS,
            default=NUMBERS[0],
            required=True,
            format_func=lambda kind: f"{kind}, {megabytes(page.size(wanted.network, kind))}",
            key="home_numbers",
            help=_(
                "A page to draw on as on this one, opened from disk: it needs no server and no internet. float16 "
                "answers as here; with int8 a probability may change a little."
            ),
        )
        if problem := _problem(wanted, numbers):
            raise NetworkError(problem)
        st.download_button(
            _("Download (HTML)"),
            _file(wanted, numbers, sample, judged, facts(accuracy, images, numbers)),
            file_name(_english(wanted)),
            "text/html",
            icon=":material/download:",
            key="home_take",
            on_click="ignore",
        )


def facts(accuracy: float | None, images: int, numbers: str) -> str:
    """What a file says of its network, in sentences."""
    how = _(_KEPT[numbers])
    if accuracy is not None:
        how = _(_KEPT_AND_KNOWN[numbers], share=text.share(accuracy), images=images)
    alone = _("Everything is in this file: it loads nothing and sends nothing. Made with Layer Lab.")
    return f"{how} {alone}"


def file_name(label: str) -> str:
    """A name that every system takes, of a label that may be anything."""
    return f"{re.sub(r'[^0-9A-Za-z_-]+', '_', label).strip('_')[:_MOST_NAME] or 'network'}.html"


def _english(wanted: Chosen) -> str:
    """The network's label for the name of a file, of which other letters would leave little."""
    with using(ENGLISH):
        return wanted.label


def megabytes(count: int) -> str:
    """At least 0.1 MB; a megabyte is a million."""
    return f"{max(count / 1e6, 0.1):.1f} MB"


def _problem(wanted: Chosen, numbers: str) -> str | None:
    # only for int8 are they looked through, a button that fails could not say why
    return None if numbers == NUMBERS[0] else weights_problem(addresses.weights(wanted), numbers)


def _file(wanted: Chosen, numbers: str, sample: Sample, judged: Judged | None, said: str) -> Callable[[], bytes]:
    """What makes the file, in a thread that knows nothing of this session: what is from there is taken along."""
    label, network, imported, spoken = wanted.label, wanted.network, wanted.imported, language()
    shown = network.unseeded() if wanted.trained else network

    def make() -> bytes:
        weights = list(imported.weights) if imported else addresses.weights(wanted)
        made = bundle(network, weights, numbers)
        with using(spoken):
            return page.page(label, shown, made, said, sample.image, sample.label, "map", judged).encode()

    return make
