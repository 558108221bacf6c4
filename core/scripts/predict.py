"""The script of the Predict page: the network's answer to one picture."""

from __future__ import annotations

from core.scripts.parts import NUMPY, TENSORFLOW, Part, as_input, script


def as_code(image: Part, model: Part) -> str:
    """`probabilities` (10,) that `model` gives for `image`, and the three largest printed.

    image, model: the parts that leave these, see `core.scripts.parts`.
    """
    answer = Part(
        "probabilities = model.predict(x)[0]\n"
        "for digit in np.argsort(-probabilities)[:3]:\n"
        '    print(digit, f"{probabilities[digit]:.4%}")',
        (NUMPY, TENSORFLOW),
    )
    # the model first: where it is built anew, its lines use the name x too
    return script(model, image + as_input() + answer)
