"""Networks of layers: building, predicting, judging and explaining them."""
