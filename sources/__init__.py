"""What a URL is and what happened to it: visits, captures, changes. Knows nothing of claims."""
