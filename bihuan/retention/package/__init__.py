"""Packages for the county archive: BagIt folders (RFC 8493) that can be read without this
program.
"""
