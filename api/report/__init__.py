"""The report on a match that is taken to a meeting: one content, as a Word file and as a page.

`making` gathers, `arranging` puts into blocks, `document` and `page` write the blocks. May import
everything of `api` below the routes.
"""
