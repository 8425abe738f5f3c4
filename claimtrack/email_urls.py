"""How mail leaves, from one address to Django's settings. What the scheme promises holds: no password in clear text.

| scheme | the connection | default port |
|---|---|---|
| smtp+tls, submission | in clear text, then TLS before anything else is said (STARTTLS, RFC 6409) | 587 |
| smtp+ssl, smtps | TLS from the start (RFC 8314, 3.3) | 465 |
| smtp | in clear text | 25 |
"""

from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

BACKENDS = {
    "console": "console",
    "dummy": "dummy",
    "file": "filebased",
    "memory": "locmem",
    "smtp": "smtp",
    "smtp+tls": "smtp",
    "submission": "smtp",
    "smtp+ssl": "smtp",
    "smtps": "smtp",
}
STARTTLS, TLS = {"smtp+tls", "submission"}, {"smtp+ssl", "smtps"}
# The senders of mails to people and to administrators.
SENDERS = {"_default_from_email": "DEFAULT_FROM_EMAIL", "_server_email": "SERVER_EMAIL"}
# A mail server that says nothing must not keep a process.
TIMEOUT_SECONDS = 20


def email_settings(url: str, site_url: str) -> dict[str, Any]:
    """Django's EMAIL_* settings and senders. Without one in the address, the sender is at the site's host.

    Raises ValueError for what cannot be meant: an unknown scheme or option, half an account, or a password that would
    cross a network in clear text.
    """
    parts = urlsplit(url)
    if parts.scheme not in BACKENDS:
        raise ValueError
    settings: dict[str, Any] = {
        "EMAIL_BACKEND": f"django.core.mail.backends.{BACKENDS[parts.scheme]}.EmailBackend",
        **dict.fromkeys(SENDERS.values(), f"claimtrack@{_mail_domain(site_url)}"),
        **_senders(parts.query),
    }
    if parts.scheme == "file":
        if parts.netloc or not parts.path.strip("/"):
            raise ValueError
        settings["EMAIL_FILE_PATH"] = unquote(parts.path)
    if BACKENDS[parts.scheme] == "smtp":
        settings |= _server(url)
    return settings


def _server(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    starttls, tls = parts.scheme in STARTTLS, parts.scheme in TLS
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    host = parts.hostname or ("" if starttls or tls else "localhost")
    if not host or parts.path.strip("/") or parts.fragment or bool(user) != bool(password):
        raise ValueError
    if password and not (starttls or tls or _is_this_machine(host)):
        raise ValueError
    return {
        "EMAIL_HOST": host,
        "EMAIL_PORT": parts.port or (587 if starttls else 465 if tls else 25),
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_TLS": starttls,
        "EMAIL_USE_SSL": tls,
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }


def _senders(query: str) -> dict[str, str]:
    senders = dict(parse_qsl(query, keep_blank_values=True))
    for name, sender in senders.items():
        if name not in SENDERS or "@" not in sender or not sender.isprintable():
            raise ValueError
    return {SENDERS[name]: sender for name, sender in senders.items()}


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _mail_domain(site_url: str) -> str:
    """The part after the @; an IP address stands in brackets there (RFC 5321, 4.1.3)."""
    host = urlsplit(site_url).hostname or "localhost"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"
