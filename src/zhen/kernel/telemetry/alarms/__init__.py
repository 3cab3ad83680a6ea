"""Alarms: what the rules' effects do in the database, who looks after them, and how they end."""
