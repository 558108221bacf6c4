"""From MNIST as it is stored to what a network trains on: each step with its code and its measured effect.

numpy only. tf.newaxis is None, as np.newaxis is, so the line a reader types with it runs here unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from words import N_, _

# to be said with `_`
AXES = (N_("batch"), N_("height"), N_("width"), N_("channel"))
MOST_IMAGES = 1000


@dataclass(frozen=True)
class Operation:
    """One line that may be applied to the array `x`. `run` does what `code` says. The title is to be said with `_`."""

    title: str
    code: str
    run: Callable[[np.ndarray], np.ndarray]


OPERATIONS: dict[str, Operation] = {
    "newaxis": Operation(N_("Channel axis (tf.newaxis)"), "x = x[..., tf.newaxis]", lambda x: x[..., np.newaxis]),
    "expand_dims": Operation(
        N_("Channel axis (np.expand_dims)"), "x = np.expand_dims(x, -1)", lambda x: np.expand_dims(x, -1)
    ),
    "batch": Operation(N_("Batch axis"), "x = x[tf.newaxis, ...]", lambda x: x[np.newaxis, ...]),
    "float32": Operation(N_("Cast to float32"), "x = x.astype(np.float32)", lambda x: x.astype(np.float32)),
    "scale": Operation(N_("Scale by 255"), "x = x / 255.", lambda x: x / 255.0),
    "floor": Operation(N_("Whole-number division by 255"), "x = x // 255", lambda x: x // 255),
    "uint8": Operation(N_("Cast to uint8"), "x = x.astype(np.uint8)", lambda x: x.astype(np.uint8)),
}
RECOMMENDED = ("newaxis", "float32", "scale")


@dataclass(frozen=True)
class Facts:
    """What can be read off an array: the meaning of its axes, its size in bytes, and its values.

    `distinct` counts how many different values occur.
    """

    shape: tuple[int, ...]
    axes: tuple[str, ...]
    dtype: str
    minimum: float
    maximum: float
    distinct: int
    nbytes: int


@dataclass(frozen=True, eq=False)
class Step:
    """One operation done: facts before and after, the array after it (read-only), and what went wrong."""

    name: str
    before: Facts
    after: Facts
    values: np.ndarray

    @property
    def title(self) -> str:
        """What the operation is called."""
        return _(OPERATIONS[self.name].title)

    @property
    def code(self) -> str:
        """Its line."""
        return OPERATIONS[self.name].code

    @property
    def note(self) -> str:
        """Empty, or one sentence about a trap that this very step fell into."""
        return _note(self.name, self.before, self.after)


def facts(x: np.ndarray, axes: tuple[str, ...]) -> Facts:
    """Measure an array whose axes are called `axes`."""
    return Facts(x.shape, axes, x.dtype.name, float(x.min()), float(x.max()), int(np.unique(x).size), int(x.nbytes))


def problem(order: tuple[str, ...]) -> str | None:
    """One sentence why these operations cannot be done, or None. Odd orders are allowed: they teach."""
    unknown = [name for name in order if name not in OPERATIONS]
    if unknown:
        return _("A step must be one of {steps}, not {step!r}.", steps=", ".join(OPERATIONS), step=unknown[0])
    if len(order) > len(OPERATIONS):
        return _(
            "At most {most} steps can follow each other, these are {count}.", most=len(OPERATIONS), count=len(order)
        )
    return None


def steps(images: np.ndarray, order: tuple[str, ...] = RECOMMENDED) -> list[Step]:
    """Apply the operations named in `order` in turn to one image (28, 28) or several (n, 28, 28).

    Raises ValueError for an unknown operation, another number of axes, or more than 1000 images (each step
    keeps its result, and whole MNIST as float64 takes 376 MB).
    """
    if sentence := problem(order):
        raise ValueError(sentence)
    if images.ndim not in (2, 3):
        raise ValueError(f"Images must have the shape (28, 28) or (n, 28, 28), not {images.shape}.")
    if images.ndim == 3 and not 1 <= len(images) <= MOST_IMAGES:
        raise ValueError(f"From 1 to {MOST_IMAGES} images can be shown step by step, not {len(images)}.")
    x, axes = images, AXES[3 - images.ndim : 3]
    before, done = facts(x, axes), []
    for name in order:
        x = OPERATIONS[name].run(x)
        x.setflags(write=False)
        axes = _axes_after(name, axes)
        after = facts(x, axes)
        done.append(Step(name, before, after, x))
        before = after
    return done


def _axes_after(name: str, axes: tuple[str, ...]) -> tuple[str, ...]:
    if name in ("newaxis", "expand_dims"):
        return (*axes, "channel")
    return ("batch", *axes) if name == "batch" else axes


def _note(name: str, before: Facts, after: Facts) -> str:
    """The trap of this step, judged by what was measured rather than by its name."""
    if after.axes.count("channel") > 1 or after.axes.count("batch") > 1:
        return _("There is such an axis already: the array now has {count} axes.", count=len(after.shape))
    if name in ("scale", "floor") and before.maximum <= 1:
        return _(
            "The values were no larger than {before:g} before this step, now {after:g}.",
            before=before.maximum,
            after=after.maximum,
        )
    if after.distinct < before.distinct:
        told = {"after": after.distinct, "before": before.distinct}
        if name == "uint8":
            return _("Only {after} of {before} different values are left, the rest was wrapped or cut off.", **told)
        return _("Only {after} of {before} different values are left, the rest was cut off.", **told)
    if after.dtype == "float64" != before.dtype:
        return _(
            "Dividing {dtype} gave float64: {found:,} bytes, where float32 takes {needed:,}. A cast to float32 first "
            "saves half.",
            dtype=before.dtype,
            found=after.nbytes,
            needed=after.nbytes // 2,
        )
    return ""


def missing(now: Facts) -> list[str]:
    """What still keeps an array from the network: one sentence each, none when it is ready.

    The network expects [batch, height, width, channel] in floats with values from 0 to 1. Keras takes floats of any
    width and casts them to float32; what it cannot multiply with its kernels is whole numbers (see `remark`).
    """
    sentences = []
    if now.axes != AXES:
        sentences.append(
            _("The network expects the axes {axes}, these are {found}.", axes=_listed(AXES), found=_listed(now.axes))
        )
    if not now.dtype.startswith("float"):
        sentences.append(
            _(
                "A layer that is called, `Conv2D(…)(x)`, expects floats and refuses {dtype}. Only `fit`, `evaluate` "
                "and `predict` cast whole numbers themselves.",
                dtype=now.dtype,
            )
        )
    if now.maximum > 1 or now.minimum < 0:
        sentences.append(_("The network expects values from 0 to 1, they reach {most:g}.", most=now.maximum))
    return sentences


def remark(now: Facts) -> str:
    """What an array that is ready costs more than it must; empty where there is nothing to save."""
    if now.dtype != "float64":
        return ""
    return _(
        "Keras takes float64 and casts it to float32 on the way in. Only memory is lost, {found:,} bytes where "
        "{needed:,} would do, and the time of the cast.",
        found=now.nbytes,
        needed=now.nbytes // 2,
    )


def _listed(axes: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_, axes))}]"
