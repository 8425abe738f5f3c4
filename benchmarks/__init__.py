"""Measurements: peers and limits in the same run, ratios rather than times. Run all of them with script/bench."""
