"""The server around the application: connections with limits, draining, several workers.

    limits       what a connection may take
    connections  all connections of a process: who is let in, who has waited too long
    protocol     one connection of HTTP/1.1
    server       accepts, and drains before it ends
    channel      what a worker and its supervisor say to each other
    worker       the place of a process under a supervisor
    supervisor   starts workers, replaces them one by one, puts new ones where one died

May import nothing of the application; the command line puts both together.
"""
