"""From a request's parameters to the bytes of an answer: what every view of the feed shares."""
