import ast

import numpy as np
import pytest

from core.lessons.training_mistakes import EVALUATION_SLIPS, GRADIENT_SLIPS, SLIPS


def shown(value) -> str:
    return str(value.numpy() if hasattr(value, "numpy") else value)


def outcome(source, namespace):
    """The value of the last line, after all lines before it."""
    *before, last = ast.parse(source).body
    exec(compile(ast.Module(before, []), "slip", "exec"), namespace)
    return eval(ast.unparse(last), namespace)


def of(part):
    """The one slip whose wrong form holds `part`, and what its set-up leaves."""
    (slip,) = (slip for slip in SLIPS if part in slip.wrong)
    namespace = {}
    exec(slip.setup, namespace)
    return slip, namespace


EVERY = tuple(dict.fromkeys((*SLIPS, *GRADIENT_SLIPS)))


@pytest.mark.parametrize("slip", EVERY, ids=lambda slip: slip.wrong)
def test_slips_fail_as_stated_and_the_right_line_works(slip):
    namespace = {}
    exec(slip.setup, namespace)
    if slip.error:
        with pytest.raises(Exception) as caught:  # the slip itself names the type
            outcome(slip.wrong, namespace)
        assert slip.error in f"{type(caught.value).__name__}: {caught.value}"
    else:
        assert shown(outcome(slip.wrong, namespace)) == slip.result
    right = outcome(slip.right, namespace)
    assert right is not None
    if slip.result:
        assert shown(right) != slip.result


def test_slips_name_an_error_or_a_result():
    assert all(bool(slip.error) != bool(slip.result) for slip in EVERY)


def test_numbers_in_the_reasons():
    slip, namespace = of("tf.keras.metrics.Accuracy()(labels, preds)")
    assert float(eval(slip.right, namespace)) == 1
    slip, namespace = of("np.argmax(preds)")
    assert eval(slip.right, namespace).tolist() == [2, 1, 0]
    slip, namespace = of("test_loss.result()")
    assert eval(slip.right, namespace) == "Test accuracy: 66.7 %"


def test_a_reset_metric_shows_each_epochs_own_mean():
    slip, namespace = of("update_state")
    assert outcome(slip.right, namespace) == [np.mean(losses) for losses in namespace["epochs"]] == [1.5, 0.375]
    assert "0.9375" in slip.why and "0.375" in slip.why


def test_dropout_drops_half_in_training_only():
    slip, namespace = of("GradientTape")
    assert 400 < int(outcome(slip.right, namespace)) < 600
    slip, namespace = of("def test_step")
    assert outcome(slip.right, namespace) is True
    assert (namespace["test_step"](namespace["images"]).numpy() == 1).all()


def test_slips_of_judging_are_shown_where_networks_are_judged():
    wrong = "\n".join(slip.wrong for slip in EVALUATION_SLIPS)
    assert all(part in wrong for part in ("training=True", "argmax", "Accuracy()", "test_loss"))
    assert "GradientTape" not in wrong and set(EVALUATION_SLIPS) < set(SLIPS)


def test_slips_of_gradients_are_shown_where_a_step_is_taken_by_hand():
    wrong = "\n".join(slip.wrong for slip in GRADIENT_SLIPS)
    assert all(part in wrong for part in ("predictions = model(images)", 'activation="relu"', "zero_grad", "v - 0.1"))
