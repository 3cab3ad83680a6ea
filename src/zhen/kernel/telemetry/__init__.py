"""Readings: what devices in buildings measure, what follows from it, and how it is kept."""
