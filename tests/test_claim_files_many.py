"""A file of claims is logged by few statements, and leaves what the form would have left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from claims import services
from claims.importing.claim_rows import read_row
from claims.models import Claim, Claimant, User
from claims.services.claim_files import working
from tests.make import make_claimant
from tests.test_claim_files import brought, logged

pytestmark = pytest.mark.django_db


def test_rows_share_their_statements(checker: User, django_assert_max_num_queries: Any) -> None:
    make_claimant("Mukhtar Example")
    head = "text,language,claimant,topics,appearance_url,external_id\n"
    rows = "".join(
        f"Claim number {n},en,Mukhtar Example,Cats,https://a.example/{n} https://b.example/{n},{n}\n"
        for n in range(200)
    )
    file = brought(head + rows, checker, make_missing=True)
    services.log_claim_file(file, by=checker)
    with django_assert_max_num_queries(60):
        services.work_on_claim_file(file.pk)
    assert Claim.objects.count() == 200 and Claim.objects.filter(appearances__source__isnull=False).count() == 400


def test_a_row_that_only_the_database_refuses_is_named(checker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    file = brought("text,language,claimant,quantity_low\nCats bark,en,A B,1\nDogs meow,en,C D,2\n", checker,
                   make_missing=True)  # fmt: skip
    services.log_claim_file(file, by=checker)
    real = read_row

    def read(number: int, cells: dict[str, str]) -> Any:
        row = real(number, cells)
        row.fields["quantity_high"] = Decimal("1")
        return row

    monkeypatch.setattr(working, "read_row", read)
    services.work_on_claim_file(file.pk)
    file.refresh_from_db()
    assert [one["row"] for one in file.findings] == [3]
    assert not Claim.objects.exists() and not Claimant.objects.exists()


def test_what_a_file_logs_is_on_record_as_from_the_form(checker: User) -> None:
    text = "text,language,claimant,topics,appearance_url,platform\nCats bark,en,A B,Cats,https://a.example/1,web\n"
    logged(brought(text, checker, make_missing=True), checker)
    filed = Claim.objects.get()
    other = services.log_claim(
        "Cats bark", by=checker, language="en", claimant=filed.claimant, topics=filed.topics.all()
    )
    services.add_appearance(other, url="https://a.example/1", by=checker, platform="web")

    def told(claim: Claim) -> list[tuple[str, str, Any]]:
        return list(claim.activities.order_by("pk").values_list("action", "detail", "changes"))

    assert told(filed) == told(other) and len(told(filed)) == 2
    assert filed.words.search_text == other.words.search_text != ""
