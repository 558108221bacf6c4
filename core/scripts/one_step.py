"""The script of one step of learning from one image: loss, one weight's gradient, the step, and the loss after it."""

from __future__ import annotations

from dataclasses import dataclass

from core.scripts.parts import NUMPY, TENSORFLOW, Part, as_input, script
from core.training.by_hand import DISTANCE
from core.training.optimizers import OPTIMIZERS
from core.training.spec import TrainingSpec
from words import _


@dataclass(frozen=True)
class ChosenWeight:
    """One number of a network. layer, name: where it is; variable: the place of its array in
    `model.trainable_variables`; at: its place in that array."""

    layer: str
    name: str
    variable: int
    at: tuple[int, ...]


def as_code(spec: TrainingSpec, image: Part, model: Part, label: int, weight: ChosenWeight, step: int = 1) -> str:
    """A script that leaves, all before the step unless they say otherwise, `loss`, `gradient`, `w`, `new_w`, `loss_all`
    and `loss_one`, after the step of all weights and of this one alone, and `difference`, which checks the gradient.

    image, model: the parts that leave these, see `core.scripts.parts`; step: 1, or 2 for the one after it.
    """
    before = [] if step == 1 else [Part(_before(step - 1))]
    return script(
        model,  # first: it may use the name x for its layers
        image + as_input() + Part(_label(spec, label), (NUMPY,)),
        Part(_functions(spec.loss), (TENSORFLOW,)),
        Part(f"optimizer = {OPTIMIZERS[spec.optimizer].as_code(f'{spec.learning_rate:g}')}"),
        *before,
        Part(_step(weight)),
        Part(_after()),
        Part(_check(weight.variable)),
    )


def _label(spec: TrainingSpec, label: int) -> str:
    if spec.one_hot:
        said = _("one-hot: 1 at the place of the digit")
        return f"label = np.eye(10, dtype=np.float32)[[{label}]]  # {said}"
    said = _("which digit it is")
    return f"label = np.array([{label}])  # {said}"


def _functions(loss: str) -> str:
    use = _("training=False: Dropout drops nothing here, so that losses can be compared; in a training loop it is True")
    tape = _("a new one for each step: there is nothing to set to zero")
    return f"""
def loss_of(network):
    # {use}
    return tf.keras.losses.{loss}(label, network(x, training=False))[0]


def loss_and_gradients():
    with tf.GradientTape() as tape:  # {tape}
        loss = loss_of(model)
    return loss, tape.gradient(loss, model.trainable_variables)
"""


def _before(times: int) -> str:
    what = _("what came before the step that is shown")
    return f"""for _ in range({times}):  # {what}
    _, gradients = loss_and_gradients()
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))"""


def _step(weight: ChosenWeight) -> str:
    which = _("{name} of {layer}, and which number of it", name=weight.name, layer=weight.layer)
    return f"""loss, gradients = loss_and_gradients()
weight, at = model.trainable_variables[{weight.variable}], {weight.at}  # {which}
w, gradient = weight.numpy()[at], gradients[{weight.variable}].numpy()[at]
print(f"loss {{loss:.6g}}, weight {{w:.6g}}, gradient {{gradient:.6g}}")"""


def _after() -> str:
    changes, alone = _("changes the weights themselves"), _("now this one weight alone")
    return f"""before = model.get_weights()
optimizer.apply_gradients(zip(gradients, model.trainable_variables))  # {changes}
new_w, loss_all = weight.numpy()[at], loss_of(model)
model.set_weights(before)
values = weight.numpy()
values[at] = new_w
weight.assign(values)  # {alone}
loss_one = loss_of(model)
model.set_weights(before)
print(f"new weight {{new_w:.6g}}, loss after the step of all {{loss_all:.6g}}, of this one alone {{loss_one:.6g}}")"""


def _check(variable: int) -> str:
    digits = _("of float32's seven digits a small difference would leave hardly one")
    return f"""
def in_float64(layer):  # {digits}
    return type(layer).from_config({{**layer.get_config(), "dtype": "float64"}})


exact, h = tf.keras.models.clone_model(model, clone_function=in_float64), {DISTANCE:g}
losses = []
for move in (-h, h):
    exact.set_weights(before)
    values = exact.trainable_variables[{variable}].numpy()
    values[at] += move
    exact.trainable_variables[{variable}].assign(values)
    losses.append(float(loss_of(exact)))
difference = (losses[1] - losses[0]) / (2 * h)
print(f"(L(w + h) - L(w - h)) / 2h = {{difference:.6g}}")"""
