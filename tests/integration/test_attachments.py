"""Files by the API: claimed once by a message, opened by who may read it, and only when clean."""

from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.errors import NotPermitted
from chalicelib.domain.people import SYSTEM
from chalicelib.models.attachment import Attachment
from chalicelib.models.audit import AuditRow
from chalicelib.models.ticket import Ticket
from chalicelib.services import attachments, conversations, uploads
from tests.cast import ANA, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ, employ_everyone, entries_of, now_of
from tests.integration.api import Answer, Api, a_request
from tests.integration.counting import counted
from tests.integration.uploading import EICAR, PNG, held, incoming_key, put, row, settled, uploaded

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def ana() -> Api:
    employ_everyone()
    return Api(ANA)


@pytest.fixture
def rosa() -> Api:
    return Api(ROSA)


def asked(api: Api, *files: str) -> dict:
    """A request with files, as the API answers it."""
    answer = api.post("/tickets", a_request(attachments=list(files)))
    assert answer.status == 201, answer.body
    return answer.json


def opened(api: Api, ticket: str, attachment: dict) -> Answer:
    return api.get(f"/tickets/{ticket}/attachments/{attachment['id']}")


def test_a_file_is_sent_with_a_request_checked_and_opened(rosa):
    ticket = asked(rosa, uploaded(rosa, PNG, "till.png"))
    (file,) = ticket["attachments"]
    assert file == {
        "id": file["id"], "name": "till.png", "size": len(PNG), "type": "image/png",
        "state": "waiting", "entry_id": "000001-00", "public": True,
    }  # fmt: skip
    settled()
    (file,) = rosa.get(f"/tickets/{ticket['id']}").json["attachments"]
    assert file["state"] == "clean"
    assert rosa.get("/tickets").json["items"][0]["attachments"] == [file]
    timeline = rosa.get(f"/tickets/{ticket['id']}/timeline").json["items"]
    assert timeline[0]["attachments"] == [file["id"]]
    answer = opened(rosa, ticket["id"], file)
    assert answer.status == 303
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_address_of_a_file_lives_a_minute_and_lets_it_only_be_saved(rosa):
    ticket = asked(rosa, uploaded(rosa, b"<svg onload=alert(1)>", "evil\u202egpj.svg"))
    settled()
    answer = opened(rosa, ticket["id"], ticket["attachments"][0])
    where = urlsplit(answer.headers["Location"])
    query = {name: values[0] for name, values in parse_qs(where.query).items()}
    assert where.scheme == "https" and where.netloc.endswith(".s3.us-east-1.amazonaws.com")
    assert "-attachments-" in where.netloc and where.path.startswith("/kept/F-")
    assert query["X-Amz-Expires"] == "60"
    assert query["response-content-type"] == "application/octet-stream"
    assert query["response-content-disposition"] == (
        "attachment; filename=\"evilgpj.svg\"; filename*=UTF-8''evilgpj.svg"
    )


def test_only_pictures_and_pdf_keep_their_type(rosa):
    ticket = asked(rosa, uploaded(rosa, b"%PDF-1.7 x", "a.html"), uploaded(rosa, b"<b>", "b.pdf"))
    assert [one["type"] for one in ticket["attachments"]] == [
        "application/pdf", "application/octet-stream",
    ]  # fmt: skip


STATES = {"waiting": "being checked", "infected": "harmful", "failed": "could not be checked",
          "unsupported": "cannot be checked", "erased": "removed"}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_nothing_but_a_clean_file_opens(rosa, state):
    ticket = asked(rosa, uploaded(rosa))
    assert row(ticket["attachments"][0]).become("waiting", state=state)
    answer = opened(rosa, ticket["id"], ticket["attachments"][0])
    assert answer.status == 409
    assert STATES[state] in answer.json["detail"]
    assert "Location" not in answer.headers


def test_an_infected_file_is_deleted_and_stays_known(rosa):
    ticket = asked(rosa, uploaded(rosa, EICAR, "virus.com"), uploaded(rosa))
    settled()
    bad, good = rosa.get(f"/tickets/{ticket['id']}").json["attachments"]
    assert (bad["state"], bad["name"], good["state"]) == ("infected", "virus.com", "clean")
    assert held(bad["id"]) == []


def test_foreign_absent_and_unclaimed_files_look_the_same(ana, rosa):
    employ(OMAR)
    omar = Api(OMAR)
    mine, theirs = asked(rosa, uploaded(rosa)), a_ticket(OMAR)
    settled()
    file = mine["attachments"][0]
    unclaimed = incoming_key(uploaded(omar)).rpartition("/")[2]
    refused = [
        opened(omar, mine["id"], file),
        opened(omar, theirs.ticket_id, file),
        opened(omar, theirs.ticket_id, {"id": "F-" + "a" * 22}),
        opened(omar, theirs.ticket_id, {"id": unclaimed}),
        opened(omar, "HD-0000000", file),
        opened(omar, "nothing", {"id": "nothing"}),
    ]
    assert {one.status for one in refused} == {404}
    assert len({one.json["detail"] for one in refused}) == 1
    assert opened(ana, mine["id"], file).status == 303
    assert opened(Api(), mine["id"], file).status == 401


def test_a_file_of_an_internal_note_is_for_staff(ana, rosa):
    ticket = asked(rosa)["id"]
    note = ana.post(
        f"/tickets/{ticket}/notes", {"body": "See this.", "attachments": [uploaded(ana)]}
    )
    assert note.status == 201
    settled()
    (file,) = ana.get(f"/tickets/{ticket}").json["attachments"]
    assert (file["public"], file["entry_id"]) == (False, note.json["id"])
    assert note.json["attachments"] == [file["id"]]
    assert opened(ana, ticket, file).status == 303
    assert rosa.get(f"/tickets/{ticket}").json["attachments"] == []
    assert rosa.get("/tickets").json["items"][0]["attachments"] == []
    assert opened(rosa, ticket, file).status == 404


def test_every_answer_with_a_ticket_names_its_files(ana, rosa):
    ticket = asked(rosa, uploaded(rosa))
    known = [ticket["attachments"][0]["id"]]
    changed = ana.patch(f"/tickets/{ticket['id']}", {"tags": ["till"]}, If_Match='"1"')
    assert [one["id"] for one in changed.json["attachments"]] == known


def test_an_upload_that_is_used_twice_is_claimed_once(rosa):
    upload = uploaded(rosa)
    first = asked(rosa, upload)
    again = rosa.post("/tickets", a_request(attachments=[upload]))
    assert again.status == 409
    assert "on another message already" in again.json["detail"]
    assert len(rosa.get("/tickets").json["items"]) == 1
    assert row(first["attachments"][0]).ticket_id == first["id"]


def test_a_keyed_request_that_is_sent_again_is_answered_again(rosa):
    body = a_request(attachments=[uploaded(rosa)])
    first = rosa.post("/tickets", body, Idempotency_Key="k")
    again = rosa.post("/tickets", body, Idempotency_Key="k")
    assert (first.status, again.status) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json == first.json


def test_that_holds_when_the_file_is_gone_meanwhile(rosa):
    body = a_request(attachments=[uploaded(rosa, EICAR)])
    first = rosa.post("/tickets", body, Idempotency_Key="k")
    settled()
    assert rosa.post("/tickets", body, Idempotency_Key="k").json == first.json


def test_a_file_named_twice_in_a_message_is_one(rosa):
    upload = uploaded(rosa)
    assert len(asked(rosa, upload, upload)["attachments"]) == 1


def test_an_upload_is_of_use_to_nobody_else(ana, rosa):
    employ(OMAR)
    answer = Api(OMAR).post("/tickets", {**a_request(), "attachments": [uploaded(rosa)],
                                         "requester": {"email": OMAR.email}})  # fmt: skip
    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/attachments/0"
    assert "not yours" in answer.json["errors"][0]["detail"]


@pytest.mark.parametrize("forged", ["x", "a.b", "..", "\x00", "é" * 50])
def test_a_forged_upload_is_refused(rosa, forged):
    answer = rosa.post("/tickets", a_request(attachments=[forged]))
    assert answer.status == 422


def test_what_has_not_arrived_is_refused(rosa):
    upload = rosa.post("/uploads", {"name": "a", "size": 5}).json["upload"]
    answer = rosa.post("/tickets", a_request(attachments=[upload]))
    assert (answer.status, "not arrived" in answer.json["detail"]) == (422, True)


WRONG = {
    "another size": (b"longer than said", "application/octet-stream"),
    "another type": (b"12345", "text/html"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_arrived_and_was_not_announced_is_refused(rosa, what):
    asked = rosa.post("/uploads", {"name": "a", "size": 5}).json
    put(asked["fields"]["key"], *WRONG[what])
    answer = rosa.post("/tickets", a_request(attachments=[asked["upload"]]))
    assert (answer.status, "announced" in answer.json["detail"]) == (422, True)


def test_an_upload_is_of_no_use_after_a_day(rosa):
    upload = uploads.ask(ROSA.id, "a", 5, MONDAY_9).upload
    put(incoming_key(upload), b"12345")
    assert uploads.arrived([upload], ROSA.id, after(hours=23))
    with pytest.raises(Exception, match="too old"):
        uploads.arrived([upload], ROSA.id, after(hours=25))


@pytest.mark.parametrize(
    "body",
    [{"name": "a", "size": 0}, {"name": "a", "size": 25 * 1024 * 1024 + 1}, {"name": "", "size": 1},
     {"name": "a"}, {"name": "a", "size": "5"}, {"name": "a", "size": 5, "key": "kept/x"}],
)  # fmt: skip
def test_a_form_is_signed_for_files_of_a_fitting_size_only(rosa, body):
    assert rosa.post("/uploads", body).status == 422


def test_a_signed_form_holds_a_random_key_and_not_the_name(rosa):
    asked = rosa.post("/uploads", {"name": "../../\u200b.htaccess", "size": 5}).json
    assert asked["name"] == "htaccess"
    assert asked["fields"]["key"].startswith("incoming/F-")
    assert "htaccess" not in str(asked["fields"])
    assert asked["fields"]["Content-Type"] == "application/octet-stream"


def test_eleven_files_are_too_many_for_a_message(rosa):
    files = [uploaded(rosa) for _ in range(11)]
    assert rosa.post("/tickets", a_request(attachments=files)).status == 422


def test_a_ticket_is_full_at_some_point(rosa, monkeypatch):
    monkeypatch.setattr("chalicelib.domain.attachments.MOST_PER_TICKET", 1)
    ticket = asked(rosa, uploaded(rosa))["id"]
    body = {"body": "More", "attachments": [uploaded(rosa)]}
    assert rosa.post(f"/tickets/{ticket}/replies", body).status == 409


def test_a_replacement_that_comes_after_the_claim_is_never_opened(rosa):
    upload = uploaded(rosa, b"clean")
    ticket = asked(rosa, upload)
    put(incoming_key(upload), EICAR)
    settled()
    claimed = row(ticket["attachments"][0])
    found = attachments.files._get(Key=claimed.key, VersionId=claimed.object_version)
    assert (claimed.state, found["Body"].read()) == ("clean", b"clean")


def test_a_reply_to_a_finished_request_carries_its_files_to_the_next(ana, rosa):
    ticket = asked(rosa)["id"]
    ana.put(f"/tickets/{ticket}/resolution", {"summary": "Done."}, If_Match="*")
    files = uploads.arrived([uploaded(rosa)], ROSA.id, MONDAY_9)
    later, said = conversations.reply(ticket, "Again!", ROSA, after(days=30), files=files)
    assert later.ticket_id != ticket
    assert (now_of(later).files, said.files) == ([files[0].id], [files[0].id])
    assert Attachment.get(files[0].id).ticket_id == later.ticket_id


def test_without_files_nothing_more_is_asked_of_aws(ana, monkeypatch):
    ticket = ana.post("/tickets", a_request()).json["id"]
    with counted(monkeypatch) as calls:
        ana.get(f"/tickets/{ticket}")
        ana.post(f"/tickets/{ticket}/notes", {"body": "Looked."})
    assert not calls["GetObject"] + calls["BatchGetItem"]


def test_a_file_costs_a_look_at_it_and_no_write_more(rosa, monkeypatch):
    upload = uploaded(rosa)
    asked(rosa)
    with counted(monkeypatch) as calls:
        asked(rosa, upload)
    assert (calls["GetObject"], calls["TransactWriteItems"], calls["PutItem"]) == (1, 1, 0)


def test_an_erased_file_is_gone_in_every_version_and_its_name_with_it(rosa):
    upload = uploaded(rosa, name="passport of Rosa.png")
    ticket = asked(rosa, upload)
    put(incoming_key(upload), b"another version")
    settled()
    file = ticket["attachments"][0]
    assert len(held(file["id"])) == 3
    assert attachments.erase(file["id"], SYSTEM, after(days=1))
    assert held(file["id"]) == []
    stored = row(file)
    assert (stored.state, "Rosa" in stored.name) == ("erased", False)
    assert not attachments.erase(file["id"], SYSTEM, after(days=1))
    assert not attachments.erase("F-" + "a" * 22, SYSTEM, after(days=1))
    with pytest.raises(NotPermitted):
        attachments.erase(file["id"], ANA, after(days=1))
    told = [one for one in AuditRow.scan() if one.action == "file.erased"]
    assert [(one.about, "passport" in str(one.before)) for one in told] == [(ticket["id"], False)]
    (entry,) = entries_of(Ticket.get(ticket["id"]), "opened")
    assert entry.files == [file["id"]]


def test_where_nothing_checks_files_none_are_taken(rosa, monkeypatch):
    monkeypatch.setattr("chalicelib.services.uploads.taken", lambda: False)
    answer = rosa.post("/uploads", {"name": "a", "size": 5})
    assert (answer.status, "nothing to check" in answer.json["detail"]) == (409, True)
