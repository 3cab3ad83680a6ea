"""How administrators look at the machine: the journal and its seals, its consumers, the jobs."""
