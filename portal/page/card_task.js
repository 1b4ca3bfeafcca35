// One job with a card, as the person sees it: a list of stages, a hint while the browser asks, a way to cancel.
import { connect } from './twcard.js';
import { currentLanguage, text } from './texts.js';

export class CardTask {
  #panel;
  #stages;
  #hint;
  #starter;
  #abort = null;

  // `panel`: an element with an <ol> of [data-stage] items, a .hint and a button to cancel. `starter`: the button that
  // starts the job; it gets the focus back from the panel.
  constructor(panel, starter) {
    this.#panel = panel;
    this.#starter = starter;
    this.#stages = [...panel.querySelectorAll('[data-stage]')];
    this.#hint = panel.querySelector('.hint');
    panel.querySelector('button').addEventListener('click', () => this.#abort?.abort());
  }

  // Connects to the card service, then runs `work(connection, reach)`; `reach(stage)` moves the list on. The connection
  // ends with the work, and with it every prompt that is still open.
  async run(serviceUrl, work) {
    this.#abort = new AbortController();
    this.#panel.hidden = false;
    bringIntoView(this.#panel);
    this.#reach('connect');
    try {
      const connection = await connect({
        url: serviceUrl,
        language: currentLanguage(),
        onHint: () => this.#showHint(),
        signal: this.#abort.signal,
      });
      this.#hint.hidden = true;
      try {
        return await work(connection, (stage) => this.#reach(stage));
      } finally {
        connection.close();
      }
    } finally {
      if (this.#panel.contains(document.activeElement)) this.#starter.focus();
      this.#panel.hidden = true;
      this.#hint.hidden = true;
      this.#abort = null;
    }
  }

  #showHint() {
    this.#hint.hidden = false;
    announce(text('permissionHint'));
  }

  #reach(stage) {
    const active = this.#stages.findIndex((item) => item.dataset.stage === stage);
    this.#stages.forEach((item, index) => {
      item.className = index < active ? 'done' : index === active ? 'active' : '';
      item.ariaCurrent = index === active ? 'step' : null;
    });
    announce(this.#stages[active].textContent);
  }
}

// On a small screen what happens may be below its edge.
export function bringIntoView(box) {
  box.scrollIntoView({ block: 'nearest' });
}

// For screen readers.
export function announce(sentence) {
  document.getElementById('status').textContent = sentence;
}
