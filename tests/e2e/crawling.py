"""A window that goes from page to page and notes whatever runs, loads or leaves."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, Request

# Everything of a page that could do or fetch something, beside what our own files bring.
STRANGE = """() => {
  const own = (address) => new URL(address, location).origin === location.origin;
  const found = [];
  for (const one of document.querySelectorAll("*")) {
    for (const { name, value } of one.attributes) {
      const loads = /^(src|srcset|srcdoc|data|poster|background|action|formaction|ping|code)$/;
      const leads = name === "href" || name === "xlink:href";
      const isLink = one.localName === "a" && /^(https?|mailto|tel):/i.test(value);
      if (/^on|^hx-|^data-hx|^style$|^srcdoc$|^ping$/i.test(name)
          || (loads.test(name) && !own(value)) || (leads && !isLink && !own(value)))
        found.push(`${one.localName} ${name}=${value}`.slice(0, 120));
    }
    if (/^(iframe|object|embed|base|style|template|marquee|math|video|audio|frame|applet)$/
      .test(one.localName)) found.push(one.localName);
    if (one.localName === "script" && !one.src) found.push("script of its own");
    if (one.localName === "a" && !own(one.href) && !/noopener/.test(one.rel))
      found.push(`a link without rel to ${one.href}`.slice(0, 120));
  }
  return found;
}"""
LISTEN = """addEventListener("securitypolicyviolation", (event) =>
  violated(`${event.violatedDirective} ${event.blockedURI}`));"""


@dataclass
class Crawl:
    """One window that notes whatever should not be."""

    page: Page
    base_url: str
    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        context = self.page.context
        context.expose_function("hit", lambda *number: self.note(f"ran {number}"))
        context.expose_function("violated", lambda what: self.note(f"violated {what}"))
        context.add_init_script(LISTEN)
        context.on("request", self.asked)
        context.on("dialog", lambda dialog: (self.note("a dialog"), dialog.dismiss()))
        context.on("page", lambda _page: self.note("a window opened"))

    def note(self, what: str) -> None:
        self.wrong.append(f"{what} on {self.page.url[:150]}")

    def asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.base_url}/", "about:")):
            self.note(f"asked {request.url[:100]}")

    def see(self, path: str, *statuses: int) -> str:
        """Go there; answers what is written on the page."""
        answer = self.page.goto(path, wait_until="load")
        assert answer is not None
        assert answer.status in (statuses or (200,)), f"{path} {answer.status}"
        self.look()
        self.seen.add(path.partition("?")[0])
        return self.page.evaluate("document.body.textContent")

    def look(self) -> None:
        for what in self.page.evaluate(STRANGE):
            self.note(what)
