"""Our verdicts and other fact-checkers' reviews, asked for as Google's Fact Check Tools API v1alpha1 is asked.

What is asked (parameters, tokens, masks) and answered (shapes, errors) is pure; finding.py alone reads the database.
Described for people in docs/google.md.
"""
