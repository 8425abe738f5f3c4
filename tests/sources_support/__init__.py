"""A web server on loopback that misbehaves on request, and a listener that must never be reached."""
