"""Scripts for the Evaluate page: each makes exactly the numbers that its part shows.

They run in the project's folder and leave their results under the names that the docstrings say.
"""

from __future__ import annotations

from core.scripts.parts import NUMPY, TENSORFLOW, Part, from_mnist, load_file, load_run, script

_LOAD = from_mnist('x, y = mnist["x_test"], mnist["y_test"].astype("int64")') + Part(
    'x = x[..., np.newaxis].astype("float32") / 255  # (10000, 28, 28, 1), values from 0 to 1', (NUMPY, TENSORFLOW)
)
_PREDICT = """\
preds = model.predict(x, batch_size=500)  # (10000, 10): ten probabilities an image
answers = np.argmax(preds, axis=-1)  # (10000,): along the last axis, one digit an image
confidences = np.max(preds, axis=-1)
"""


def load(run_id: str | None, epoch: int | None) -> str:
    """`x`, `y` and `model`: the shipped network where run_id is None, else a run's after `epoch` (None: its newest
    weights)."""
    model = load_file("assets/basic_cnn.keras") if run_id is None else load_run(run_id, epoch)
    return f"{script(_LOAD, model)}\n"


def overview() -> str:
    """`loss`, `accuracy`, `confusion`, and `precision`, `recall`, `f1` (10,)."""
    return f"""\
# the loss wants labels as whole numbers; "accuracy" then means sparse categorical accuracy
model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
loss, accuracy = model.evaluate(x, y, batch_size=500)

{_PREDICT}
confusion = tf.math.confusion_matrix(y, answers, num_classes=10).numpy()
found, support, predicted = confusion.diagonal(), confusion.sum(axis=1), confusion.sum(axis=0)
with np.errstate(invalid="ignore"):  # 0 / 0 where a digit is never predicted: nan
    precision = found / predicted
    recall = found / support
    f1 = 2 * found / (support + predicted)
print(loss, accuracy, precision, recall, f1, sep="\\n")"""


def cell(true: int, predicted: int) -> str:
    """`confusion` (10, 10), and `shown`: indexes of one cell's images, the most confident first."""
    return f"""\
{_PREDICT}
# a row for each true digit, a column for each prediction
confusion = tf.math.confusion_matrix(y, answers, num_classes=10).numpy()
shown = np.flatnonzero((y == {true}) & (answers == {predicted}))
shown = shown[np.argsort(-confidences[shown], kind="stable")]
print(confusion[{true}, {predicted}], shown)"""


def ranking(right: bool, most_confident: bool) -> str:
    """`shown`: indexes of all right or all wrong answers, the most or the least confident first."""
    lines = [
        f"{_PREDICT}",
        f"shown = np.flatnonzero(answers {'==' if right else '!='} y)",
        'shown = shown[np.argsort(-confidences[shown], kind="stable")]',
    ]
    if not most_confident:
        lines[-1] += "[::-1]  # the least confident first"
    return "\n".join([*lines, "print(shown[:10], y[shown[:10]], answers[shown[:10]], confidences[shown[:10]])"])


def batch(number: int, size: int) -> str:
    """`preds` (size, 10), `answers` and `labels` (size,) of one batch, counted from 1."""
    start = (number - 1) * size
    return f"""\
images, labels = x[{start}:{start + size}], y[{start}:{start + size}]
preds = model.predict(images)
print(preds.shape)
answers = np.argmax(preds, axis=-1)  # without axis=-1: the place of the one largest of all numbers
print(answers)
print(labels)
print("right:", np.sum(answers == labels), "of", len(labels))"""


def calibration(bins: int) -> str:
    """`count`, `accuracy`, `confidence` (bins,), and `error`, the expected calibration error."""
    return f"""\
{_PREDICT}
right = answers == y
bins = {bins}
place = np.clip(np.searchsorted(np.linspace(0, 1, bins + 1), confidences) - 1, 0, bins - 1)
count = np.bincount(place, minlength=bins)
with np.errstate(invalid="ignore"):  # empty bins: nan
    accuracy = np.bincount(place, right, bins) / count
    confidence = np.bincount(place, confidences, bins) / count
error = np.nansum(count * np.abs(accuracy - confidence)) / len(y)
print(error)"""
