"""The engine and a network from a running dashboard: a worker reads a drawing with them, and both are fetched once."""

import hashlib

from tests.browser import live
from tests.browser.test_live_worker import SEVEN, TABLES
from ui.live import addresses, scripts
from ui.shared import networks

WORK = """async ([engine, network, said, acts]) => {
  const at = (address) => new URL(address, location.origin).href;
  const tables = Object.fromEntries(Object.entries(said).map(([name, text]) => [name, bytesOf(text)]));
  const bundle = await (await fetch(at(network))).arrayBuffer();
  return new Promise((resolve, reject) => {
    const worker = new LiveWorker({ address: at(engine) }, (message) => {
      if (message.kind === "crashed") reject(new Error(message.message));
      if (message.kind !== "answer") return;
      worker.leave();
      const fetched = performance.getEntriesByName(at(network)).at(-1).transferSize;
      resolve([textOf(message.networks.a.probabilities), fetched]);
    });
    worker.colours(tables);
    worker.open("a", bundle);
    worker.draw(acts);
  });
}"""
MISSING = """(address) => new Promise((resolve) => {
  new LiveWorker({ address: new URL(address, location.origin).href }, resolve);
})"""


def test_a_worker_from_the_server_reads_a_drawing_and_fetches_once(lab, contexts):
    page = contexts().new_page()
    page.goto(f"{lab}/_stcore/health")
    page.add_script_tag(content=live.HELPERS + scripts.client())
    sent = [addresses.engine(), addresses.network(networks.named("shipped"), "int8"), TABLES, SEVEN]
    fetched = []
    for _ in range(2):
        probabilities, size = page.evaluate(WORK, sent)
        found = live.floats(probabilities)
        assert found.argmax() == 7 and found[7] > 0.9
        fetched.append(size)
    # the second time the browser takes it from what it has kept
    assert fetched[0] > 1_000_000 and fetched[1] == 0
    page.close()


def test_the_server_gives_what_the_address_says(lab, contexts):
    page = contexts().new_page()
    for address in (addresses.engine(), addresses.network(networks.named("shipped"), "float16")):
        answer = page.request.get(f"{lab}/{address}", headers={"accept-encoding": "gzip"})
        assert answer.ok and hashlib.sha256(answer.body()).hexdigest() == address.split("/")[1]
        assert "immutable" in answer.headers["cache-control"] and "content-encoding" not in answer.headers
    assert page.request.get(f"{lab}/live/{'0' * 64}/engine.js").status == 404
    page.close()


def test_a_script_that_is_not_there_is_said(lab, contexts):
    page = contexts().new_page()
    page.goto(f"{lab}/_stcore/health")
    page.add_script_tag(content=scripts.client())
    heard = page.evaluate(MISSING, f"live/{'0' * 64}/engine.js")
    assert heard == {"kind": "crashed", "doing": "start", "message": "The worker's script cannot be loaded."}
    page.close()
