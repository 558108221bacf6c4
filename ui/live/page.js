// What stands in for Streamlit in a file that is opened from disk: the message is in the page, and nobody is told
// anything. It follows the component's script, in the same module.

const letters = atob(document.querySelector("#message").textContent);
const message = new Uint8Array(letters.length);
for (let i = 0; i < letters.length; i++) message[i] = letters.charCodeAt(i);
const mount = mounting(LivingNetwork);
const display = () => mount({ data: message, parentElement: document.querySelector("main"), setTriggerValue: () => {} });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", display);
display();
