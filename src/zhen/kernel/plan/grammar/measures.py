"""stub"""
def find_measures(*a): return ()
