"""The face of every kind of layer, each from the file of this folder with the name of the kind's own in core/layers."""

from __future__ import annotations

from importlib import import_module

from core.layers.kinds import KINDS
from core.layers.layer import Layer
from ui.layers.face import Face
from ui.shared import navigation

FACES: dict[type[Layer], Face] = {
    kind: import_module(f"ui.layers.{navigation.key_of_kind(kind)}").FACE for kind in KINDS
}
for _face in FACES.values():
    _face.declare()


def of(layer: Layer) -> Face:
    """The face of the layer's kind."""
    return FACES[type(layer)]


def of_page(key: str) -> Face:
    """The face of the kind whose page has this key."""
    return next(face for kind, face in FACES.items() if navigation.key_of_kind(kind) == key)
