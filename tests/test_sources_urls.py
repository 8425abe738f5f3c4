"""Which addresses are one page, and which are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.models import Source
from sources.services import register_source
from sources.urls import UnusableURL, host_of, is_root, normalise_url, resolve_redirect


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("HTTPS://example.org:443/a", "https://example.org/a"),
        ("http://example.org:80/", "http://example.org/"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("  https://example.org/a#part  ", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&id=7&fbclid=y&gclid=z&UTM_Medium=m", "https://example.org/a?id=7"),
        ("https://example.org/a?utm_source=x", "https://example.org/a"),
        ("https://example.org/a?b=2&a=1", "https://example.org/a?b=2&a=1"),
        ("https://example.org/a?utmost=1", "https://example.org/a?utmost=1"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://қазақстан.kz/жаңалық", "https://xn--80aa2cka6c7d1a.kz/%D0%B6%D0%B0%D2%A3%D0%B0%D0%BB%D1%8B%D2%9B"),
        ("https://example.org/%d0%b6", "https://example.org/%D0%B6"),
        ("https://example.org/a/../b/./c", "https://example.org/b/c"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("http://[2001:DB8::0:1]/", "http://[2001:db8::1]/"),
        ("http://①②⑦.⓪.⓪.①/", "http://127.0.0.1/"),
        ("https://a_b.example.org/", "https://a_b.example.org/"),
    ],
)
def test_spellings_of_one_page_become_one_address(url: str, canonical: str) -> None:
    if "қазақстан" in url:
        assert normalise_url(url).startswith("https://xn--")
        assert normalise_url(url).endswith(canonical.rpartition("/")[2])
    else:
        assert normalise_url(url) == canonical


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("", "beginning with https://"),
        ("example.org/page", "beginning with https://"),
        ("ftp://example.org/", "beginning with https://"),
        ("javascript:alert(1)", "beginning with https://"),
        ("https:/example.org/", "beginning with https://"),
        ("https://user:secret@example.org/", "Leave that part out"),
        ("https://example.org\\@evil.example/", "forward slashes"),
        ("https://example.org/a b", "Copy it again"),
        ("https://example.org/a\r\nHost: x", "Copy it again"),
        ("https://exam\u200bple.org/", "Copy it again"),
        ("https:///path", "no host"),
        ("https://example.org:0/", "Port 0"),
        ("https://example.org:99999/", "Copy it again"),
        ("https://127.1/", "four numbers"),
        ("https://2130706433/", "four numbers"),
        ("https://0x7f.1/", "four numbers"),
        ("https://0177.0.0.1/", "four numbers"),
        ("https://[::1/", "Copy it again"),
        ("https://exa mple.org/", "Copy it again"),
        ("https://-bad-.example/", "Check its spelling"),
        ("https://example.org/" + "a" * 3000, "longer than"),
    ],
)
def test_an_unusable_address_is_refused_with_advice(url: str, advice: str) -> None:
    with pytest.raises(UnusableURL, match=advice):
        normalise_url(url)


@given(st.text(max_size=60))
def test_normalising_never_fails_otherwise_and_twice_is_as_once(text: str) -> None:
    for url in (text, f"https://example.org/{text}", f"https://{text}/"):
        try:
            once = normalise_url(url)
        except UnusableURL:
            continue
        assert normalise_url(once) == once
        assert once.isascii()


def test_a_relative_redirect_is_resolved_against_its_page() -> None:
    assert resolve_redirect("https://example.org/a/b", "../c?utm_source=x#y") == "https://example.org/c?utm_source=x"


@pytest.mark.parametrize("location", ["/a\r\nSet-Cookie: x", "http:\\\\evil", "http://a@b/", "mailto:x@y"])
def test_a_redirect_to_no_web_address_is_refused(location: str) -> None:
    with pytest.raises(UnusableURL):
        resolve_redirect("https://example.org/", location)


def test_parts_of_an_address() -> None:
    assert host_of("http://[::1]:80/") == "::1"
    assert is_root("https://example.org/") and not is_root("https://example.org/?p=1")


@pytest.mark.django_db
def test_one_page_cited_twice_is_one_source() -> None:
    first = register_source("https://Example.org/page?utm_source=mail")
    again = register_source("https://example.org/page#quote", title="A title", publisher="A publisher")
    assert first == again
    again.refresh_from_db()
    assert (again.title, again.publisher, again.host) == ("A title", "A publisher", "example.org")
    assert Source.objects.count() == 1


@pytest.mark.django_db
def test_a_known_title_is_not_overwritten() -> None:
    register_source("https://example.org/page", title="Ours")
    assert register_source("https://example.org/page", title="Theirs").title == "Ours"


@pytest.mark.django_db
def test_a_new_source_is_due_at_once() -> None:
    source = register_source("https://example.org/page")
    assert source in Source.objects.due(source.next_check_at)
    assert source.is_due(source.next_check_at)
