"""A Chromium that asks the portal without a socket, so that it sees what a test has written
and not committed; and that notices whatever a page does that it should not."""

from contextvars import Context, copy_context
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser, Dialog, Page, Route

HERE = "http://localhost"
HINT = "[DOM] "  # what Chromium would have a form say to password managers
SHOWN = "/shown-as-it-was-answered/"
KINDS = {
    "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2",
    "png": "image/png", "json": "application/json",
}  # fmt: skip
WATCH = """
window.__did = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...said) => { window.__did.push(name + " " + said.join()); };
document.addEventListener("securitypolicyviolation", event =>
  window.__did.push("policy " + event.violatedDirective + " " + event.blockedURI));
"""
LOOK = r"""texts => {
  const said = [document.documentElement.textContent], armed = [];
  const calls = /^\s*(javascript|vbscript|data):/i, blank = /[\u0000-\u0020]+/g;
  const leads = new Set(["href", "src", "action", "formaction", "xlink:href", "data", "to"]);
  const alien = "iframe,object,embed,base,math,marquee,applet,audio,video,foreignObject,"
    + "animate,set,xmp,listing,plaintext,form form,meta[http-equiv]";
  for (const one of document.querySelectorAll("*")) {
    if ("value" in one && typeof one.value === "string") said.push(one.value);
    for (const {name, value} of one.attributes) {
      said.push(value);
      const handler = /^on|^(data-)?hx-on|^srcdoc$/i.test(name);
      const runs = leads.has(name.toLowerCase()) && calls.test(value.replace(blank, ""));
      const styled = name === "style" && /animation|url|expression|behavior/i.test(value);
      if (handler || runs || styled) armed.push(one.outerHTML.slice(0, 160));
    }
    const own = one.localName === "script" && !one.src && !/json/.test(one.type);
    if (own || one.matches(alien)) armed.push(one.outerHTML.slice(0, 160));
  }
  const whole = said.join("\n").replace(/\s+/g, " ");
  return [window.__did, armed, texts.filter(text => whole.includes(text))];
}"""
REFUSED = "Failed to load resource: the server responded with a status of 4"
_files: dict[str, tuple[str, bytes]] = {}


class Window:
    """Opens addresses as somebody; `faults` says what happened that should not."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context()
        self.context.add_init_script(WATCH)
        self.page: Page = self.context.new_page()
        self.page.route("**/*", self._answer)
        self.page.on("dialog", self._dialog)
        self.page.on("console", lambda said: self._told(said.text))
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.client, self.faults, self.visits = Client(), list[str](), 0
        self.shown: HttpResponse | None = None
        self.around: Context = copy_context()

    def close(self) -> None:
        self.context.close()

    def visit(self, path: str, client: Client, texts: list[str]) -> tuple[int, set[str]]:
        """The status, and those of `texts` that stand on the page as texts."""
        answer = client.get(path)
        return answer.status_code, self._open(path, answer, client, texts)

    def show(self, answer: HttpResponse, client: Client, texts: list[str]) -> set[str]:
        """What was answered to a form, as the browser would have shown it."""
        return self._open(SHOWN, answer, client, texts)

    def _open(
        self, path: str, answer: HttpResponse, client: Client, texts: list[str]
    ) -> set[str]:
        """What comes back is asked for here, and what the page asks for itself in the same
        context: Playwright's own has another connection to the database."""
        if not _is_page(answer):
            return set()
        self.client, self.shown, self.around = client, answer, copy_context()
        self.visits += 1
        self.page.goto(HERE + path, wait_until="load")
        did, armed, seen = self.page.evaluate(LOOK, texts)
        self.faults += [f"{path}: {what}" for what in [*did, *armed]]
        return set(seen)

    def _told(self, said: str) -> None:
        if not said.startswith((REFUSED, HINT)):
            self.faults.append(f"console: {said}")

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _answer(self, route: Route) -> None:
        asked = urlsplit(route.request.url)
        if asked.hostname != "localhost":
            self.faults.append(f"called: {route.request.url}")
            return route.abort()
        if asked.path.startswith("/static/"):
            kind, body = _file(asked.path.removeprefix("/static/"))
            return route.fulfill(status=200 if body else 404, content_type=kind, body=body)
        if (
            route.request.is_navigation_request()
            and route.request.frame == self.page.main_frame
        ):
            answer, self.shown = self.shown, None
            if answer is None:
                self.faults.append(f"led to: {route.request.url}")
                return route.abort()
        elif self.page.url == HERE + SHOWN:
            return route.fulfill(status=204)  # nobody is asked for more than was shown
        else:
            answer = self.around.run(self._asked, route, asked)
        headers = dict(answer.headers.items())
        headers.pop("Clear-Site-Data", None)
        return route.fulfill(
            status=answer.status_code, headers=headers, body=b"".join(iter(answer))
        )

    def _asked(self, route: Route, asked: Any) -> Any:
        path = asked.path + (f"?{asked.query}" if asked.query else "")
        return self.client.generic(
            route.request.method, path, route.request.post_data_buffer or b"",
            content_type=route.request.headers.get("content-type", ""), follow=False,
            headers={"HX-Request": "true"} if "hx-request" in route.request.headers else None,
        )  # fmt: skip


def _is_page(answer: Any) -> bool:
    """What a browser would show: a file it would keep, and after a redirect ask again."""
    kind = answer.headers.get("Content-Type", "")
    kept = "attachment" in answer.headers.get("Content-Disposition", "")
    led_on = 300 <= answer.status_code < 400 or answer.status_code == 204
    return kind.startswith("text/html") and not kept and not led_on


def _file(name: str) -> tuple[str, bytes]:
    if name not in _files:
        found = finders.find(name)
        body = Path(found).read_bytes() if found else b""
        _files[name] = (KINDS.get(name.rpartition(".")[2], "application/octet-stream"), body)
    return _files[name]
