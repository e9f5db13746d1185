"""The encoder in a process of its own, so that a fault in native code costs one request.

    client   the encoder as the service sees it; asks over a Unix socket
    owner    starts the process, replaces it when it dies, knows which text killed it
    child    the process: a bounded queue, lanes that encode, nothing else

All workers of a host share one such process: the weights and the vocabulary are there once.
May import the encoders beside it; only the wiring of the service imports it.
"""
