"""One step by hand on the Train page: its numbers are those of the core, its script gives them, errors have words."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from core.data import mnist
from core.drawing import packed
from core.layers.kinds import Dense
from core.layers.layer import Layer
from core.lessons.training_mistakes import GRADIENT_SLIPS
from core.network import notation
from core.training import by_hand, cost
from core.training.by_hand import Bench, Slopes
from core.training.spec import TrainingSpec
from tests.core.runs import sample_runs
from tests.ui import conftest
from ui.shared import models, networks, state, text
from ui.train.hand import cached, step
from ui.train.hand.cached import Outcome

ROOT = Path(__file__).resolve().parents[2]
SMALL = "Conv2D 3 3 strides 2 relu - BatchNormalization - Dropout 0.5 - Flatten - Dense 8 tanh - Dense 10 softmax"
KINDS = "DepthwiseConv2D 3 strides 3 - Dense 2 - Flatten - Dense 10 softmax"


def opened(**query):
    app = conftest.opened("train", **{"train_part": "hand", "net": SMALL, **query})
    assert not app.exception
    return app


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


def words(app):
    return "\n".join(element.value for kind in (app.markdown, app.caption, app.info) for element in kind)


def script(app):
    (panel,) = (panel for panel in app.expander if panel.label == "The same in TensorFlow")
    return conftest.codes(panel)[0]


def box(app, label):
    return next(box for box in app.number_input if box.label.startswith(label))


def test_nothing_is_computed_while_another_part_is_open(monkeypatch):
    monkeypatch.setattr(cached, "found", lambda question: pytest.fail("computed"))
    for part in ("setup", "watch", "runs"):
        assert not conftest.opened("train", train_part=part, net=SMALL).exception


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("at", ["1", "2"])
def test_the_numbers_are_those_of_the_core_and_of_the_script(optimizer, at, monkeypatch):
    monkeypatch.chdir(ROOT)
    app = opened(hand_optimizer=optimizer, hand_step=at, hand_rate="0.03", index="18")
    sample = mnist.sample("test", 18)
    network = notation.parse(SMALL)
    spec = TrainingSpec(network=network, optimizer=optimizer, learning_rate=0.03)
    bench, reached = Bench(network), by_hand.State(tuple(network.build().get_weights()))
    found = bench.through(reached.weights, sample.image, sample.label, spec.loss)
    if at == "2":
        reached = by_hand.stepped(reached, found, spec)
        found = bench.through(reached.weights, sample.image, sample.label, spec.loss)
    gradient = found.layers["conv2d"].gradients["kernel"]
    position = int(np.abs(gradient).argmax())
    after = by_hand.stepped(reached, found, spec)
    shown = metrics(app)
    made = {}
    exec(script(app), made)
    for label, value, in_script in (
        ("Loss", found.loss, made["loss"]),
        ("Weight w", reached.weights[0].flat[position], made["w"]),
        ("Gradient g = dL/dw", gradient.flat[position], made["gradient"]),
        ("New weight", after.weights[0].flat[position], made["new_w"]),
        (
            "After the step of all weights",
            bench.loss(after.weights, sample.image, sample.label, spec.loss),
            made["loss_all"],
        ),
    ):
        said = float(shown[label].replace("−", "-"))
        assert said == pytest.approx(float(value), rel=2e-3), label
        assert said == pytest.approx(float(in_script), rel=2e-3), label


@pytest.mark.parametrize(
    ("net", "layer", "weights", "said"),
    [
        (SMALL, "conv2d", ["kernel", "bias"], "weight × input"),
        (SMALL, "batch_normalization", ["gamma", "beta"], "normalized input"),
        (SMALL, "dense", ["kernel", "bias"], "unit"),
        (KINDS, "depthwise_conv2d", ["kernel", "bias"], "weight × input"),
        (KINDS, "dense", ["kernel", "bias"], "weight × input"),
    ],
)
def test_every_kind_shows_its_sum_and_tensorflows_gradient(net, layer, weights, said):
    for name in weights:
        app = opened(net=net, hand_layer=layer, hand_weight=name, hand_label="3")
        picked = app.segmented_control(key="hand_weight")
        assert (picked.value, list(picked.options)) == (name, weights)
        table = next(element.value for element in app.markdown if "TensorFlow |" in element.value)
        mine, theirs = (line.split("|")[-2].strip(" *") for line in table.splitlines()[-2:])
        gradient = metrics(app)["Gradient g = dL/dw"]
        assert theirs == gradient
        assert float(mine.replace("−", "-")) == pytest.approx(float(theirs.replace("−", "-")), rel=2e-3)
        assert f"`{name}[" in words(app)
    assert said in words(opened(net=net, hand_layer=layer, hand_weight=weights[0], hand_label="3"))


def test_the_layers_are_those_with_learned_weights():
    assert list(opened().segmented_control(key="hand_layer").options) == [
        "conv2d",
        "batch_normalization",
        "dense",
        "dense_1",
    ]


def test_another_place_is_chosen_by_boxes_and_the_button_goes_back():
    app = opened(hand_at="0,1,0,2")
    assert [box(app, axis).value for axis in ("Height", "Width", "Input channels", "Filters")] == [0, 1, 0, 2]
    box(app, "Width").set_value(2).run()
    assert app.query_params["hand_at"] in ("0,2,0,2", ["0,2,0,2"]) and "kernel[0, 2, 0, 2] of conv2d" in words(app)
    chosen = metrics(app)["Gradient g = dL/dw"]
    app.button(key="hand_largest").click().run()
    assert "hand_at" not in app.query_params and not app.exception
    assert abs(number(metrics(app)["Gradient g = dL/dw"])) > abs(number(chosen))


def number(said):
    return float(said.replace("−", "-"))


def test_another_layer_starts_at_its_largest_gradient():
    app = opened(hand_at="0,1,0,2")
    app.segmented_control(key="hand_layer").set_value("dense").run()
    assert not app.exception and "hand_at" not in app.query_params
    assert "of dense`" in words(app)


@pytest.mark.parametrize(("at", "said"), [("9,9,9,9", "kernel[2, 2, 0, 2] of conv2d"), ("4", "of conv2d")])
def test_a_place_that_this_network_does_not_have_is_the_nearest_one(at, said):
    assert said in words(opened(hand_at=at, hand_layer="block1_conv2"))


def test_a_place_that_makes_no_sense_is_refused():
    for said in ("first", "1,,2", "-1", "1.5"):
        with pytest.raises(ValueError, match="whole numbers with commas"):
            state.PARAMS["hand_at"].read(said)


def test_a_drawing_is_asked_for_its_digit():
    drawn = packed.pack(mnist.sample("test", 3).image)
    app = opened(drawn=drawn)
    assert "A drawing has no label" in app.info[0].value and not app.metric
    app.selectbox(key="hand_label").set_value("0").run()
    assert not app.exception and "The label is **0**" in words(app)
    compile(script(app), "script", "exec")


@pytest.mark.parametrize(
    ("net", "said"),
    [
        ("Flatten - Dense 10 relu", "must end in softmax"),
        ("Flatten - Dense 7 softmax", "must end in 10 values"),
        ("MaxPool2D 4 - Conv2D 3 9 - Flatten - Dense 10 softmax", "must fit inside the input"),
    ],
)
def test_networks_that_cannot_learn_digits_are_refused_in_words(net, said):
    app = opened(net=net)
    assert said in app.error[0].value and not app.metric


def test_a_network_without_weights_has_nothing_to_learn():
    app = opened(net="AveragePooling2D 14x5 - Flatten - Activation softmax")
    assert "has no weights" in app.info[0].value and not app.metric and not app.error


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"])
def test_every_loss_is_a_sum_that_adds_up(loss):
    app = opened(hand_loss=loss, hand_label="4")
    shown = metrics(app)["Loss"]
    if loss == "binary_crossentropy":
        table = next(element.value for element in app.markdown if "mean of the ten" in element.value)
        yes, no = (number(line.split("|")[-2].strip()) for line in table.splitlines()[-3:-1])
        assert (yes + no) / 10 == pytest.approx(number(shown), rel=1e-3)
    else:
        line = next(element.value for element in app.markdown if "The label is **4**" in element.value)
        probability = number(line.split("**")[3])
        assert -math.log(probability) == pytest.approx(number(shown), rel=2e-3)


def test_a_sure_network_offers_random_weights():
    app = opened(net="shipped")
    assert "It is sure already" in words(app)
    next(button for button in app.button if button.label == "Random weights").click().run()
    assert not app.exception and "It is sure already" not in words(app)
    assert conftest.network_box(app).value == "Basic_CNN"


def test_where_nobody_has_chosen_a_network_there_is_something_to_learn():
    app = conftest.opened("train", train_part="hand")
    assert conftest.network_box(app).value == "Basic_CNN" and 2 < float(metrics(app)["Loss"]) < 3
    app.segmented_control(key="train_part").set_value("setup").run()
    assert conftest.network_box(app).value == "shipped"


# no function between the layers: every step is a product with all weights
RUNAWAY = "Dense 8 - Dense 8 - Dense 8 - Flatten - Dense 64 - Dense 64 - Dense 10 softmax"


def test_a_step_far_too_large_is_said_and_the_one_after_it():
    assert "The step was too large: the loss rose" in words(opened(net=RUNAWAY, hand_rate="10"))
    assert "a loss is no number any more" in words(opened(net=RUNAWAY, hand_rate="10", hand_step="2"))


def test_without_numbers_there_is_a_sentence_in_place_of_them(monkeypatch):
    monkeypatch.setattr(by_hand.Pass, "finite", False)
    app = opened(hand_step="2")
    assert "no numbers any more" in app.error[0].value and not app.metric


def test_what_one_image_costs_the_others_is_said():
    said = words(opened(net="Flatten - Dense 10 softmax", hand_rate="10"))
    assert "this one image is learned by heart" in said and "The loss fell" in said
    assert "learned by heart" not in words(opened(net="Flatten - Dense 10 softmax", hand_rate="0.001"))


@pytest.mark.parametrize(
    ("before", "after", "promised", "others", "said"),
    [
        (1.0, 0.8, -0.21, 2.1, "The loss fell from 1 to 0.8; by its slope alone it would change by −0.21, and it"),
        (1.0, 0.8, -3.0, 2.1, "So far away the slope is another one."),
        (1.0, 0.8, -0.21, 9.0, "on 50 others the loss rose from 2 to 9"),
        (1.0, 7.5, -3.0, 2.1, "**The step was too large: the loss rose** from 1 to 7.5"),
        (1.0, 0.99999, -0.00001, 2.1, "so small that the loss hardly moved"),
        (1.0, math.nan, -3.0, 2.1, "no number any more"),
        (1.0, 0.0, -3.0, math.inf, "no number any more"),
        (0.0, 0.0, 0.0, 2.0, "Nothing moves"),
        (6e-7, 7e-7, -1e-9, 2.0, "so small that the loss hardly moved"),
    ],
)
def test_the_verdict_follows_from_the_numbers(before, after, promised, others, said):
    assert said in step.verdict(Outcome(before, after, promised, 50, 2.0, others))


def test_other_images_are_those_of_the_test_half_without_this_one():
    network = notation.parse(SMALL)
    spec = TrainingSpec(network=network, learning_rate=0.01)
    question = cached.Question(networks.Chosen(SMALL), "test", 3, 1, spec)
    found = cached.outcome(question)
    places = [place for place in range(51) if place != 3]
    half, weights = mnist.half("test"), network.build().get_weights()
    expected = Bench(network).mean_loss(weights, half.images[places], half.labels[places], spec.loss)
    assert found.others == 50 and found.others_before == pytest.approx(expected, rel=1e-5)
    assert found.others_after != found.others_before


def test_a_slow_network_looks_at_fewer_others(monkeypatch):
    monkeypatch.setattr(cost, "step_seconds", lambda network, batch: 0.5)
    question = cached.Question(networks.Chosen(SMALL), "test", 0, 2, TrainingSpec(network=notation.parse(SMALL)))
    assert cached.outcome(question).others == 3
    monkeypatch.setattr(cost, "step_seconds", lambda network, batch: 5.0)
    question = cached.Question(networks.Chosen(SMALL), "test", 1, 2, TrainingSpec(network=notation.parse(SMALL)))
    assert cached.outcome(question).others == 0 and "others" not in step.verdict(cached.outcome(question))


@pytest.mark.parametrize(
    ("slopes", "gradient", "said"),
    [
        (Slopes(0.9, 1.0, 1.1, 0.1), 1.0, "The same, as it should be."),
        (Slopes(1.0, 1.0, 1.1, 0.1), 0.0, "the slope is 0 on the left and 1 on the right"),
        (Slopes(0.9, 1.0, 1.1, 0.1), 0.9, "float32 has rounded"),
    ],
)
def test_the_check_says_what_it_found(slopes, gradient, said):
    assert said in step.checked(gradient, slopes)


def test_numbers_in_full_are_those_of_float32():
    value = np.float32(0.1) / np.float32(3)
    assert np.float32(step.full(float(value))) == value
    assert step.full(-0.5) == text.number(-0.5)


def test_a_run_at_an_epoch_is_read_with_its_weights(own_runs, monkeypatch):
    run = sample_runs.trained(spec=TrainingSpec(network=notation.parse(SMALL), examples=500, validation=500, epochs=2))
    shown = {epoch: metrics(opened(net=run.id, net_epoch=str(epoch)))["Loss"] for epoch in (0, 2)}
    assert shown[0] != shown[2]
    app = opened(net=run.id, net_epoch="0")
    assert f'folders.find("{run.id}").model(0)' in script(app)
    monkeypatch.chdir(ROOT)
    made = {}
    exec(script(app), made)
    assert float(made["loss"]) == pytest.approx(number(shown[0]), rel=2e-3)


def test_weights_that_do_not_fit_are_said(monkeypatch):
    monkeypatch.setattr(models, "weights", lambda wanted: [np.zeros((2, 2), np.float32)])
    app = opened(net=SMALL.replace("Dense 8", "Dense 9"))
    assert "must fit the layers of this network" in app.error[0].value and not app.metric


def test_a_kind_that_does_not_say_where_it_uses_a_weight_has_tensorflows_gradient(monkeypatch):
    monkeypatch.setattr(Dense, "weight_use", Layer.weight_use)
    app = opened(hand_layer="dense")
    assert "Dense does not say where it uses its kernel." in words(app)
    assert metrics(app)["Gradient g = dL/dw"] and not app.error


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "binary_crossentropy"])
@pytest.mark.parametrize("unit", [3, 5])
def test_at_the_end_delta_is_what_the_answer_is_wrong_by(loss, unit):
    app = opened(net="Flatten - Dense 10 softmax", hand_label="3", hand_loss=loss, hand_at=f"400,{unit}")
    line = next(element.value for element in app.caption if "Here δ is simple" in element.value)
    table = next(element.value for element in app.markdown if "TensorFlow |" in element.value)
    delta = next(row for row in table.splitlines() if "the unit" in row).split("|")[2].strip()
    assert f"For the {unit}: " in line and line.split(". Through")[0].endswith(delta)
    assert "Here δ is simple" not in words(opened(hand_layer="dense"))


def test_one_weight_alone_does_little_where_there_are_many():
    assert "One weight does little" in words(opened())
    # all pixels but one are black: of all weights nearly nothing moves but the ten biases
    dot = np.zeros((28, 28), np.uint8)
    dot[9, 9] = 1
    app = opened(net="Flatten - Dense 10 softmax", drawn=packed.pack(dot), hand_label="3")
    app.segmented_control(key="hand_weight").set_value("bias").run()
    assert "One weight does little" not in words(app) and not app.exception


def test_adam_says_where_keras_puts_epsilon():
    assert "3.16e−06 is Keras' ε" in words(opened(hand_optimizer="adam"))
    assert "2.24e−06 is Keras' ε" in words(opened(hand_optimizer="adam", hand_step="2"))


def test_common_mistakes_are_a_line_until_it_is_opened():
    conftest.check_mistakes(opened(), "hand_slips", GRADIENT_SLIPS)


def heard(app):
    """The last that was said to who hears the page, None where nothing was."""
    scripts = [each.proto.body for each in app.get("html") if "layerLabSaid" in each.proto.body]
    return json.loads(re.search(r'= \[\d+, (".*"), \[.*\];', scripts[-1])[1]) if scripts else None


def test_another_setting_says_what_the_step_does_and_another_weight_its_numbers():
    app = opened(hand_rate="0.1")
    assert heard(app) is None
    app.select_slider(key="hand_rate").set_value("0.01").run()
    assert heard(app) in words(app).replace("**", "") and "loss" in heard(app)
    box(app, "Height").set_value((box(app, "Height").value + 1) % 3).run()
    named, shown = heard(app).partition(": ")[0], metrics(app)
    assert f"`{named}`" in words(app)
    for value in (shown["Weight w"], shown["Gradient g = dL/dw"], shown["New weight"]):
        assert value in heard(app)
