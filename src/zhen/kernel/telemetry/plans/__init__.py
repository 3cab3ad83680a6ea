"""Floor plans with the devices on them."""
