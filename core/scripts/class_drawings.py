"""A script that trains a network on what a class has drawn, beside MNIST, and says what that was good for."""

from __future__ import annotations

from core.scripts.parts import NUMPY, TENSORFLOW, Part, from_mnist, script
from words import _

EXAMPLES = 10_000


def train(model: Part, file: str, examples: int = EXAMPLES) -> str:
    """`before`, `after`: loss and accuracy on the drawings of the writers that were kept apart.

    model: leaves the network as `model`. file: the .npz of the drawings (core.classes.board.as_file), where the script
    runs. examples: of MNIST's training images.
    """
    # the network first: where it is built layer by layer, x is what goes through its layers
    return script(model, _read(file), _mnist(examples), _train())


def _read(file: str) -> Part:
    return Part(
        f'with np.load("{file}") as drawings:\n'
        '    drawn, meant, writer = drawings["x"], drawings["y"].astype("int64"), drawings["writer"]',
        (NUMPY,),
    )


def _mnist(examples: int) -> Part:
    return from_mnist(f'x, y = mnist["x_train"][:{examples}], mnist["y_train"][:{examples}].astype("int64")')


def _train() -> Part:
    apart = _("every third writer is kept apart: two drawings of one hand must not be on both sides")
    often = _("some drawings among thousands of images would hardly count: each is shown ten times")
    return Part(_TRAIN.format(apart=apart, often=often), (NUMPY, TENSORFLOW))


_TRAIN = """\
def as_input(images):
    return images[..., np.newaxis].astype("float32") / 255

# {apart}
apart = writer % 3 == 0
model.compile(tf.keras.optimizers.Adam(0.0003), "sparse_categorical_crossentropy", metrics=["accuracy"])
before = model.evaluate(as_input(drawn[apart]), meant[apart], verbose=0)

# {often}
images = np.concatenate([x, np.repeat(drawn[~apart], 10, axis=0)])
labels = np.concatenate([y, np.repeat(meant[~apart], 10)])
model.fit(as_input(images), labels, batch_size=128, epochs=1)

after = model.evaluate(as_input(drawn[apart]), meant[apart], verbose=0)
print(f"drawings of the writers kept apart: {{before[1]:.1%}} read before, {{after[1]:.1%}} after")"""
