"""All quantities that a lesson can ask for, by name, and what each is: `quantities` computes them."""

from __future__ import annotations

from dataclasses import fields

from core.layers import KINDS

# what a layer's weights are called here is an array, not the text or the file that its values came from
_NO_SETTINGS = {"kernel", "biases", "source"}

# of a layer's page: the layer and what it did to the digit
LAYER = {
    "input_shape": "shape of what comes in, without the batch axis",
    "output_shape": "shape of what goes out, without the batch axis",
    "parameters": "how many values its weights have",
    "multiply_adds": "multiplications for one image",
    "input": "what comes in: an index picks a value",
    "output": "what goes out: an index picks a value, [row, column, map] of maps",
    "kernel": "its first weights as an array",
    "zeros": "share of 0 in what goes out, from 0 to 1",
    "negatives": "share below 0 in what goes out",
    "minimum": "smallest value that goes out",
    "maximum": "largest value that goes out",
    "mean": "mean of what goes out",
    "input_zeros": "share of 0 in what comes in",
    "input_negatives": "share below 0 in what comes in",
    "input_minimum": "smallest value that comes in",
    "input_maximum": "largest value that comes in",
    "input_mean": "mean of what comes in",
    "dead_maps": "maps, or units, that are 0 everywhere",
    "map": "the map that is large on the page, from 0",
    "row": "row of the cell that is chosen, from 0",
    "column": "column of the cell that is chosen, from 0",
    "value": "the chosen cell of that map",
    "kept": "values that Dropout's mask lets through",
    "winners": "different input pixels that the maxima of a pooling come from",
    "difference": "largest difference between two values of this output and the pinned one",
    "changed": "share of values that differ between this output and the pinned one",
    **{
        field.name: f"setting of the layer: {field.name}"
        for kind in KINDS
        for field in fields(kind)
        if field.name not in _NO_SETTINGS
    },
}
NETWORK = {
    "layers": "how many layers the network has",
    "network_parameters": "parameters of all layers",
    "network_multiply_adds": "multiplications of all layers for one image",
    "largest_layer": "the largest share of the parameters that one layer has",
    "final_shape": "shape of what the last layer gives",
}
ANSWER = {
    "reads": "the digit that the network reads",
    "probability": "the ten probabilities: probability[7]",
    "confidence": "the largest of them",
    "label": "the image's label, −1 of a drawing",
    "drawn": "whether the digit is a drawing",
}
EVALUATION = {
    "images": "how many images were judged",
    "test_accuracy": "share of test images that are read right",
    "test_loss": "mean loss of the test images",
    "errors": "test images that are read wrong",
    "confusion": "images of digit a that were read as b: confusion[a, b]",
    "precision": "by digit: of what was read as it, the share that is it",
    "recall": "by digit: of its images, the share that was found",
    "test_confidence": "mean confidence over all test images",
    "wrong_confidence": "mean confidence of the wrong answers",
    "calibration_error": "expected calibration error, from 0 to 1",
    "worst_true": "the digit of the most frequent mistake",
    "worst_read": "what that mistake takes it for",
}
TENSOR = {
    "shape": "length of each axis",
    "rank": "number of axes",
    "size": "how many values",
    "dtype": "name of the type of its values",
    "itemsize": "bytes of one value",
    "bytes": "bytes of all values",
    "values": "the values: an index picks one",
    "cast_values": "the values after tf.cast",
    "cast_bytes": "bytes of all values after tf.cast",
    "lost": "values that tf.cast changed",
    "draw_size": "how many numbers were drawn",
    "draw_mean": "their mean",
    "draw_stddev": "their standard deviation",
    "draw_minimum": "the smallest",
    "draw_maximum": "the largest",
}
DATA = {
    "half_shape": "shape of all images of the chosen half",
    "digit_counts": "images of each digit in the chosen half: digit_counts[1]",
    "pixels": "the digit as it is stored, (28, 28) whole numbers: pixels[14, 14]",
    "pixel_zeros": "share of its pixels that are 0",
    "prepared_shape": "shape after all steps of preparation",
    "prepared_dtype": "type after them",
    "prepared_minimum": "smallest value after them",
    "prepared_maximum": "largest value after them",
    "prepared_bytes": "bytes after them",
    "prepared_distinct": "how many different values there are after them",
    "missing": "how many things still keep the array from the network",
    "batches": "batches of one pass of the pipeline",
    "last_batch": "images in the last of them",
    "buffer_size": "size of the shuffle buffer",
    "within_buffer": "share of images that moved less than the buffer is long",
    "order_kept": "rank correlation of the order before and after: 1 unshuffled, about 0 well mixed",
}
TRAINING = {
    "learning_rate": "as it is set",
    "epochs": "as they are set",
    "batch_size": "as it is set",
    "examples": "training images, as they are set",
    "steps_per_epoch": "batches in an epoch, and so updates",
    "steps": "updates of the whole training",
    "train_loss": "loss of the last epoch on its training images",
    "train_accuracy": "accuracy of the last epoch on its training images",
    "val_loss": "loss on the validation images after the last epoch",
    "val_accuracy": "accuracy on them after the last epoch",
    "best_val_loss": "the smallest loss on them after any epoch",
    "best_epoch": "the epoch after which it was so small",
    "diverged": "whether it stopped because the loss was no number any more",
    # one step by hand
    "loss": "loss of the image before the step",
    "loss_after": "its loss after the step of all weights",
    "promised": "how much the loss would change if its slope went on as it is",
    "others_before": "mean loss of other images before the step",
    "others_after": "the same after it",
    "weight": "the weight that is looked at",
    "gradient": "its gradient",
    "new_weight": "what it is after the step",
    "label_probability": "the probability of the label before the step",
}
KNOWN: dict[str, str] = {**LAYER, **NETWORK, **ANSWER, **EVALUATION, **TENSOR, **DATA, **TRAINING}
