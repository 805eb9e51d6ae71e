"""Work in the background: the latest, and how far one is, with what it found."""

from __future__ import annotations

from chalice import Response

from chalicelib.domain.errors import NotFound
from chalicelib.domain.permissions import check_can_report
from chalicelib.handlers.pages.settings_frame import done, show, told
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import jobs
from chalicelib.web import forms, job_marks
from chalicelib.web.settings_forms import DeedForm

HERE, HOME = "jobs", "/settings/jobs"
LOOK_AGAIN_SECONDS = 2


def listing(visit: Visit) -> Response:
    found = [job_marks.line(jobs.view(one)) for one in jobs.latest()]
    return show(visit, "jobs.html", HERE, jobs=found)


def progress(visit: Visit, name: str) -> Response:
    """While it runs the page loads itself anew, unless `?still=1` asks it not to."""
    job = job_marks.line(jobs.view(jobs.find(name)))
    is_live = job["running"] and not visit.asked("still")
    return show(
        visit,
        "job.html",
        HERE,
        heading=job["title"],
        job=job,
        look_again=LOOK_AGAIN_SECONDS if is_live else None,
        is_what_if=job["kind"] == job_marks.WHAT_IF,
        flips=job_marks.flips(job) if job["kind"] == job_marks.WHAT_IF else [],
        balance=job_marks.balance(job) if job["kind"] == job_marks.WHAT_IF else None,
        told=told(visit),
    )


def submit(visit: Visit, name: str) -> Response:
    """Send its messages again, in case one was lost."""
    check_can_report(visit.agent)
    sent = forms.read(visit.incoming.body(), DeedForm)
    if sent.value is None or sent.value.do != "again":
        raise NotFound("There is no such button.")
    jobs.send_again(name, visit.agent, visit.now)
    return visit.go_to(done(f"{HOME}/{name}", "again"))
