"""Handing a person over to one advocate."""
