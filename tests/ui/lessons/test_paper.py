"""What a worksheet shows of a step is what its page shows."""

import io

import numpy as np
from PIL import Image

from core.data import mnist
from core.lessons import folder
from ui.lessons import (
    paper,
    quantities,  # noqa: F401  (declares the settings of all pages)
)


def test_the_digit_and_the_chosen_kernel_of_a_step():
    found = paper.of_lesson(folder.shelf().lesson("kernels"))
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(found(1).png))), mnist.sample("test", 345).image)
    assert found(3).kernel == (("−1", "0", "1"),) * 3
    assert found(7).png and not found(7).kernel, "these kernels were learned"
    assert paper.of_lesson(folder.shelf().lesson("tensors"))(1) is None
    assert paper.of_lesson(folder.shelf().lesson("reading"))(3) is None, "nothing is drawn yet"
