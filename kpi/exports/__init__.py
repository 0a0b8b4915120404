"""Tables of figures as files: the same rows as the page, with numbers instead of texts."""
