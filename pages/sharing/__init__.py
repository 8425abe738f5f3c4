"""What other sites show of a verdict: its image, the card for their pages, and the words to quote it with."""
