"""Conv2D on its page: where kernels come from, the scale of the image, and the layer written in short."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.layers import Conv2D, Layer, kernels
from core.tensors import statistics
from ui.components.kernel_grid import kernel_grid
from ui.layers import convolution, current, sections
from ui.layers.current import PIXELS, View
from ui.layers.face import Face, Knob
from ui.shared import controls, source_code, state, text
from viz import palette

KERNEL_SOURCES = {"random": "Random", "preset": "Presets", "typed": "Typed by hand"}
DEFAULT_TYPED = kernels.as_text(kernels.PRESETS["sobel x"])
_LONGEST_CELL = 24
_TEXTS = {kernels.as_text(kernel): name for name, kernel in kernels.PRESETS.items()}


def _no_check(typed: str) -> None:
    """Typed kernels are checked where they are shown: a half-typed one must not be lost."""


def _drawn(layer: Conv2D) -> bool:
    return not layer.kernel


def _sized(layer: Conv2D) -> bool:
    return _source(layer) != "preset"


# -- from the layer to the widgets and back --------------------------------------------------------------


def _source(layer: Conv2D) -> str:
    if not layer.kernel:
        return "random"
    return "preset" if all(text in _TEXTS for text in layer.kernel) and state.get("conv_source") != "typed" else "typed"


def _values(layer: Conv2D) -> dict[str, state.Value]:
    source = _source(layer)
    found: dict[str, state.Value] = {"conv_source": source}
    if source == "preset":
        found["conv_presets"] = filter_names(layer)
    elif source == "typed":
        found["conv_typed"] = layer.kernel[0]
    return found


def _finished(layer: Conv2D) -> Conv2D:
    """Chosen kernels bring their own number and size; random ones take both from the sliders."""
    layer = layer if layer.use_bias else replace(layer, bias=0.0)
    match state.get("conv_source"):
        case "preset":
            names = state.get("conv_presets") or ["identity"]
            texts = tuple(kernels.as_text(kernels.PRESETS[name]) for name in names)
            return replace(layer, filters=len(texts), kernel_size=(3, 3), kernel=texts, biases=())
        case "typed":
            typed = _one_word(kernels.fit(state.get("conv_typed"), *layer.kernel_size))
            return replace(layer, filters=1, kernel=(typed,), biases=())
    return replace(layer, kernel=(), biases=())


def _one_word(typed: str) -> str:
    """What was typed, as a network's text can hold it: it has spaces and lines between words."""
    cells = [
        ["".join(cell.replace("|", "").split())[:_LONGEST_CELL] for cell in row.split(",")] for row in typed.split(";")
    ]
    return ";".join(",".join(row) for row in cells) or "?"


def filter_names(layer: Conv2D) -> list[str] | None:
    """What the feature maps are called, where they have names."""
    return [_TEXTS[text] for text in layer.kernel] if _source(layer) == "preset" else None


def _controls(layer: Conv2D) -> None:
    source = controls.select("conv_source", "Kernels", names=KERNEL_SOURCES)
    if source == "preset":
        notes = "\n".join(f"- **{name}**: {note}" for name, note in kernels.PRESET_NOTES.items())
        controls.several("conv_presets", "One filter for each of", help=notes)
    if source == "typed":
        kernel_grid(layer.kernel[0])


# -- the page ------------------------------------------------------------------------------------------


def _picture(view: View) -> None:
    sections.explore(view, "conv", filter_names(view.stage.spec))
    _unscaled(view)


def _pixels_choice(layer: Layer) -> None:
    """The image divided by 255, or as it is stored."""
    controls.choice(
        "conv_pixels",
        "Image values",
        "MNIST is stored as whole numbers from 0 to 255. Networks get it divided by 255: see here what the same layer "
        "does without that.",
        names=PIXELS,
    )


def _unscaled(view: View) -> None:
    """With the image as it is stored: what the same layer makes of the scaled one, and why that is wanted."""
    if current.scaled():
        return
    small = current.result(view.chosen, view.stage.name, view.result.spec, in_scale=True)
    stored, small = map(statistics.summary, (view.result.outputs, small.outputs))
    st.markdown(
        f"**The image as stored, 0 to 255**: outputs from `{text.number(stored.minimum)}` to "
        f"`{text.number(stored.maximum)}`. Divided by 255, the same layer gives `{text.number(small.minimum)}` to "
        f"`{text.number(small.maximum)}`. Start weights are drawn for inputs about as large as 1, and a weight's "
        f"gradient is its input times an error: sums and training steps grow with the image. {_certainty(view)}"
    )


def _certainty(view: View) -> str:
    """The largest probability that the last layer gives, for both images; nothing where none come out."""
    last = view.network.trace()[-1]
    if last.problem or not sections.gives_probabilities(last):
        return ""
    stored, scaled = (current.result(view.chosen, last.name, last.spec, in_scale).outputs for in_scale in (False, True))
    weights = "" if view.chosen.trained else ", whose weights have learned nothing"
    return (
        f"Of the ten probabilities at the end of the network{weights}, the largest is `{stored.max():.3f}`; for the "
        f"scaled image it is `{scaled.max():.3f}`."
    )


def _after(view: View) -> None:
    """The call as tutorials write it, and which number is what."""
    spec = view.stage.spec
    st.markdown("**In short, with arguments by their position**")
    source_code.python(spec.as_positional_code())
    st.caption(
        f"In this order: `filters` {spec.filters}, `kernel_size` {_short(spec.kernel_size)}, `strides` "
        f'{_short(spec.strides)}, `padding`. Keras reads "SAME" and "same" as the same word. All that follows is '
        "better given by name."
    )


def _short(pair: tuple[int, int]) -> str:
    return f"{pair[0]}, short for {pair}" if pair[0] == pair[1] else str(pair)


FACE = Face(
    kind=Conv2D,
    prefix="conv",
    icon=":material/grid_on:",
    colour=palette.KINDS["kernels"],
    intro="A kernel is a small grid of weights. At every position it is multiplied with the pixels under it and the "
    "products are added up: one number of the feature map. Move the window and watch the sum.",
    says="one map for each kernel",
    picture=_picture,
    controls=_controls,
    basic=(
        Knob("filters", "Filters", "`filters`: each one gives a feature map.", low=1, high=64, when=_drawn),
        convolution.kernel_size(when=_sized),
        convolution.STRIDES,
    ),
    more=(
        *convolution.MORE,
        Knob("activation", "Activation", "The next page has it as a layer of its own."),
        Knob("kernel_initializer", "Initializer", "How the first weights are drawn.", "initializer", when=_drawn),
        Knob("seed", "Seed", "Same seed, same kernels.", low=0, high=9999, box=True, when=_drawn),
    ),
    extra=(
        state.choice("conv_source", "random", tuple(KERNEL_SOURCES)),
        state.names("conv_presets", tuple(kernels.PRESETS)),
        state.text("conv_typed", DEFAULT_TYPED, _no_check),
    ),
    values=_values,
    finished=_finished,
    after=_after,
    view=(*sections.cell("conv", 8, 12), state.integer("conv_channel", 0, 0, sections.MOST_MAPS - 1)),
    more_controls=_pixels_choice,
)  # fmt: skip
