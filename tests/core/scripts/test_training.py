"""The forms of a training's script: what they share is the same to the last weight.

That the tf.data forms end with the weights of `core.training.loop`, and print what pages show, is held in
tests/core/training/test_loop.py.
"""

from dataclasses import replace

import keras
import numpy as np
import pytest

from core.network.presets import Blocks
from core.scripts import training
from core.training.spec import TrainingSpec

BLOCKS = Blocks(filters=(4, 8), convolutions=1, dense_units=16)
SMALL = BLOCKS.network()
SPEC = TrainingSpec(network=SMALL, examples=300, validation=100, epochs=2, batch_size=64)

pytestmark = pytest.mark.usefixtures("among_few_images")


def run(code):
    namespace = {}
    exec(code, namespace)
    return namespace


def assert_nothing_was_warned_of(warnings):
    assert [str(said.message) for said in warnings if issubclass(said.category, UserWarning)] == []


def replaced(code, old, new):
    assert code.count(old) == 1
    return code.replace(old, new)


@pytest.mark.parametrize(
    "spec",
    [
        SPEC,
        replace(SPEC, optimizer="sgd", loss="categorical_crossentropy", schedule="cosine", metrics=("crossentropy",)),
    ],
    ids=["adam", "sgd, one-hot, falling"],
)
def test_fit_on_arrays_is_fit_on_the_pipeline_but_for_the_order(spec):
    """With shuffling taken out of both, weights and history are the same."""
    shuffle = f".shuffle({spec.examples}, seed={spec.seed})"
    pipeline = run(replaced(training.as_code(spec, "fit"), shuffle, ""))
    arrays = run(replaced(training.as_code(spec, "arrays"), "shuffle=True", "shuffle=False"))
    for one, other in zip(pipeline["model"].get_weights(), arrays["model"].get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)
    assert pipeline["history"].history.keys() == arrays["history"].history.keys()
    for name, values in arrays["history"].history.items():
        assert pipeline["history"].history[name] == pytest.approx(values, rel=1e-4)


def test_fit_on_arrays_as_shown_learns_the_same_task_and_nothing_is_warned_of(recwarn):
    """Its order is its own, so its weights are not those of the pipeline: the digits that it reads are."""
    spec = replace(
        SPEC, examples=2000, validation=500, batch_size=32, epochs=3, network=replace(BLOCKS, dropout=0.0).network()
    )
    history = run(training.as_code(spec, "arrays"))["history"].history
    assert list(map(len, history.values())) == [3] * 4
    assert history["val_accuracy"][-1] > 0.6  # guessing reads 0.1
    assert history["loss"][-1] < history["loss"][0]
    assert_nothing_was_warned_of(recwarn)


def test_why_the_pipeline_repeats():
    """fit starts a dataset that ends over more often than there are epochs, and each start draws the next order; an
    endless stream gives fit what a loop reads."""
    import tensorflow as tf

    class Reader(keras.Model):
        def train_step(self, data):
            self.read.append(data[0].numpy().tolist())
            return {"loss": 0.0}

    def orders(dataset, **steps):
        model = Reader()
        model.read = []
        model.compile(run_eagerly=True)
        model.fit(dataset.map(lambda x: (x, x)), epochs=4, verbose=0, shuffle=False, **steps)
        return model.read

    def ending():  # another one each time: a dataset remembers how often it was started
        return tf.data.Dataset.range(60).shuffle(60, seed=0).batch(60)

    dataset = ending()
    looped = [batch.numpy().tolist() for _ in range(4) for batch in dataset]
    assert orders(ending().repeat(), steps_per_epoch=1) == looped
    assert orders(ending()) != looped
    assert len({tuple(order) for order in looped}) == 4


def test_layers_in_front_augment_in_training_only_and_share_the_weights():
    spec = replace(SPEC, augmentation="light", epochs=1)
    made = run(training.as_code(spec, "arrays"))
    made["model"].compile(loss=spec.loss, metrics=["accuracy"])
    loss, accuracy = made["model"].evaluate(made["val_x"], made["val_y"], verbose=0)
    assert made["history"].history["val_loss"][-1] == pytest.approx(loss, rel=1e-4)
    assert made["history"].history["val_accuracy"][-1] == pytest.approx(accuracy)
    assert any(isinstance(layer, keras.layers.RandomRotation) for layer in made["augment"].layers)
    images = made["val_x"][:8]
    assert (np.array(made["augment"](images, training=True)) != images).any()


def test_digits_drawn_anew_have_no_arrays():
    spec = replace(SPEC, augmentation="drawn")
    assert "tf.data pipeline" in training.problem(spec, "arrays")
    with pytest.raises(ValueError, match=r"need a tf\.data pipeline"):
        training.as_code(spec, "arrays")
    assert training.problem(spec, "fit") is training.problem(spec, "loop") is None
