// Reads a bundle (core/live/bundle.py): the header, and every array as float32 whatever it was kept as.

const KEPT = { float32: Float32Array, float16: Uint16Array, int8: Int8Array };

// buffer: ArrayBuffer. Returns { header, arrays: { "0.kernel": { values, shape }, … } }.
function readBundle(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const raw = {};
  for (const [name, { dtype, shape, offset }] of Object.entries(header.arrays)) {
    const size = shape.reduce((product, n) => product * n, 1);
    raw[name] = { dtype, shape, values: new KEPT[dtype](buffer, 4 + length + offset, size) };
  }
  const arrays = {};
  for (const [name, { dtype, shape, values }] of Object.entries(raw)) {
    if (name.endsWith(".scale")) continue;
    arrays[name] = { shape, values: restored(dtype, values, raw[`${name}.scale`]?.values) };
  }
  return { header, arrays };
}

function restored(dtype, values, scale) {
  if (dtype === "float16") return Float32Array.from(values, half);
  if (dtype === "int8") return Float32Array.from(values, (value, i) => value * scale[i % scale.length]);
  return values;
}

// IEEE 754 binary16.
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
