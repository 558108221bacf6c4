"""What a training reads: the right images in the right order, labels as the loss wants them."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from core.data import mnist
from core.training import data
from core.training.spec import TrainingSpec

SPEC = TrainingSpec(examples=300, validation=100, batch_size=64)


def epochs(spec, count, done=0):
    stream = data.training(spec, done).as_numpy_iterator()
    return [list(islice(stream, spec.batches)) for _ in range(count)]


def test_an_epoch_holds_every_training_image_once_and_no_validation_image():
    (batches,) = epochs(SPEC, 1)
    assert [len(x) for x, _ in batches] == [64, 64, 64, 64, 44]
    images = np.concatenate([x for x, _ in batches])
    assert images.dtype == np.float32 and images.shape == (300, 28, 28, 1)
    expected = mnist.half("train").images[:300].astype(np.float32) / 255
    order = [np.flatnonzero((expected == image[..., 0]).all(axis=(1, 2)))[0] for image in images]
    assert sorted(order) == list(range(300)) and order != list(range(300))
    labels = np.concatenate([y for _, y in batches])
    np.testing.assert_array_equal(labels, mnist.half("train").labels[:300][order])


def test_the_same_seed_gives_the_same_order_another_seed_another_and_epochs_differ():
    first, second = (np.concatenate([y for _, y in epoch]) for epoch in epochs(SPEC, 2))
    again = np.concatenate([y for _, y in epochs(SPEC, 1)[0]])
    other = np.concatenate([y for _, y in epochs(replace(SPEC, seed=1), 1)[0]])
    np.testing.assert_array_equal(first, again)
    assert (first != second).any() and (first != other).any()


@pytest.mark.parametrize("augmentation", ["none", "drawn"])
def test_a_later_process_goes_on_where_the_earlier_one_ended(augmentation):
    spec = replace(SPEC, augmentation=augmentation)
    whole = epochs(spec, 3)
    rest = epochs(spec, 1, done=2)
    for (x, y), (x2, y2) in zip(whole[2], rest[0], strict=True):
        np.testing.assert_array_equal(x, x2)
        np.testing.assert_array_equal(y, y2)


@pytest.mark.parametrize("augmentation", ["light", "drawn"])
def test_augmentation_changes_images_and_no_label(augmentation):
    plain, changed = (epochs(replace(SPEC, augmentation=kind), 1)[0] for kind in ("none", augmentation))
    for (x, y), (x2, y2) in zip(plain, changed, strict=True):
        np.testing.assert_array_equal(y, y2)
        assert (x != x2).any(axis=(1, 2, 3)).mean() > 0.9
        assert x2.min() >= 0 and x2.max() <= 1


def test_validation_is_the_end_of_the_training_half_in_its_order():
    batches = list(data.validation(SPEC).as_numpy_iterator())
    images = np.concatenate([x for x, _ in batches])
    np.testing.assert_array_equal(images[..., 0], mnist.half("train").images[-100:].astype(np.float32) / 255)


def test_labels_as_the_losses_want_them():
    import keras

    labels = mnist.half("train").labels[:50]
    assert data.encode(labels, False).dtype == np.int32
    np.testing.assert_array_equal(data.encode(labels, True), keras.utils.to_categorical(labels, 10))
