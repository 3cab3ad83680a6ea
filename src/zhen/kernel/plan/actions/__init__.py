"""Everything that writes in the plan. One subject a module; `api` exports what others may call."""
