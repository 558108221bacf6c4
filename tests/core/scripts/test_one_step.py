"""The script of one step, executed: it leaves the numbers that `core.training.by_hand` gives."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data import mnist
from core.network import notation, saved
from core.network.presets import BASIC_CNN, PRESETS
from core.scripts import one_step, parts
from core.scripts.one_step import ChosenWeight
from core.training import by_hand
from core.training.by_hand import Bench, State
from core.training.spec import TrainingSpec

ROOT = Path(__file__).resolve().parents[3]
DRAWN = notation.parse(
    "DepthwiseConv2D 3 - BatchNormalization - Conv2D 4 5 strides 2 relu seed 3 - Dropout 0.5 - Flatten - "
    "Dense 10 softmax seed 5"
)
SPEC = TrainingSpec(network=DRAWN, optimizer="sgd", learning_rate=0.03, momentum=0.0)
INDEX, LABEL = 18, 3


@pytest.fixture(autouse=True)
def in_the_projects_folder(monkeypatch):
    monkeypatch.chdir(ROOT)


def check(spec, weights, image, model, step, layer, name):
    """The script's numbers against those of the core, for the weight with the largest gradient."""
    bench, pixels = Bench(spec.network), mnist.sample("test", INDEX).image
    state = State(tuple(weights))
    for _ in range(step - 1):
        state = by_hand.stepped(state, bench.through(state.weights, pixels, LABEL, spec.loss), spec)
    found = bench.through(state.weights, pixels, LABEL, spec.loss)
    gradient = found.layers[layer].gradients[name]
    position = int(np.abs(gradient).argmax())
    place = found.layers[layer].place(name)
    variable = list(found.gradients()).index(place)
    at = tuple(map(int, np.unravel_index(position, gradient.shape)))
    made = {}
    exec(one_step.as_code(spec, image, model, LABEL, ChosenWeight(layer, name, variable, at), step), made)
    after = by_hand.stepped(state, found, spec)
    alone = by_hand.with_one(state.weights, place, position, after.weights[place].flat[position])
    slopes = bench.slopes(state.weights, pixels, LABEL, spec.loss, place, position)
    for said, expected in (
        ("loss", found.loss),
        ("w", state.weights[place].flat[position]),
        ("gradient", gradient.flat[position]),
        ("new_w", after.weights[place].flat[position]),
        ("loss_all", bench.loss(after.weights, pixels, LABEL, spec.loss)),
        ("loss_one", bench.loss(alone, pixels, LABEL, spec.loss)),
        ("difference", slopes.middle),
    ):
        assert float(made[said]) == pytest.approx(float(expected), rel=2e-4, abs=1e-7), said
    assert slopes.corner or slopes.confirms(float(gradient.flat[position]))


@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize(
    ("layer", "name", "loss"),
    [
        ("conv2d", "kernel", "sparse_categorical_crossentropy"),
        ("batch_normalization", "gamma", "categorical_crossentropy"),
        ("depthwise_conv2d", "kernel", "binary_crossentropy"),
        ("dense", "bias", "sparse_categorical_crossentropy"),
    ],
)
def test_a_drawn_network(layer, name, loss, optimizer, step):
    spec = replace(SPEC, optimizer=optimizer, loss=loss)
    weights = DRAWN.build().get_weights()
    check(spec, weights, parts.mnist_image("test", INDEX), parts.build(DRAWN), step, layer, name)


def test_a_trained_network_and_a_drawing():
    spec = replace(SPEC, network=PRESETS[BASIC_CNN], optimizer="adam", learning_rate=0.001)
    file = f"{saved.FILE.parent.name}/{saved.FILE.name}"
    pixels = mnist.sample("test", INDEX).image
    weights = saved.load_pretrained().get_weights()
    check(spec, weights, parts.packed_image(pixels), parts.load_file(file), 1, "block2_conv1", "kernel")
