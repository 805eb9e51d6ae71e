// Solves ALTCHA's proof of work while somebody fills in a form. Without it the form works as well.
"use strict";
(() => {
  const form = document.querySelector("form[data-proof]");
  const field = form && form.elements.proof;
  if (!field || !window.crypto || !crypto.subtle) return;
  const KEPT_FOR = 8 * 60 * 1000; // the server takes it for ten minutes
  const WAITS_FOR = 20 * 1000;

  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const hex = (buffer) =>
    [...new Uint8Array(buffer)].map((one) => one.toString(16).padStart(2, "0")).join("");

  const derive = async ({ nonce, salt, cost, keyLength }, counter) => {
    const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
    new DataView(password.buffer).setUint32(password.length - 4, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
    return hex(await crypto.subtle.deriveBits(how, key, keyLength * 8));
  };

  const solve = async () => {
    const answer = await fetch(form.dataset.proof, { credentials: "omit" });
    if (!answer.ok) throw new Error(answer.statusText);
    const challenge = await answer.json();
    for (let counter = 0; ; counter += 1) {
      const derivedKey = await derive(challenge.parameters, counter);
      if (derivedKey.startsWith(challenge.parameters.keyPrefix))
        return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } }));
    }
  };

  let work = null;
  let begun = 0;
  const begin = () => {
    if (work && Date.now() - begun < KEPT_FOR) return work;
    begun = Date.now();
    work = solve().catch(() => "");
    return work;
  };

  form.addEventListener("input", begin, { once: true });
  let sending = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    const late = new Promise((resolve) => { setTimeout(resolve, WAITS_FOR, ""); });
    field.value = await Promise.race([begin(), late]);
    form.submit();
  });
  // Who comes back to this page by the browser's own button sends it anew.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sending = false;
    work = null;
  });
})();
