"""Suggesting the class of a case from its words: the town's keyword rules, and what its own closed cases teach.

`suggesting` answers, `keeping` writes each suggestion beside the case, `training` learns from closed cases,
`measuring` compares what was suggested with what was chosen.
"""
