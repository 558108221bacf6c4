"""What the tests of the engine share: one page with its script, no server, and arrays that go there and back."""

from __future__ import annotations

import base64

import numpy as np

from core.live.bundle import bundle
from ui.live import scripts

HELPERS = """
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const floatsOf = (text) => new Float32Array(bytesOf(text).buffer);
const textOf = (array) => {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let letters = "";
  for (let i = 0; i < bytes.length; i += 8192) letters += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(letters);
};
"""
# one network and some images: every layer's values, or only what the last one gives
RUN = """([bundle, images, loops, all, scales]) => {
  const engine = new LivingNetwork.Engine(bytesOf(bundle).buffer, loops);
  engine.scale(scales);
  const pixels = floatsOf(images);
  const found = [];
  for (let at = 0; at < pixels.length; at += 784) {
    engine.run(pixels.subarray(at, at + 784));
    if (all) for (const layer of engine.layers) found.push(layer.values.slice());
    else found.push(engine.probabilities.slice(), engine.logits.slice());
  }
  const whole = new Float32Array(found.reduce((sum, each) => sum + each.length, 0));
  found.reduce((to, each) => (whole.set(each, to), to + each.length), 0);
  return [engine.loops.name, textOf(whole)];
}"""


def page_with_engine(browser):
    """An empty page that has the engine's script."""
    page = browser.new_page()
    page.set_content("<p>engine</p>")
    page.add_script_tag(content=HELPERS + scripts.engine())
    return page


def text(array):
    """An array, or bytes, for `bytesOf`."""
    return base64.b64encode(array if isinstance(array, bytes) else np.ascontiguousarray(array).tobytes()).decode()


def floats(said):
    """What `textOf` gave."""
    return np.frombuffer(base64.b64decode(said), np.float32)


def run(page, network, weights, images, loops, numbers="float32", scales=()):
    """For each image what every layer gives in the browser: a list of arrays in Keras' order of axes."""
    made = bundle(network, weights, numbers)
    images = np.asarray(images, np.float32)
    name, said = page.evaluate(RUN, [text(made.data), text(images), loops, True, list(scales)])
    assert name == loops
    shapes = [stage.output_shape for stage in network.stages()] * len(images)
    parts = np.split(floats(said), np.cumsum([int(np.prod(shape)) for shape in shapes]))[:-1]
    found = [in_keras_order(part, shape) for part, shape in zip(parts, shapes, strict=True)]
    return [found[i : i + len(network)] for i in range(0, len(found), len(network))]


def in_keras_order(values, shape):
    """Maps as the browser has them, one after the other, as (height, width, channels)."""
    return values if len(shape) == 1 else np.moveaxis(values.reshape(shape[2], *shape[:2]), 0, -1)
