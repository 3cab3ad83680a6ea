"""Typhoon and flood (防台防汛): warnings, duty, the checks that a warning opens, supplies, shelters, the report."""
