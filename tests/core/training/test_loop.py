"""Both engines learn the same, and so does the code that pages show, which prints what pages say that it prints; a
resumed run is an unbroken one.

The same up to rounding: threads add up gradients in an order that is not always the same.
"""

import math
import re
import warnings
from dataclasses import replace
from functools import lru_cache

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from core.data import mnist
from core.layers.kinds import Conv2D, Dense
from core.network import saved
from core.network.network import Network
from core.network.notation import parse
from core.network.presets import Blocks
from core.scripts import training
from core.training import data as training_data
from core.training import loop
from core.training.loop import DivergedError, Listener, Stopped
from core.training.presets import PRESETS
from core.training.spec import ENGINES, LOSSES, SCHEDULES, WARM_UP, TrainingSpec

SMALL = Blocks(filters=(4, 8), convolutions=1, dense_units=16).network()
SPEC = TrainingSpec(network=SMALL, examples=300, validation=100, epochs=2, batch_size=64)


class Heard(Listener):
    """Keeps all that it is told, and a checkpoint of every epoch."""

    def __init__(self, stop_after=math.inf):
        self.batches, self.epochs, self.checkpoints, self.polls = [], [], {}, 0
        self.stop_after = stop_after

    def started(self, learner):
        self.learner = learner

    def batch(self, *said):
        self.batches.append(said)
        if len(self.batches) >= self.stop_after:
            raise Stopped

    def poll(self):
        self.polls += 1

    def epoch(self, epoch, measured):
        self.epochs.append(measured)
        self.checkpoints[epoch + 1] = self.learner.checkpoint(epoch + 1)


def trained(spec, checkpoint=None):
    heard = Heard()
    loop.train(spec, heard, checkpoint)
    return heard


@lru_cache(maxsize=16)
def trained_once(spec):
    """For tests that only read what was learned."""
    return trained(spec)


def assert_same_weights(one, other):
    for left, right in zip(one, other, strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-4, atol=1e-6)


VARIANTS = {
    "adam, warmed up": SPEC,
    "sgd, one-hot, augmented, chosen kernels": replace(
        SPEC,
        network=parse(
            "Conv2D 2 3 same relu kernel 1,0,-1;2,0,-2;1,0,-1|0,1,0;1,-4,1;0,1,0 bias 0.25 - "
            "MaxPool2D - Flatten - Dense 10 softmax"
        ),
        optimizer="sgd",
        learning_rate=0.05,
        loss="categorical_crossentropy",
        metrics=("top_3_accuracy", "crossentropy"),
        augmentation="light",
        schedule="cosine",
        seed=3,
    ),
    "rmsprop, binary, drawn, no convolution, sigmoid": replace(
        SPEC,
        network=parse("Flatten - Dense 8 relu - Dropout 0.2 - Dense 10 sigmoid"),
        optimizer="rmsprop",
        learning_rate=0.001,
        schedule="constant",
        loss="binary_crossentropy",
        metrics=(),
        augmentation="drawn",
    ),
    "sparse, drawn, means, moving statistics, softmax in the Dense": replace(
        SPEC,
        network=parse(
            "Conv2D 4 5 tanh - BatchNormalization - AveragePooling2D - Flatten - Dropout 0.3 - Dense 10 softmax"
        ),
        metrics=("accuracy", "top_3_accuracy", "crossentropy"),
        augmentation="drawn",
        seed=5,
    ),
}


@pytest.mark.usefixtures("among_few_images")
@pytest.mark.parametrize("name", VARIANTS)
def test_engines_and_shown_code_end_with_the_same_weights_print_the_same_and_warn_of_nothing(name, capsys):
    spec = VARIANTS[name]
    heard = {engine: trained_once(replace(spec, engine=engine)) for engine in ("fit", "loop")}
    assert_same_weights(heard["fit"].learner.weights(), heard["loop"].learner.weights())
    np.testing.assert_allclose(heard["fit"].batches, heard["loop"].batches, rtol=1e-5)
    for one, other in zip(heard["fit"].epochs, heard["loop"].epochs, strict=True):
        assert one == pytest.approx(other, rel=1e-5)
    for engine in ("fit", "loop"):
        capsys.readouterr()
        made = run_without_warning(training.as_code(spec, engine))
        assert_same_weights(heard[engine].learner.weights(), made["model"].get_weights())
        if engine == "fit":
            history = made["history"].history
            last = {measure: values[-1] for measure, values in history.items()}
            assert heard["fit"].epochs[-1] == pytest.approx(last, rel=1e-5)
    assert_printed(spec, history, capsys.readouterr().out)


def run_without_warning(code):
    """What a script leaves behind."""
    made = {}
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        exec(code, made)
    assert [str(said.message) for said in warned if issubclass(said.category, UserWarning)] == []
    return made


def assert_printed(spec, history, written):
    """What the loop's script wrote is what pages say that it prints: the same template, and in it the numbers that
    `history.history` of the other script holds."""
    assert f'template = "{training.template(spec)}"\n' in training.as_code(spec, "loop")
    epochs = [{"epoch": i + 1, **{name: values[i] for name, values in history.items()}} for i in range(spec.epochs)]
    number = re.compile(r"\d+\.\d{4}")
    for line, shown in zip(written.strip().splitlines(), training.printed(spec, epochs), strict=True):
        assert number.sub("#", line) == number.sub("#", shown)
        # a digit of the last place may be rounded otherwise
        assert [*map(float, number.findall(line))] == pytest.approx([*map(float, number.findall(shown))], abs=2e-4)
        assert len(number.findall(line)) == 2 * (1 + len({"accuracy", *spec.metrics}))


@pytest.mark.parametrize("engine", ["fit", "loop"])
def test_a_resumed_training_is_an_unbroken_one(engine):
    """With all that a checkpoint has to hold: what Dropout draws next, moving statistics, images drawn anew."""
    spec = replace(VARIANTS["sparse, drawn, means, moving statistics, softmax in the Dense"], engine=engine)
    whole = trained_once(spec)
    rest = trained(spec, whole.checkpoints[1])
    assert_same_weights(whole.learner.weights(), rest.learner.weights())
    assert rest.epochs[0] == pytest.approx(whole.epochs[1], rel=1e-4)
    assert [said[0] for said in rest.batches] == [1] * spec.batches


@pytest.mark.parametrize("engine", ["fit", "loop"])
def test_what_is_told_is_what_keras_measures(engine):
    heard = trained_once(replace(SPEC, engine=engine))
    model = heard.learner.finished_model()
    images, labels = mnist.half("train").images[-100:], mnist.half("train").labels[-100:]
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    loss, accuracy = model.evaluate(saved.as_batch(images), labels, verbose=0)
    assert heard.epochs[-1]["val_loss"] == pytest.approx(loss, rel=1e-5)
    assert heard.epochs[-1]["val_accuracy"] == pytest.approx(accuracy)
    sizes = np.array([64, 64, 64, 64, 44])
    first = np.array([said[2:] for said in heard.batches[: SPEC.batches]])
    mean = (first * sizes[:, np.newaxis]).sum(axis=0) / sizes.sum()
    assert heard.epochs[0]["loss"] == pytest.approx(mean[0], rel=1e-5)
    assert heard.epochs[0]["accuracy"] == pytest.approx(mean[1], rel=1e-5)
    assert heard.polls > 0


def test_same_seed_same_start_other_seed_other_start():
    starts = [spec.seeded.build().get_weights() for spec in (SPEC, replace(SPEC, optimizer="sgd"))]
    assert_same_weights(*starts)
    assert (SPEC.network.seeded(1).build().get_weights()[0] != starts[0][0]).any()


@pytest.mark.parametrize("engine", ["fit", "loop"])
def test_a_listener_can_stop_it(engine):
    heard = Heard(stop_after=3)
    with pytest.raises(Stopped):
        loop.train(replace(SPEC, engine=engine), heard)
    assert len(heard.batches) == 3 and not heard.epochs


@pytest.mark.parametrize("engine", ["fit", "loop"])
def test_divergence_is_said_in_words(engine):
    # linear, so that no unit can die before the weights have run away: see the preset "Blown up"
    network = Blocks((16, 16), activation="linear").network()
    spec = replace(SPEC, engine=engine, network=network, optimizer="sgd", learning_rate=10.0, epochs=20)
    with pytest.raises(DivergedError, match=r"epoch \d+, batch \d+: the steps were too large"):
        loop.train(replace(spec, schedule="constant"))


def slim(spec):
    """The same with fewer filters and units: a processor without bfloat16 takes seconds for a step of the full one."""
    fewer = {Conv2D: {"filters": 8}, Dense: {"units": 64}}
    layers = tuple(
        (name, layer if name == "output" else replace(layer, **fewer.get(type(layer), {})))
        for name, layer in spec.network
    )
    return replace(spec, network=Network(layers), batch_size=32)


def test_the_preset_that_promises_nan_gives_nan(policy):
    spec = PRESETS["Blown up"].spec
    spec = spec if policy == "float32" else slim(spec)
    heard = Heard(stop_after=50)
    with pytest.raises(DivergedError, match="NaN"):
        loop.train(replace(spec, precision=policy), heard)
    losses = [loss for *_, loss, _ in heard.batches]
    assert losses[1:] == sorted(losses[1:]) and len(losses) < 10


def test_the_preset_that_promises_a_guess_for_good_ends_there(policy):
    """With fewer filters; the whole preset is looked at in its recording, in test_recorded.py."""
    spec = slim(PRESETS["Steps too large"].spec)
    heard = Heard(stop_after=70)
    with pytest.raises(Stopped):
        loop.train(replace(spec, precision=policy), heard)
    losses = [loss for *_, loss, _ in heard.batches]
    assert max(losses) > 10  # it jumps; by less where fewer weights are summed up
    assert np.mean(losses[-10:]) == pytest.approx(-math.log(0.1), abs=0.2)
    # a layer is dead: whatever the image, the answer is the same
    answers = saved.predict(heard.learner.model, mnist.half("test").images[:200])
    np.testing.assert_allclose(answers, np.broadcast_to(answers[:1], answers.shape), rtol=1e-5)


@given(st.integers(1, 50), st.integers(1, 300), st.sampled_from(SCHEDULES), st.data())
def test_the_rate_of_every_step_follows_its_schedule(epochs, batches, schedule, data):
    spec = TrainingSpec(epochs=epochs, batch_size=1 + 300 // batches, examples=300, schedule=schedule)
    steps = epochs * spec.batches
    step = data.draw(st.integers(0, steps - 1))
    rising = min(max(1, round(WARM_UP * steps)), steps - 1)
    expected = {
        "constant": 1,
        "cosine": (1 + math.cos(math.pi * step / steps)) / 2,
        "warmup": step / rising if step < rising else (1 + math.cos(math.pi * (step - rising) / (steps - rising))) / 2,
    }[schedule]
    optimizer = loop.optimizer(spec)
    optimizer.iterations.assign(step)
    assert float(optimizer.learning_rate) == pytest.approx(spec.learning_rate * expected, rel=1e-4, abs=1e-9)


def test_an_impossible_training_is_refused():
    with pytest.raises(ValueError, match="epochs must be"):
        loop.train(replace(SPEC, epochs=0))


@pytest.mark.usefixtures("needs_bfloat16")
def test_bfloat16_keeps_float32_weights_and_the_finished_model_is_float32():
    heard = trained(replace(SPEC, precision="mixed_bfloat16", epochs=1, examples=128))
    assert all(weights.dtype == np.float32 for weights in heard.learner.weights())
    model = heard.learner.finished_model()
    assert {layer.dtype_policy.name for layer in model.layers} == {"float32"}
    assert_same_weights(model.get_weights(), heard.learner.weights())


def test_accuracy_is_of_right_digits_for_every_loss():
    """BinaryAccuracy would say more than 80 % of an answer that is always 0."""
    labels = np.eye(10, dtype=np.float32)[[0, 1, 2, 3]]
    answers = np.full((4, 10), 0.01, np.float32)
    answers[:, 0] = 0.91
    spec = replace(SPEC, loss="binary_crossentropy")
    metric = loop.metrics(spec)[0]
    metric.update_state(labels, answers)
    assert float(metric.result()) == pytest.approx(0.25)
    binary = keras.metrics.BinaryAccuracy()
    binary.update_state(labels, answers)
    assert float(binary.result()) > 0.8


@pytest.mark.parametrize("name", LOSSES)
def test_the_name_accuracy_means_the_same_class_as_ours(name):
    """Keras picks by the shape of output and labels, not by the loss; asked for by name, binary_accuracy is another."""
    spec = replace(SPEC, loss=name)
    model = SMALL.build()
    images, labels = training_data.validation_images(spec)
    labels = training_data.encode(labels, spec.one_hot)
    x = saved.as_batch(images)
    model.compile(loss=name, metrics=["accuracy"])
    _, accuracy = model.evaluate(x, labels, verbose=0)
    (compiled,) = next(metric for metric in model.metrics if metric.name == "compile_metrics").metrics
    ours = loop.metrics(spec)[0]
    assert type(compiled) is type(ours)
    ours.update_state(labels, model.predict_on_batch(x))
    assert accuracy == pytest.approx(float(ours.result()))
    digits = labels.argmax(axis=-1) if spec.one_hot else labels
    assert accuracy == pytest.approx(np.mean(model.predict_on_batch(x).argmax(axis=-1) == digits))


def test_binary_accuracy_asked_for_by_name_says_ninety_percent_of_ten_zeros():
    labels = np.eye(10, dtype=np.float32)
    metric = keras.metrics.get("binary_accuracy")
    assert float(np.mean(metric(labels, np.zeros_like(labels)))) == pytest.approx(0.9)


def test_a_loop_traces_its_steps_once_though_the_last_batch_is_smaller(monkeypatch):
    """Each trace is as long as many batches: the first one would be waited for twice, and again at an epoch's end."""
    asked = []

    class Traced(Network):
        def build(self, policy="float32"):
            model = super().build(policy)
            whole = model.call
            model.call = lambda *args, **options: asked.append(options["training"]) or whole(*args, **options)
            return model

    loop.train(replace(SPEC, network=Traced(tuple(SMALL)), engine="loop"))
    assert asked == [True, False]


@pytest.mark.parametrize("engine", ENGINES)
def test_no_iterator_has_a_tuner_that_whoever_lets_go_of_it_waits_for(engine, monkeypatch):
    opened, plain = [], tf.data.Dataset.__iter__
    monkeypatch.setattr(tf.data.Dataset, "__iter__", lambda each: opened.append(each) or plain(each))
    loop.train(replace(SPEC, engine=engine))
    assert len(opened) > 1
    assert [each.options().autotune.enabled for each in opened] == [False] * len(opened)


def test_the_optimizer_has_its_variables_before_the_first_step():
    """Else Keras makes them while it traces the step, and traces it twice."""
    found = []

    class StartedError(Exception):
        pass

    class Looks(Listener):
        def started(self, learner):
            found.append({variable.path for variable in learner.optimizer.variables})
            raise StartedError

    with pytest.raises(StartedError):
        loop.train(SPEC, Looks())
    assert any("momentum" in path and "conv" in path for path in found[0])
