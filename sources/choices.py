"""The words for what a visit found and for what a source is. Each says what it means to a fact-checker."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Availability(models.TextChoices):
    # Registered, not visited yet: we hold no capture and can say nothing about the page.
    NEW = "new", _("new")
    # The last visit brought the page: it can be read where we cite it.
    LIVE = "live", _("live")
    # The same text now lives at another address for good; our link follows it, the old address is kept.
    MOVED = "moved", _("moved")
    # Could not be reached lately. Not dead: most such pages come back. Readers see "could not be reached since".
    SUSPECT = "suspect", _("could not be reached")
    # Failed often enough over enough days (see sources.states) that readers should rely on our capture.
    DEAD = "dead", _("dead")
    # The site turns our robot away (403, challenge page). People can probably still open it: not dead.
    BLOCKED = "blocked", _("blocked for us")
    # The site asks for a login or a payment. The page exists; we cannot see whether it changed.
    PAYWALLED = "paywalled", _("behind a login")
    # The site's robots.txt asks us not to visit this page, so we do not.
    EXCLUDED = "excluded", _("excluded by robots.txt")
    # Our own rules forbid the address (a private network, a port): check that the URL is the public one.
    DENIED = "denied", _("refused by our rules")


class Outcome(models.TextChoices):
    # The page arrived.
    OK = "ok", _("page received")
    # The server says nothing changed since our last capture (304).
    NOT_MODIFIED = "not_modified", _("not modified")
    # The page arrived by way of a redirect that the site calls temporary: keep citing the old address.
    REDIRECT_TEMPORARY = "redirect_temporary", _("temporary redirect")
    # The page arrived by way of redirects that the site calls permanent.
    REDIRECT_PERMANENT = "redirect_permanent", _("permanent redirect")
    # A deep link now leads to the home page: the article is probably gone, though the server says 200.
    REDIRECT_TO_ROOT = "redirect_to_root", _("redirected to the home page")
    # The server says 200 but the page reads like "not found".
    SOFT404_SUSPECT = "soft404_suspect", _("looks like a missing page")
    # 404: the page is missing, by accident or for good.
    NOT_FOUND = "not_found", _("not found")
    # 410: the site says it removed the page on purpose.
    GONE = "gone", _("gone")
    # Another 4xx answer: the site refuses the request as malformed.
    CLIENT_ERROR = "client_error", _("request refused")
    # The domain does not exist: expired, mistyped or given up.
    DNS_NXDOMAIN = "dns_nxdomain", _("domain does not exist")
    # The name could not be looked up just now; says nothing about the page.
    DNS_TEMPORARY = "dns_temporary", _("name lookup failed for now")
    # The server is there but does not accept connections, or broke this one off.
    REFUSED = "refused", _("connection refused")
    # No answer to our connection attempt in time.
    CONNECT_TIMEOUT = "connect_timeout", _("connection timed out")
    # Connected, but the answer did not arrive in time.
    READ_TIMEOUT = "read_timeout", _("answer timed out")
    # The site reports a fault of its own (5xx).
    SERVER_ERROR = "server_error", _("server error")
    # The site's certificate is expired, wrong or untrusted.
    TLS_ERROR = "tls_error", _("certificate problem")
    # The redirects never end.
    REDIRECT_LOOP = "redirect_loop", _("redirect loop")
    # The answer is broken: cut off, undecodable, not HTTP.
    BAD_CONTENT = "bad_content", _("unreadable answer")
    # The page arrived and holds no text where there was some before, or should be.
    EMPTY_TEXT = "empty_text", _("no text on the page")
    # The page asks for a login or payment (401, 402, 407).
    AUTH_REQUIRED = "auth_required", _("login required")
    # The site turns robots away (403, 406, 451, a challenge page).
    BLOCKED = "blocked", _("blocked")
    # The host wants us to come later (429, or it cannot serve its robots.txt).
    RATE_LIMITED = "rate_limited", _("asked to come later")
    # robots.txt asks us not to visit the page; it was not fetched.
    ROBOTS_DISALLOWED = "robots_disallowed", _("disallowed by robots.txt")
    # Our own address or port rules forbid it; nothing was sent.
    POLICY_DENIED = "policy_denied", _("refused by our rules")
    # The page is larger than we keep; what fits was captured and marked as cut off.
    TOO_LARGE = "too_large", _("too large")
    # A fault on our side (full disk, a bug): says nothing about the page.
    INTERNAL_ERROR = "internal_error", _("our own fault")


class ChangeKind(models.TextChoices):
    # The first capture of the page: from now on quotes can be looked for in it.
    CAPTURED = "captured", _("first capture")
    # The page's text changed, and a second visit saw it changed too.
    CONTENT = "content", _("text changed")
    # The page's text went back to one of the last versions we hold, and a second visit saw that too.
    REVERTED = "reverted", _("text went back")
    # The source went from one availability to another.
    AVAILABILITY = "availability", _("availability changed")
    # The canonical URL changed; the old one still leads here.
    MOVED = "moved", _("moved")
