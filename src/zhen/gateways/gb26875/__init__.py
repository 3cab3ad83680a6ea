"""GB/T 26875.3-2011: user information transmission devices of fire alarm systems talk to the town's centre."""
