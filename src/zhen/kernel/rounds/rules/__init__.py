"""What of rounds is pure: answers, draws, routes, assignment, schedules."""
