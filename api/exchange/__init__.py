"""Files of rows, in and out: JSONL, CSV and XLSX.

Reading gives raw rows, mapping names their columns, conversion makes them the input of
`api.intake`; writing goes the other way. May import everything below `api`, and in `api`
the schemas and the intake.
"""
