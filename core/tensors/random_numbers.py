"""Tensors of random numbers, the distribution they come from, and what a histogram shows of them.

Why no tf.random.set_seed here: it is one setting for the whole process. In a server it would reseed the
sessions of everyone else too, even the order in which their tf.data pipelines shuffle, and another session
could draw between our seeding and our drawing. np.random.seed has the same fault. A seeded draw therefore
uses a generator of its own: tf.random.Generator, and np.random.RandomState, whose randn gives the very
numbers of np.random.seed followed by np.random.randn. Without a seed, the plain function is called.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from words import _

KINDS = ("tf.random.normal", "tf.random.uniform", "np.random.randn")
LARGEST_COUNT = 1_000_000
LARGEST_RANK = 8
LARGEST_SEED = 2**32 - 1
LARGEST_NUMBER = 1e6


def parse_shape(text: str) -> tuple[int, ...]:
    """`"3, 4"`, `"(3, 4)"`, `"[3, 4]"` or `"3 × 4"` → (3, 4); nothing or `"()"` → (), one number.

    Raises ValueError with one sentence for anything else.
    """
    inside = re.sub(r"^\s*[(\[]|[)\]]\s*$", "", text)
    parts = [part.strip() for part in re.split(r"[,x×*]", inside)] if inside.strip() else []
    if len(parts) > 1 and not parts[-1]:
        parts.pop()  # the comma of (3,)
    if not all(re.fullmatch(r"\d{1,9}", part, re.ASCII) for part in parts):
        shown = text.strip() if len(text.strip()) <= 30 else text.strip()[:29] + "…"
        raise ValueError(
            _("A shape is whole numbers with commas between, such as 3, 4; this is “{shown}”.", shown=shown)
        )
    return tuple(map(int, parts))


@dataclass(frozen=True)
class RandomSpec:
    """A draw of random numbers of `shape`; `seed` None draws anew each time.

    mean and stddev count for tf.random.normal only, minval (included) and maxval (excluded) for
    tf.random.uniform only. np.random.randn is always the standard normal distribution.
    """

    kind: str = "tf.random.normal"
    shape: tuple[int, ...] = (100, 100)
    mean: float = 0.0
    stddev: float = 1.0
    minval: float = 0.0
    maxval: float = 1.0
    seed: int | None = 0

    def problem(self) -> str | None:
        """One sentence why this cannot be drawn, or None."""
        if self.kind not in KINDS:
            return _("The function must be one of {kinds}, not {kind!r}.", kinds=", ".join(KINDS), kind=self.kind)
        if len(self.shape) > LARGEST_RANK:
            return _(
                "The shape may have {most} axes at most, this one has {count}.",
                most=LARGEST_RANK,
                count=len(self.shape),
            )
        if any(length < 1 for length in self.shape):
            return _("Every axis of the shape needs a length of 1 or more, the shape is {shape}.", shape=self.shape)
        if (count := math.prod(self.shape)) > LARGEST_COUNT:
            return _(
                "At most {most:,} numbers are drawn here, this shape holds {count:,}.",
                most=LARGEST_COUNT,
                count=count,
            )
        if self.seed is not None and not 0 <= self.seed <= LARGEST_SEED:
            return _("The seed must be from 0 to {most}, not {seed}.", most=LARGEST_SEED, seed=self.seed)
        return self._range_problem()

    def _range_problem(self) -> str | None:
        used = {
            "tf.random.normal": ("mean", "stddev"),
            "tf.random.uniform": ("minval", "maxval"),
            "np.random.randn": (),
        }
        for name in used[self.kind]:
            value = getattr(self, name)
            if not abs(value) <= LARGEST_NUMBER:  # also catches nan
                return _("{name} must be from -1,000,000 to 1,000,000, not {value}.", name=name, value=value)
        if self.kind == "tf.random.normal" and not self.stddev > 0:
            return _("stddev must be larger than 0, not {value}.", value=self.stddev)
        # as float32, because that is what TensorFlow draws from
        if self.kind == "tf.random.uniform" and not np.float32(self.minval) < np.float32(self.maxval):
            return _(
                "minval must be smaller than maxval, they are {minval} and {maxval}.",
                minval=self.minval,
                maxval=self.maxval,
            )
        return None

    def draw(self) -> np.ndarray:
        """The numbers, read-only: float32 from TensorFlow, float64 from numpy.

        Raises ValueError with the sentence of `problem`.
        """
        if problem := self.problem():
            raise ValueError(problem)
        values = self._numpy() if self.kind == "np.random.randn" else self._tensorflow()
        values.setflags(write=False)
        return values

    def _numpy(self) -> np.ndarray:
        if self.seed is None:
            return np.asarray(np.random.randn(*self.shape))  # asarray: a shape of () gives a plain float
        return np.asarray(np.random.RandomState(self.seed).randn(*self.shape))

    def _tensorflow(self) -> np.ndarray:
        import tensorflow as tf

        source = tf.random if self.seed is None else tf.random.Generator.from_seed(self.seed)
        if self.kind == "tf.random.normal":
            return np.array(source.normal(self.shape, mean=self.mean, stddev=self.stddev).numpy())
        return np.array(source.uniform(self.shape, minval=self.minval, maxval=self.maxval).numpy())

    def density(self, x: np.ndarray) -> np.ndarray:
        """The probability density of the distribution at each `x`: a histogram of density 1 approaches it."""
        x = np.asarray(x, np.float64)
        if self.kind == "tf.random.uniform":
            return np.where((x >= self.minval) & (x < self.maxval), 1 / (self.maxval - self.minval), 0.0)
        mean, stddev = (0.0, 1.0) if self.kind == "np.random.randn" else (self.mean, self.stddev)
        return np.exp(-0.5 * ((x - mean) / stddev) ** 2) / (stddev * math.sqrt(2 * math.pi))

    @property
    def library(self) -> str:
        """The import that the code of a draw needs."""
        return "import numpy as np" if self.kind == "np.random.randn" else "import tensorflow as tf"

    def as_code(self) -> str:
        """A script that draws the same numbers, under the name `values`."""
        return f"{self.library}\n\n{self.drawing()}"

    def as_plain_code(self) -> str:
        """A script that calls the function of `kind` itself; with a seed, after seeding the whole program. From numpy
        come the same numbers as from `as_code`, from TensorFlow others, which repeat as well."""
        return f"{self.library}\n\n{self._plain()}"

    def drawing(self) -> str:
        """The lines of `as_code`, without the import."""
        if self.seed is None:
            return self._plain()
        if self.kind == "np.random.randn":
            return self._lines(f"np.random.RandomState({self.seed})")
        return self._lines("generator", f"generator = tf.random.Generator.from_seed({self.seed})")

    def _plain(self) -> str:
        library = "np" if self.kind == "np.random.randn" else "tf"
        seeding = {"np": "np.random.seed", "tf": "tf.random.set_seed"}[library]
        return self._lines(f"{library}.random", *([] if self.seed is None else [f"{seeding}({self.seed})"]))

    def _lines(self, source: str, *before: str) -> str:
        method = self.kind.rsplit(".", 1)[1]
        return "\n".join([*before, f"values = {source}.{method}({self._arguments()})", "print(values)"])

    def _arguments(self) -> str:
        if self.kind == "np.random.randn":
            return ", ".join(map(str, self.shape))
        names = ("mean", "stddev") if self.kind == "tf.random.normal" else ("minval", "maxval")
        return ", ".join([str(self.shape), *(f"{name}={float(getattr(self, name))!r}" for name in names)])


@dataclass(frozen=True, eq=False)
class Histogram:
    """`counts` (bins,) int, `edges` (bins + 1,), and `density`: counts scaled to an area of 1."""

    counts: np.ndarray
    edges: np.ndarray
    density: np.ndarray


def histogram(values: np.ndarray, bins: int = 50) -> Histogram:
    """Count `values` in equal bins from the smallest to the largest. Raises ValueError below 1 bin."""
    if bins < 1:
        raise ValueError(f"A histogram needs at least 1 bin, not {bins}.")
    wide = np.asarray(values, np.float64).ravel()  # float32 edges would coincide where the values lie close
    counts, edges = np.histogram(wide, bins)
    return Histogram(counts, edges, counts / (wide.size * np.diff(edges)))
