// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// The server renders the page, this script only fetches it again and swaps the parts that change. Nothing of an event passes through it as text or markup.
(() => {
  'use strict';
  const form = document.getElementById('filter');
  const status = document.getElementById('status');
  const period = 2000; // milliseconds between looks
  let tag = '';
  let asked = 0;

  const say = (text, live) => {
    status.textContent = text;
    status.classList.toggle('live', live);
  };

  // Rows stay as they are while somebody reads them: an event is open, text is selected, the page is scrolled, or older events are shown.
  const reading = () => {
    const shown = new URLSearchParams(location.search);
    return shown.has('event') || shown.has('before') || !getSelection().isCollapsed || scrollY > 400;
  };

  async function refresh(asWanted) {
    const mine = ++asked;
    try {
      const response = await fetch(location.href, { cache: 'no-store', headers: asWanted ? {} : { 'If-None-Match': tag } });
      if (mine !== asked) return; // a newer question is under way
      if (response.ok) {
        const page = new DOMParser().parseFromString(await response.text(), 'text/html');
        if (mine !== asked) return;
        const hold = !asWanted && reading();
        for (const id of hold ? ['numbers'] : ['numbers', 'rows']) {
          document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
        }
        for (const option of page.querySelectorAll('select option')) {
          if (![...form.outcome.options].some((known) => known.value === option.value)) form.outcome.append(option);
        }
        tag = hold ? '' : response.headers.get('ETag') || '';
      } else if (response.status !== 304) {
        throw new Error(response.statusText);
      }
      say(reading() ? 'Holding still while you read' : 'Live', !reading());
    } catch {
      say('The emulator does not answer', false);
    }
  }

  function go(url) {
    history.replaceState(null, '', url);
    const values = new URL(location.href).searchParams;
    for (const field of form.elements) {
      if (field.name && field !== document.activeElement) field.value = values.get(field.name) || '';
    }
    refresh(true);
  }

  function submit() {
    const values = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    go('/?' + values);
  }

  document.addEventListener('click', (click) => {
    if (click.ctrlKey || click.metaKey || click.shiftKey || click.button) return;
    const row = click.target.closest('tr.event');
    if (row && !getSelection().isCollapsed) return;
    const link = click.target.closest('main a') || (row && row.querySelector('a'));
    if (!link) return;
    click.preventDefault();
    go(link.href);
    if (!row) scrollTo(0, 0);
  });

  let typing;
  form.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(submit, 250);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });

  document.documentElement.classList.add('script');
  say('Live', true);
  setInterval(() => document.hidden || refresh(false), period);
})();
