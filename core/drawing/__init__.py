"""From a drawing or a picture to what the network reads."""
