"""Log a claim in under a minute: paste an address or a text, pick a passage, save. Start at view.py."""
