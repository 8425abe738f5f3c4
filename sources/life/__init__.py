"""One source's life as pages show it: its visits drawn, its versions compared, what may come of it. Reads only."""
