"""Blocks of code on the pages: read from their sources, run, and put in their places.

`conversion` is what the generators call; `runner` runs pages, each in a process of its own
(`child`), and keeps their output until something changes that it depends on (`dependencies`).
"""
