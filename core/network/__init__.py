"""Networks of layers: building, predicting, judging and explaining them."""

from core.network.network import load_pretrained, predict

__all__ = ["load_pretrained", "predict"]
