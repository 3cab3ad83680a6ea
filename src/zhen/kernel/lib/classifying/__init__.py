"""A classifier for short Chinese texts: small, explained, and in a file that cannot run code.

`pieces` cuts a text, `training` learns from texts with categories (the only place that imports scikit-learn),
`model` reads a text and says how sure it is and why, `measure` says how good it is.
"""
