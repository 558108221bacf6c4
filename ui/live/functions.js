// The functions of core/layers/activation.py, each on all values of a layer at once, in place. What Keras computes in
// float32 is computed here in double and kept in float32.

const FUNCTIONS = {
  linear: () => {},
  relu: each((value) => (value < 0 ? 0 : value)), // not a number stays what it is
  leaky_relu: each((value, slope) => (value < 0 ? slope * value : value)),
  elu: each((value, alpha) => (value < 0 ? alpha * Math.expm1(value) : value)),
  gelu: each((value) => 0.5 * value * erfc(-value * Math.SQRT1_2)),
  sigmoid: each((value) => (value < 0 ? 1 - 1 / (1 + Math.exp(value)) : 1 / (1 + Math.exp(-value)))),
  tanh: each(Math.tanh),
  softplus: each((value) => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)))),
  softmax,
};

function each(formula) {
  return (values, parameter) => {
    for (let i = 0; i < values.length; i++) values[i] = formula(values[i], parameter);
  };
}

// Over the maps at each pixel, as Keras does over the last axis.
function softmax(values, parameter, { maps, height, width }) {
  const pixels = height * width;
  for (let pixel = 0; pixel < pixels; pixel++) {
    let largest = -Infinity;
    for (let i = pixel; i < values.length; i += pixels) largest = Math.max(largest, values[i]);
    const powers = new Float64Array(maps);
    let sum = 0;
    for (let map = 0; map < maps; map++) sum += powers[map] = Math.exp(values[map * pixels + pixel] - largest);
    for (let map = 0; map < maps; map++) values[map * pixels + pixel] = powers[map] / sum;
  }
}

// 1 minus the error function, right to 1.2e-7 of its value (Press, Teukolsky, Vetterling and Flannery, "Numerical
// recipes", 2nd edition, section 6.2).
const ERFC = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

function erfc(value) {
  const t = 1 / (1 + 0.5 * Math.abs(value));
  const sum = ERFC.reduceRight((total, coefficient) => coefficient + t * total, 0);
  const found = t * Math.exp(sum - value * value);
  return value >= 0 ? found : 2 - found;
}
