"""Pure functions from facts to what the public sees. No database, no clock, no settings."""
