"""Who acts, and what they may: Actor, permissions, roles, scopes, actions."""
