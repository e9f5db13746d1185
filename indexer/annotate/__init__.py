"""Understanding a text: tags, money, dates, requirements and what is missing."""
