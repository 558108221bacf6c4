"""Networks of layers: building, predicting, judging and explaining them."""

from core.network.saved import load_pretrained, predict

__all__ = ["load_pretrained", "predict"]
