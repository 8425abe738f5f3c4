"""What a text or an address lets one guess, for logging a claim from it. Pure; a person corrects every guess."""
