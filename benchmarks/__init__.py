"""Figures the design promises, as ratios of things measured side by side in one run."""
