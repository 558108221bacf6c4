import pytest

from core.training_slips import SLIPS


def shown(value) -> str:
    return str(value.numpy() if hasattr(value, "numpy") else value)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.wrong)
def test_slips_fail_as_stated_and_the_right_line_works(slip):
    namespace = {}
    exec(slip.setup, namespace)
    if slip.error:
        with pytest.raises(Exception) as caught:  # the slip itself names the type
            eval(slip.wrong, namespace)
        assert slip.error in f"{type(caught.value).__name__}: {caught.value}"
    else:
        assert shown(eval(slip.wrong, namespace)) == slip.result
    right = eval(slip.right, namespace)
    assert right is not None
    if slip.result:
        assert shown(right) != slip.result


def test_slips_name_an_error_or_a_result():
    assert all(bool(slip.error) != bool(slip.result) for slip in SLIPS)


def test_numbers_in_the_reasons():
    by_wrong = {slip.wrong: slip for slip in SLIPS}
    namespace = {}
    accuracy = by_wrong["tf.keras.metrics.Accuracy()(labels, preds)"]
    exec(accuracy.setup, namespace)
    assert float(eval(accuracy.right, namespace)) == 1
    assert eval(SLIPS[-1].right, namespace | {"np": __import__("numpy")}).tolist() == [2, 1, 0]
    tested = next(slip for slip in SLIPS if "test_loss" in slip.wrong)
    exec(tested.setup, namespace)
    assert eval(tested.right, namespace) == "Test accuracy: 66.7 %"
