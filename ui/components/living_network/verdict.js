// The answer in a sentence, what to think of it in another one, and both aloud.

class Verdict {
  // herald: says them once the pen rests
  constructor(find, herald) {
    this.headline = find(".headline");
    this.doubt = find(".doubt");
    this.herald = herald;
  }

  // Why there is no answer.
  refuse(why) {
    this.headline.textContent = "";
    this.doubt.textContent = why;
  }

  // least: below it the answer is "I don't know". usual: 95 % of the test digits have a larger logit; undefined where
  // that was not counted. truth: the label, null where there is none. silent: nothing is said aloud.
  show({ probabilities, logits }, { least, usual, truth, silent }) {
    const values = [...probabilities];
    if (!values.every(Number.isFinite)) {
      this.headline.textContent = _("No answer");
      this.doubt.textContent = _(
        "Ten probabilities should come out, and what comes out are no numbers: some of the weights are infinite, or none, as after a training with too large a learning rate.",
      );
      return;
    }
    write(this.headline, answered(values, least, truth));
    this.announce(values, silent);
    const most = Math.max(...logits);
    const largest = _("Largest logit {logit}.", { logit: show(most) });
    write(this.doubt, usual === undefined ? largest : `${largest} ${beside(most, usual)}`);
  }

  // The answer, and the three largest probabilities.
  announce(values, silent) {
    if (silent) return this.herald.stop();
    const first = [...values.keys()].sort((one, other) => values[other] - values[one]).slice(0, 3);
    this.herald.tell(`${this.headline.textContent}. ${first.map((digit) => `${digit}: ${share(values[digit])}`).join(", ")}.`);
  }
}

function answered(values, least, truth) {
  const best = values.indexOf(Math.max(...values));
  const next = Math.max(...values.filter((_, digit) => digit !== best));
  const other = values.findIndex((value, digit) => value === next && digit !== best); // it may be as likely
  const said = { digit: best, other, share: share(values[best]), label: truth };
  if (values[best] < least) return _("I don't know ({digit}, {share})", said);
  if (values[best] < 0.5) return _("{digit} or {other}?", said);
  return truth === null || truth === best ? _("{digit}, {share} sure", said)
    : _("{digit}, {share} sure, its label says {label}", said);
}

// What a largest logit means; usual: 95 % of the test digits have more.
function beside(most, usual) {
  const values = { usual: show(usual) };
  return most < usual ? _(
    "For 95 % of MNIST's test digits it is above {usual}: this may be no digit at all, but a network like this must choose one of ten.",
    values,
  ) : _("MNIST's test digits mostly have more than {usual}.", values);
}
