"""One work about a person at a time: two erasures at once would give them two pseudonyms.

The mark is saved with the job and goes with its end. An index would tell too late.
"""

from datetime import datetime

from chalicelib.models.job import Job
from chalicelib.models.marker import WHILE_QUEUED, Marker


def mark(job: Job, now: datetime) -> Marker:
    """To be saved with a job that begins; whoever comes second is beaten by it."""
    return Marker.lasting(_name(job.about["person"]), now, WHILE_QUEUED, answer={"job": job.job_id})


def is_marked(person_id: str, now: datetime) -> bool:
    return Marker.live(_name(person_id), now) is not None


def mark_of(job: Job) -> Marker | None:
    """To be taken away with the job's end, unless it is another job's by now."""
    found = Marker.find(_name(job.about["person"]))
    return found if found and found.answer == {"job": job.job_id} else None


def _name(person_id: str) -> str:
    return f"privacy#{person_id}"
