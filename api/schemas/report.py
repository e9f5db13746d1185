"""Shapes of the report on a match."""

from enum import StrEnum


class ReportFormat(StrEnum):
    """As what a report is wanted."""

    DOCX = "docx"
    HTML = "html"
