"""What survives when things break: the real server process, killed, starved, or lied to.

`python -m tests.faults.crash` kills it again and again; the tests beside it name single faults.
"""
