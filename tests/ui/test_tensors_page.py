import functools
from pathlib import Path

import numpy as np
import pytest

from core.lessons.mistakes import SLIPS
from core.network.presets import Blocks
from core.tensors import casting, literals
from core.tensors import tensor as tensors_tensor
from core.tensors.literals import EXAMPLES
from core.tensors.random_numbers import RandomSpec
from tests.ui import conftest
from tests.ui.conftest import codes, switched
from tests.ui.said import columns
from ui.basics import settings as basics_settings
from ui.shared import text

ROOT = Path(__file__).resolve().parents[2]

BAD = {
    "nothing": "",
    "spaces": " \n\t ",
    "ragged": "[[1, 2], [3]]",
    "mixed depth": "[1, [2]]",
    "mixed kinds": "[True, 2]",
    "too deep": "[" * 9 + "1" + "]" * 9,
    "far too deep": "[" * 100_000,
    "too many": "[" + "1," * 10_001 + "]",
    "a million characters": "1" * 1_000_000,
    "empty list": "[]",
    "text": "['one']",
    "call": "__import__('os').getcwd()",
    "power": "9**9**9",
    "dict": "{1: 2}",
    "complex": "2j",
    "none": "None",
    "open": "[1, 2",
    "unicode": "［１，２］ 🙂 \u202e",
    "markdown": "**a** `b` <script>alert(1)</script>",
    "too large": f"[{10**60}]",
}


opened = functools.partial(conftest.opened, "tensors")


def said(at):
    return "\n".join(element.value for element in (*at.markdown, *at.caption, *at.header))


def address(at):
    return {key: value if isinstance(value, str) else value[-1] for key, value in at.query_params.items()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_shows_what_core_says(name):
    at = opened()
    at.selectbox(key="tensor_example").set_value(name).run()
    report = tensors_tensor.build(literals.parse_literal(EXAMPLES[name]), "list")
    assert not at.exception and not at.error
    assert at.text_area(key="tensor_text").value == EXAMPLES[name]
    assert report.code in codes(at)
    facts = said(at).replace("\u00a0", " ")
    for fact in (f"`{report.shape}`", f"`{report.rank}`", f"`{report.dtype}`", f"`{report.nbytes:,}`"):
        assert fact in facts


@pytest.mark.parametrize(
    ("part", "name"), [*(("build", name) for name in BAD), ("dtype", "ragged"), ("dtype", "mixed kinds")]
)
def test_bad_input_gives_one_sentence(part, name):
    at = opened(tensor_part=part)
    at.text_area(key="tensor_text").set_value(BAD[name]).run()
    assert not at.exception
    (error,) = at.error
    assert error.value.endswith(".") and len(error.value) < 300
    with pytest.raises(literals.TensorInputError) as caught:
        tensors_tensor.build(literals.parse_literal(BAD[name]), "list")
    assert error.value == text.plain(str(caught.value))
    # and the page goes on
    at.text_area(key="tensor_text").set_value("[1, 2]").run()
    assert not at.exception and not at.error


@pytest.mark.parametrize("way", tensors_tensor.WAYS)
def test_each_way_has_its_own_code(way):
    at = opened(tensor_way=way, tensor_text="(1, 2)")
    report = tensors_tensor.build(literals.parse_literal("(1, 2)"), way)
    assert report.code in codes(at)
    assert f"`{report.dtype}`" in said(at)


@pytest.mark.parametrize("text", ["[300, 256, 255, -1]", "[0.1, 1e999, -1.9]", "[True, False]", "7"])
def test_dtype_page_survives_every_dtype(text):
    at = opened(tensor_part="dtype", tensor_text=text)
    for dtype in tensors_tensor.DTYPES:
        at.selectbox(key="tensor_dtype").set_value(dtype).run()
        assert not at.exception
        assert len(at.error) <= 1


def test_cast_shows_what_core_says():
    text = "[300.7, -1.2, 0.0, 2.5]"
    at = opened(tensor_part="dtype", tensor_text=text)
    for to in tensors_tensor.DTYPES:
        at.selectbox(key="tensor_cast").set_value(to).run()
        report = casting.cast(tensors_tensor.build(literals.parse_literal(text), "list"), to)
        assert report.summary in said(at)
        assert any(code.startswith(report.code) for code in codes(at))
        assert columns(at, -1)["what happened"] == report.kinds.tolist()


@pytest.mark.parametrize("text", ["[[1.5, 2.5], [3.5, 4.5]]", "[1, 2, 3]", "[True, False]"])
def test_the_plain_array_stands_beside_the_tensor(text):
    at = opened(tensor_text=text)
    parsed = literals.parse_literal(text)
    tensor, array = tensors_tensor.build(parsed, "list"), tensors_tensor.array(parsed)
    assert array.code in codes(at)
    facts = said(at).replace("\u00a0", " ")
    assert f"| `.shape` | `{tensor.shape}` | `{array.shape}` |" in facts
    assert f"| `.dtype` | `{tensor.dtype}` | `{array.dtype}` |" in facts
    assert f"| bytes | `{tensor.nbytes:,}` | `{array.nbytes:,}` |" in facts
    other = f"`arr.astype(np.{tensor.dtype})` gives it the tensor's"
    assert (other in facts) == (tensor.dtype != array.dtype)


@pytest.mark.parametrize("to", ["uint8", "float32", "bfloat16"])
def test_astype_is_compared_with_the_cast(to):
    """300.0 has no place in uint8: what comes out depends on the library and on the processor."""
    text = EXAMPLES["33 times 300.0"]
    at = opened(tensor_part="dtype", tensor_text=text, tensor_cast=to)
    made = tensors_tensor.build(literals.parse_literal(text), "list")
    in_numpy = casting.astype(made, to)
    assert not at.exception
    if in_numpy is None:
        assert "numpy has no bfloat16" in said(at)
        return
    assert in_numpy.code in codes(at)
    different = casting.differences(casting.cast(made, to).after, in_numpy.after).sum()
    line = f"In numpy: `arr.astype(np.{to})` "
    assert line + (f"differs in {different} of 33 values" if different else "gives the same.") in said(at)


def test_only_the_changed_values_are_listed_on_request():
    at = opened(tensor_part="dtype", tensor_text="[1.0, 2.5, 3.0]", tensor_lost="true")
    assert columns(at, -1)["float32"] == ["2.5"]


def test_largest_tensor_stays_quick_and_small():
    text = "[" + ",".join(["1.5"] * 10_000) + "]"
    at = opened(tensor_part="dtype")
    at.text_area(key="tensor_text").set_value(text).run()
    assert not at.exception and not at.error
    assert len(columns(at, -1)["index"]) == 1000
    assert "The first 1,000 of 10,000 values." in said(at)


def test_memory_names_the_weights_of_the_default_network():
    assert f"{Blocks().network().parameter_count():,} values" in said(opened(tensor_part="dtype"))


def test_view_is_in_the_link():
    text = "[[1, 2], [3, 4]]"
    at = opened()
    at.text_area(key="tensor_text").set_value(text).run()
    at.segmented_control(key="tensor_part").set_value("dtype").run()
    at.selectbox(key="tensor_cast").set_value("bool").run()
    link = address(at)
    assert link == {"tensor_text": text, "tensor_part": "dtype", "tensor_cast": "bool"}
    assert codes(opened(**link)) == codes(at)


def test_long_text_stays_out_of_the_link_and_in_the_session():
    fits = "[" + "1," * ((basics_settings.LONGEST_LINK - 3) // 2) + "1]"
    at = opened()
    at.text_area(key="tensor_text").set_value(fits).run()
    assert address(at)["tensor_text"] == fits
    long = "[" + "1," * 2000 + "1]"
    at.text_area(key="tensor_text").set_value(long).run()
    assert "tensor_text" not in address(at)
    assert "stays in this window" in said(at)
    switched(at, "dataset")
    switched(at, "tensors")
    assert at.text_area(key="tensor_text").value == long
    assert "`2,001`" in said(at)


@pytest.mark.parametrize("kind", ["tf.random.normal", "tf.random.uniform", "np.random.randn"])
def test_random_numbers_are_those_of_core(kind):
    at = opened(tensor_part="random", random_kind=kind, random_shape="4, 5", random_seed="3")
    values = RandomSpec(kind=kind, shape=(4, 5), seed=3).draw()
    assert not at.exception and not at.error
    assert f"min `{values.min():.4g}`" in said(at)
    assert np.array2string(values, threshold=60, precision=4, suppress_small=True) in codes(at)
    # the heading names one function, the seeded draw calls another: both are there, and why
    assert RandomSpec(kind=kind, shape=(4, 5), seed=3).as_plain_code() in codes(at)
    assert f"**With `{kind}` itself**" in said(at) and "one setting for the whole program" in said(at)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"random_shape": "3, x"}, "A shape is whole numbers"),
        ({"random_shape": "0, 3"}, "Every axis of the shape needs"),
        ({"random_shape": "2000, 2000"}, "At most 1,000,000 numbers"),
        ({"random_shape": "1,1,1,1,1,1,1,1,1"}, "The shape may have 8 axes"),
        ({"random_kind": "tf.random.uniform", "random_minval": "2"}, "minval must be smaller"),
    ],
)
def test_impossible_draws_say_why(settings, sentence):
    at = opened(tensor_part="random", **settings)
    assert not at.exception
    (error,) = at.error
    assert error.value.startswith(sentence)


def test_draw_without_a_seed_changes():
    at = opened(tensor_part="random", random_seeded="false")
    assert "itself**" not in said(at)
    before = codes(at)[-1]
    at.button(key="random_again").click().run()
    assert not at.exception
    assert codes(at)[-1] != before


def test_every_slip_has_its_card():
    at = opened(tensor_part="slips")
    shown = codes(at)
    for slip in SLIPS:
        assert f"{slip.setup}\n\n{slip.wrong}" in shown
        assert f"{slip.setup}\n\n{slip.right}" in shown
        assert slip.why in said(at)
