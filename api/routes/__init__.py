"""The HTTP operations, one module a noun; they parse, call and show, nothing else."""
