"""Exact questions over the tables of documents, in SQL, away from the database that holds them.

Nothing is imported here: the process that answers a statement starts anew for each, and is to wait for DuckDB alone.
"""
