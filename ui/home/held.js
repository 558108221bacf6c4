// Streamlit's own scripts, which the page's HTML holds (ui/server/deep_links.py), begin: once the map is painted, and
// whatever becomes of that, after a moment. This stands in the HTML itself, before all of them.
window.layerLabGo = () => {
  delete window.layerLabGo;
  for (const held of document.querySelectorAll("[rel=held], [type=held]")) {
    const begun = document.createElement(held.localName);
    for (const { name, value } of held.attributes) begun.setAttribute(name, value);
    if (held.rel) begun.rel = "modulepreload";
    else begun.type = "module";
    held.replaceWith(begun);
  }
};
setTimeout(() => window.layerLabGo?.(), 1500);
