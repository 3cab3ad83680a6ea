"""Facts and sample texts of the demo town."""
