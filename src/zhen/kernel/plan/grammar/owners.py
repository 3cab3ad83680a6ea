"""stub"""
def find_assignments(*a): return ()
def with_owners(t, a): return t
