"""Which unit handles what: routes by class, area and hours, their history, and trying a change before it is made."""
