"""Captures as people may look at them: words and their order, and nothing that acts, loads or leads anywhere.

`page.shown()` makes the page, `answer.inert_response()` sends it. Nothing is imported here: the child knows no Django.
"""
