"""A real Postfix of one's own, under a load of one's own, where nothing of the host can be reached.

`scene` says what is played: a configuration, visits of clients, stand-ins for what a server asks.
`namespaces` starts it in namespaces of its own, `inside` plays it there; what comes back is what was seen.
"""
