"""What a demand's side and a provider do with each other, from the first look to the project.

May import identity, schemas and everything below the API; HTTP stands in `api/routes`.
"""
