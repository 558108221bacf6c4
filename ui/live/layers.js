// What a layer does to its input, by what its bundle says that it takes (core/layers/arithmetic.py). No kind of layer is
// known here. Values are (maps, height, width), one map a contiguous piece; a flat row has one pixel a map.

const TAKES = { products, maximum, mean, value, scaling, order };

// A header's shape, (height, width, channels) or (features,), as lengths.
function lengthsOf(shape) {
  const [height, width, maps] = shape.length === 3 ? shape : [1, 1, shape[0]];
  return { maps, height, width };
}

// The window of a layer that has none is one pixel.
function windowOf(entry, input) {
  const pixel = (size) => ({ size, kernel: 1, stride: 1, dilation: 1, before: 0, output: size });
  return entry.window ?? [pixel(input.height), pixel(input.width)];
}

// What the loops are told of a layer with windows.
function taskOf(layer) {
  const [down, right] = layer.window;
  return {
    inputs: layer.inputs,
    kernel: layer.arrays.kernel ?? null,
    bias: layer.arrays.bias ?? null,
    outputs: layer.values,
    height: layer.input.height,
    width: layer.input.width,
    reads: layer.allChannels ? layer.input.maps : 1,
    groups: layer.allChannels ? 1 : layer.input.maps,
    maps: layer.maps,
    outHeight: down.output,
    outWidth: right.output,
    kernelHeight: down.kernel,
    kernelWidth: right.kernel,
    strideDown: down.stride,
    strideRight: right.stride,
    dilationDown: down.dilation,
    dilationRight: right.dilation,
    beforeDown: down.before,
    beforeRight: right.before,
  };
}

// Its arrays do not move, so it is said once for its weights.
function keptTaskOf(layer) {
  layer.task ??= taskOf(layer);
  return layer.task;
}

function products(layer, loops) {
  loops.products(keptTaskOf(layer));
}

function maximum(layer, loops) {
  loops.pooled(keptTaskOf(layer), false);
}

function mean(layer, loops) {
  loops.pooled(keptTaskOf(layer), true);
}

function value({ inputs, values }) {
  values.set(inputs);
}

function scaling({ inputs, values, maps, arrays: { factor, shift } }) {
  const pixels = values.length / maps;
  for (let i = 0; i < values.length; i++) {
    const map = Math.floor(i / pixels);
    values[i] = inputs[i] * factor[map] + shift[map];
  }
}

// Keras flattens channels last.
function order({ input, inputs, values }) {
  const pixels = input.height * input.width;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let map = 0; map < input.maps; map++) values[pixel * input.maps + map] = inputs[map * pixels + pixel];
  }
}
