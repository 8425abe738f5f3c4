"""How all sources and their sites are doing, in figures. Reads only, and quickly however many there are."""

from .figures import LATELY, LONG_LAG, at_risk, figures, limits, sweep_lag

__all__ = ["LATELY", "LONG_LAG", "at_risk", "figures", "limits", "sweep_lag"]
