// Sends files straight to the store while the rest is typed, and shows how far each one is.
// Without it there is the page that the form leads to.
"use strict";
(() => {
  const MOST = 10, MOST_BYTES = 25 * 1024 * 1024;
  const told = (bytes) => bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB`
    : `${(bytes / 1048576).toFixed(1)} MB`;
  // As the desk will show it: nothing that is not seen, and that turns other text around.
  const seen = (name) => name.replace(/\p{C}/gu, "");
  const made = (tag, words, parent, type) => {
    const element = parent.appendChild(document.createElement(tag));
    element.textContent = words;
    if (type) { element.type = "button"; element.className = type; }
    return element;
  };

  // Asks the desk for a form of the store's, for this one file.
  const askFor = async (file, to, form) => {
    const sent = new URLSearchParams({ name: file.name, size: file.size });
    for (const name of ["csrf", "upload_key"]) {
      const field = form.elements.namedItem(name);
      if (field) sent.set(name, field.value);
    }
    const answer = await fetch(to, { method: "POST", body: sent, redirect: "error" });
    const kind = answer.headers.get("content-type") || "";
    const said = kind.includes("json") ? await answer.json() : {};
    if (!answer.ok) throw new Error(said.detail || "Not sent. Load the page again, then try again.");
    return said;
  };

  const send = (file, asked, bar, running) => new Promise((arrived, failed) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(asked.fields)) body.append(name, value);
    body.append("file", file);
    running.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    running.addEventListener("load", () => running.status < 300 ? arrived()
      : failed(new Error("Not sent: the store refused it. Please try again.")));
    running.addEventListener("error", () => failed(new Error("Not sent: the line broke.")));
    running.addEventListener("abort", () => failed(new Error("")));
    running.open("POST", asked.url);
    running.send(body);
  });

  const enhance = (box) => {
    const form = box.closest("form");
    const list = box.querySelector("ul");
    const carried = box.querySelector("input[name=attachments]");
    const chosen = box.querySelector("input[type=file]");
    const status = box.querySelector("[role=status]");
    let underWay = 0, waits = null;

    const note = () => {
      const texts = [...list.children].map((row) => row.dataset.upload).filter(Boolean);
      carried.value = texts.join(" ");
      status.textContent = waits ? "Your message goes out when all files have arrived." : "";
      if (waits && underWay === 0) { const by = waits.by; waits = null; form.requestSubmit(by); }
    };
    const drop = (row) => { row.remove(); note(); chosen.focus(); };

    const attempt = async (row, file) => {
      row.replaceChildren();
      made("bdi", seen(file.name), row);
      made("span", ` ${told(file.size)} `, row).className = "muted small num";
      const bar = made("progress", "", row);
      bar.max = 1;
      bar.setAttribute("aria-label", `Sending ${seen(file.name)}`);
      const running = new XMLHttpRequest();
      const stop = made("button", "Remove", row, "btn");
      stop.setAttribute("aria-label", `Remove ${seen(file.name)}`);
      stop.addEventListener("click", () => { running.abort(); drop(row); });
      underWay += 1;
      try {
        const asked = await askFor(file, box.dataset.uploadTo, form);
        if (row.isConnected) {
          await send(file, asked, bar, running);
          row.dataset.upload = asked.upload;
        }
        bar.remove();
      } catch (error) {
        waits = null;
        bar.remove();
        made("span", error.message || "Not sent.", row).className = "err";
        const again = made("button", "Try again", row, "btn");
        again.addEventListener("click", () => attempt(row, file));
      }
      underWay -= 1;
      note();
    };

    const add = (files) => {
      for (const file of files) {
        const row = made("li", "", list);
        if (list.children.length > MOST || file.size > MOST_BYTES || file.size === 0) {
          const why = file.size === 0 ? "is empty" : file.size > MOST_BYTES
            ? "has more than 25 MB" : `is one too many: ${MOST} at most`;
          made("span", `${seen(file.name)} ${why}.`, row).className = "err";
          made("button", "Remove", row, "btn").addEventListener("click", () => drop(row));
        } else attempt(row, file);
      }
    };

    for (const row of list.children) {
      const button = made("button", "Remove", row, "btn");
      button.addEventListener("click", () => drop(row));
    }
    for (const part of box.querySelectorAll("[data-scripted]")) part.hidden = false;
    box.querySelector("[data-plain]").hidden = true;
    chosen.addEventListener("change", () => { add([...chosen.files]); chosen.value = ""; });
    form.addEventListener("paste", (event) => add([...event.clipboardData.files]));
    form.addEventListener("submit", (event) => {
      if (underWay === 0) return;
      event.preventDefault();
      // What is not sent yet must not count as sent, nor be sent by the proof of work's script,
      // which listens to the same form.
      event.stopImmediatePropagation();
      waits = { by: event.submitter };
      note();
    }, true);
  };

  document.querySelectorAll("[data-upload-to]").forEach(enhance);
})();
