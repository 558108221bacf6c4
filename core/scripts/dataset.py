"""Scripts for panels whose numbers come straight from an array: each makes exactly what its panel shows.

They run in the project's folder and leave their result under the name that the docstring says.
"""

from __future__ import annotations

_LOAD = (
    "# the same arrays as tf.keras.datasets.mnist.load_data(), without a download\n"
    'with np.load("assets/mnist.npz") as mnist:\n'
)


def arrays() -> str:
    """`arrays`: dict of the four arrays by name."""
    return (
        f"import numpy as np\n\n{_LOAD}"
        '    arrays = {name: mnist[name] for name in ("x_train", "y_train", "x_test", "y_test")}\n\n'
        "for name, array in arrays.items():\n"
        "    print(name, array.shape, array.dtype, array.nbytes)"
    )


def class_counts() -> str:
    """`counts`: dict from "train" and "test" to ten numbers."""
    return (
        f"import numpy as np\n\n{_LOAD}"
        '    counts = {split: np.bincount(mnist[f"y_{split}"]) for split in ("train", "test")}\n\n'
        "print(counts)"
    )


def page(split: str, digit: int | None, number: int, size: int, seed: int | None) -> str:
    """`shown`: indexes of the images on one page, and `images`."""
    lines = ["import numpy as np", "", _LOAD + f'    x, y = mnist["x_{split}"], mnist["y_{split}"]', ""]
    lines.append("indexes = np.arange(len(y))" if digit is None else f"indexes = np.flatnonzero(y == {digit})")
    if seed is not None:
        lines.append(f"indexes = np.random.default_rng({seed}).permutation(indexes)")
    lines += [f"shown = indexes[{number * size}:{(number + 1) * size}]", "images = x[shown]"]
    return "\n".join([*lines, "print(images.shape, y[shown])"])


def sample(split: str, index: int) -> str:
    """`image` (28, 28) and its `label`."""
    return (
        f"import numpy as np\n\n{_LOAD}"
        f'    image, label = mnist["x_{split}"][{index}], mnist["y_{split}"][{index}]\n\n'
        "print(label, image.shape, image.dtype)\nprint(image)"
    )


def mean_images(split: str) -> str:
    """`means` (10, 28, 28)."""
    return (
        f"import numpy as np\n\n{_LOAD}"
        f'    x, y = mnist["x_{split}"], mnist["y_{split}"]\n\n'
        "means = np.array([x[y == digit].mean(axis=0) for digit in range(10)])\nprint(means.shape)"
    )


def pixel_histogram(split: str, bins: int) -> str:
    """`counts` (bins,)."""
    return (
        f"import numpy as np\n\n{_LOAD}"
        f'    x = mnist["x_{split}"]\n\n'
        f"counts, edges = np.histogram(x, bins={bins}, range=(0, 256))\nprint(counts)"
    )


def mixing(script: str) -> str:
    """`order` and the measures `displacement` and `rho`, after the pipeline of `script` was built."""
    build = script.split("\n\nbatches = ")[0]
    # the order does not depend on what is shuffled, and every image counts, those of an unfilled batch too
    build = build.replace("from_tensor_slices((images, labels))", "range(len(images))")
    build = build.replace(", drop_remainder=True", "")
    return (
        f"{build}\n\norder = np.concatenate(list(dataset.as_numpy_iterator()))\n"
        "moved = np.abs(order - np.arange(len(order)))\n"
        "displacement = moved.mean()\n"
        "rho = np.corrcoef(order, np.arange(len(order)))[0, 1]\n"
        "print(displacement, rho)"
    )


def memory(dtype: str) -> str:
    """`size`: bytes of `tensor` in `dtype`, to follow a script that makes `tensor`."""
    return f"size = tf.size(tensor).numpy() * tf.{dtype}.size  # number of values × bytes of one\nprint(size)"


def draw(script: str, bins: int) -> str:
    """The script of a random draw, and `density` of its histogram."""
    lines = [] if script.startswith("import numpy") else ["import numpy as np"]
    return "\n".join(
        [
            *lines,
            script,
            "",
            f"density, edges = np.histogram(values, bins={bins}, density=True)",
            "print(np.min(values), np.max(values), np.mean(values), np.std(values))",
        ]
    )
