"""Grievances and suggestions as kinds of case."""
