"""Why a network answers as it does: which pixels carry an answer, and how sure it is of it.

    model = saved.load_pretrained()
    heat = grad_cam(model, mnist.sample("test", 0).image, "block2_conv2", 7)

Every method takes one image (28, 28), uint8 0-255 or float 0-1, and a class 0-9, and gives float32 (28, 28).

Gradients are those of the class's logit, the number before softmax. Softmax makes the ten answers compete: the
probability of a class can rise because another one falls, so its gradient also shows what speaks against the
others, and where the network is sure it is nearly zero everywhere. Simonyan et al. (2014, section 3) advise the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from core.data.mnist import SIZE
from core.network import output
from core.network.saved import as_batch, predict
from words import _

if TYPE_CHECKING:
    import keras

_MODELS = 8
# noisy copies that pass through the network together
_CHUNK = 50
MOST_COPIES = 200


class ExplanationError(ValueError):
    """An explanation that cannot be given; the message is for the person at the screen."""


@dataclass(frozen=True, eq=False)
class Certainty:
    """How sure an answer is. `ranking`: all classes, the most probable first; `margin`: the first one's probability
    less the second one's; `entropy`: in bits, 0 where one class has all, log2(classes) where all have the same."""

    ranking: np.ndarray
    margin: float
    entropy: float


def certainty(probabilities: np.ndarray) -> Certainty:
    """Of (classes,) probabilities. Entropy: Shannon (1948)."""
    values = np.asarray(probabilities, float)
    ranking = np.argsort(-values, kind="stable")
    some = values[values > 0]
    return Certainty(ranking, float(values[ranking[0]] - values[ranking[1]]), float(abs(-(some * np.log2(some)).sum())))


@dataclass(frozen=True, eq=False)
class Occlusion:
    """What covering parts of an image does to the probability of one class.

    before: the probability with nothing covered. tops, lefts: where the patch lay, in pixels.
    probabilities: (len(tops), len(lefts)), with the patch there.
    drop: (28, 28), how much the probability falls, averaged over all patches that cover the pixel; negative where
    the class gains by the cover.
    """

    before: float
    tops: np.ndarray
    lefts: np.ndarray
    probabilities: np.ndarray
    drop: np.ndarray


def map_layers(model: keras.Model) -> list[str]:
    """Names of the model's layers that have weights and give maps, in order: what `grad_cam` can look at.

    Raises ExplanationError where there is none.
    """
    # `weights` leaves out the random state of a Dropout
    names = [layer.name for layer in model.layers if layer.weights and len(layer.output.shape) == 4]
    if not names:
        raise ExplanationError(
            _(
                "Grad-CAM expects a layer with weights that gives maps, such as Conv2D, and this network has none: "
                "saliency and occlusion need no maps."
            )
        )
    return names


def grad_cam(model: keras.Model, image: np.ndarray, layer: str, digit: int, by_place: bool = False) -> np.ndarray:
    """Where the maps of a layer speak for `digit`: float32 (28, 28) ≥ 0, 0 where they do not.

    Selvaraju et al., "Grad-CAM: visual explanations from deep networks via gradient-based localization" (2017),
    equations 1 and 2: each map is weighted with the mean gradient of the class's logit in it, the weighted maps are
    added up, negative sums become 0. Maps are taken after the activation that follows the layer, as the paper has
    them, and what is smaller than 28×28 is enlarged between pixels (bilinear).

    by_place: each value of a map is weighted with its own gradient instead of the map's mean (Draelos and Carin, "Use
    HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural networks", 2020). A Dense layer
    behind Flatten gives every place of a map a weight of its own, which the mean throws away: heat then may lie
    where the network does not look.
    Raises ExplanationError for a layer that is none of `map_layers`, and for a class that the model does not have.
    """
    import tensorflow as tf

    batch = tf.constant(_one(image))
    _check_class(model, digit)
    inside = _with_maps(model, _map_layer(model, layer))
    with tf.GradientTape() as tape:
        tape.watch(batch)  # so that all is recorded, in a frozen network too
        maps, last = inside(batch, training=False)
        score = output.logits(model, last)[0, digit]
    gradient = tape.gradient(score, maps)
    return _cam(np.asarray(maps[0], np.float32), np.asarray(gradient[0], np.float32), by_place)


def _cam(maps: np.ndarray, gradient: np.ndarray, by_place: bool) -> np.ndarray:
    weights = gradient if by_place else gradient.mean(axis=(0, 1))
    heat = np.maximum((maps * weights).sum(axis=-1), 0)
    if heat.shape == (SIZE, SIZE):
        return heat
    enlarged = Image.fromarray(heat).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    return np.asarray(enlarged, np.float32)


def gradient(model: keras.Model, image: np.ndarray, digit: int) -> np.ndarray:
    """float32 (28, 28): how the logit of `digit` changes for each pixel (pixels from 0 to 1), sign included.

    Raises ExplanationError for a class that the model does not have.
    """
    _check_class(model, digit)
    return _gradients(model, _one(image), digit)[0]


def saliency(model: keras.Model, image: np.ndarray, digit: int) -> np.ndarray:
    """float32 (28, 28) ≥ 0: how strongly the logit of `digit` reacts to a tiny change of each pixel.

    Simonyan, Vedaldi, Zisserman, "Deep inside convolutional networks" (2014): the size of the gradient. It shows
    where the network is sensitive, not what it needs. Raises ExplanationError for an unknown class.
    """
    return np.abs(gradient(model, image, digit))


def smooth_saliency(
    model: keras.Model, image: np.ndarray, digit: int, copies: int = 25, sigma: float = 0.15, seed: int = 0
) -> np.ndarray:
    """The same without its grain: the size of the mean gradient over noisy copies of the image.

    Smilkov et al., "SmoothGrad: removing noise by adding noise" (2017). sigma: standard deviation of the noise,
    where black is 0 and white 1 (the paper advises 0.1 to 0.2). The same seed draws the same noise.
    Raises ExplanationError for an unknown class, and for numbers outside their range.
    """
    _check_class(model, digit)
    if copies not in range(1, MOST_COPIES + 1):
        raise ExplanationError(
            _("The number of copies must be from 1 to {most}, not {copies}.", most=MOST_COPIES, copies=copies)
        )
    if not 0 <= sigma <= 1:
        raise ExplanationError(_("The noise must be from 0 to 1, not {sigma}.", sigma=sigma))
    noise = np.random.default_rng(seed).normal(0, sigma, (copies, SIZE, SIZE, 1)).astype(np.float32)
    noisy = _one(image) + noise
    total = sum(_gradients(model, noisy[i : i + _CHUNK], digit).sum(axis=0) for i in range(0, copies, _CHUNK))
    return np.abs(total / copies)


def occlusion(
    model: keras.Model, image: np.ndarray, digit: int, patch: int = 6, stride: int = 2, fill: float = 0.0
) -> Occlusion:
    """Cover a square of the image, everywhere in turn, and watch the probability of `digit`.

    Zeiler and Fergus, "Visualizing and understanding convolutional networks" (2014), section 4.2. patch: the
    square's side in pixels; stride: how far it moves each time (the last place always touches the edge); fill: its
    grey, from 0 (black, like the background) to 1. Raises ExplanationError for values outside their range.
    """
    _check_class(model, digit)
    tops = _places(patch, stride)
    if not 0 <= fill <= 1:
        raise ExplanationError(_("The patch must have a grey from 0 to 1, not {fill}.", fill=fill))
    places = [(top, left) for top in tops for left in tops]
    covered = [cover(image, top, left, patch, fill) for top, left in places]
    before, *after = predict(model, np.stack([_one(image)[0, :, :, 0], *covered]))[:, digit]
    total, times = np.zeros((SIZE, SIZE)), np.zeros((SIZE, SIZE))
    for (top, left), probability in zip(places, after, strict=True):
        square = np.s_[top : top + patch, left : left + patch]
        total[square] += before - probability
        times[square] += 1
    # a stride longer than the patch leaves pixels that nothing covered
    drop = (total / np.maximum(times, 1)).astype(np.float32)
    grid = np.array(after, np.float32).reshape(len(tops), len(tops))
    return Occlusion(float(before), np.array(tops), np.array(tops), grid, drop)


def cover(image: np.ndarray, top: int, left: int, patch: int, fill: float = 0.0) -> np.ndarray:
    """float32 (28, 28): the image with a square of grey `fill`; what lies outside the image is cut off."""
    covered = _one(image)[0, :, :, 0].copy()
    covered[max(0, top) : top + patch, max(0, left) : left + patch] = fill
    return covered


def _places(patch: int, stride: int) -> list[int]:
    if patch not in range(1, SIZE + 1):
        raise ExplanationError(
            _("The patch must be from 1 to {most} pixels wide, not {patch}.", most=SIZE, patch=patch)
        )
    if stride not in range(1, SIZE + 1):
        raise ExplanationError(_("The patch must move by 1 to {most} pixels, not {stride}.", most=SIZE, stride=stride))
    last = SIZE - patch
    places = list(range(0, last + 1, stride))
    return places if places[-1] == last else [*places, last]


def _one(image: np.ndarray) -> np.ndarray:
    batch = as_batch(image)
    if len(batch) != 1:
        raise ExplanationError(_("One image at a time can be explained, not {count}.", count=len(batch)))
    return batch


def _check_class(model: keras.Model, digit: int) -> None:
    classes = model.output_shape[-1]
    if isinstance(digit, bool) or digit not in range(classes):
        raise ExplanationError(
            _("The class must be a whole number from 0 to {last}, not {digit!r}.", last=classes - 1, digit=digit)
        )


def _map_layer(model: keras.Model, name: str) -> str:
    known = map_layers(model)
    if name not in known:
        raise ExplanationError(
            _(
                "Grad-CAM looks at a layer with maps, {known}, not {name!r}.",
                known=_(" or ").join(known),
                name=name,
            )
        )
    return name


def _gradients(model: keras.Model, batch: np.ndarray, digit: int) -> np.ndarray:
    """(n, 28, 28), the logit's gradient for each image of the batch; images do not touch each other."""
    import tensorflow as tf

    pixels = tf.constant(batch)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        score = tf.reduce_sum(output.logits(model, _upto_logits(model)(pixels, training=False))[:, digit])
    return np.asarray(tape.gradient(score, pixels), np.float32)[..., 0]


def forget() -> None:
    """Let go of the models that were explained, and their weights."""
    _upto_logits.cache_clear()
    _with_maps.cache_clear()


@lru_cache(maxsize=_MODELS)
def _upto_logits(model: keras.Model):
    """The model up to what `output.logits` takes, with the same weights."""
    import keras

    return keras.Model(model.input, output.before_logits(model))


@lru_cache(maxsize=4 * _MODELS)
def _with_maps(model: keras.Model, name: str):
    """A model that gives the maps of a layer, after the activation that follows it, and what `output.logits` takes."""
    import keras

    layer = model.get_layer(name)
    after = model.layers[-1] if layer is model.layers[-1] else model.layers[model.layers.index(layer) + 1]
    kinds = (keras.layers.Activation, keras.layers.ReLU, keras.layers.LeakyReLU, keras.layers.ELU)
    maps = after.output if isinstance(after, kinds) and after.input is layer.output else layer.output
    return keras.Model(model.input, [maps, output.before_logits(model)])
