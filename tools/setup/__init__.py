"""Makes `.venv` in the checkout and installs the locked requirements and the project into it.

Started by `tools/setup.sh`, which finds the Python; standard library only.
"""
