"""All quantities that a lesson can ask for, by name, and what each is: `quantities` computes them."""

from __future__ import annotations

from dataclasses import fields

from core.layers import KINDS
from words import N_, _

# what a layer's weights are called here is an array, not the text or the file that its values came from
_NO_SETTINGS = {"kernel", "biases", "source"}

_SETTING = "setting of the layer: "

# of a layer's page: the layer and what it did to the digit
LAYER = {
    "input_shape": N_("shape of what comes in, without the batch axis"),
    "output_shape": N_("shape of what goes out, without the batch axis"),
    "parameters": N_("how many values its weights have"),
    "multiply_adds": N_("multiplications for one image"),
    "input": N_("what comes in: an index picks a value"),
    "output": N_("what goes out: an index picks a value, [row, column, map] of maps"),
    "kernel": N_("its first weights as an array"),
    "zeros": N_("share of 0 in what goes out, from 0 to 1"),
    "negatives": N_("share below 0 in what goes out"),
    "minimum": N_("smallest value that goes out"),
    "maximum": N_("largest value that goes out"),
    "mean": N_("mean of what goes out"),
    "input_zeros": N_("share of 0 in what comes in"),
    "input_negatives": N_("share below 0 in what comes in"),
    "input_minimum": N_("smallest value that comes in"),
    "input_maximum": N_("largest value that comes in"),
    "input_mean": N_("mean of what comes in"),
    "dead_maps": N_("maps, or units, that are 0 everywhere"),
    "map": N_("the map that is large on the page, from 0"),
    "row": N_("row of the cell that is chosen, from 0"),
    "column": N_("column of the cell that is chosen, from 0"),
    "value": N_("the chosen cell of that map"),
    "kept": N_("values that Dropout's mask lets through"),
    "winners": N_("different input pixels that the maxima of a pooling come from"),
    "difference": N_("largest difference between two values of this output and the pinned one"),
    "changed": N_("share of values that differ between this output and the pinned one"),
    "changed_values": N_("how many values differ between this output and the pinned one"),
    **{
        field.name: f"{_SETTING}{field.name}"
        for kind in KINDS
        for field in fields(kind)
        if field.name not in _NO_SETTINGS
    },
}
NETWORK = {
    "layers": N_("how many layers the network has"),
    "network_parameters": N_("parameters of all layers"),
    "network_multiply_adds": N_("multiplications of all layers for one image"),
    "largest_layer": N_("the largest share of the parameters that one layer has"),
    "final_shape": N_("shape of what the last layer gives"),
}
ANSWER = {
    "reads": N_("the digit that the network reads"),
    "probability": N_("the ten probabilities: probability[7]"),
    "confidence": N_("the largest of them"),
    "label": N_("the image's label, −1 of a drawing"),
    "drawn": N_("whether the digit is a drawing"),
}
EVALUATION = {
    "images": N_("how many images were judged"),
    "test_accuracy": N_("share of test images that are read right"),
    "test_loss": N_("mean loss of the test images"),
    "errors": N_("test images that are read wrong"),
    "confusion": N_("images of digit a that were read as b: confusion[a, b]"),
    "precision": N_("by digit: of what was read as it, the share that is it"),
    "recall": N_("by digit: of its images, the share that was found"),
    "test_confidence": N_("mean confidence over all test images"),
    "wrong_confidence": N_("mean confidence of the wrong answers"),
    "calibration_error": N_("expected calibration error, from 0 to 1"),
    "worst_true": N_("the digit of the most frequent mistake"),
    "worst_read": N_("what that mistake takes it for"),
}
TENSOR = {
    "shape": N_("length of each axis"),
    "rank": N_("number of axes"),
    "size": N_("how many values"),
    "dtype": N_("name of the type of its values"),
    "itemsize": N_("bytes of one value"),
    "bytes": N_("bytes of all values"),
    "values": N_("the values: an index picks one"),
    "cast_values": N_("the values after tf.cast"),
    "cast_bytes": N_("bytes of all values after tf.cast"),
    "lost": N_("values that tf.cast changed"),
    "draw_size": N_("how many numbers were drawn"),
    "draw_mean": N_("their mean"),
    "draw_stddev": N_("their standard deviation"),
    "draw_minimum": N_("the smallest"),
    "draw_maximum": N_("the largest"),
}
DATA = {
    "half_shape": N_("shape of all images of the chosen half"),
    "digit_counts": N_("images of each digit in the chosen half: digit_counts[1]"),
    "pixels": N_("the digit as it is stored, (28, 28) whole numbers: pixels[14, 14]"),
    "pixel_zeros": N_("share of its pixels that are 0"),
    "prepared_shape": N_("shape after all steps of preparation"),
    "prepared_dtype": N_("type after them"),
    "prepared_minimum": N_("smallest value after them"),
    "prepared_maximum": N_("largest value after them"),
    "prepared_bytes": N_("bytes after them"),
    "prepared_distinct": N_("how many different values there are after them"),
    "missing": N_("how many things still keep the array from the network"),
    "batches": N_("batches of one pass of the pipeline"),
    "last_batch": N_("images in the last of them"),
    "buffer_size": N_("size of the shuffle buffer"),
    "within_buffer": N_("share of images that moved less than the buffer is long"),
    "order_kept": N_("rank correlation of the order before and after: 1 unshuffled, about 0 well mixed"),
}
TRAINING = {
    "learning_rate": N_("as it is set"),
    "epochs": N_("as they are set"),
    "batch_size": N_("as it is set"),
    "examples": N_("training images, as they are set"),
    "steps_per_epoch": N_("batches in an epoch, and so updates"),
    "steps": N_("updates of the whole training"),
    "train_loss": N_("loss of the last epoch on its training images"),
    "train_accuracy": N_("accuracy of the last epoch on its training images"),
    "val_loss": N_("loss on the validation images after the last epoch"),
    "val_accuracy": N_("accuracy on them after the last epoch"),
    "best_val_loss": N_("the smallest loss on them after any epoch"),
    "best_epoch": N_("the epoch after which it was so small"),
    "diverged": N_("whether it stopped because the loss was no number any more"),
    # one step by hand
    "loss": N_("loss of the image before the step"),
    "loss_after": N_("its loss after the step of all weights"),
    "promised": N_("how much the loss would change if its slope went on as it is"),
    "others_before": N_("mean loss of other images before the step"),
    "others_after": N_("the same after it"),
    "weight": N_("the weight that is looked at"),
    "gradient": N_("its gradient"),
    "new_weight": N_("what it is after the step"),
    "label_probability": N_("the probability of the label before the step"),
    "late_gradient": N_("what a tape gives that was opened after the loss: None, a number or an error"),
}
KNOWN: dict[str, str] = {**LAYER, **NETWORK, **ANSWER, **EVALUATION, **TENSOR, **DATA, **TRAINING}


def said(name: str) -> str:
    """What a quantity is, in the language of whoever asks."""
    what = KNOWN[name]
    return _("setting of the layer: {name}", name=name) if what.startswith(_SETTING) else _(what)
