"""Scripts for the Evaluate page: each makes exactly the numbers that its part shows.

They run in the project's folder and leave their results under the names that the docstrings say.
"""

from __future__ import annotations

from core.scripts.parts import NUMPY, TENSORFLOW, Part, from_mnist, load_file, load_run, script
from words import _


def _images() -> Part:
    values = _("values from 0 to 1")
    return from_mnist('x, y = mnist["x_test"], mnist["y_test"].astype("int64")') + Part(
        f'x = x[..., np.newaxis].astype("float32") / 255  # (10000, 28, 28, 1), {values}', (NUMPY, TENSORFLOW)
    )


def _predict() -> str:
    ten, one = _("ten probabilities an image"), _("along the last axis, one digit an image")
    return f"""\
preds = model.predict(x, batch_size=500)  # (10000, 10): {ten}
answers = np.argmax(preds, axis=-1)  # (10000,): {one}
confidences = np.max(preds, axis=-1)
"""


def load(run_id: str | None, epoch: int | None) -> str:
    """`x`, `y` and `model`: the shipped network where run_id is None, else a run's after `epoch` (None: its newest
    weights)."""
    model = load_file("assets/basic_cnn.keras") if run_id is None else load_run(run_id, epoch)
    return f"{script(_images(), model)}\n"


def overview() -> str:
    """`loss`, `accuracy`, `confusion`, and `precision`, `recall`, `f1` (10,)."""
    labels = _('the loss wants labels as whole numbers; "accuracy" then means sparse categorical accuracy')
    never = _("0 / 0 where a digit is never predicted: nan")
    return f"""\
# {labels}
model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
loss, accuracy = model.evaluate(x, y, batch_size=500)

{_predict()}
confusion = tf.math.confusion_matrix(y, answers, num_classes=10).numpy()
found, support, predicted = confusion.diagonal(), confusion.sum(axis=1), confusion.sum(axis=0)
with np.errstate(invalid="ignore"):  # {never}
    precision = found / predicted
    recall = found / support
    f1 = 2 * found / (support + predicted)
print(loss, accuracy, precision, recall, f1, sep="\\n")"""


def cell(true: int, predicted: int) -> str:
    """`confusion` (10, 10), and `shown`: indexes of one cell's images, the most confident first."""
    table = _("a row for each true digit, a column for each prediction")
    return f"""\
{_predict()}
# {table}
confusion = tf.math.confusion_matrix(y, answers, num_classes=10).numpy()
shown = np.flatnonzero((y == {true}) & (answers == {predicted}))
shown = shown[np.argsort(-confidences[shown], kind="stable")]
print(confusion[{true}, {predicted}], shown)"""


def ranking(right: bool, most_confident: bool) -> str:
    """`shown`: indexes of all right or all wrong answers, the most or the least confident first."""
    lines = [
        _predict(),
        f"shown = np.flatnonzero(answers {'==' if right else '!='} y)",
        'shown = shown[np.argsort(-confidences[shown], kind="stable")]',
    ]
    if not most_confident:
        least = _("the least confident first")
        lines[-1] += f"[::-1]  # {least}"
    return "\n".join([*lines, "print(shown[:10], y[shown[:10]], answers[shown[:10]], confidences[shown[:10]])"])


def batch(number: int, size: int) -> str:
    """`preds` (size, 10), `answers` and `labels` (size,) of one batch, counted from 1."""
    start = (number - 1) * size
    without = _("without axis=-1: the place of the one largest of all numbers")
    return f"""\
images, labels = x[{start}:{start + size}], y[{start}:{start + size}]
preds = model.predict(images)
print(preds.shape)
answers = np.argmax(preds, axis=-1)  # {without}
print(answers)
print(labels)
print("right:", np.sum(answers == labels), "of", len(labels))"""


def calibration(bins: int) -> str:
    """`count`, `accuracy`, `confidence` (bins,), and `error`, the expected calibration error."""
    empty = _("empty bins: nan")
    return f"""\
{_predict()}
right = answers == y
bins = {bins}
place = np.clip(np.searchsorted(np.linspace(0, 1, bins + 1), confidences) - 1, 0, bins - 1)
count = np.bincount(place, minlength=bins)
with np.errstate(invalid="ignore"):  # {empty}
    accuracy = np.bincount(place, right, bins) / count
    confidence = np.bincount(place, confidences, bins) / count
error = np.nansum(count * np.abs(accuracy - confidence)) / len(y)
print(error)"""
