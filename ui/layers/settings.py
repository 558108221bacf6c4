"""All settings of the walk, and the specs they make. A new setting is one line here and one control."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.layers import Activation, Conv2D, Dense, Dropout, Pooling, kernels
from core.layers.activation import ACTIVATIONS, OUTPUT_ACTIVATIONS
from core.layers.initializers import INITIALIZERS
from core.layers.shapes import PADDINGS
from core.network import presets, saved
from core.network.network import Network, NetworkError
from core.network.presets import one_of_each
from core.runs.folders import RunError
from ui.shared import networks, state, warmup

DIGITS = ("any", *map(str, range(10)))
KERNEL_SOURCES = {
    "random": "Random",
    "preset": "Presets",
    "typed": "Typed by hand",
    "trained": "From a trained network",
}
# what the image's values run from and to, where the first layer receives them
PIXELS = {"0-1": "0 to 1", "0-255": "0 to 255"}
HISTOGRAM_RANGES = {"auto": "Automatic", "-2..2": "−2 … 2"}
# the sliders go to 64, a trained network may bring more
MOST_FILTERS = presets.LIMITS["filters"][1]
DEFAULT_TYPED = kernels.as_text(kernels.PRESETS["sobel x"])


def _no_check(text: str) -> None:
    """Typed kernels are checked where they are shown: a half-typed one must not be lost."""


state.declare(
    state.choice("split", "test", ("train", "test")),
    state.choice("digit", "any", DIGITS),
    state.integer("index", 0, 0, 59_999),
    state.choice("range", "layer", ("layer", "map", "fixed")),
    state.flag("log", True),
    state.choice("histogram", "auto", tuple(HISTOGRAM_RANGES)),
    # Conv2D
    state.choice("conv_pixels", "0-1", tuple(PIXELS)),
    state.integer("conv_filters", 8, 1, 64),
    state.integer("conv_kernel_h", 3, 1, 11),
    state.integer("conv_kernel_w", 3, 1, 11),
    state.integer("conv_strides_h", 1, 1, 8),
    state.integer("conv_strides_w", 1, 1, 8),
    state.integer("conv_dilation_h", 1, 1, 5),
    state.integer("conv_dilation_w", 1, 1, 5),
    state.choice("conv_padding", "same", PADDINGS),
    state.flag("conv_use_bias", True),
    state.number("conv_bias", 0.0, -1.0, 1.0, 0.05),
    state.choice("conv_activation", "linear", ACTIVATIONS),
    state.choice("conv_initializer", "glorot_uniform", tuple(INITIALIZERS)),
    state.integer("conv_seed", 0, 0, 9999),
    state.choice("conv_source", "random", tuple(KERNEL_SOURCES)),
    state.names("conv_presets", tuple(kernels.PRESETS)),
    state.text("conv_typed", DEFAULT_TYPED, _no_check),
    state.integer("conv_map", 0, 0, MOST_FILTERS - 1),
    state.integer("conv_row", 8, 0, 27),
    state.integer("conv_col", 12, 0, 27),
    # activation
    state.choice("act_name", "relu", ACTIVATIONS),
    state.number("act_slope", 0.2, 0.0, 1.0, 0.05),
    state.number("act_alpha", 1.0, 0.1, 3.0, 0.1),
    state.integer("act_map", 0, 0, MOST_FILTERS - 1),
    state.integer("act_row", 8, 0, 27),
    state.integer("act_col", 12, 0, 27),
    # pooling
    state.choice("pool_kind", "max", ("max", "average")),
    state.integer("pool_size_h", 2, 1, 8),
    state.integer("pool_size_w", 2, 1, 8),
    state.integer("pool_strides_h", 2, 1, 8),
    state.integer("pool_strides_w", 2, 1, 8),
    state.choice("pool_padding", "valid", PADDINGS),
    state.integer("pool_map", 0, 0, MOST_FILTERS - 1),
    state.integer("pool_row", 4, 0, 27),
    state.integer("pool_col", 6, 0, 27),
    # flatten
    state.integer("flat_position", 532, 0, 28 * 28 * MOST_FILTERS - 1),
    # dense
    state.integer("dense_units", 32, 1, 128),
    state.choice("dense_activation", "relu", ACTIVATIONS),
    state.flag("dense_use_bias", True),
    state.number("dense_bias", 0.0, -1.0, 1.0, 0.05),
    state.choice("dense_initializer", "glorot_uniform", tuple(INITIALIZERS)),
    state.integer("dense_seed", 0, 0, 9999),
    state.integer("dense_unit", 0, 0, 127),
    # dropout
    state.number("drop_rate", 0.5, 0.0, 0.95, 0.05),
    state.flag("drop_training", True),
    state.integer("drop_seed", 0, 0, 9999),
    # the ten output units
    state.choice("out_activation", "softmax", OUTPUT_ACTIVATIONS),
    state.integer("out_seed", 0, 0, 9999),
)


def _pair(key: str) -> tuple[int, int]:
    return state.get(f"{key}_h"), state.get(f"{key}_w")


def scaled() -> bool:
    """Whether the image is divided by 255 before the first layer."""
    return state.get("conv_pixels") == "0-1"


def chosen_presets() -> list[str]:
    """Names of the preset kernels, one filter each; with none chosen, the one that changes nothing."""
    return state.get("conv_presets") or ["identity"]


def filter_names() -> list[str] | None:
    """What the feature maps are called, where they have names."""
    return chosen_presets() if state.get("conv_source") == "preset" else None


def preset_notes() -> str:
    """What each preset kernel does, as a list."""
    return "\n".join(f"- **{name}**: {note}" for name, note in kernels.PRESET_NOTES.items())


def typed_kernel() -> str:
    """The typed kernel as text, in the size that the kernel sliders say."""
    return kernels.fit(state.get("conv_typed"), *_pair("conv_kernel"))


def _chosen_kernels() -> tuple[str, ...]:
    match state.get("conv_source"):
        case "preset":
            return tuple(kernels.as_text(kernels.PRESETS[name]) for name in chosen_presets())
        case "typed":
            return (typed_kernel(),)
    return ()


def conv2d() -> Conv2D:
    """Chosen kernels bring their own number and size; random ones take both from the sliders."""
    chosen = _chosen_kernels()
    size = (3, 3) if state.get("conv_source") == "preset" else _pair("conv_kernel")
    use_bias = state.get("conv_use_bias")
    spec = Conv2D(
        filters=len(chosen) or state.get("conv_filters"),
        kernel_size=size,
        strides=_pair("conv_strides"),
        padding=state.get("conv_padding"),
        dilation_rate=_pair("conv_dilation"),
        use_bias=use_bias,
        bias=state.get("conv_bias") if use_bias else 0.0,
        activation=state.get("conv_activation"),
        kernel_initializer=state.get("conv_initializer"),
        seed=state.get("conv_seed"),
        kernel=chosen,
    )
    return _with_trained_kernels(spec) if state.get("conv_source") == "trained" else spec


def _with_trained_kernels(spec: Conv2D) -> Conv2D:
    """The first convolution of the chosen network. Until it can be read, random kernels of the same number and size
    stand for it: shapes are shown, numbers are not (see `walk_problem`)."""
    wanted = networks.chosen()
    try:
        first = wanted.spec
    except (RunError, ValueError):  # deleted since it was chosen
        return spec
    spec = replace(spec, filters=first.filters[0], kernel_size=(first.kernel_size,) * 2, bias=0.0)
    if not warmup.ready() or walk_problem():
        return spec
    texts, biases, source = _first_convolution(wanted)
    return replace(spec, kernel=texts, biases=biases, source=source)


def walk_problem() -> str | None:
    """One sentence why the chosen trained kernels cannot be read; None where they can or are not asked for."""
    if state.get("conv_source") != "trained" or not warmup.ready():
        return None
    try:
        _first_convolution(networks.chosen())
    except (NetworkError, RunError) as error:
        return str(error)
    except ValueError:  # Keras' words for weights of another shape
        return "The weights of the chosen network should fit its settings, and do not: a file is damaged."
    return None


@st.cache_resource(max_entries=16, show_spinner=False)
def _first_convolution(wanted: networks.Chosen) -> tuple[tuple[str, ...], tuple[float, ...], str]:
    """Its kernels as text, its biases, and the file that code can load them from, "" where there is none."""
    if wanted.run:  # its file of arrays is quick to read, building the model is not
        kernel, bias = wanted.run.weights(None if wanted.epoch == networks.NEWEST else wanted.epoch)[:2]
    else:
        kernel, bias = networks.model(wanted).get_layer("block1_conv1").get_weights()
    texts = tuple(kernels.as_text(kernel[:, :, 0, i]) for i in range(kernel.shape[-1]))
    source = "" if wanted.run else f"{saved.FILE.parent.name}/{saved.FILE.name}"
    return texts, tuple(float(number) for number in bias), source


def activation() -> Activation:
    """Parameters that the chosen function does not have keep their default, so that caches are shared."""
    name = state.get("act_name")
    return Activation(
        name,
        negative_slope=state.get("act_slope") if name == "leaky_relu" else Activation.negative_slope,
        alpha=state.get("act_alpha") if name == "elu" else Activation.alpha,
    )


def pooling() -> Pooling:
    """Max or average pooling."""
    return Pooling(state.get("pool_kind"), _pair("pool_size"), _pair("pool_strides"), state.get("pool_padding"))


def dense() -> Dense:
    """The hidden Dense layer."""
    use_bias = state.get("dense_use_bias")
    return Dense(
        state.get("dense_units"),
        state.get("dense_activation"),
        use_bias,
        state.get("dense_bias") if use_bias else 0.0,
        state.get("dense_initializer"),
        state.get("dense_seed"),
    )


def dropout() -> Dropout:
    """The Dropout layer."""
    return Dropout(state.get("drop_rate"), state.get("drop_training"), state.get("drop_seed"))


def walk() -> Network:
    """All stages with their current settings."""
    return one_of_each(
        conv2d=conv2d(),
        activation=activation(),
        pooling=pooling(),
        dense=dense(),
        dropout=dropout(),
        output=Dense(10, state.get("out_activation"), seed=state.get("out_seed")),
    )
