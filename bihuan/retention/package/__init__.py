"""Packages for the county archive: BagIt folders (RFC 8493) that open without this program."""
