"""The town's calendar: which days are worked, year by year, and what a change of it does to running clocks."""
