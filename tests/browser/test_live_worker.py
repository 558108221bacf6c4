"""The worker: pictures of all maps, the newest drawing only, factors, questions, and what it says when it breaks."""

import base64
import json
import math

import numpy as np
import pytest

from core.drawing import strokes
from core.drawing.drawn import prepare_drawing
from core.live.bundle import bundle
from core.network import activations, notation
from tests.browser import live
from tests.browser.test_live_engine import by_keras, noise, weights_of
from ui.live import scripts
from viz import palette

NETWORK = notation.parse(
    "Conv2D 5 3 same tanh - MaxPool2D 3 - BatchNormalization - GlobalAveragePooling2D - Dense 40 tanh - "
    "Dense 10 softmax"
)
SEVEN = [[strokes.PEN, 18, 70, 70, 200, 70, 150, 170, 130, 230]]
TABLES = {name: live.text(palette.table(name, "light").tobytes()) for name in ("activations", "grey")}
# a page as somebody takes it home: everything is in it, and it is opened from disk
PAGE = """<!doctype html><meta charset="utf-8"><title>engine</title>
<script id="engine">{engine}</script><script>{client}{helpers}
const start = () => {{
  const heard = [];
  const script = {{ text: document.querySelector("#engine").textContent }};
  const worker = new LiveWorker(script, (message) => heard.push(message));
  const until = async (fits) => {{
    while (!heard.some(fits)) await new Promise((later) => setTimeout(later, 5));
    return heard.find(fits);
  }};
  return {{ worker, heard, until }};
}};
const tables = (said) => Object.fromEntries(Object.entries(said).map(([name, text]) => [name, bytesOf(text)]));
</script>"""


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    path = tmp_path_factory.mktemp("live") / "engine.html"
    path.write_text(PAGE.format(engine=scripts.engine(), client=scripts.client(), helpers=live.HELPERS), "utf-8")
    context = chromium.new_context(offline=True)
    opened = context.new_page()
    opened.goto(path.as_uri())
    yield opened
    context.close()


@pytest.fixture(scope="module")
def weights():
    return weights_of(NETWORK)


@pytest.fixture(scope="module")
def packed(weights):
    return live.text(bundle(NETWORK, weights, about={"accuracy": 0.9}).data)


ATLAS = """([bundle, image, said, mode, loops]) => {
  const engine = new LivingNetwork.Engine(bytesOf(bundle).buffer, loops);
  engine.run(floatsOf(image));
  const atlas = new LivingNetwork.Atlas(engine);
  const { pixels, stages } = atlas.paint(engine, tables(said), mode);
  return [textOf(pixels), atlas.width, atlas.height, atlas.places, stages];
}"""


def tiles_of(said):
    """For each place its pictures: RGBA (height, width, 4)."""
    pixels, width, height, places, stages = said
    atlas = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(height, width, 4)
    tiles = []
    for place in places:
        corners = [
            (place["y"] + i // place["columns"] * place["height"], place["x"] + i % place["columns"] * place["width"])
            for i in range(place["shown"])
        ]
        tiles.append([atlas[y : y + place["height"], x : x + place["width"]] for y, x in corners])
    return tiles, stages


def assert_coloured(tile, values, span, family):
    """Within one step of the table: halves may be rounded to either side."""
    table = palette.table(family, "light").astype(int)
    step = np.abs(np.diff(table, axis=0)).max()
    expected = palette.colourise(values, span, family, "light").astype(int)
    assert (np.abs(tile[..., :3].astype(int) - expected) <= step).all() and (tile[..., 3] == 255).all()
    assert (tile[..., :3] == expected).all(axis=-1).mean() > 0.99


@pytest.mark.parametrize("loops", ["wasm", "js"])
@pytest.mark.parametrize("mode", ["layer", "map", "fixed"])
def test_every_map_is_in_the_atlas_in_its_colours(page, weights, mode, loops):
    # turned around, so that what is furthest from zero is negative in some layers
    weights = [-weights[0], -weights[1], *weights[2:]]
    packed, image = live.text(bundle(NETWORK, weights).data), noise()
    tiles, stages = tiles_of(page.evaluate(ATLAS, [packed, live.text(image), TABLES, mode, loops]))
    outputs = by_keras(NETWORK, weights, image)
    assert_coloured(tiles[0][0], image, palette.Range(0, 1, ""), "grey")
    before = image[..., np.newaxis]
    assert any(output.max() < -output.min() for output in outputs)
    for (name, layer), output, own, told in zip(NETWORK, outputs, tiles[1:], stages[1:], strict=True):
        passes_on = layer.arithmetic(before.shape, [np.ones(s) for s in layer.weight_shapes(before.shape)]).takes
        both = [output, before] if passes_on in ("maximum", "mean", "value") else [output]
        assert told["largest"]["value"] == pytest.approx(float(output.max()), rel=1e-4, abs=1e-5)
        at = told["largest"]
        where = (at["row"], at["column"], at["map"]) if output.ndim == 3 else (at["map"],)
        assert output[where] == pytest.approx(float(output.max()), rel=1e-4, abs=1e-5)
        for map, tile in enumerate(own):
            values = output[..., map] if output.ndim == 3 else output
            reach = [part[..., map] if mode == "map" and output.ndim == 3 else part for part in both]
            limit = 1.0 if mode == "fixed" else max(float(np.abs(part).max()) for part in reach)
            span = palette.Range(-limit, limit, "")
            shown = values.reshape(-1)
            flat = tile.reshape(-1, 4)
            assert not flat[len(shown) :].any(), name
            assert_coloured(flat[: len(shown)], shown, span, "activations")
        before = output


PLANNED = """([bundle, image, said, plan, loops]) => {
  const engine = new LivingNetwork.Engine(bytesOf(bundle).buffer, loops);
  engine.run(floatsOf(image));
  const atlas = new LivingNetwork.Atlas(engine);
  atlas.paint(engine, tables(said), "fixed"); // as it stands by itself: nothing of that may stay
  atlas.stand(plan);
  return textOf(atlas.paint(engine, tables(said), "fixed").pixels);
}"""


def shares(count, length):
    """(length, count): which of `count` values each pixel shows, the nearest one, or of more values than pixels by how
    much each of those that it covers."""
    edges = np.arange(length + 1) * count / length
    if length >= count:
        return np.eye(count)[np.floor((edges[:-1] + edges[1:]) / 2).astype(int)]
    low = np.maximum(edges[:-1, np.newaxis], np.arange(count))
    high = np.minimum(edges[1:, np.newaxis], np.arange(count) + 1)
    return np.maximum(0, high - low) * length / count


@pytest.mark.parametrize(("ratio", "loops"), [(1, "wasm"), (1.5, "wasm"), (2, "wasm"), (1.5, "js")])
def test_a_plan_says_where_the_maps_stand_and_how_large_they_are(page, packed, weights, ratio, loops):
    image = noise()
    sizes = {0: (1, 28, 28), 1: (5, 28, 28), 2: (5, 9, 9), 5: (1, 5, 8)}  # as `places` has them
    tiles = {0: (40, 40), 1: (20, 17), 2: (9, 14), 5: (40, 31)}
    at = {0: (3, 2), 1: (3, 50), 2: (3, 120), 5: (100, 10)}
    rows = [
        {
            "stage": stage,
            "x": at[stage][0],
            "y": at[stage][1],
            "tile": tiles[stage],
            "columns": 3,
            "count": sizes[stage][0],
        }
        for stage in sizes
    ]
    width, height = round(150 * ratio), round(170 * ratio)
    plan = {"rows": rows, "gap": 2, "ratio": ratio, "width": width, "height": height}
    said = page.evaluate(PLANNED, [packed, live.text(image), TABLES, plan, loops])
    picture = np.frombuffer(base64.b64decode(said), np.uint8).reshape(height, width, 4).copy()
    outputs = [image[..., np.newaxis], *by_keras(NETWORK, weights, image)]
    for row in rows:
        _, rows_of, columns_of = sizes[row["stage"]]
        for map in range(row["count"]):
            values = outputs[row["stage"]].reshape(rows_of, columns_of, -1)[..., map]
            left, top = (
                corner + place * (side + 2)
                for corner, place, side in zip(at[row["stage"]], (map % 3, map // 3), row["tile"], strict=True)
            )
            # halves go up, as in JavaScript
            x0, x1, y0, y1 = (
                math.floor(edge * ratio + 0.5) for edge in (left, left + row["tile"][0], top, top + row["tile"][1])
            )
            expected = shares(rows_of, y1 - y0) @ values @ shares(columns_of, x1 - x0).T
            span, family = (
                (palette.Range(-1, 1, ""), "activations") if row["stage"] else (palette.Range(0, 1, ""), "grey")
            )
            assert_coloured(picture[y0:y1, x0:x1], expected, span, family)
            picture[y0:y1, x0:x1] = 0
    assert not picture.any()  # nothing anywhere else


def test_the_largest_networks_fit_into_one_picture(page):
    """The first maps of every layer, where not all of them do."""
    network = notation.parse(
        "DepthwiseConv2D 1 depth_multiplier 16 - " + "Conv2D 512 1 - " + "MaxPool2D 1 - " * 11 + "Flatten"
    )
    made = bundle(network, weights_of(network))
    asked = [live.text(made.data), live.text(noise()), TABLES, "layer", "wasm"]
    _, width, height, places, _ = page.evaluate(ATLAS, asked)
    assert width * height < 2**22 * 1.2
    assert all(place["shown"] >= 1 and place["y"] + place["height"] <= height for place in places)
    assert places[1]["shown"] == 16 and 100 < places[5]["shown"] < 512


BURST = """async ([bundle, said, drawings]) => {
  const { worker, heard, until } = start();
  worker.open("a", bytesOf(bundle).buffer);
  worker.colours(tables(said));
  await until((message) => message.kind === "opened");
  const numbers = drawings.map((acts) => worker.draw(acts));
  const last = await until((message) => message.number === numbers.at(-1));
  worker.leave();
  const { a } = last.networks;
  const answers = heard.filter((message) => message.number !== undefined);
  return [answers.map(({ number, skipped }) => [number, skipped]), textOf(last.image), textOf(a.probabilities),
    textOf(a.logits), a.pixels.length, heard[0]];
}"""


def test_the_newest_drawing_is_answered_and_older_ones_are_not(page, packed, weights):
    line = SEVEN[0]
    growing = [[line[: 4 + 2 * (i % 4)]] for i in range(39)] + [SEVEN]
    answers, image, probabilities, logits, size, opened = page.evaluate(BURST, [packed, TABLES, growing])
    assert answers[-1][0] == 40 and len(answers) < 20
    assert sum(1 + skipped for _, skipped in answers) == 40
    expected = prepare_drawing(SEVEN).result
    np.testing.assert_allclose(live.floats(image).reshape(28, 28), expected, atol=5e-6)
    np.testing.assert_allclose(live.floats(probabilities), by_keras(NETWORK, weights, expected)[-1], atol=1e-4)
    powers = np.exp(live.floats(logits))
    np.testing.assert_allclose(powers / powers.sum(), live.floats(probabilities), atol=1e-6)
    assert opened["kind"] == "opened" and opened["loops"] == "wasm" and opened["about"] == {"accuracy": 0.9}
    assert [layer["name"] for layer in opened["layers"]] == list(NETWORK.names)
    assert notation.parse(opened["text"]) == NETWORK and size == 4 * opened["width"] * opened["height"]


IN_TURNS = """async ([bundle, said, one, other]) => {
  const { worker, until } = start();
  worker.open("a", bytesOf(bundle).buffer);
  worker.colours(tables(said));
  const [found, held] = [[], []];
  for (const acts of [one, other, one, other]) {
    const number = worker.draw(acts);
    const { pixels } = (await until((message) => message.number === number)).networks.a;
    found.push(textOf(pixels));
    held.push(pixels);
  }
  worker.leave();
  return [found, held.map((pixels) => pixels.length > 0)];
}"""


def test_pixels_go_back_to_be_painted_again(page, packed):
    (one, other, *again), held = page.evaluate(IN_TURNS, [packed, TABLES, SEVEN, [SEVEN[0][:6]]])
    assert one != other and again == [one, other]
    assert held == [False, False, False, True]


QUESTIONS = """async ([bundle, said, image, other]) => {
  const { worker, heard, until } = start();
  worker.open("a", bytesOf(bundle).buffer);
  worker.open("plain", bytesOf(bundle).buffer, "js");
  worker.colours(tables(said), "map");
  worker.scales("a", [{ layer: 0, map: 2, factor: 0 }]);
  worker.see(floatsOf(other));
  const amounts = await worker.contributions("plain", 4, 7);
  const number = worker.see(floatsOf(image));
  const kernel = await worker.map("plain", 0, 1);
  const unit = await worker.map("plain", 4, 7);
  await until((message) => message.number === number);
  const answers = heard.filter((message) => message.kind === "answer");
  worker.show("plain");
  const one = await until((message) => message.kind === "answer" && !message.networks.a);
  const beside = await until((message) => message.kind === "beside");
  worker.scales("a", []);
  worker.show(null);
  const again = (message) => message.kind === "answer" && message.networks.a && !answers.includes(message);
  const later = await until(again);
  worker.draw([]);
  const refused = await until((message) => message.kind === "refused");
  worker.leave();
  return { kernel: textOf(kernel.kernel), shape: kernel.kernelShape, bias: kernel.bias, values: textOf(kernel.values),
    unit: textOf(unit.kernel), amounts: textOf(amounts), refused: refused.sentence,
    scaled: textOf(answers.at(-1).networks.a.probabilities), whole: textOf(later.networks.a.probabilities),
    painted: [one, later].map(({ networks }) => Object.values(networks).map((told) => !!(told.pixels && told.stages))),
    plain: textOf(later.networks.plain.probabilities),
    beside: [beside.number === one.number, Object.keys(beside.networks), "pixels" in beside.networks.a,
      textOf(beside.networks.a.probabilities)],
    loops: heard.filter(({ kind }) => kind === "opened").map((one) => one.loops) };
}"""


def test_two_networks_on_one_image_factors_and_questions(page, packed, weights):
    image = noise()
    other = noise(seed=1)
    said = page.evaluate(QUESTIONS, [packed, TABLES, live.text(image), live.text(other)])
    outputs = by_keras(NETWORK, weights, image)
    # the network on screen answers alone, and what the other says follows
    assert said["painted"] == [[True], [True, True]]
    assert said["beside"] == [True, ["a"], False, said["scaled"]]
    assert said["loops"] == ["wasm", "js"] and said["shape"] == [1, 3, 3]
    np.testing.assert_array_equal(live.floats(said["kernel"]).reshape(3, 3), weights[0][:, :, 0, 1])
    assert said["bias"] == weights[1][1]
    np.testing.assert_allclose(live.floats(said["values"]).reshape(28, 28), outputs[0][..., 1], atol=1e-4)
    np.testing.assert_array_equal(live.floats(said["unit"]), weights[6][:, 7])
    before = by_keras(NETWORK, weights, other)[3]
    np.testing.assert_allclose(live.floats(said["amounts"]), before * weights[6][:, 7], atol=1e-5)
    for name in ("whole", "plain"):
        np.testing.assert_allclose(live.floats(said[name]), outputs[-1], atol=1e-4)
    inputs, left = outputs[0] * np.array([1, 1, 0, 1, 1], np.float32), list(weights[2:])
    for stage in NETWORK.stages()[1:]:
        own = tuple(left.pop(0) for _ in stage.spec.weight_shapes(stage.input_shape))
        inputs = activations.run_layer(stage.spec.at_rest(), inputs, own).outputs
    np.testing.assert_allclose(live.floats(said["scaled"]), inputs, atol=1e-4)
    assert np.abs(live.floats(said["scaled"]) - outputs[-1]).max() > 1e-3
    assert said["refused"] == "The picture is blank: draw a digit first, in one colour on another."


CRASHES = """async ([bundle, said]) => {
  const found = {};
  const { worker, until } = start();
  worker.open("a", new ArrayBuffer(3));
  found.garbage = await until((message) => message.kind === "crashed");
  worker.open("a", bytesOf(bundle).buffer);
  await until((message) => message.kind === "opened");
  found.question = await worker.contributions("a", 0, 99).catch((error) => error.message);
  found.stranger = await worker.map("b", 0, 0).catch((error) => error.message);
  worker.leave();
  found.left = await worker.map("a", 0, 0).catch((error) => error.message);
  for (const [name, script] of Object.entries({
    broken: { text: "this is no script" },
    thrown: { text: "onmessage = () => { throw new Error('gone'); };" },
    missing: { address: "nowhere.js" },
  })) {
    const heard = [];
    const other = new LiveWorker(script, (message) => heard.push(message));
    const asked = other.map("a", 0, 0).catch((error) => error.message);
    while (!heard.length) await new Promise((later) => setTimeout(later, 5));
    found[name] = [heard[0], await asked];
  }
  return found;
}"""


def test_what_breaks_is_said(page, packed):
    found = page.evaluate(CRASHES, [packed, TABLES])
    assert found["garbage"]["doing"] == "open" and found["garbage"]["message"]
    assert found["question"] == "Layer 0 must be there and have map 99, and that is not so."
    assert found["stranger"] == "A network must be open before it is asked, and b is not."
    assert found["left"] == "The worker has ended."
    for name, words in (("broken", "SyntaxError"), ("thrown", "gone"), ("missing", "")):
        heard, rejected = found[name]
        assert heard["kind"] == "crashed" and words in heard["message"], json.dumps(heard)
        assert rejected == heard["message"]


EPOCHS = """async ([bundles, said, image]) => {
  const { worker, heard, until } = start();
  const addresses = bundles.map((bundle) => `data:application/octet-stream;base64,${bundle}`);
  worker.open("a", bytesOf(bundles[0]).buffer);
  worker.colours(tables(said));
  worker.see(floatsOf(image));
  await until((message) => message.kind === "answer");
  const found = [];
  for (const address of [addresses[1], addresses[0], addresses[1]]) {
    heard.length = 0;
    worker.weights("a", address);
    await until(({ kind, address: which }) => kind === "loaded" && which === address);
    found.push(textOf((await until((message) => message.kind === "answer")).networks.a.probabilities));
  }
  heard.length = 0;
  worker.weights("a", addresses[2]);
  const other = await until((message) => message.kind === "missing");
  worker.weights("a", "data:nothing");
  const gone = await until((message) => message.kind === "missing" && message !== other);
  worker.leave();
  return { found, other: other.message, gone: gone.message };
}"""


def test_the_weights_of_epochs_come_by_their_addresses(page, weights):
    image = noise()
    later = [1.5 * array + 0.01 for array in weights]
    smaller = notation.parse("Conv2D 5 3 same tanh - Flatten - Dense 10 softmax")
    bundles = [bundle(NETWORK, weights), bundle(NETWORK, later, "float16"), bundle(smaller, weights_of(smaller))]
    said = page.evaluate(EPOCHS, [[live.text(each.data) for each in bundles], TABLES, live.text(image)])
    halves = [array.astype(np.float16).astype(np.float32) if array.ndim > 1 else array for array in later]
    first, last = by_keras(NETWORK, weights, image)[-1], by_keras(NETWORK, halves, image)[-1]
    assert np.abs(first - last).max() > 0.01
    for text, expected in zip(said["found"], (last, first, last), strict=True):
        np.testing.assert_allclose(live.floats(text), expected, atol=1e-4)
    assert said["other"] == "Other weights should be for the same layers, and are not."
    assert said["gone"]


LATE = """async ([bundles, image]) => {
  const posted = [];
  const service = new LivingNetwork.Service((message) => posted.push(message));
  const buffers = bundles.map((bundle) => bytesOf(bundle).buffer);
  const arrive = {};
  service.bundles = { get: (address) => new Promise((resolve) => (arrive[address] = () => resolve(buffers[address]))) };
  service.open({ network: "a", bundle: bytesOf(bundles[0]).buffer, loops: "js" });
  for (const address of [0, 1]) service.take({ kind: "weights", network: "a", address });
  for (const address of [1, 0]) {
    arrive[address]();
    await new Promise((later) => setTimeout(later));
  }
  const { engine } = service.networks.get("a");
  engine.run(floatsOf(image));
  const found = textOf(engine.probabilities);
  // what still comes for a network that another one took the place of is not for that one
  service.take({ kind: "weights", network: "a", address: 0 });
  service.open({ network: "a", bundle: bytesOf(bundles[1]).buffer, loops: "js" });
  arrive[0]();
  await new Promise((later) => setTimeout(later));
  const { engine: anew } = service.networks.get("a");
  anew.run(floatsOf(image));
  const loaded = posted.filter(({ kind }) => kind === "loaded").map(({ address }) => address);
  return [loaded, found, textOf(anew.probabilities)];
}"""


def test_weights_that_come_late_do_not_take_the_place_of_newer_ones(page, weights):
    image, later = noise(), [1.5 * array + 0.01 for array in weights]
    bundles = [live.text(bundle(NETWORK, each).data) for each in (weights, later)]
    loaded, found, anew = page.evaluate(LATE, [bundles, live.text(image)])
    assert loaded == [1]
    for text in (found, anew):
        np.testing.assert_allclose(live.floats(text), by_keras(NETWORK, later, image)[-1], atol=1e-4)


KEPT = """async (most) => {
  const asked = [];
  const real = window.fetch;
  window.fetch = async (address) => {
    asked.push(address);
    await null;
    if (address === "gone") return { ok: false, status: 404 };
    return { ok: true, arrayBuffer: async () => new ArrayBuffer(Number(address.split(" ")[1])) };
  };
  const kept = new LivingNetwork.KeptBundles(most);
  const found = [];
  for (const address of ["a 40", "b 40", "a 40", "c 40", "a 40", "b 40", "d 200", "d 200"]) {
    found.push((await kept.get(address)).byteLength);
  }
  await Promise.all([kept.get("e 10"), kept.get("e 10")]);
  const failed = await kept.get("gone").catch((error) => error.message);
  await kept.get("gone").catch(() => {});
  window.fetch = real;
  return { asked, found, failed, size: kept.size, kept: [...kept.kept.keys()] };
}"""


def test_bundles_are_kept_up_to_a_number_of_bytes_and_fetched_once(page):
    said = page.evaluate(KEPT, 100)
    # c takes the place of b, the least used; what is larger than all that is kept comes every time
    assert said["asked"] == ["a 40", "b 40", "c 40", "b 40", "d 200", "d 200", "e 10", "gone", "gone"]
    assert said["found"] == [40, 40, 40, 40, 40, 40, 200, 200]
    assert said["size"] == 10 and said["kept"] == ["e 10"]
    assert said["failed"] == "The server should give the weights of this epoch, and answers 404."
