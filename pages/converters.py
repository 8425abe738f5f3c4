"""Parts of addresses."""

from pages.links import PREFIXED


class Code:
    """One segment that may be looked up in PostgreSQL: anything but a slash or a NUL, which it cannot hold."""

    regex = r"[^/\x00]{1,200}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


class Language(Code):
    """An interface language that has a prefix."""

    regex = "|".join(PREFIXED)


class Number:
    """A whole number that times any size of ours still fits PostgreSQL's bigint."""

    regex = "0|[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
