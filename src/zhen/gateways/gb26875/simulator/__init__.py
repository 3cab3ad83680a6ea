"""Transmission devices with many detectors that do not exist: for the demo, tests and load."""
