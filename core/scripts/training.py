"""The script that trains what a TrainingSpec says: Keras' `fit` on a tf.data pipeline or on the arrays themselves,
or an explicit loop."""

from __future__ import annotations

from core.scripts.parts import NUMPY, TENSORFLOW, Part, build, from_mnist, script
from core.training.data import VALIDATION_BATCH
from core.training.optimizers import OPTIMIZERS
from core.training.spec import TrainingSpec
from words import _

# the two engines, and `fit` as it is called on arrays
FORMS = ("fit", "arrays", "loop")

_LOSSES = {
    "sparse_categorical_crossentropy": "SparseCategoricalCrossentropy",
    "categorical_crossentropy": "CategoricalCrossentropy",
    "binary_crossentropy": "BinaryCrossentropy",
}


def as_code(spec: TrainingSpec, form: str | None = None) -> str:
    """A script that leaves the trained `model`; `history` (fit) or the printed lines (loop) hold what was measured.

    form: one of FORMS; None takes the spec's engine. It runs in float32, in the project's folder. "arrays" reads the
    images in an order of its own, the others in that of `core.training`. Raises ValueError where `problem` has one.
    """
    form = form or spec.engine
    if said := problem(spec, form):
        raise ValueError(said)
    needs = (TENSORFLOW, "from core.augmentation import distort") if spec.augmentation == "drawn" else (TENSORFLOW,)
    match form:
        case "fit":
            data, train = Part(_pipeline(spec), needs), Part(_fit(spec))
        case "arrays":
            data, train = Part(_arrays(spec)), Part(_fit_arrays(spec))
        case _:
            data, train = Part(_pipeline(spec), needs), Part(_loop(spec), ("from itertools import islice",))
    network = build(spec.seeded)
    return script(network, _load(spec), data, *map(Part, _schedule(spec)), train)


def problem(spec: TrainingSpec, form: str) -> str | None:
    """One sentence why a training cannot be written in this form, or None."""
    if spec.class_drawings:
        return _(
            "A class's drawings are on this server until the class ends, and in no file that a script could read: the "
            "board on Teach gives them as a file, with a script that trains on it."
        )
    if form == "arrays" and spec.augmentation == "drawn":
        return _(
            "fit expects arrays to be the images themselves; digits that are drawn anew for every batch need a tf.data "
            "pipeline."
        )
    return None


def template(spec: TrainingSpec) -> str:
    """What the loop prints after each epoch, to be filled by `format`: the epoch from 1, then what is `measured`."""
    return ", ".join(["Epoch {}", *(f"{name}: {{:.4f}}" for name in measured(spec))])


def printed(spec: TrainingSpec, epochs: list[dict]) -> list[str]:
    """The lines that the loop's script prints for epochs as `Run.epochs` gives them."""
    names = measured(spec)
    return [template(spec).format(line["epoch"], *(line[name] for name in names)) for line in epochs]


def measured(spec: TrainingSpec) -> list[str]:
    """The keys of `history.history`, in the order in which they are printed: those of the validation last."""
    return list(spec.measures)


def _load(spec: TrainingSpec) -> Part:
    if spec.one_hot:
        said = _("7 becomes [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]")
        labels = f"y = np.eye(10, dtype=np.float32)[y]  # {said}"
    else:
        said = _("the digit itself: 7 stays 7")
        labels = f"y = y.astype(np.int32)  # {said}"
    scaled = _("(60000, 28, 28, 1), 0 to 1")
    return from_mnist('x, y = mnist["x_train"], mnist["y_train"]') + Part(
        f"x = x[..., np.newaxis].astype(np.float32) / 255  # {scaled}\n{labels}", (NUMPY,)
    )


def _pipeline(spec: TrainingSpec) -> str:
    endless = _("one stream without an end: an epoch is `steps` batches of it")
    steps = _("batches in an epoch")
    return "\n".join(
        [
            f"train_ds = tf.data.Dataset.from_tensor_slices((x[:{spec.examples}], y[:{spec.examples}]))",
            f"train_ds = train_ds.shuffle({spec.examples}, seed={spec.seed}).batch({spec.batch_size})",
            f"train_ds = train_ds.repeat()  # {endless}",
            *_augmentation(spec),
            f"steps = {spec.batches}  # {steps}",
            f"val_ds = tf.data.Dataset.from_tensor_slices((x[-{spec.validation}:], y[-{spec.validation}:]))",
            f"val_ds = val_ds.batch({VALIDATION_BATCH})",
        ]
    )


def _arrays(spec: TrainingSpec) -> str:
    lines = [
        f"train_x, train_y = x[:{spec.examples}], y[:{spec.examples}]",
        f"val_x, val_y = x[-{spec.validation}:], y[-{spec.validation}:]",
    ]
    if _schedule(spec):
        steps = _("batches in an epoch; fit itself need not be told")
        lines.append(f"steps = {spec.batches}  # {steps}")
    return "\n".join(lines)


def _augmentation(spec: TrainingSpec) -> list[str]:
    match spec.augmentation:
        case "light":
            return [
                *_light(spec),
                "train_ds = train_ds.map(lambda x, y: (augment(x, training=True), y))",
            ]
        case "drawn":
            digits = "tf.argmax(labels, axis=-1)" if spec.one_hot else "labels"
            forms = _("slashed zeros, crossed sevens, other pens: see core/augmentation")
            return [
                "",
                "",
                f"def draw(number, batch):  # {forms}",
                "    images, labels = batch",
                "",
                "    def change(number, images, digits):",
                "        pixels = np.rint(255 * images[..., 0]).astype(np.uint8)",
                f"        return distort.drawn(pixels, digits, np.random.default_rng(({spec.seed}, int(number))))",
                "",
                f"    pixels = tf.numpy_function(change, (number, images, {digits}), tf.uint8)",
                "    pixels.set_shape(images.shape[:3])",
                "    return tf.cast(pixels[..., tf.newaxis], tf.float32) / 255, labels",
                "",
                "",
                "train_ds = train_ds.enumerate().map(draw)",
            ]
    return []


def _schedule(spec: TrainingSpec) -> list[str]:
    steps, rate, rising = f"{spec.epochs} * steps", f"{spec.learning_rate:g}", spec.warm_up_steps
    match spec.schedule:
        case "cosine":
            falls = _("falls to 0")
            return [f"learning_rate = tf.keras.optimizers.schedules.CosineDecay({rate}, {steps})  # {falls}"]
        case "warmup":
            arguments = f"0.0, {steps} - {rising}, warmup_target={rate}, warmup_steps={rising}"
            rises = _("rises for {count} steps, then falls to 0", count=rising)
            return [f"# {rises}\nlearning_rate = tf.keras.optimizers.schedules.CosineDecay(\n    {arguments}\n)"]
    return []


def _light(spec: TrainingSpec) -> list[str]:
    return [
        "augment = tf.keras.Sequential([",
        f'    layers.RandomRotation(0.03, fill_mode="constant", seed={spec.seed}),',
        f'    layers.RandomTranslation(0.08, 0.08, fill_mode="constant", seed={spec.seed + 1}),',
        f'    layers.RandomZoom(0.1, fill_mode="constant", seed={spec.seed + 2}),',
        "])",
    ]


def _optimizer(spec: TrainingSpec) -> str:
    rate = f"{spec.learning_rate:g}" if spec.schedule == "constant" else "learning_rate"
    return OPTIMIZERS[spec.optimizer].as_code(rate, **spec.optimizer_parameters)


def _metrics(spec: TrainingSpec) -> list[str]:
    kind = "" if spec.one_hot else "Sparse"
    made = {
        "accuracy": f'tf.keras.metrics.{kind}CategoricalAccuracy(name="accuracy")',
        "top_3_accuracy": f'tf.keras.metrics.{kind}TopKCategoricalAccuracy(k=3, name="top_3_accuracy")',
        "crossentropy": f'tf.keras.metrics.{kind}CategoricalCrossentropy(name="crossentropy")',
    }
    return [made[name] for name in dict.fromkeys(("accuracy", *spec.metrics))]


def _fit(spec: TrainingSpec) -> str:
    shuffled = _("train_ds shuffles already; fit can shuffle arrays only")
    return f"""{_compile(spec, "model")}
history = model.fit(
    train_ds,
    steps_per_epoch=steps,
    epochs={spec.epochs},
    validation_data=val_ds,
    shuffle=False,  # {shuffled}
)"""


def _fit_arrays(spec: TrainingSpec) -> str:
    """Here layers in front of the network augment: they work in training only, and share its weights."""
    name, before = "model", []
    if spec.augmentation == "light":
        name, before = "trained", [*_light(spec), "trained = tf.keras.Sequential([augment, model])", ""]
    order = _("another order in every epoch")
    return (
        "\n".join([*before, _compile(spec, name)])
        + f"""
history = {name}.fit(
    train_x,
    train_y,
    batch_size={spec.batch_size},
    epochs={spec.epochs},
    shuffle=True,  # {order}
    validation_data=(val_x, val_y),
)"""
    )


def _compile(spec: TrainingSpec, name: str) -> str:
    metrics = "".join(f"\n        {metric}," for metric in _metrics(spec))
    return f"""{name}.compile(
    optimizer={_optimizer(spec)},
    loss=tf.keras.losses.{_LOSSES[spec.loss]}(),
    metrics=[{metrics}
    ],
)"""


def _loop(spec: TrainingSpec) -> str:
    metrics = "".join(f"        {metric},\n" for metric in _metrics(spec))
    weighted = _("weighted by the number of images: the last batch may be smaller")
    graph = _("compiled once into a graph, then fast")
    tape = _("writes down every operation, to go back through them")
    use = _("without training=True, Dropout does nothing")
    forget = _("otherwise each epoch would be averaged with all before")
    return f"""loss_object = tf.keras.losses.{_LOSSES[spec.loss]}()
optimizer = {_optimizer(spec)}


def new_metrics():
    return [
        tf.keras.metrics.Mean(name="loss"),
{metrics}    ]


train_metrics, test_metrics = new_metrics(), new_metrics()


def update(metrics, loss, labels, predictions):
    # {weighted}
    metrics[0].update_state(loss, sample_weight=tf.shape(labels)[0])
    for metric in metrics[1:]:
        metric.update_state(labels, predictions)


@tf.function(reduce_retracing=True)  # {graph}
def train_step(images, labels):
    with tf.GradientTape() as tape:  # {tape}
        predictions = model(images, training=True)  # {use}
        loss = loss_object(labels, predictions)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    update(train_metrics, loss, labels, predictions)


@tf.function(reduce_retracing=True)
def test_step(images, labels):
    predictions = model(images, training=False)
    update(test_metrics, loss_object(labels, predictions), labels, predictions)


template = "{template(spec)}"
stream = iter(train_ds)
for epoch in range({spec.epochs}):
    for metric in train_metrics + test_metrics:
        metric.reset_state()  # {forget}
    for images, labels in islice(stream, steps):
        train_step(images, labels)
    for images, labels in val_ds:
        test_step(images, labels)
    print(template.format(epoch + 1, *(float(metric.result()) for metric in train_metrics + test_metrics)))"""
