"""What may be edited when: nothing under a reader's eyes, nothing over a colleague's words."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from claims import services
from claims.errors import EditConflict, NotAllowed
from claims.models import User
from tests.make import make_claim, make_draft, make_offline_evidence, make_user, submitted


def test_a_draft_in_review_may_not_move_under_the_readers_eyes(checker: User, editor: User) -> None:
    draft = submitted(checker)
    with pytest.raises(NotAllowed, match="in review"):
        services.save_draft(draft.claim, by=checker, headline="Another")
    with pytest.raises(NotAllowed, match="in review"):
        make_offline_evidence(draft.claim, checker)
    services.send_back(draft, by=editor, because="Name the source.")
    assert services.save_draft(draft.claim, by=checker, headline="Another").headline == "Another"


def test_a_claim_s_words_may_not_move_under_the_readers_eyes(checker: User) -> None:
    draft = submitted(checker)
    with pytest.raises(NotAllowed, match="in review"):
        services.update_claim(draft.claim, by=checker, expected_revision=1, text="Something else")


def test_sending_back_says_what_should_change(checker: User, editor: User) -> None:
    with pytest.raises(ValidationError, match="Say what should change"):
        services.send_back(submitted(checker), by=editor, because=" ")


def test_a_draft_nobody_has_goes_back_to_whoever_handed_it_in(checker: User, editor: User) -> None:
    assert services.send_back(submitted(checker), by=editor, because="Mend it").assigned_to == checker


def test_a_draft_somebody_has_stays_theirs_when_it_is_sent_back(checker: User, editor: User) -> None:
    draft = submitted(checker)
    services.send_back(draft, by=editor, because="Mend it")
    services.assign(draft.claim, to=make_user("colleague"), by=checker)
    services.submit_for_review(draft, by=checker)
    assert str(services.send_back(draft, by=editor, because="Mend it").assigned_to) == "colleague"


def test_the_second_of_two_people_editing_a_claim_is_told_what_differs(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    services.update_claim(claim, by=editor, expected_revision=1, location="Almaty")
    with pytest.raises(EditConflict, match="editor saved this claim") as raised:
        services.update_claim(claim, by=checker, expected_revision=1, location="Astana")
    assert raised.value.changed == ["location"]
    claim.refresh_from_db()
    assert claim.location == "Almaty"


def test_the_second_of_two_people_editing_a_draft_is_told(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    draft = make_draft(claim, checker)
    services.save_draft(claim, by=editor, headline="Theirs", expected_revision=draft.revision)
    with pytest.raises(EditConflict) as raised:
        services.save_draft(claim, by=checker, headline="Mine", expected_revision=draft.revision)
    assert raised.value.changed == ["headline"]
