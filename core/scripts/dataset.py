"""Scripts for the pages on tensors and on the data set: each makes exactly what its panel shows.

They run in the project's folder and leave their result under the name that the docstring says.
"""

from __future__ import annotations

from core.data import preprocessing
from core.data.input_pipeline import PipelineSpec
from core.data.preprocessing import OPERATIONS
from core.scripts.parts import NUMPY, TENSORFLOW, Part, from_mnist, script
from core.tensors.random_numbers import RandomSpec
from words import _


def arrays() -> str:
    """`arrays`: dict of the four arrays by name."""
    return script(
        from_mnist('arrays = {name: mnist[name] for name in ("x_train", "y_train", "x_test", "y_test")}'),
        Part("for name, array in arrays.items():\n    print(name, array.shape, array.dtype, array.nbytes)"),
    )


def class_counts() -> str:
    """`counts`: dict from "train" and "test" to ten numbers."""
    return script(
        from_mnist('counts = {split: np.bincount(mnist[f"y_{split}"]) for split in ("train", "test")}'),
        Part("print(counts)"),
    )


def page(split: str, digit: int | None, number: int, size: int, seed: int | None) -> str:
    """`shown`: indexes of the images on one page, and `images`."""
    lines = ["indexes = np.arange(len(y))" if digit is None else f"indexes = np.flatnonzero(y == {digit})"]
    if seed is not None:
        lines.append(f"indexes = np.random.default_rng({seed}).permutation(indexes)")
    lines += [f"shown = indexes[{number * size}:{(number + 1) * size}]", "images = x[shown]"]
    return script(_both(split), Part("\n".join([*lines, "print(images.shape, y[shown])"])))


def sample(split: str, index: int) -> str:
    """`image` (28, 28) and its `label`."""
    return script(
        from_mnist(f'image, label = mnist["x_{split}"][{index}], mnist["y_{split}"][{index}]'),
        Part("print(label, image.shape, image.dtype)\nprint(image)"),
    )


def mean_images(split: str) -> str:
    """`means` (10, 28, 28)."""
    return script(
        _both(split),
        Part("means = np.array([x[y == digit].mean(axis=0) for digit in range(10)])\nprint(means.shape)"),
    )


def pixel_histogram(split: str, bins: int) -> str:
    """`counts` (bins,)."""
    return script(
        from_mnist(f'x = mnist["x_{split}"]'),
        Part(f"counts, edges = np.histogram(x, bins={bins}, range=(0, 256))\nprint(counts)"),
    )


def _both(split: str) -> Part:
    return from_mnist(f'x, y = mnist["x_{split}"], mnist["y_{split}"]')


def preparation(order: tuple[str, ...], split: str, first: int, count: int | None = None) -> str:
    """`x`: the image at `first` (or `count` images from there) after the steps of `core.data.preprocessing`.

    Raises ValueError with the sentence of `preprocessing.problem`.
    """
    if sentence := preprocessing.problem(order):
        raise ValueError(sentence)
    chosen = f"[{first}]" if count is None else f"[{first}:{first + count}]"
    lines = [OPERATIONS[name].code for name in order]
    load = from_mnist(f'x = mnist["x_{split}"]{chosen}')
    needs = (TENSORFLOW,) if any("tf." in line for line in lines) else ()
    loaded = load + Part("\n".join(lines), needs) if lines else load
    return script(loaded, Part("print(x.shape, x.dtype, x.min(), x.max())"))


def pipeline(spec: PipelineSpec, split: str) -> str:
    """`batches`: the batches of images and labels that the pipeline draws from `split`, as a list."""
    draw = (
        f"batches = list(dataset.take({spec.take}))\nfor images, labels in batches:\n"
        "    print(images.shape, labels.numpy())"
    )
    return script(*_dataset(spec, split, "from_tensor_slices((images, labels))", spec.drop_remainder), Part(draw))


def mixing(spec: PipelineSpec, split: str) -> str:
    """`order` of the elements that the pipeline delivers, and its measures `displacement` and `rho`."""
    measures = (
        "order = np.concatenate(list(dataset.as_numpy_iterator()))\n"
        "moved = np.abs(order - np.arange(len(order)))\n"
        "displacement = moved.mean()\n"
        "rho = np.corrcoef(order, np.arange(len(order)))[0, 1]\n"
        "print(displacement, rho)"
    )
    # the order does not depend on what is shuffled, and every image counts, those of an unfilled batch too
    return script(*_dataset(spec, split, "range(len(images))", drop_remainder=False), Part(measures))


def _dataset(spec: PipelineSpec, split: str, source: str, drop_remainder: bool) -> tuple[Part, Part]:
    """`images` and `labels`, and the `dataset` that shuffles and batches what `source` makes of them."""
    remainder = ", drop_remainder=True" if drop_remainder else ""
    lines = [
        f"dataset = tf.data.Dataset.{source}",
        f"dataset = dataset.shuffle({spec.buffer_size}, seed={spec.seed})",
        f"dataset = dataset.batch({spec.batch_size}{remainder})",
    ]
    if spec.repeat > 1:
        lines.append(f"dataset = dataset.repeat({spec.repeat})")
    load = from_mnist(
        f'images = mnist["x_{split}"][:{spec.examples}]',
        f'labels = mnist["y_{split}"][:{spec.examples}]',
    )
    return load, Part("\n".join(lines), (TENSORFLOW,))


def memory(dtype: str) -> str:
    """`size`: bytes of `tensor` in `dtype`, to follow a script that makes `tensor`."""
    what = _("number of values × bytes of one")
    return f"size = tf.size(tensor).numpy() * tf.{dtype}.size  # {what}\nprint(size)"


def draw(spec: RandomSpec, bins: int) -> str:
    """`values`: the random draw, and `density` of its histogram."""
    histogram = (
        f"density, edges = np.histogram(values, bins={bins}, density=True)\n"
        "print(np.min(values), np.max(values), np.mean(values), np.std(values))"
    )
    return script(Part(spec.drawing(), (spec.library,)), Part(histogram, (NUMPY,)))
