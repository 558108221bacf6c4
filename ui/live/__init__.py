"""The engine of the living network: JavaScript and WebAssembly that compute every layer of a network in the browser."""
