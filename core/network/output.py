"""How a network ends: whether it can tell ten digits apart, and what its probabilities are made of.

A loss of probabilities is taken from the logits, the numbers before softmax: a probability below 1e-38 is 0 in float32,
and its logarithm would be lost. Keras looks for them behind the last function, and so do evaluation and explanation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.network.network import CLASSES, Network
from words import _

if TYPE_CHECKING:
    import keras

# functions whose values are probabilities: of one digit out of ten, or of each digit by itself
PROBABILITIES = ("softmax", "sigmoid")


def size_problem(network: Network) -> str | None:
    """One sentence where a network that can be built does not end in ten values, one for each digit, else None."""
    last = network.stages()[-1]
    if last.output_shape == (CLASSES,):
        return None
    sizes = " × ".join(map(str, last.output_shape or ()))
    return _(
        "A network must end in {classes} values, one for each digit, and {layer} gives {sizes}.",
        classes=CLASSES,
        layer=last.name,
        sizes=sizes,
    )


def problem(network: Network, functions: tuple[str, ...]) -> str | None:
    """One sentence where a network that can be built does not end in ten values made by one of `functions`."""
    if said := size_problem(network):
        return said
    name, last = network.layers[-1]
    if last.last_function in functions:
        return None
    told = {"functions": _(" or ").join(functions), "classes": CLASSES, "layer": name}
    if last.last_function == "linear":
        return _(
            "A network must end in {functions}, which makes probabilities of its {classes} values, and its last "
            "layer, {layer}, has no function.",
            **told,
        )
    return _(
        "A network must end in {functions}, which makes probabilities of its {classes} values, and its last layer, "
        "{layer}, has {found}.",
        **told,
        found=last.last_function,
    )


def hides_logits(model: keras.Model) -> bool:
    """Whether a Keras model ends in softmax or sigmoid, as a layer or as the activation of its last one."""
    return _last_function(model) in PROBABILITIES


def _last_function(model: keras.Model) -> str:
    import keras

    last = model.layers[-1]
    if isinstance(last, keras.layers.Softmax):
        return "softmax"
    return getattr(getattr(last, "activation", None), "__name__", "linear")


def before_logits(model: keras.Model):
    """The Keras tensor that `logits` takes: the one before the last function; where that sits inside the last Dense,
    the one before that layer."""
    last = model.layers[-1]
    return last.input if hides_logits(model) else last.output


def logits(model: keras.Model, tensor: keras.KerasTensor):
    """From a value of `before_logits`, (n, …), to the logits (n, classes).

    A model that ends in neither softmax nor sigmoid is taken to give logits.
    """
    import keras

    last = model.layers[-1]
    if not (hides_logits(model) and isinstance(last, keras.layers.Dense)):
        return tensor
    sums = keras.ops.matmul(tensor, last.kernel)
    return sums + last.bias if last.use_bias else sums
