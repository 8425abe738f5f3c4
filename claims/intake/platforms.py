"""Which platform an address is on, and whose account. Pure; addresses as sources.urls validates them."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from sources.words import words

PLATFORMS = {
    "facebook": ("facebook.com", "fb.com", "fb.watch"),
    "instagram": ("instagram.com",),
    "telegram": ("t.me", "telegram.me", "telegram.org"),
    "x": ("twitter.com", "x.com"),
    "youtube": ("youtube.com", "youtu.be"),
    "tiktok": ("tiktok.com",),
    "vk": ("vk.com", "vk.ru"),
    "ok": ("ok.ru",),
    "threads": ("threads.net", "threads.com"),
    "bluesky": ("bsky.app",),
    "linkedin": ("linkedin.com",),
    "whatsapp": ("whatsapp.com", "wa.me"),
    "reddit": ("reddit.com",),
    "rutube": ("rutube.ru",),
}
# What the desk calls a platform may have another name.
OTHER_NAMES = {"x": ("twitter",), "telegram": ("tg",), "vk": ("vkontakte",)}
# First parts of a path that are no account.
NO_ACCOUNTS = words(
    "p reel reels stories explore tv watch shorts embed playlist results hashtag i intent share sharer sharer.php "
    "search home groups pages events photo photo.php permalink.php story.php profile.php video videos live feed s c "
    "joinchat post posts status wall topic discover tag tags login help about"
)
# Where the account is behind another part of the path.
BEHIND = {
    "telegram": {"s"},
    "bluesky": {"profile"},
    "linkedin": {"in", "company"},
    "reddit": {"user", "u"},
    "youtube": {"c", "user", "channel"},
    "instagram": {"stories"},
}
WEBSITE = "website"
# Of an address, how many beginnings are looked for among accounts' addresses.
MOST_PARTS = 4


class Account(NamedTuple):
    """`names`: what the desk may call the platform."""

    names: tuple[str, ...]
    handle: str


def platform_of(url: str) -> str:
    """facebook, telegram, …; "website" for every other host, "" without one."""
    host = _host(url)
    if not host:
        return ""
    return next((name for name, hosts in PLATFORMS.items() if _is_of(host, hosts)), WEBSITE)


def account_of(url: str) -> Account | None:
    """Whose account an address on a platform is of, where the address tells."""
    platform = platform_of(url)
    if platform in ("", WEBSITE):
        return None
    parts = [unquote(part) for part in urlsplit(url).path.split("/") if part]
    if parts and parts[0].lower() in BEHIND.get(platform, set()):
        parts = parts[1:]
    elif parts and parts[0].lower() in NO_ACCOUNTS:
        return None
    handle = parts[0].removeprefix("@") if parts else ""
    return Account((platform, *OTHER_NAMES.get(platform, ())), handle) if handle else None


def beginnings_of(url: str) -> list[str]:
    """The ways in which an account this address belongs to may have been written down, in lower case, longest first."""
    host = _host(url)
    if not host:
        return []
    bare = host.removeprefix("www.").removeprefix("m.")
    parts = [part for part in urlsplit(url).path.split("/") if part][:MOST_PARTS]
    paths = ["/".join(parts[:number]) for number in range(len(parts), -1, -1)]
    return [
        f"{scheme}://{prefix}{bare}{ending}".lower()
        for path in paths
        for ending in ([f"/{path}", f"/{path}/"] if path else ["", "/"])
        for prefix in ("", "www.", "m.")
        for scheme in ("https", "http")
    ]


def _host(url: str) -> str:
    try:
        return (urlsplit(url.strip()).hostname or "").lower()
    except ValueError:
        return ""


def _is_of(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in hosts)
