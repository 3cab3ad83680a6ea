"""Reading plans, always through `restrict`. One subject a module; `api` exports what others may use."""
