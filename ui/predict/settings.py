"""The settings of the Predict page. The drawing is one of ui/shared/digit.py: it is the digit of all pages."""

from __future__ import annotations

from core.data import mnist
from ui.shared import digit, second_network, state
from words import N_

SOURCES = {"draw": N_("Draw"), "upload": N_("Upload"), "camera": N_("Camera"), digit.MNIST_SOURCE: N_("MNIST digit")}
METHODS = {"cam": "Grad-CAM", "saliency": N_("Saliency"), "occlusion": N_("Occlusion")}
EXPLAINED = ("first", "second")
PREDICTED = "best"
CLASSES = (PREDICTED, *map(str, range(mnist.CLASSES)))


def _no_check(text: str) -> None:
    """A layer that another network has is no error."""


state.declare(
    state.choice("pred_source", "draw", tuple(SOURCES)),
    second_network.setting("pred_second"),
    state.choice("pred_explained", "first", EXPLAINED),
    state.choice("pred_why", "cam", tuple(METHODS)),
    state.choice("pred_class", PREDICTED, CLASSES),
    # whatever layers the network has that reads the digit
    state.text("pred_layer", "block2_conv2", _no_check, most=40),
    state.flag("pred_by_place", False),
    state.flag("pred_smooth", True),
    state.integer("pred_copies", 25, 1, 50),
    state.number("pred_noise", 0.15, 0.0, 0.5, 0.05),
    state.integer("pred_patch", 6, 2, 14),
    state.integer("pred_stride", 2, 1, 7),
    state.number("pred_fill", 0.0, 0.0, 1.0, 0.25),
    state.integer("pred_top", 11, 0, mnist.SIZE - 2),
    state.integer("pred_left", 11, 0, mnist.SIZE - 2),
)
