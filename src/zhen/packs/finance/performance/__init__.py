"""Performance (绩效): objectives of what is paid for, watched, assessed, reviewed, and heard in the next budget."""
