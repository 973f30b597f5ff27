"""What would have been under other limits: the sessions of a log, replayed.

The log gives the demand (sample.py), a configuration the limits (limits.py), advisor.capacity.replay what
becomes of both; outcome.py says it in numbers, each with its interval. It is a prediction, and said to be
one: the proof of a patch (advisor.plan) is about the configuration alone.
"""
