"""The smoke journey: from a request to its answer and to its escalation, in what is deployed."""

import re
import time
from collections.abc import Callable

from infra.rehearsal.cast import Cast
from infra.rehearsal.desk import Desk, expect
from infra.rehearsal.monitoring import A_TICK, Monitoring, until
from infra.rehearsal.safekeeping import ANSWER, Safekeeping

NOTE = "Third time this week on this floor."
READS = (
    "/tickets?tier=1&assignee=none",
    "/tickets?assignee=me&status=resolved",
    "/tickets?requester={requester}",
    "/tickets/{ticket}/sla",
    "/queues",
    "/people/me",
)
PUBLIC_PAGES = ("/", "/healthz", "/openapi.json", "/docs/api", "/sign-in")
READS_FOR = 2.1  # seconds; a form without a proof of work may not come back sooner
TROUBLE = re.compile(r'AccessDenied|not authorized|Traceback|"level":\s*"ERROR"|Task timed out')


class Journey(Monitoring, Safekeeping):
    """Each public method is a step; it answers what it saw, or raises Unexpected."""

    def __init__(self, desk: Desk, cast: Cast) -> None:
        Monitoring.__init__(self, desk, cast)
        Safekeeping.__init__(self, desk, cast)
        self._fresh = ""

    def request_in(self) -> str:
        """A request comes in by the API"""
        body = {
            "subject": "The printer on floor 3 is dead",
            "description": "It prints nothing at all.",
            "requester": {"email": self._cast.requester.email, "name": "Alice"},
        }
        answer = self._desk.post("/tickets", self._cast.requester, body)
        self._ticket = answer.json()["id"]
        return f"{self._ticket}, ETag {answer.headers['ETag']}"

    def reaches_an_agent(self) -> str:
        """Stream, relay and the queue of tier 1 bring it to an agent"""
        ticket = until(lambda: self._read(self._ticket), lambda seen: seen["assignee"])
        expect(ticket["assignee"]["id"] == self._cast.agent.id, ticket["assignee"])
        return f"tier {ticket['tier']}, {ticket['assignee']['name']}"

    def acknowledged(self) -> str:
        """The requester gets an acknowledgement by mail"""
        (mail, *_) = until(lambda: self._desk.mails(self._ticket), bool)
        expect(mail["To"] == [self._cast.requester.email], mail["To"])
        return str(mail["Subject"])

    def agent_replies(self) -> str:
        """The agent answers, and writes a note for colleagues"""
        path = f"/tickets/{self._ticket}"
        self._desk.post(f"{path}/notes", self._cast.agent, {"body": NOTE})
        reply = self._desk.post(f"{path}/replies", self._cast.agent, {"body": ANSWER})
        return f"entry {reply.json()['id']}"

    def answer_is_mailed(self) -> str:
        """The answer is in the requester's mail, the note is not"""
        mails = until(
            lambda: self._desk.mails(self._ticket),
            lambda seen: any(ANSWER in mail["BodyText"] for mail in seen),
        )
        expect(not any(NOTE in str(mail) for mail in mails), "the note was mailed")
        return f"{len(mails)} mails"

    def requester_reads(self) -> str:
        """The requester reads the answer, and not the note"""
        kinds = self._desk.kinds(self._ticket, self._cast.requester)
        expect("reply" in kinds and "note" not in kinds, kinds)
        return ", ".join(kinds)

    def form_in(self) -> str:
        """A guest files a request with the web form"""
        key = re.search(r'name="idempotency_key"\s+value="([^"]+)"', self._desk.page("/").text)
        expect(key, "the form has no key")
        fields = {
            "idempotency_key": key.group(1) if key else "",
            "subject": "No sound in room 5",
            "stops": "slow",
            "description": "The loudspeaker hums.",
            "email": "guest@customer.example",
        }
        time.sleep(READS_FOR)
        sent = self._desk.submit("/", fields)
        self._fresh = sent.headers["Location"].rsplit("/", 1)[1]
        until(lambda: self._read(self._fresh), lambda seen: seen["assignee"])
        return self._fresh

    def agent_signs_in(self) -> str:
        """The agent signs in by the user pool and opens the work list"""
        fields = {"email": self._cast.agent.email, "password": self._cast.agent_password}
        cookie = self._desk.submit("/sign-in", fields).headers["Set-Cookie"].partition(";")[0]
        for path in ("/desk", f"/desk/tickets/{self._ticket}"):
            page = self._desk.page(path, cookie)
            expect(page.status == 200 and self._ticket in page.text, f"{path}: {page.status}")
        return f"{self._ticket} is on the list"

    def every_door_opens(self) -> str:
        """Every other way to read is open to its function"""
        me = self._cast.agent
        for path in READS:
            self._desk.get(
                path.format(ticket=self._ticket, requester=self._cast.requester.email), me
            )
        own = self._desk.get("/tickets", self._cast.requester)["items"]
        expect(self._ticket in str(own), own)
        for path in PUBLIC_PAGES:
            expect(self._desk.page(path).status == 200, path)
        return f"{len(READS) + 1 + len(PUBLIC_PAGES)} addresses"

    def agent_goes(self) -> str:
        """The agent goes: what they have not accepted is taken from them and waits"""
        self._be("away")
        seen = until(lambda: self._read(self._fresh), lambda ticket: ticket["unstaffed_since"])
        expect(seen["assignee"] is None, seen["assignee"])
        return f"{self._fresh} waits"

    def agent_comes(self) -> str:
        """The agent comes back: what waits is given to them"""
        self._be("available")
        seen = until(lambda: self._read(self._fresh), lambda ticket: ticket["assignee"])
        expect(seen["assignee"]["id"] == self._cast.agent.id, seen["assignee"])
        return f"{self._fresh}: {seen['assignee']['name']}"

    def shift_is_noted(self) -> str:
        """The schedule notes whose shift runs"""
        who = self._cast.specialist
        until(lambda: self._desk.get("/people/me", who), lambda me: me["on_shift"], within=A_TICK)
        return "Charlie is on shift"

    def clock_escalates(self) -> str:
        """The schedule's own tick escalates a late ticket to tier 2, once"""
        late = self._cast.late_ticket
        seen = until(
            lambda: self._read(late),
            lambda ticket: ticket["tier"] == 2 and ticket["assignee"],
            within=A_TICK,
        )
        expect(seen["assignee"]["id"] == self._cast.specialist.id, seen["assignee"])
        kinds = self._desk.kinds(late, self._cast.agent)
        expect(kinds.count("escalated") == 1, kinds)
        return f"{late}: tier 2, {seen['assignee']['name']}"

    def nothing_was_refused(self) -> str:
        """No function failed, gave a message back or lacked a permission"""
        lines = list(self._desk.log_lines())
        trouble = [line for line in lines if TROUBLE.search(line)]
        trouble += self._desk.returned_messages()
        expect(not trouble, "\n".join(trouble[:10]))
        return f"{len(lines)} log lines"

    def no_dead_letters(self) -> str:
        """No dead letters"""
        counts = self._desk.dead_letters()
        expect(len(counts) == 12 and not any(counts.values()), counts)
        return f"{len(counts)} queues empty"

    def _be(self, status: str) -> None:
        self._desk.put("/people/me/availability", self._cast.agent, {"status": status})


STEPS: tuple[Callable[[Journey], str], ...] = (
    Journey.request_in,
    Journey.reaches_an_agent,
    Journey.acknowledged,
    Journey.agent_replies,
    Journey.answer_is_mailed,
    Journey.requester_reads,
    Journey.mailed_link_opens,
    Journey.form_in,
    Journey.agent_signs_in,
    Journey.file_opens_once_clean,
    Journey.sign_in_is_audited,
    Journey.every_door_opens,
    Journey.maintenance_holds_an_alert,
    Journey.alert_becomes_an_incident,
    Journey.storm_folds,
    Journey.signed_tool_reports,
    Journey.unreadable_is_shown,
    Journey.agent_goes,
    Journey.agent_comes,
    Journey.shift_is_noted,
    Journey.clock_escalates,
    Journey.watch_resolves_what_is_quiet,
    Journey.maintenance_ends,
    Journey.watch_resolves_what_stormed,
    Journey.nothing_was_refused,
    Journey.no_dead_letters,
)
