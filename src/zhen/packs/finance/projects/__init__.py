"""The project library (项目库): what departments ask for before there is a budget, and what the draft is drawn from."""
