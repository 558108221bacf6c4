// What stands in for Streamlit in a file that is opened from disk: the message is in the page, and nobody is told
// anything. It follows the component's script, in the same module.

const message = unpacked(document.querySelector("#message").textContent);
const mount = mounting(LivingNetwork);
const display = () => mount({ data: message, parentElement: document.querySelector("main"), setTriggerValue: () => {} });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", display);
display();
