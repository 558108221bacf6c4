"""Training a network: Keras' `fit` or an explicit loop with GradientTape, on the same data in the same order.

`train` reports to a Listener, which records, shows or stops it; without one it trains and returns the model. It
sets the dtype policy and seeds of layers and data itself, and touches nothing global: same spec, same result on the
same machine.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from core.training import data, devices
from core.training.devices import Devices
from core.training.optimizers import OPTIMIZERS
from core.training.spec import TrainingSpec
from words import _

if TYPE_CHECKING:
    import keras


class Stopped(Exception):  # noqa: N818  (an order that is followed, not an error)
    """Raised by a Listener to end the training here."""


class DivergedError(Exception):
    """The loss is no number any more; the message says where and what to try."""


class Listener:
    """What a training tells while it runs. Every method may raise Stopped."""

    def started(self, learner: Learner) -> None:
        """Model, optimizer and data are ready; `learner` gives access to the weights from now on."""

    def batch(self, epoch: int, batch: int, loss: float, accuracy: float) -> None:
        """A training batch is done: epoch and batch count from 0, loss and accuracy are those of the batch alone."""

    def poll(self) -> None:
        """A validation batch is done: a moment to stop."""

    def epoch(self, epoch: int, measured: dict[str, float]) -> None:
        """An epoch is done, counted from 0: loss and metrics over all its batches, and over the validation images
        with val_ in front."""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """All that training needs to go on after `epochs_done` epochs: arrays of the model's and the optimizer's state."""

    epochs_done: int
    model: list[np.ndarray]
    optimizer: list[np.ndarray]


@dataclass(frozen=True, eq=False)
class Learner:
    """A model in training with its optimizer, and the devices that it is spread over."""

    spec: TrainingSpec
    model: keras.Model
    optimizer: keras.Optimizer
    devices: Devices

    def weights(self) -> list[np.ndarray]:
        """The network's weights as `get_weights()` returns them."""
        return self.model.get_weights()

    def checkpoint(self, epochs_done: int) -> Checkpoint:
        """A copy of the whole state, the dropout layers' random state included."""
        model, optimizer = (
            [np.array(variable.numpy()) for variable in owner.variables] for owner in (self.model, self.optimizer)
        )
        return Checkpoint(epochs_done, model, optimizer)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Put a copied state back."""
        for owner, values in ((self.model, checkpoint.model), (self.optimizer, checkpoint.optimizer)):
            for variable, value in zip(owner.variables, values, strict=True):
                variable.assign(value)

    def finished_model(self):
        """The same network in float32, without optimizer: what is saved and used from then on."""
        model = self.spec.seeded.build()
        model.set_weights(self.weights())
        return model


def train(spec: TrainingSpec, listener: Listener | None = None, checkpoint: Checkpoint | None = None):
    """Train and return the Learner. `spec.precision` "auto" counts as float32 here; see core.training.precision.

    Raises ValueError with the spec's own sentence, DivergedError where the loss becomes NaN or infinite, and what the
    listener raises.
    """
    if problem := spec.problem():
        raise ValueError(problem)
    listener = listener or Listener()
    policy = "float32" if spec.precision == "auto" else spec.precision
    spread = devices.chosen(spec)
    with spread.scope():
        model = spec.seeded.build(policy)
        learner = Learner(spec, model, optimizer(spec), spread)
        # else Keras makes the optimizer's variables while it traces the first step, and then traces it once more, which
        # is two seconds of every start
        learner.optimizer.build(model.trainable_variables)
    if checkpoint is not None:
        learner.restore(checkpoint)
    done = checkpoint.epochs_done if checkpoint else 0
    batches, validation = data.training(spec, done), data.validation(spec)
    listener.started(learner)
    engine = _fit if spec.engine == "fit" else _loop
    engine(learner, batches, validation, done, listener)
    return learner


def optimizer(spec: TrainingSpec):
    """The Keras optimizer with its learning rate, or the schedule that it follows."""
    import keras

    falling, rate, steps = keras.optimizers.schedules.CosineDecay, spec.learning_rate, spec.epochs * spec.batches
    match spec.schedule:
        case "cosine":
            rate = falling(rate, steps)
        case "warmup":
            rising = spec.warm_up_steps
            rate = falling(0.0, steps - rising, warmup_target=rate, warmup_steps=rising)
    return OPTIMIZERS[spec.optimizer].build(rate, **spec.optimizer_parameters)


def metrics(spec: TrainingSpec) -> list:
    """The chosen Keras metrics, accuracy always first.

    Classes, since a loop updates them itself. Inside `compile` the name "accuracy" would do as well: Keras chooses by
    the shape of output and labels, whatever the loss is, and takes the same class for ten outputs.
    """
    import keras

    kind = "" if spec.one_hot else "Sparse"
    make = {
        "accuracy": lambda: getattr(keras.metrics, f"{kind}CategoricalAccuracy")(name="accuracy"),
        "top_3_accuracy": lambda: getattr(keras.metrics, f"{kind}TopKCategoricalAccuracy")(k=3, name="top_3_accuracy"),
        "crossentropy": lambda: getattr(keras.metrics, f"{kind}CategoricalCrossentropy")(name="crossentropy"),
    }
    return [make[name]() for name in dict.fromkeys(("accuracy", *spec.metrics))]


def loss(spec: TrainingSpec):
    """The Keras loss; it takes probabilities, which the spec sees to."""
    import keras

    return {
        "sparse_categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy,
        "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
        "binary_crossentropy": keras.losses.BinaryCrossentropy,
    }[spec.loss]()


def _checked(value: float, epoch: int, batch: int) -> float:
    if not math.isfinite(value):
        raise DivergedError(_diverged(math.isinf(value), epoch + 1, batch + 1))
    return value


def _diverged(infinite: bool, epoch: int, batch: int) -> str:
    if infinite:
        return _(
            "The loss became infinite in epoch {epoch}, batch {batch}: the steps were too large and the weights ran "
            "away. Try a learning rate ten times smaller.",
            epoch=epoch,
            batch=batch,
        )
    return _(
        "The loss became NaN (not a number) in epoch {epoch}, batch {batch}: the steps were too large and the weights "
        "ran away. Try a learning rate ten times smaller.",
        epoch=epoch,
        batch=batch,
    )


def retold(message: str) -> str:
    """What a training that diverged said in English, in the language of whoever asks; anything else as it is."""
    found = re.match(r"The loss became (infinite|NaN \(not a number\)) in epoch ([0-9]+), batch ([0-9]+):", message)
    return _diverged(found[1] == "infinite", int(found[2]), int(found[3])) if found else message


def _fit(learner: Learner, batches, validation, done: int, listener: Listener) -> None:
    """Keras' own training loop."""
    spec, model = learner.spec, learner.model
    # the optimizer may have a state already, which `compile` keeps
    with learner.devices.scope():
        last = _last_batch(spec)
        model.compile(learner.optimizer, loss(spec), metrics=[*metrics(spec), *last])
    model.fit(
        learner.devices.opened_twice(batches),
        steps_per_epoch=spec.batches,
        epochs=spec.epochs,
        initial_epoch=done,
        validation_data=validation,
        callbacks=[_callback(listener, [metric.name for metric in last])],
        verbose=0,
        shuffle=False,
    )


def _last_batch(spec: TrainingSpec) -> list:
    """Loss and accuracy of the last batch alone, as metrics: those of Keras are means over the epoch so far."""
    import keras

    class LastBatch(keras.metrics.Metric):
        def __init__(self, measure, name):
            super().__init__(name=name)
            self.measure = measure
            self.value = self.add_variable((), "zeros", aggregation="mean", name="value")

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.value.assign(keras.ops.mean(self.measure(y_true, y_pred)))

        def result(self):
            return self.value

    kind = "" if spec.one_hot else "sparse_"
    accuracy = getattr(keras.metrics, f"{kind}categorical_accuracy")
    return [LastBatch(getattr(keras.losses, spec.loss), "batch_loss"), LastBatch(accuracy, "batch_accuracy")]


def _callback(listener: Listener, hidden: list[str]):
    import keras

    class Reporter(keras.callbacks.Callback):
        current = 0

        def on_epoch_begin(self, epoch, logs=None):
            self.current = epoch

        def on_train_batch_end(self, batch, logs=None):
            loss, accuracy = (float(logs[name]) for name in hidden)
            listener.batch(self.current, batch, _checked(loss, self.current, batch), accuracy)

        def on_test_batch_end(self, batch, logs=None):
            listener.poll()

        def on_epoch_end(self, epoch, logs=None):
            skipped = {*hidden, *(f"val_{name}" for name in hidden)}
            listener.epoch(epoch, {name: float(value) for name, value in logs.items() if name not in skipped})

    return Reporter()


def _loop(learner: Learner, batches, validation, done: int, listener: Listener) -> None:
    """The explicit loop: forward, loss, gradients, one step of the optimizer; everything that `fit` hides."""
    import keras
    import tensorflow as tf

    spec, model, optimizer, spread = learner.spec, learner.model, learner.optimizer, learner.devices
    measure = loss(spec)
    with spread.scope():
        train_metrics = [keras.metrics.Mean(name="loss"), *metrics(spec)]
        test_metrics = [keras.metrics.Mean(name="loss"), *metrics(spec)]

    def update(measured, value, labels, predictions):
        # weighted, since the last batch is smaller: otherwise its images would count for more. `measure` gives the part
        # of a device, so that the sum over all devices is the mean over the batch
        measured[0].update_state(value * spread.count, sample_weight=tf.shape(labels)[0])
        for metric in measured[1:]:
            metric.update_state(labels, predictions)

    kind = "" if spec.one_hot else "sparse_"
    right = getattr(keras.metrics, f"{kind}categorical_accuracy")

    def train_step(images, labels):
        with tf.GradientTape() as tape:
            # without training=True the Dropout layers would do nothing
            predictions = model(images, training=True)
            value = measure(labels, predictions)
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        update(train_metrics, value, labels, predictions)
        return value, tf.reduce_mean(right(labels, predictions)) / spread.count

    def test_step(images, labels):
        predictions = model(images, training=False)
        update(test_metrics, measure(labels, predictions), labels, predictions)

    batches, validation = spread.split(batches), spread.split(validation)

    # nothing in the steps depends on a value, and a strategy cannot be rewritten by AutoGraph. For batches of any size:
    # the last one of an epoch is smaller, and a step traced for the others would be traced once more for it
    @tf.function(input_signature=batches.element_spec, autograph=False)
    def train_batch(images, labels):
        return spread.run(train_step, images, labels)

    @tf.function(input_signature=validation.element_spec, autograph=False)
    def test_batch(images, labels):
        spread.run(test_step, images, labels)

    stream = iter(batches)
    for epoch in range(done, spec.epochs):
        for metric in (*train_metrics, *test_metrics):
            metric.reset_state()
        for batch, (images, labels) in enumerate(islice(stream, spec.batches)):
            value, accuracy = train_batch(images, labels)
            listener.batch(epoch, batch, _checked(float(value), epoch, batch), float(accuracy))
        for images, labels in validation:
            test_batch(images, labels)
            listener.poll()
        measured = {metric.name: float(metric.result()) for metric in train_metrics}
        measured |= {f"val_{metric.name}": float(metric.result()) for metric in test_metrics}
        listener.epoch(epoch, measured)
