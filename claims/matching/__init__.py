"""Has this been claimed before? What a text is matched by, and which claims are like it.

`terms.py` and `stemming.py` are pure: text in, numbers out. `finding.py` reads the index that services/matching.py
writes. Why it is built so, with figures: docs/decisions/0001-claim-matching.md.
"""
