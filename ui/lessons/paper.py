"""What a step is about, for a sheet of paper: its digit, and the kernel where somebody chose one."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from core.layers import kernels
from core.lessons.lesson import Lesson
from core.lessons.sheet import Picture, Pictures
from ui.layers import current, faces
from ui.lessons import view as views
from ui.lessons.view import View
from ui.shared import digit, navigation, networks, pictures
from viz import walls
from words import _

# a view that says one of them is about a digit
_DIGIT = {"index", "drawn"}


def of_lesson(lesson: Lesson) -> Pictures:
    """The pictures of its steps."""

    def of_step(number: int) -> Picture | None:
        address = lesson.steps[number - 1].view
        if not _DIGIT & {key for key, _said in parse_qsl(urlsplit(address).query)}:
            return None
        try:
            return _picture(views.parse(address))
        except views.ViewError:  # the page of the lesson says what is wrong with it
            return None

    return of_step


def _picture(view: View) -> Picture:
    sample = digit.of_view(view.path, view.get)
    alt = _("The digit: a {label}", label=digit.noun(sample))
    return Picture(pictures.png(walls.picture(sample.image, 1)), alt, _kernel(view))


def _kernel(view: View) -> tuple[tuple[str, ...], ...]:
    """The values of the layer's one chosen kernel, none where its weights were drawn or learned."""
    if view.page not in navigation.SECTIONS["Layers"]:
        return ()
    chosen = networks.named(view.get("net") or networks.default(view.path, view.get), view.get("net_epoch"))
    layer = current.place(faces.of_page(view.page).kind, chosen, view.get("layer")).layer
    chosen_ones = getattr(layer, "kernel", ())
    if len(chosen_ones) != 1:
        return ()
    return tuple(tuple(f"{value:g}".replace("-", "−") for value in row) for row in kernels.parse(chosen_ones[0]))
