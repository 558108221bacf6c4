// What feeds what: how much each map that a map reads contributes to it, on the image that the engine has just read.

// Float32Array with a number for each map of the layer's input. Products with a flat row: input × weight, with its sign.
// Products under a window: |kernel · input|, added up over all windows. Every other map reads one map, and has what that
// one sums up to, without signs.
function contributions(engine, number, map) {
  const layer = engine.layers[number];
  const found = new Float32Array(layer.input.maps);
  if (layer.takes === "order") {
    found[map % layer.input.maps] = Math.abs(layer.values[map]);
  } else if (layer.takes !== "products") {
    found[map] = Math.abs(layer.arrays.factor?.[map] ?? 1) * sumOf(layer, map);
  } else if (layer.readsFlat) {
    for (let i = 0; i < found.length; i++) found[i] = layer.inputs[i] * layer.arrays.kernel[i * layer.maps + map];
  } else if (layer.allChannels) {
    for (let i = 0; i < found.length; i++) found[i] = underWindows(layer, map, i, i, found.length);
  } else {
    const read = Math.floor(map / (layer.maps / layer.input.maps));
    found[read] = underWindows(layer, map, read, 0, 1);
  }
  return found;
}

function sumOf({ input, inputs }, map) {
  const pixels = input.height * input.width;
  return inputs.subarray(map * pixels, (map + 1) * pixels).reduce((sum, each) => sum + Math.abs(each), 0);
}

// slice: which of the channels that the kernel has, `reads` of them.
function underWindows({ window: [down, right], input, inputs, maps, arrays: { kernel } }, map, channel, slice, reads) {
  const from = channel * input.height * input.width;
  let sum = 0;
  for (let i = 0; i < down.kernel; i++) {
    for (let j = 0; j < right.kernel; j++) {
      const weight = Math.abs(kernel[((i * right.kernel + j) * reads + slice) * maps + map]);
      let seen = 0;
      for (let y = 0; y < down.output; y++) {
        const row = y * down.stride - down.before + i * down.dilation;
        if (row < 0 || row >= input.height) continue;
        for (let x = 0; x < right.output; x++) {
          const column = x * right.stride - right.before + j * right.dilation;
          if (column >= 0 && column < input.width) seen += Math.abs(inputs[from + row * input.width + column]);
        }
      }
      sum += weight * seen;
    }
  }
  return sum;
}
