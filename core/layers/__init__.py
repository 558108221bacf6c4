"""The kinds of layers and what they do to one image: specs, shapes, kernels, and each number explained."""
