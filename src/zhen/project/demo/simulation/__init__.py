"""The demo town's devices at work: readings through the very path that real devices use, and a scripted day.

It needs no Django and little memory: what it must know stands in a file that is written when the demo is built.
"""
