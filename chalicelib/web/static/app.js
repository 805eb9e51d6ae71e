// Makes times local, keeps countdowns live and stops a form from being sent twice.
// Every page works without it.
"use strict";
(() => {
  // The page's language, in the reader's own regional form of it: 11:19 or 11:19 AM.
  const spoken = document.documentElement.lang || "en";
  const language = navigator.languages.find((tag) => tag.split("-")[0] === spoken) || spoken;
  const shapes = {
    clock: { hour: "2-digit", minute: "2-digit" },
    date: { dateStyle: "medium" },
    moment: { dateStyle: "medium", timeStyle: "short" },
    weekday: { weekday: "short", hour: "2-digit", minute: "2-digit" },
    day: { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" },
  };

  // The server chose by the profile's zone; here the day may be another one.
  const shownAs = (shape, moment) => {
    const today = new Date(document.documentElement.dataset.now || Date.now()).toDateString();
    if (moment.toDateString() === today) return shape === "weekday" ? "clock" : shape;
    return shape === "clock" ? "moment" : shape;
  };
  const localise = (element) => {
    const moment = new Date(element.dateTime);
    const shape = shapes[shownAs(element.dataset.show, moment)];
    if (!shape || Number.isNaN(moment.getTime())) return;
    element.textContent = new Intl.DateTimeFormat(language, shape).format(moment);
    element.title = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "long" })
      .format(moment);
  };

  const pad = (number) => String(number).padStart(2, "0");
  const compact = (seconds) => {
    const left = Math.abs(Math.trunc(seconds));
    const sign = seconds < 0 ? "−" : "";
    if (left < 60) return `${sign}${left}s`;
    if (left < 3600) return `${sign}${Math.trunc(left / 60)}m`;
    if (left < 86400) return `${sign}${Math.trunc(left / 3600)}h ${pad(Math.trunc(left % 3600 / 60))}m`;
    return `${sign}${Math.trunc(left / 86400)}d ${Math.trunc(left % 86400 / 3600)}h`;
  };
  const clock = (seconds) => {
    const left = Math.trunc(seconds);
    if (left < 0 || left >= 3600) return compact(seconds);
    return `${pad(Math.trunc(left / 60))}:${pad(left % 60)}`;
  };

  // The server's clock rules: a wrong clock in the browser must not move a deadline.
  const served = Date.parse(document.documentElement.dataset.now || "");
  const drift = Number.isNaN(served) ? 0 : served - Date.now();
  const tick = () => {
    for (const element of document.querySelectorAll("[data-due]")) {
      const left = (Date.parse(element.dataset.due) - Date.now() - drift) / 1000;
      element.textContent = element.dataset.count === "clock" ? clock(left) : compact(left);
    }
  };

  const justSent = new WeakSet();
  document.addEventListener("submit", (event) => {
    if (justSent.has(event.target)) event.preventDefault();
    justSent.add(event.target);
    setTimeout(() => justSent.delete(event.target), 5000);
  });

  const zone = document.querySelector("input[name=time_zone]");
  if (zone) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";

  // One box for all rows of a list.
  const all = document.querySelector("[data-picks-all]");
  if (all) {
    const rows = [...document.querySelectorAll("input[name^=pick-]")];
    const show = () => {
      const ticked = rows.filter((row) => row.checked).length;
      all.checked = ticked === rows.length;
      all.indeterminate = ticked > 0 && !all.checked;
    };
    all.hidden = false;
    all.addEventListener("change", () => { for (const row of rows) row.checked = all.checked; });
    for (const row of rows) row.addEventListener("change", show);
    show();
  }

  // A button beside what is to be pasted elsewhere.
  for (const button of document.querySelectorAll("[data-copies]")) {
    const from = document.getElementById(button.dataset.copies);
    button.hidden = !(from && navigator.clipboard);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(from.textContent);
      button.textContent = "Copied";
    });
  }

  // On a narrow screen the tab of this page may lie outside.
  const tab = document.querySelector(".tabs [aria-current]");
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 14;

  // Whoever opens what was given to them accepts it. Looking must change nothing, so a form does
  // it by itself; what is being written stays, and counts on the ticket as it is then.
  const renew = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const writing = document.getElementById("write");
    const fresh = page.querySelectorAll(".conv > :not(.composer)");
    for (const part of document.querySelectorAll(".conv > :not(.composer)")) part.remove();
    writing.before(...fresh);
    document.querySelector(".props").replaceWith(page.querySelector(".props"));
    const version = page.querySelector("#write input[name=version]");
    const known = writing.querySelector("input[name=version]");
    if (version && known) known.value = version.value;
    document.querySelectorAll("time[data-show]").forEach(localise);
  };
  const offer = document.querySelector("form[data-sends-itself]");
  if (offer) {
    const body = new URLSearchParams(new FormData(offer));
    fetch(offer.action, { method: "POST", body, keepalive: true })
      .then((answer) => (answer.ok ? answer.text().then(renew) : null))
      .catch(() => {});  // its button is still there
  }

  document.querySelectorAll("time[data-show]").forEach(localise);
  const summary = document.getElementById("problems");
  if (summary) summary.focus();
  if (document.querySelector("[data-due]")) { tick(); setInterval(tick, 1000); }
})();
