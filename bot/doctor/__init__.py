"""Whether this installation can serve people: every precondition, and how to mend it.

The checks are pure. They judge facts, which a `Probes` gathers.
"""
