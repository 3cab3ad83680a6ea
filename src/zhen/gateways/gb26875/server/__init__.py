"""The monitoring centre's end of the line: TCP and UDP, limits, acknowledgements, orders to devices."""
