"""What of rounds no declared page can be: files to take along."""
