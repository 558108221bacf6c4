"""The engine of the living network: JavaScript and WebAssembly that compute every layer of a network in the browser.

What a page needs of it:

    scripts.client()              the script with `LiveWorker`, which stands in the page (client.js)
    addresses.engine()            where its worker's script is; scripts.engine() is the script itself, for a file that
                                  is opened from disk
    addresses.network(chosen)     where the bundle of a network is (core/live/bundle.py), to be fetched by the page
    addresses.leading_on(chosen)  the same for an epoch of a run that is not read yet, to be fetched by the worker

    const worker = new LiveWorker({ address }, (message) => …);      what comes is listed in service.js
    worker.colours({ activations, grey });                           viz.palette.table, for the theme that is on
    worker.open("trained", await (await fetch(bundle)).arrayBuffer());
    worker.weights("trained", address);                              those of another epoch: the worker fetches them
    worker.draw(acts);                                               the acts of core/drawing/strokes.py, all of them
    await worker.contributions("trained", layer, map);

    page.page(name, network, bundle, …)    all of it in one HTML file that is opened from disk

Addresses are relative to the folder that the app is served from: `window.__streamlit.BACKEND_BASE_URL` in the page.
"""
