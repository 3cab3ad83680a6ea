"""OGC API – Features Part 1 (17-069r4) and vector tiles over the town's places."""
