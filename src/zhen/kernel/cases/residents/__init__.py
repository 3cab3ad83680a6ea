"""What those who report see and do: the story of their case in plain words, and their say in it."""
