"""How long what may take: time limits as dated rows that one person proposes and another approves."""
