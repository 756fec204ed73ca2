"""Exact questions over the tables of documents, in SQL, away from the database that holds them."""

from core.knowledge.tables.questions import TableAnswer, TableInfo, TableQuestions

__all__ = ["TableAnswer", "TableInfo", "TableQuestions"]
