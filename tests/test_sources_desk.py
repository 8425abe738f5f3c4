"""A source's page: its state in words, its life drawn, its versions side by side; and the list's filters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import User
from sources.choices import Availability
from sources.models import FormerUrl, Source, SourceCheck
from sources.services import pin, register_source
from tests.make import make_page_say
from tests.sources_support.helpers import DAY, START

pytestmark = pytest.mark.django_db
LIST = "admin:sources_source_changelist"


@pytest.fixture
def desk(client: Client, checker: User) -> Client:
    client.force_login(checker)
    return client


def source(number: int = 1, host: str = "news.example", **fields: Any) -> Source:
    made = register_source(f"https://{host}/{number}", at=timezone.now() + DAY)
    Source.objects.filter(pk=made.pk).update(**fields)
    made.refresh_from_db()
    return made


def read(desk: Client, name: str, *args: Any, **query: str) -> str:
    answer = desk.get(reverse(f"admin:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def page(desk: Client, of: Source) -> str:
    return read(desk, "sources_source_change", of.pk)


WORDS = {
    Availability.NEW: "Not visited yet",
    Availability.LIVE: "Reachable since",
    Availability.MOVED: "Our link follows it",
    Availability.SUSPECT: "Could not be reached since",
    Availability.DEAD: "Called dead since",
    Availability.BLOCKED: "turns our robot away",
    Availability.PAYWALLED: "Behind a login or a payment",
    Availability.EXCLUDED: "robots.txt asks us not to",
    Availability.DENIED: "Our own rules forbid",
}


@pytest.mark.parametrize("word", Availability.values)
def test_every_state_is_told_in_words(desk: Client, word: str) -> None:
    dead: dict[str, Any] = {"counted_failures": 3, "last_counted_failure_at": START} if word == "dead" else {}
    assert WORDS[Availability(word)] in page(desk, source(availability=word, **dead))


def test_a_failing_source_says_what_counts_and_when_it_could_be_dead(desk: Client) -> None:
    failing: dict[str, Any] = {
        "availability": Availability.SUSPECT,
        "counted_failures": 2,
        "last_counted_failure_at": START,
    }
    content = page(desk, source(**failing))
    assert "2 of 3 failures count" in content
    assert "called dead on 4 January 2026, 00:00 at the earliest" in content


def test_a_page_its_site_calls_gone_needs_one_failure_less(desk: Client) -> None:
    failing = source(availability=Availability.SUSPECT, counted_failures=2, last_counted_failure_at=START)
    SourceCheck.objects.create(source=failing, outcome="gone", counted=True)
    content = page(desk, failing)
    assert "2 of 2 failures count" in content and "The next failure makes it dead" in content


def test_a_settled_source_says_who_settled_it_and_why(desk: Client, checker: User) -> None:
    settled = pin(source(), by=checker, reason="Opens for <people>.", availability=Availability.LIVE)
    content = page(desk, settled)
    assert "checker settled this" in content and "Opens for &lt;people&gt;." in content


def test_former_addresses_and_waiting_changes_are_told(desk: Client) -> None:
    waiting = source(pending_since=START, pending_text_sha256="a" * 64, faults=2)
    FormerUrl.objects.create(source=waiting, canonical_url="https://old.example/1", replaced_at=START)
    content = page(desk, waiting)
    assert "https://old.example/1" in content and "until 1 January 2026" in content
    assert "One visit has seen another text" in content and "The last 2 visits failed by a fault of ours" in content


def test_visits_are_drawn_with_words_and_a_table(desk: Client) -> None:
    visited = source()
    for day in range(30):
        SourceCheck.objects.create(source=visited, at=START + day * DAY, outcome="not_found" if day == 9 else "ok")
    content = page(desk, visited)
    assert '<title id="strip-title">' in content and "page found: 29" in content and "failed: 1" in content
    assert "The same as a table" in content and "January 2026" in content


def test_a_source_s_page_is_as_quick_for_many_visits_and_versions(
    desk: Client, django_assert_max_num_queries: Any
) -> None:
    busy = source()
    checks = [SourceCheck(source=busy, at=START + n * timedelta(hours=3), outcome="ok") for n in range(2100)]
    SourceCheck.objects.bulk_create(checks)
    for number in range(30):
        make_page_say(busy, f"Version {number}.", at=START + number * DAY)
    with django_assert_max_num_queries(27):
        content = page(desk, busy)
    assert 0 < content.count('class="mark') < 300


def versions(*texts: str) -> Source:
    of = source()
    for number, text in enumerate(texts):
        make_page_say(of, text, at=START + number * DAY)
    return of


def test_two_versions_stand_side_by_side_word_by_word(desk: Client) -> None:
    content = read(desk, "sources_source_versions", versions("Some 40 people came.", "Some 400 people came.").pk)
    assert '<del class="weighty">40 </del>' in content and '<ins class="weighty">400 </ins>' in content


def test_any_two_versions_can_be_chosen_and_the_older_one_stands_first(desk: Client) -> None:
    of = versions("Alpha came.", "Beta came.", "Gamma came.")
    third, _, first = of.snapshots.newest_first()
    query = {"before": third.public_id, "after": first.public_id}
    content = read(desk, "sources_source_versions", of.pk, **query)
    assert "<del" in content and "Alpha" in content and "Gamma" in content and "Beta" not in content


def test_a_version_of_another_source_is_not_compared(desk: Client) -> None:
    of, other = versions("Alpha.", "Beta."), source(2)
    make_page_say(other, "Secret.")
    foreign = other.snapshots.get().public_id
    content = read(desk, "sources_source_versions", of.pk, before=foreign)
    assert "Choose two different versions" in content and "Secret" not in content


@pytest.mark.parametrize("before", ["nothing", "\0", ""])
def test_a_choice_that_cannot_be_is_answered(desk: Client, before: str) -> None:
    read(desk, "sources_source_versions", versions("Alpha.", "Beta.").pk, before=before)


def test_with_one_version_there_is_nothing_to_compare(desk: Client) -> None:
    of = versions("Alpha.")
    assert "nothing to compare yet" in read(desk, "sources_source_versions", of.pk)
    assert reverse("admin:sources_source_versions", args=[of.pk]) not in page(desk, of)


def test_hostile_words_of_a_page_are_escaped(desk: Client) -> None:
    content = read(desk, "sources_source_versions", versions("<b>1</b>", "<script>alert(1)</script>").pk)
    assert "<script>alert" not in content and "&lt;<ins>script</ins>&gt;" in content


def test_versions_are_for_the_desk_alone(client: Client) -> None:
    of = versions("Alpha.", "Beta.")
    assert client.get(reverse("admin:sources_source_versions", args=[of.pk])).status_code == 302


def test_a_source_that_is_not_there_has_no_versions(desk: Client) -> None:
    assert desk.get(reverse("admin:sources_source_versions", args=[10**6])).status_code == 404


def listed(desk: Client, **query: str) -> set[str]:
    content = read(desk, "sources_source_changelist", **query)
    return {one.canonical_url for one in Source.objects.all() if one.canonical_url in content}


def test_the_list_is_narrowed_to_what_needs_a_look(desk: Client) -> None:
    failing: dict[str, Any] = {
        "availability": Availability.SUSPECT,
        "counted_failures": 1,
        "last_counted_failure_at": START,
    }
    source(1, **failing)
    source(2, next_check_at=START)
    source(3, pending_since=START, pending_text_sha256="a" * 64)
    source(4, faults=3)
    assert listed(desk, look="at_risk") == {"https://news.example/1"}
    assert listed(desk, look="overdue") == {"https://news.example/2"}
    assert listed(desk, look="unconfirmed") == {"https://news.example/3"}
    assert listed(desk, look="faulty") == {"https://news.example/4"}


def test_one_site_s_sources_are_listed_below_how_the_site_is_doing(desk: Client) -> None:
    source(1, availability=Availability.LIVE)
    source(2, "other.example")
    assert listed(desk, host="news.example") == {"https://news.example/1"}
    content = read(desk, "sources_source_changelist", host="news.example")
    assert "1 source; 100 % can be reached" in content
    assert listed(desk, host="nobody.example") == set() and len(listed(desk, host="\0")) == 2


def test_the_list_makes_few_queries_however_many_sources(desk: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        source(number, f"site{number}.example")
    with django_assert_max_num_queries(20):
        read(desk, "sources_source_changelist")
