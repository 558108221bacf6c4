// What a person shall read of what goes wrong. The worker knows no language: it sends the message and its values beside
// the English sentence, and the page says it in its own. `_` marks a message, as in the scripts of a page.

const _ = (message) => message;

class Said extends Error {
  // values: in place of the message's {names}
  constructor(message, values = {}) {
    super(message.replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place)));
    this.said = { message, values };
  }
}
