"""Every environment setting, once: name, type, default, what is allowed. docs/settings.md lists the same names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from claimtrack.parsers import (
    ROOT,
    allowed_hosts,
    ascii_host,
    at_least,
    clock,
    database_url,
    directory,
    duration,
    durations,
    email_url,
    exemptions,
    flag,
    key,
    line,
    networks,
    number,
    one_of,
    optional_web_address,
    ports_among,
    redis_url,
    sentry_dsn,
    site_address,
    time_zone,
)

__all__ = ["ROOT", "SETTINGS", "BadSetting", "Setting", "Values", "read"]

Values = dict[str, Any]


class BadSetting(Exception):
    """A setting that cannot be used; the text names it, its value, and what is allowed."""


@dataclass(frozen=True)
class Setting:
    """One environment variable. `default` is text as a person would write it, or worked out from earlier ones."""

    name: str
    parse: Callable[[str], Any]
    default: str | Callable[[Values], str]
    help: str
    allowed: str
    default_text: str = ""
    secret: bool = False

    @property
    def shown_default(self) -> str:
        return self.default_text or (self.default if isinstance(self.default, str) else "")


def _site_url(values: Values) -> str:
    host = values["HOST"]
    if host in ("0.0.0.0", "::"):  # "every address" is no address a reader could follow
        host = "127.0.0.1"
    return f"http://[{host}]:{values['PORT']}" if ":" in host else f"http://{host}:{values['PORT']}"


def _allowed_hosts(values: Values) -> str:
    host = urlsplit(values["SITE_URL"]).hostname or ""
    return ",".join([f"[{host}]" if ":" in host else host, "localhost", "127.0.0.1", "[::1]"])


def _demo_port(values: Values) -> str:
    port = values["PORT"]
    return str(port + 1 if port < 65535 else port - 1)


_FLAG = "1 or 0"
_DURATION = "a number with s, m, h or d behind it, such as 600s, 15m, 3h, 7d (no letter: seconds), at most 3650d"
_PORT = "a port, 1 to 65535"
_RATE = "a whole number, 0 to 1000000000"

# fmt: off
SETTINGS: tuple[Setting, ...] = (
    # Where it listens and keeps things.
    Setting("PORT", number(1, 65535), "8000", "Port the web server listens on.", _PORT),
    Setting("HOST", ascii_host, "127.0.0.1", "Address the web server listens on.", "a host name or IP address"),
    Setting("CLAIMTRACK_DATA_DIR", directory, "./var", "Databases, snapshots and secrets.", "a directory"),
    Setting("DATABASE_URL", database_url, "", "A real PostgreSQL instead of the embedded one.",
            "postgres://user:password@host:port/name", "embedded PostgreSQL", secret=True),
    Setting("REDIS_URL", redis_url, "", "A real Redis instead of the embedded one.",
            "redis://host:port/number, rediss://… or unix:///path?db=number", "embedded Redis", secret=True),
    Setting("SECRET_KEY", key, "", "Signs sessions and forms. Required when DATABASE_URL is set.",
            "at least 32 characters, kept secret", "made once, kept in the data directory", secret=True),
    # How the world reaches it.
    Setting("SITE_URL", site_address, _site_url,
            "Absolute base of every published URL; its scheme decides cookie security.",
            "http://host[:port] or https://host[:port], without a path", "http://HOST:PORT"),
    Setting("ALLOWED_HOSTS", allowed_hosts, _allowed_hosts, "Host names that requests may carry.",
            "a comma list of host names without scheme and port; .example.org: all below it, *: any",
            "SITE_URL's host and loopback"),
    Setting("TRUSTED_PROXIES", networks, "", "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
            "a comma list of IP addresses or networks such as 10.0.0.0/8", "none"),
    Setting("DEBUG", flag, "0", "Django's debug pages. Never in public.", _FLAG),
    Setting("TIME_ZONE", time_zone, "UTC", "Time zone of pages and of the desk; the API always speaks UTC.",
            "a name of the IANA time zone list, such as Asia/Almaty"),
    Setting("EMAIL_URL", email_url, "console:", "How mail leaves; `console:` prints it.",
            "smtp+tls://user:password@host (STARTTLS), smtp+ssl:// or smtps:// (TLS from the start), "
            "smtp://host (in clear text: a password only to this machine), console:, file:///path or dummy:; "
            "?_default_from_email=… behind it", secret=True),
    Setting("SENTRY_DSN", sentry_dsn, "", "Where errors are reported; needs the package sentry-sdk.",
            "the DSN that Sentry shows, https://key@host/project", "none", secret=True),
    # Who publishes.
    Setting("SITE_NAME", line, "Claimtrack", "Name of the site in titles, feeds and markup.", "one line of text"),
    Setting("PUBLISHER_NAME", line, lambda values: values["SITE_NAME"], "Organisation that answers for the verdicts.",
            "one line of text", "SITE_NAME"),
    Setting("PUBLISHER_URL", optional_web_address, lambda values: values["SITE_URL"], "The organisation's own site.",
            "an http(s) address", "SITE_URL"),
    Setting("PUBLISHER_LOGO", optional_web_address, "", "The organisation's logo.", "an http(s) address", "none"),
    Setting("FEED_LICENSE", optional_web_address, "https://creativecommons.org/licenses/by/4.0/",
            "Licence under which feeds and API are offered.", "the licence's http(s) address, or empty"),
    # The demo.
    Setting("CLAIMTRACK_DEMO", flag, "1", "Load the demo; only ever acts on an empty embedded database.", _FLAG),
    Setting("CLAIMTRACK_DEMO_PORT", number(1, 65535), _demo_port, "Port of the demo newsroom.", _PORT, "PORT + 1"),
    # Fetching other people's pages.
    Setting("CLAIMTRACK_FETCH_ALLOW", exemptions, "", "Exempt from the address and port rules of fetching.",
            "a comma list of host:port or CIDR:port", "none"),
    # The two that web servers commonly use beside the standard ones; more would let a stranger's address knock
    # on other kinds of services.
    Setting("CLAIMTRACK_FETCH_PORTS", ports_among(8080, 8443), "", "Ports that may be visited beside 80 and 443.",
            "8080, 8443 or both, with a comma between them", "none"),
    Setting("CLAIMTRACK_USER_AGENT", line, "claimtrack/0.1", "How we introduce ourselves to the sites we fetch.",
            "one line of text"),
    Setting("CLAIMTRACK_CONTACT", line, lambda values: values["SITE_URL"] + "/about/",
            "Where a site's owner can reach us; part of the user agent.", "an address or an e-mail", "SITE_URL/about/"),
    Setting("CLAIMTRACK_RECHECK_INTERVALS", durations, "15m,1h,3h,1d,3d,7d",
            "Time between visits: one step further after each visit without a change, the last one for ever.",
            "a comma list; each " + _DURATION),
    Setting("CLAIMTRACK_RECHECK_FAILURES", number(1, 20), "3", "Counted failures before a source is called dead.",
            "1 to 20"),
    Setting("CLAIMTRACK_RECHECK_SPACING", duration, "3d", "Least time between two failures that count.", _DURATION),
    Setting("CLAIMTRACK_RECHECK_HOST_DELAY", duration, "1s", "Least time between two requests to one host.", _DURATION),
    Setting("CLAIMTRACK_RECHECK_CONFIRM_DELAY", duration, "600s",
            "A change counts only when a second visit, this much later, sees it too.", _DURATION),
    Setting("CLAIMTRACK_RECHECK_DEMO_CONFIRM_DELAY", duration, "5s", "The same for pages of the demo newsroom.",
            _DURATION),
    Setting("CLAIMTRACK_KEEP_CHECKS", at_least(timedelta(days=1)), "90d",
            "How long every single visit is kept; uneventful older ones are summed up by month.",
            _DURATION + " and at least 1d"),
    Setting("CLAIMTRACK_KEEP_DELIVERIES", at_least(timedelta(days=7)), "90d",
            "How long webhooks that were delivered stay in the delivery log.", _DURATION + " and at least 7d"),
    Setting("CLAIMTRACK_KEEP_CONTACTS", at_least(timedelta(days=1)), "90d",
            "How long it is kept who told the newsroom of a claim, and how to reach them.",
            _DURATION + " and at least 1d"),
    Setting("CLAIMTRACK_DIGEST_AT", clock, "07:30",
            "When the daily mail to the people of the desk leaves, in TIME_ZONE.", "hours and minutes, 00:00 to 23:59"),
    # Editorial rules.
    Setting("CLAIMTRACK_AUTO_OPEN_REVIEW", flag, "1",
            "Open a public review when a passage that a verdict rests on changes; 0 tells the desk only.", _FLAG),
    Setting("CLAIMTRACK_REQUIRE_SECOND_REVIEWER", flag, "1", "A verdict needs a second person.", _FLAG),
    Setting("CLAIMTRACK_PUBLIC_SNAPSHOTS", one_of("excerpt", "text", "full"), "excerpt",
            "How much of a captured page readers see without a login.", "excerpt, text or full"),
    # Signing in at the desk.
    Setting("CLAIMTRACK_REQUIRE_SECOND_FACTOR", flag, "0",
            "Everybody needs a second factor to sign in; who has none is led to set it up and can do nothing else.",
            _FLAG),
    Setting("CLAIMTRACK_SESSION_IDLE", at_least(timedelta(minutes=5)), "12h",
            "Without a click for so long, one is signed out.", _DURATION + " and at least 5m"),
    Setting("CLAIMTRACK_SESSION_AT_MOST", at_least(timedelta(minutes=5)), "14d",
            "After so long one signs in again in any case.", _DURATION + " and at least 5m"),
    Setting("CLAIMTRACK_KEEP_SIGN_INS", at_least(timedelta(days=1)), "30d",
            "How long it is kept who tried to sign in, when, and from which address.",
            _DURATION + " and at least 1d"),
    # How much machines may ask.
    Setting("CLAIMTRACK_RATE_ANONYMOUS", number(0, 1_000_000_000), "6000",
            "Requests a minute that one address may make to the API and the feeds without a key; 0: no limit.", _RATE),
    Setting("CLAIMTRACK_RATE_KEY", number(0, 1_000_000_000), "60000",
            "Requests a minute that one API key may make; 0: no limit. A key may have its own.", _RATE),
    Setting("CLAIMTRACK_RATE_FORMS", number(0, 1_000_000_000), "10",
            "Reports and suggestions an hour that one network may send with the public forms; 0: no limit.", _RATE),
    # Size of the processes.
    Setting("CLAIMTRACK_WEB_WORKERS", number(1, 64), "1", "Web server processes.", "1 to 64"),
    Setting("CLAIMTRACK_WEB_THREADS", number(1, 64), "8",
            "Requests that one web process answers at a time; each keeps a database connection.", "1 to 64"),
    Setting("CLAIMTRACK_WORKER_PROCESSES", number(1, 64), "2", "Tasks that one worker runs at a time.", "1 to 64"),
)
# fmt: on


def read(environ: Mapping[str, str]) -> Values:
    """All settings by name.

    Raises BadSetting naming every bad one. An empty variable counts as absent, as compose files leave them.
    """
    values: Values = {}
    problems: list[str] = []
    for setting in SETTINGS:
        given = environ.get(setting.name, "")
        try:
            values[setting.name] = setting.parse(given or _default(setting, values))
        except KeyError:
            continue  # follows from one that is named already
        except ValueError:
            problems.append(_problem(setting, given))
    if values.get("SENTRY_DSN") and find_spec("sentry_sdk") is None:
        problems.append("SENTRY_DSN is set, and the package it needs is missing: pip install sentry-sdk, or unset it.")
    if not problems and values["DATABASE_URL"] and not values["SECRET_KEY"]:
        problems.append("SECRET_KEY is missing: it is required when DATABASE_URL is set (at least 32 characters).")
    if problems:
        raise BadSetting("\n".join(problems))
    return values


def _default(setting: Setting, values: Values) -> str:
    return setting.default if isinstance(setting.default, str) else setting.default(values)


def _problem(setting: Setting, given: str) -> str:
    # A secret is not repeated on a screen or in a log; its scheme says enough to find the mistake.
    value = f"{given.split(':')[0][:12]}… ({len(given)} characters)" if setting.secret else repr(given)
    return f"{setting.name} = {value} cannot be used; allowed: {setting.allowed}."
