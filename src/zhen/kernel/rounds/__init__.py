"""Rounds: a checklist × a set of subjects × a schedule → visits → findings."""
