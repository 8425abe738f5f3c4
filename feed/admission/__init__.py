"""Who may ask, and how much: API keys and rate limits. Begin with gate.py."""
