"""Other people's formats, as pure functions: documents and plain values in, text out. No database, no request.

A verdict's document (claims/rendering/document.py) becomes an `Entry` (entries.py), which rss.py, atom.py and
json_feed.py write down; the dumps of the whole corpus (data_feed.py, verdict_lines.py, verdict_table.py) are written
row by row.
"""

# Moves when any of these formats changes; part of every ETag of /feeds/.
FORMATS_VERSION = "1"
