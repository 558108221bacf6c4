"""All quantities that a lesson can ask for, by name: what each is, and which numbers it can be. `quantities` computes
them."""

from __future__ import annotations

from dataclasses import Field, fields
from typing import NamedTuple

from core.layers.kinds import KINDS
from core.lessons.ranges import ANY, COUNT, DIGIT, PIXEL, POSITIVE, SHARE, Range
from words import N_, _


class Known(NamedTuple):
    """What a quantity is, in words, and the numbers that it, or each number of it, can be."""

    what: str
    range: Range = ANY


# what a layer's weights are called here is an array, not the text or the file that its values came from
_NO_SETTINGS = {"kernel", "biases", "source"}

_SETTING = "setting of the layer: "
# as the kinds of layers write the types of their settings
_OF_TYPES = {"int": COUNT, "tuple[int, int]": COUNT, "Share": SHARE}


def _setting(field: Field) -> Known:
    return Known(f"{_SETTING}{field.name}", _OF_TYPES.get(str(field.type), ANY))


# of a layer's page: the layer and what it did to the digit
LAYER = {
    "input_shape": Known(N_("shape of what comes in, without the batch axis"), COUNT),
    "output_shape": Known(N_("shape of what goes out, without the batch axis"), COUNT),
    "parameters": Known(N_("how many values its weights have"), COUNT),
    "multiply_adds": Known(N_("multiplications for one image"), COUNT),
    "input": Known(N_("what comes in: an index picks a value")),
    "output": Known(N_("what goes out: an index picks a value, [row, column, map] of maps")),
    "kernel": Known(N_("its first weights as an array")),
    "zeros": Known(N_("share of 0 in what goes out, from 0 to 1"), SHARE),
    "negatives": Known(N_("share below 0 in what goes out"), SHARE),
    "minimum": Known(N_("smallest value that goes out")),
    "maximum": Known(N_("largest value that goes out")),
    "mean": Known(N_("mean of what goes out")),
    "input_zeros": Known(N_("share of 0 in what comes in"), SHARE),
    "input_negatives": Known(N_("share below 0 in what comes in"), SHARE),
    "input_minimum": Known(N_("smallest value that comes in")),
    "input_maximum": Known(N_("largest value that comes in")),
    "input_mean": Known(N_("mean of what comes in")),
    "dead_maps": Known(N_("maps, or units, that are 0 everywhere"), COUNT),
    "map": Known(N_("the map that is large on the page, from 0"), COUNT),
    "row": Known(N_("row of the cell that is chosen, from 0"), COUNT),
    "column": Known(N_("column of the cell that is chosen, from 0"), COUNT),
    "value": Known(N_("the chosen cell of that map")),
    "kept": Known(N_("values that Dropout's mask lets through"), COUNT),
    "winners": Known(N_("different input pixels that the maxima of a pooling come from"), COUNT),
    "difference": Known(N_("largest difference between two values of this output and the pinned one")),
    "changed": Known(N_("share of values that differ between this output and the pinned one"), SHARE),
    "changed_values": Known(N_("how many values differ between this output and the pinned one"), COUNT),
    **{field.name: _setting(field) for kind in KINDS for field in fields(kind) if field.name not in _NO_SETTINGS},
}
NETWORK = {
    "layers": Known(N_("how many layers the network has"), COUNT),
    "network_parameters": Known(N_("parameters of all layers"), COUNT),
    "network_multiply_adds": Known(N_("multiplications of all layers for one image"), COUNT),
    "largest_layer": Known(N_("the largest share of the parameters that one layer has"), SHARE),
    "final_shape": Known(N_("shape of what the last layer gives"), COUNT),
}
ANSWER = {
    "reads": Known(N_("the digit that the network reads"), DIGIT),
    "probability": Known(N_("the ten probabilities: probability[7]"), SHARE),
    "confidence": Known(N_("the largest of them"), SHARE),
    "label": Known(N_("the image's label, −1 of a drawing")),
    "drawn": Known(N_("whether the digit is a drawing")),
}
EVALUATION = {
    "images": Known(N_("how many images were judged"), COUNT),
    "test_accuracy": Known(N_("share of test images that are read right"), SHARE),
    "test_loss": Known(N_("mean loss of the test images"), POSITIVE),
    "errors": Known(N_("test images that are read wrong"), COUNT),
    "confusion": Known(N_("images of digit a that were read as b: confusion[a, b]"), COUNT),
    "precision": Known(N_("by digit: of what was read as it, the share that is it"), SHARE),
    "recall": Known(N_("by digit: of its images, the share that was found"), SHARE),
    "test_confidence": Known(N_("mean confidence over all test images"), SHARE),
    "wrong_confidence": Known(N_("mean confidence of the wrong answers"), SHARE),
    "calibration_error": Known(N_("expected calibration error, from 0 to 1"), SHARE),
    "worst_true": Known(N_("the digit of the most frequent mistake"), DIGIT),
    "worst_read": Known(N_("what that mistake takes it for"), DIGIT),
}
TENSOR = {
    "shape": Known(N_("length of each axis"), COUNT),
    "rank": Known(N_("number of axes"), COUNT),
    "size": Known(N_("how many values"), COUNT),
    "dtype": Known(N_("name of the type of its values")),
    "itemsize": Known(N_("bytes of one value"), COUNT),
    "bytes": Known(N_("bytes of all values"), COUNT),
    "values": Known(N_("the values: an index picks one")),
    "cast_values": Known(N_("the values after tf.cast")),
    "cast_bytes": Known(N_("bytes of all values after tf.cast"), COUNT),
    "lost": Known(N_("values that tf.cast changed"), COUNT),
    "draw_size": Known(N_("how many numbers were drawn"), COUNT),
    "draw_mean": Known(N_("their mean")),
    "draw_stddev": Known(N_("their standard deviation")),
    "draw_minimum": Known(N_("the smallest")),
    "draw_maximum": Known(N_("the largest")),
}
DATA = {
    "half_shape": Known(N_("shape of all images of the chosen half"), COUNT),
    "digit_counts": Known(N_("images of each digit in the chosen half: digit_counts[1]"), COUNT),
    "pixels": Known(N_("the digit as it is stored, (28, 28) whole numbers: pixels[14, 14]"), PIXEL),
    "pixel_zeros": Known(N_("share of its pixels that are 0"), SHARE),
    "prepared_shape": Known(N_("shape after all steps of preparation"), COUNT),
    "prepared_dtype": Known(N_("type after them")),
    "prepared_minimum": Known(N_("smallest value after them")),
    "prepared_maximum": Known(N_("largest value after them")),
    "prepared_bytes": Known(N_("bytes after them"), COUNT),
    "prepared_distinct": Known(N_("how many different values there are after them"), COUNT),
    "missing": Known(N_("how many things still keep the array from the network"), COUNT),
    "batches": Known(N_("batches of one pass of the pipeline"), COUNT),
    "last_batch": Known(N_("images in the last of them"), COUNT),
    "buffer_size": Known(N_("size of the shuffle buffer"), COUNT),
    "within_buffer": Known(N_("share of images that moved less than the buffer is long"), SHARE),
    "order_kept": Known(N_("rank correlation of the order before and after: 1 unshuffled, about 0 well mixed")),
}
TRAINING = {
    "learning_rate": Known(N_("as it is set"), POSITIVE),
    "epochs": Known(N_("as they are set"), COUNT),
    "batch_size": Known(N_("as it is set"), COUNT),
    "examples": Known(N_("training images, as they are set"), COUNT),
    "steps_per_epoch": Known(N_("batches in an epoch, and so updates"), COUNT),
    "steps": Known(N_("updates of the whole training"), COUNT),
    "train_loss": Known(N_("loss of the last epoch on its training images"), POSITIVE),
    "train_accuracy": Known(N_("accuracy of the last epoch on its training images"), SHARE),
    "val_loss": Known(N_("loss on the validation images after the last epoch"), POSITIVE),
    "val_accuracy": Known(N_("accuracy on them after the last epoch"), SHARE),
    "best_val_loss": Known(N_("the smallest loss on them after any epoch"), POSITIVE),
    "best_epoch": Known(N_("the epoch after which it was so small"), COUNT),
    "diverged": Known(N_("whether it stopped because the loss was no number any more")),
    # one step by hand
    "loss": Known(N_("loss of the image before the step"), POSITIVE),
    "loss_after": Known(N_("its loss after the step of all weights"), POSITIVE),
    "promised": Known(N_("how much the loss would change if its slope went on as it is")),
    "others_before": Known(N_("mean loss of other images before the step"), POSITIVE),
    "others_after": Known(N_("the same after it"), POSITIVE),
    "weight": Known(N_("the weight that is looked at")),
    "gradient": Known(N_("its gradient")),
    "new_weight": Known(N_("what it is after the step")),
    "label_probability": Known(N_("the probability of the label before the step"), SHARE),
    "late_gradient": Known(N_("what a tape gives that was opened after the loss: None, a number or an error")),
}
KNOWN: dict[str, Known] = {**LAYER, **NETWORK, **ANSWER, **EVALUATION, **TENSOR, **DATA, **TRAINING}
RANGES = {name: known.range for name, known in KNOWN.items()}


def said(name: str) -> str:
    """What a quantity is, in the language of whoever asks."""
    what = KNOWN[name].what
    return _("setting of the layer: {name}", name=name) if what.startswith(_SETTING) else _(what)
