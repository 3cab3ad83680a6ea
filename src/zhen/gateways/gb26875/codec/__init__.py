"""The bytes of GB/T 26875.3-2011, and nothing else: no clock, no network, no database.

frame = decode(raw)                     # Frame; raises Unreadable
frame.raw == raw                        # always: nothing is lost, whatever was wrong with it
read(frame) -> Application | None       # the objects the frame carries
describe(frame) / from_description(…)   # as plain values for JSON, and back
Splitter().feed(chunk)                  # frames out of a stream of bytes
"""
