"""What the API says of itself: OpenAPI, examples, programs. Begin with operations.py, the table of addresses."""
