"""Bringing a table of claims: looked through first, then logged as a whole or not at all, and never twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims import services
from claims.choices import ClaimFileState
from claims.errors import NotAllowed
from claims.importing.claim_rows import read_row, template
from claims.models import Activity, Claim, Claimant, ClaimFile, FiledClaim, Topic, User
from claims.services.claim_files import filing, working
from claims.services.logging_many import NewClaim, log_claims
from tests.desk import Desk, html
from tests.make import make_claim, make_claimant, make_topic

pytestmark = pytest.mark.django_db

NEW = "/admin/claims/claimfile/add/"
GOOD = "text,language,external_id\nCats bark,en,1\nDogs meow,en,2\n"
BAD = "text,language,made_on\nCats bark,en,soon\nDogs meow,en,2019-06-09\n,en,\n"


def brought(text: str, by: User, **options: Any) -> ClaimFile:
    file = services.bring_claim_file(text.encode(), name="claims.csv", by=by, **options)
    services.work_on_claim_file(file.pk)
    file.refresh_from_db()
    return file


def logged(file: ClaimFile, by: User, **options: Any) -> ClaimFile:
    services.log_claim_file(file, by=by, **options)
    services.work_on_claim_file(file.pk)
    file.refresh_from_db()
    return file


def test_the_dry_run_writes_no_claim(checker: User) -> None:
    file = brought(GOOD, checker)
    assert (file.state, file.rows, file.to_log) == (ClaimFileState.CHECKED, 2, 2)
    assert not Claim.objects.exists()


def test_its_claims_are_logged_as_at_the_desk(checker: User) -> None:
    claimant, topic = make_claimant("Mukhtar Example", aliases=["M. Example"]), make_topic("Protests")
    head = "text,language,claimant,made_on,location,topics,quantity_as_stated,quantity_low,quantity_unit"
    head += ",appearance_url,platform,published_on,audience\n"
    row = "Thousands came,en,m. example,2019-06-09,Almaty,protests,thousands,2000,people"
    row += ",https://a.example/1 https://a.example/2,facebook,2019-06-10,124000\n"
    file = logged(brought(head + row, checker), checker)
    assert (file.state, file.logged, bytes(file.content)) == (ClaimFileState.DONE, 1, b"")
    claim = Claim.objects.get()
    assert (claim.text, claim.claimant, claim.created_by) == ("Thousands came", claimant, checker)
    assert (claim.location, str(claim.made_on), list(claim.topics.all())) == ("Almaty", "2019-06-09", [topic])
    assert claim.quantity == {"as_stated": "thousands", "low": "2000", "high": None, "unit": "people"}
    first, second = claim.appearances.order_by("id")
    assert (first.platform, first.audience, second.platform) == ("facebook", 124000, "")
    assert first.source is not None
    said = set(Activity.objects.filter(claim=claim).values_list("action", flat=True))
    assert said == {"logged the claim", "added an appearance"}


def test_every_wrong_row_is_told_and_nothing_is_logged(checker: User) -> None:
    file = brought(BAD, checker)
    assert [(one["row"], one["column"]) for one in file.findings] == [(2, "made_on"), (4, "text")]
    with pytest.raises(Exception, match="Rows of this file are wrong"):
        services.log_claim_file(file, by=checker)
    assert not Claim.objects.exists()


def test_wrong_rows_are_left_out_when_a_person_says_so(checker: User) -> None:
    file = logged(brought(BAD, checker), checker, leave_out_wrong=True)
    assert (file.logged, file.wrong) == (1, 2)
    assert Claim.objects.get().text == "Dogs meow"


def test_a_second_import_of_the_same_file_logs_nothing_and_says_so(checker: User) -> None:
    logged(brought(GOOD, checker), checker)
    again = brought(GOOD, checker)
    assert (again.known, again.to_log) == (2, 0)
    with pytest.raises(Exception, match="nothing to log"):
        services.log_claim_file(again, by=checker)
    assert Claim.objects.count() == 2


def test_rows_without_an_id_are_known_by_what_they_say(checker: User) -> None:
    text = "text,language\nCats bark,en\n"
    logged(brought(text, checker), checker)
    file = logged(brought(text + "Dogs meow,en\n", checker), checker)
    assert (file.known, file.logged) == (1, 1)


def test_the_same_row_twice_in_a_file_is_wrong(checker: User) -> None:
    file = brought("text,language\nCats bark,en\nCats bark,en\n", checker)
    assert file.findings[0]["message"] == "This row says the same as row 2: leave one out."


def test_a_claimant_nobody_knows_is_refused_unless_ticked(checker: User) -> None:
    text = "text,language,claimant,topics\nCats bark,en,Nobody Known,Cats\nDogs meow,en,Nobody Known,cats\n"
    refused = brought(text, checker)
    assert {one["column"] for one in refused.findings} == {"claimant", "topics"}
    logged(brought(text, checker, make_missing=True), checker)
    assert Claimant.objects.get().claims.count() == 2
    assert Topic.objects.get().claims.count() == 2


def test_a_name_that_two_claimants_share_asks_for_the_id(checker: User) -> None:
    one = make_claimant("Same Name")
    make_claimant("Same Name")
    text = "text,language,claimant\nCats bark,en,{}\n"
    assert "write the id" in brought(text.format("Same Name"), checker).findings[0]["message"]
    logged(brought(text.format(one.public_id), checker), checker)
    assert Claim.objects.get().claimant == one


def test_a_row_that_a_service_refuses_undoes_the_whole_file(checker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    real = log_claims

    def refuse(entries: Sequence[NewClaim], *, by: User) -> list[Claim]:
        if any(one.fields["text"] == "Dogs meow" for one in entries):
            raise NotAllowed("Not today.")
        return real(entries, by=by)

    file = brought(GOOD, checker)
    monkeypatch.setattr(filing, "log_claims", refuse)
    logged(file, checker)
    assert not Claim.objects.exists() and not FiledClaim.objects.exists()
    file.refresh_from_db()
    assert (file.state, file.findings) == (
        ClaimFileState.CHECKED,
        [{"row": 3, "column": "", "message": "Not today."}],
    )


def test_a_file_that_breaks_us_stops_no_other(checker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = services.bring_claim_file(b"text,language\nboom,en\n", name="a.csv", by=checker)
    good = services.bring_claim_file(GOOD.encode(), name="b.csv", by=checker)
    real = read_row

    def read(number: int, cells: dict[str, str]) -> Any:
        assert cells["text"] != "boom"
        return real(number, cells)

    monkeypatch.setattr(working, "read_row", read)
    services.work_on_claim_files()
    states = dict(ClaimFile.objects.values_list("pk", "state"))
    assert states == {broken.pk: ClaimFileState.GIVEN_UP, good.pk: ClaimFileState.CHECKED}
    broken.refresh_from_db()
    assert bytes(broken.content) == b""


def test_a_file_nobody_decides_about_is_let_go_with_its_content(checker: User) -> None:
    file = brought(GOOD, checker)
    assert services.forget_claim_files(at=file.brought_at + timedelta(days=29)) == 0
    assert services.forget_claim_files(at=file.brought_at + timedelta(days=31)) == 1
    file.refresh_from_db()
    assert (file.state, bytes(file.content)) == (ClaimFileState.GIVEN_UP, b"")
    assert "30 days" in file.findings[0]["message"]


def test_an_observer_brings_nothing(outsider: User) -> None:
    with pytest.raises(NotAllowed):
        services.bring_claim_file(GOOD.encode(), name="claims.csv", by=outsider)
    assert Desk(outsider).client.get(NEW).status_code == 403


def test_who_brought_a_file_decides_about_it(checker: User, editor: User) -> None:
    file = brought(GOOD, checker)
    with pytest.raises(NotAllowed):
        services.log_claim_file(file, by=editor)
    assert 'name="log"' not in Desk(editor).get(f"/admin/claims/claimfile/{file.pk}/change/")


def test_a_file_that_was_given_up_logs_nothing(checker: User) -> None:
    file = services.give_up_claim_file(brought(GOOD, checker), by=checker)
    assert bytes(file.content) == b""
    with pytest.raises(Exception, match="not waiting for a decision"):
        services.log_claim_file(file, by=checker)


# At the desk.


def sent(desk: Desk, content: bytes, **fields: Any) -> Any:
    return desk.client.post(NEW, {"file": SimpleUploadedFile("claims.csv", content)} | fields, follow=True)


def test_the_whole_way_at_the_desk(checker: User) -> None:
    desk = Desk(checker)
    page = html(sent(desk, GOOD.encode()))
    assert "2 rows looked through; nothing is logged yet." in page and "Log 2 claims" in page
    file = ClaimFile.objects.get()
    done = html(desk.client.post(f"/admin/claims/claimfile/{file.pk}/change/", {"log": ""}, follow=True))
    assert "2 claims logged." in done
    listed = desk.get(f"/admin/claims/claim/?file={file.pk}")
    assert "Cats bark" in listed and "Dogs meow" in listed


def test_a_double_press_logs_once(checker: User) -> None:
    desk = Desk(checker)
    sent(desk, GOOD.encode())
    path = f"/admin/claims/claimfile/{ClaimFile.objects.get().pk}/change/"
    desk.client.post(path, {"log": ""})
    assert "not waiting for a decision" in html(desk.client.post(path, {"log": ""}, follow=True))
    assert Claim.objects.count() == 2


def test_the_page_says_which_row_and_column_is_wrong(checker: User) -> None:
    page = html(sent(Desk(checker), BAD.encode()))
    assert "<code>made_on</code>" in page and "2019-06-09 or 09.06.2019" in page
    assert "Log 1 claim, without the wrong rows" in page


def test_an_unreadable_file_says_what_to_do(checker: User) -> None:
    page = html(sent(Desk(checker), b"PK\x03\x04 a workbook"))
    assert "CSV UTF-8" in page and "Nothing of this file was logged." in page


def test_the_form_without_a_file_is_shown_again(checker: User) -> None:
    assert "This field is required." in html(Desk(checker).client.post(NEW, {}))


def test_a_long_file_waits_for_the_worker_and_shows_how_far_it_is(checker: User) -> None:
    text = "text,language\n" + "".join(f"Claim number {number} of very many,en\n" for number in range(2000))
    desk = Desk(checker)
    assert "Waiting for its turn" in html(sent(desk, text.encode()))
    services.work_on_claim_files()
    assert "2000 rows looked through" in desk.get(f"/admin/claims/claimfile/{ClaimFile.objects.get().pk}/change/")


def test_the_template_can_be_downloaded(checker: User) -> None:
    answer = Desk(checker).client.get("/admin/claims/claimfile/template.csv")
    assert answer.content.decode() == template()


def test_the_page_explains_every_column(checker: User) -> None:
    page = Desk(checker).get(NEW)
    assert "<code>external_id</code>" in page and "A row that was imported is not again." in page


def test_what_was_exported_comes_in_as_it_was(checker: User, editor: User) -> None:
    claim = make_claim(checker, '=Cats say "bark"; and, more', location="Almaty", claimant=make_claimant("A B"))
    response: Any = Desk(checker).client.get("/admin/claims/claim/export.csv")
    exported = b"".join(response.streaming_content)
    file = services.bring_claim_file(exported, name="claims.csv", by=editor)
    services.work_on_claim_file(file.pk)
    file.refresh_from_db()
    logged(file, editor)
    copy = Claim.objects.exclude(pk=claim.pk).get()
    assert (copy.text, copy.location, copy.claimant) == (claim.text, claim.location, claim.claimant)
