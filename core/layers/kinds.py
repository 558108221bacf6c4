"""The kinds of layers. To add one: its file in this folder, its file in ui/layers, their tests, a line in KINDS."""

from core.layers.activation import Activation
from core.layers.batch_normalization import BatchNormalization
from core.layers.conv2d import Conv2D
from core.layers.dense import Dense
from core.layers.depthwise_conv2d import DepthwiseConv2D
from core.layers.dropout import Dropout
from core.layers.flatten import Flatten
from core.layers.global_average_pooling2d import GlobalAveragePooling2D
from core.layers.layer import Layer
from core.layers.pooling import Pooling

# in teaching order: the only list of kinds in the project
KINDS: tuple[type[Layer], ...] = (
    Conv2D,
    DepthwiseConv2D,
    BatchNormalization,
    Activation,
    Pooling,
    GlobalAveragePooling2D,
    Flatten,
    Dense,
    Dropout,
)

__all__ = [
    "KINDS",
    "Activation",
    "BatchNormalization",
    "Conv2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "Pooling",
]
