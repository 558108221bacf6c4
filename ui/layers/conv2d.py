"""Conv2D on its page: where kernels come from, the scale of the image, and the layer written in short."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.layers import kernels
from core.layers.kinds import Conv2D
from core.layers.layer import Layer
from core.tensors import statistics
from ui.components.kernel_grid import kernel_grid
from ui.layers import convolution, current, sections
from ui.layers.current import PIXELS, View
from ui.layers.face import Face, Knob
from ui.shared import controls, source_code, state, text
from viz import palette
from words import N_, _

KERNEL_SOURCES = {"random": N_("Random"), "preset": N_("Presets"), "typed": N_("Typed by hand")}
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
    """The presets that the feature maps are of, where they are."""
    return [_TEXTS[text] for text in layer.kernel] if _source(layer) == "preset" else None


def _controls(layer: Conv2D) -> None:
    source = controls.select("conv_source", _("Kernels"), names=KERNEL_SOURCES)
    if source == "preset":
        notes = "\n".join(f"- **{_(name)}**: {_(note)}" for name, note in kernels.PRESET_NOTES.items())
        names = {name: name for name in kernels.PRESETS}
        controls.several("conv_presets", _("One filter for each of"), help=notes, names=names)
    if source == "typed":
        kernel_grid(layer.kernel[0])


# -- the page ------------------------------------------------------------------------------------------


def _picture(view: View) -> None:
    names = filter_names(view.stage.spec)
    sections.explore(view, "conv", names and [_(name) for name in names])
    _unscaled(view)


def _pixels_choice(layer: Layer) -> None:
    """The image divided by 255, or as it is stored."""
    controls.choice(
        "conv_pixels",
        _("Image values"),
        _(
            "MNIST is stored as whole numbers from 0 to 255. Networks get it divided by 255: see here what the same "
            "layer does without that."
        ),
        names=PIXELS,
    )


def _unscaled(view: View) -> None:
    """With the image as it is stored: what the same layer makes of the scaled one, and why that is wanted."""
    if current.scaled():
        return
    small = current.result(view.chosen, view.stage.name, view.result.spec, in_scale=True)
    stored, small = map(statistics.summary, (view.result.outputs, small.outputs))
    said = _(
        "**The image as stored, 0 to 255**: outputs from `{stored_low}` to `{stored_high}`. Divided by 255, the same "
        "layer gives `{low}` to `{high}`. Start weights are drawn for inputs about as large as 1, and a weight's "
        "gradient is its input times an error: sums and training steps grow with the image.",
        stored_low=text.number(stored.minimum),
        stored_high=text.number(stored.maximum),
        low=text.number(small.minimum),
        high=text.number(small.maximum),
    )
    st.markdown(f"{said} {_certainty(view)}")


def _certainty(view: View) -> str:
    """The largest probability that the last layer gives, for both images; nothing where none come out."""
    last = view.network.trace()[-1]
    if last.problem or not sections.gives_probabilities(last):
        return ""
    stored, scaled = (current.result(view.chosen, last.name, last.spec, in_scale).outputs for in_scale in (False, True))
    values = {"stored": stored.max(), "scaled": scaled.max()}
    if view.chosen.trained:
        return _(
            "Of the ten probabilities at the end of the network, the largest is `{stored:.3f}`; for the scaled image "
            "it is `{scaled:.3f}`.",
            **values,
        )
    return _(
        "Of the ten probabilities at the end of the network, whose weights have learned nothing, the largest is "
        "`{stored:.3f}`; for the scaled image it is `{scaled:.3f}`.",
        **values,
    )


def _after(view: View) -> None:
    """The call as tutorials write it, and which number is what."""
    spec = view.stage.spec
    st.markdown(_("**In short, with arguments by their position**"))
    source_code.python(spec.as_positional_code())
    st.caption(
        _(
            "In this order: `filters` {filters}, `kernel_size` {kernel_size}, `strides` {strides}, `padding`. Keras "
            'reads "SAME" and "same" as the same word. All that follows is better given by name.',
            filters=spec.filters,
            kernel_size=_short(spec.kernel_size),
            strides=_short(spec.strides),
        )
    )


def _short(pair: tuple[int, int]) -> str:
    return _("{number}, short for {pair}", number=pair[0], pair=pair) if pair[0] == pair[1] else str(pair)


FACE = Face(
    kind=Conv2D,
    prefix="conv",
    icon=":material/grid_on:",
    colour=palette.KINDS["kernels"],
    intro=N_(
        "A kernel is a small grid of weights. At every position it is multiplied with the pixels under it and the "
        "products are added up: one number of the feature map. Move the window and watch the sum."
    ),
    says=N_("one map for each kernel"),
    picture=_picture,
    controls=_controls,
    basic=(
        Knob("filters", N_("Filters"), N_("`filters`: each one gives a feature map."), low=1, high=64, when=_drawn),
        convolution.kernel_size(when=_sized),
        convolution.STRIDES,
    ),
    more=(
        *convolution.MORE,
        Knob("activation", N_("Activation"), N_("The next page has it as a layer of its own.")),
        Knob("kernel_initializer", N_("Initializer"), N_("How the first weights are drawn."), "initializer",
            when=_drawn),
        Knob("seed", N_("Seed"), N_("Same seed, same kernels."), low=0, high=9999, box=True, when=_drawn),
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
