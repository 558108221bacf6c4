"""The nearest image of MNIST, by hand."""

import numpy as np
import pytest

from core.data import mnist
from core.data.nearest import AMONG, nearest, usual_distance


@pytest.mark.parametrize("index", [0, 1999, 2000, 9999])
def test_an_image_of_those_is_its_own_nearest(index):
    half = mnist.half("train")
    found = nearest(half.images[index].astype(np.float32) / 255)
    assert (found.index, found.label) == (index, half.labels[index])
    assert found.distance < 1e-3


def test_distance_and_place_by_hand():
    image = np.random.default_rng(3).random((28, 28), np.float32)
    among = mnist.half("train").images[:AMONG].astype(np.float64) / 255
    distances = np.sqrt(((among - image) ** 2).mean(axis=(1, 2)))
    found = nearest(image)
    assert found.distance == pytest.approx(distances.min(), rel=1e-4)
    assert distances[found.index] == pytest.approx(distances.min(), rel=1e-4)


def test_most_test_images_are_nearer_than_what_is_usual_and_noise_is_not():
    images = mnist.half("test").images[:500:10].astype(np.float32) / 255
    usual = usual_distance()
    assert np.mean([nearest(image).distance <= usual for image in images]) >= 0.85
    assert nearest(np.random.default_rng(0).random((28, 28), np.float32)).distance > 2 * usual


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match="28, 28"):
        nearest(np.zeros((1, 28, 28)))
