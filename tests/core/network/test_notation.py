"""A network as text: what is written is read again, and what is no network is one sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.layers.kinds import KINDS, Activation, Conv2D, Dense, Dropout, Flatten, Pooling
from core.network import notation, presets
from core.network.network import MOST_LAYERS, Network
from core.network.notation import NotationError
from tests.core.layers.strategies import all_kinds

LAYERS = all_kinds()
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True)
networks = st.dictionaries(names, st.one_of(*LAYERS.values()), min_size=1, max_size=9).map(
    lambda layers: Network(tuple(layers.items()))
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(networks)
def test_what_is_written_is_read_again(network):
    assert notation.parse(notation.as_text(network)).layers == network.layers


@given(st.one_of(*LAYERS.values()))
def test_one_layer_needs_no_name(layer):
    assert notation.parse(notation.layer_as_text(layer)).layers[0][1] == layer


@pytest.mark.parametrize("name", presets.PRESETS)
def test_a_preset_is_one_word(name):
    assert notation.as_text(presets.PRESETS[name]) == name
    assert notation.parse(f" {name}\n") is presets.PRESETS[name]


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        ("Conv2D 32 3", Conv2D(32, (3, 3), padding="valid")),
        ("conv2d 32 3 same relu", Conv2D(32, (3, 3), activation="relu")),
        ("Conv2D 6 3x5 2 same", Conv2D(6, (3, 5), (2, 2))),
        ("Conv2D strides 2 8 3 he_normal use_bias false", Conv2D(8, (3, 3), (2, 2), "valid", (1, 1), False, 0.0,
            "linear", "he_normal")),
        ("RELU", Activation("relu")),
        ("LeakyReLU", Activation("leaky_relu", negative_slope=0.3)),
        ("LeakyReLU negative_slope 0.1", Activation("leaky_relu", negative_slope=0.1)),
        ("Activation softmax", Activation("softmax")),
        ("MaxPool2D", Pooling("max")),
        ("MaxPooling2D 3", Pooling("max", (3, 3), (3, 3))),
        ("AveragePooling2D 3 strides 1x2 same", Pooling("average", (3, 3), (1, 2), "same")),
        ("Flatten", Flatten()),
        ("Dense 10 softmax", Dense(10, "softmax")),
        ("Dense 10", Dense(10, "linear")),
        ("Dropout 0.25", Dropout(0.25, training=False)),
    ],
)  # fmt: skip
def test_what_is_left_out_is_what_keras_takes(text, layer):
    assert notation.parse(text).layers[0][1] == layer


@pytest.mark.parametrize("separator", [" - ", "\n", " > ", " → ", "\n\n  ", " -\n"])
def test_layers_may_stand_on_lines(separator):
    network = notation.parse(separator.join(["Conv2D 4 3", "ReLU", "Flatten", "out=Dense 10 softmax"]))
    assert network.names == ("conv2d", "re_lu", "flatten", "out")
    assert notation.as_text(network) == "Conv2D 4 3 - ReLU - Flatten - out=Dense 10 softmax"


def counted(names):
    """Names as Keras gives them, counted from the first of each kind: Keras counts on from one model to the next."""
    first, made = {}, []
    for name in names:
        base, _, number = name.rpartition("_") if name.rpartition("_")[2].isdecimal() else (name, "", "0")
        place = int(number) - first.setdefault(base, int(number))
        made.append(f"{base}_{place}" if place else base)
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_the_name_that_keras_gives(kind):
    for said in kind.words.values():
        layers = [kind(**said)] * 3
        assert notation.automatic_names(layers) == counted(layer.build().name for layer in layers)


def test_names_are_those_that_keras_gives():
    text = "Conv2D 4 3 - ReLU - MaxPool2D - Conv2D 4 3 - ReLU - AveragePooling2D - Flatten - Dense 3 - Dense 10"
    layers = [layer.build() for _, layer in notation.parse(text)]
    assert list(notation.parse(text).names) == counted(layer.name for layer in layers)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "needs at least one layer"),
        (" - ", "needs at least one layer"),
        ("Lambda 3", "A layer is one of Conv2D, .*ReLU, .*Dropout, or a whole"),
        ("Conv2D", "Conv2D needs filters, and it is missing"),
        ("Conv2D 8", "Conv2D needs kernel_size"),
        ("Conv2D 8 3 wide", "Conv2D takes filters, kernel_size, .* “wide” is none of them"),
        ("Conv2D 8 3 padding wide", "padding of Conv2D must be one of valid, same, not “wide”"),
        ("Conv2D 8 3 same same", "takes padding once"),
        ("Dense 10 units 10", "takes units once"),
        ("Dense ten", "“ten” is none of them"),
        ("Dense units ten", "units of Dense must be a whole number, not “ten”"),
        ("Dense 0", "units of Dense must be from 1 to"),
        ("Dense 99999999999", "units of Dense must be a whole number"),
        ("Dense 10 use_bias perhaps", "use_bias of Dense must be true or false"),
        ("Dropout nan", "“nan” is none of them"),
        ("Dropout rate nan", "rate of Dropout must be a number, not “nan”"),
        ("Dropout 1.5", "rate of Dropout must be from 0 to 0.95"),
        ("Conv2D 8 3xx", "kernel_size of Conv2D must be a whole number, or two such as 3x5, not “3xx”"),
        ("MaxPool2D kind average", "takes kind once"),
        ("2nd=Dense 10", "A layer's name is up to 40 letters"),
        ("=Dense 10", "A layer's name is up to 40 letters"),
        (" - ".join(["ReLU"] * (MOST_LAYERS + 1)), f"at most {MOST_LAYERS} layers"),
        ("x" * (notation.LONGEST + 1), "at most 8,000 characters"),
        ("Dense 10 " + "y" * 500, "“y{24}…”"),
    ],
)
def test_what_is_no_network_is_one_sentence(text, says):
    with pytest.raises(NotationError, match=says) as caught:
        notation.parse(text)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            [
                "Conv2D",
                "dense",
                "ReLU",
                "-",
                "=",
                "a=",
                "3",
                "3x",
                "x",
                "kernel",
                "biases",
                "|",
                "1|2",
                "nan",
                "seed",
                "\n",
            ]
        )
        | st.text(max_size=6),
        max_size=12,
    ).map(" ".join)
)
def test_any_text_is_a_network_or_a_sentence(text):
    try:
        network = notation.parse(text)
    except NotationError as error:
        assert str(error).endswith(".")
    else:
        network.problem()
        assert notation.parse(notation.as_text(network)).layers == network.layers
