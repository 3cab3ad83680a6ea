"""What of devices no page can declare: a secret that is shown once, and a label to print."""
