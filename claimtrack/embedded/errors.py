"""What stops a start, and how it is told."""


class Failure(Exception):
    """One clear line for a person: what is wrong and how to mend it. Ends the command with status 1."""


class Stopped(Exception):
    """A person or the system asked us to stop (TERM or Ctrl-C)."""
