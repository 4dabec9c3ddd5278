"""One made-up matter for every suite, a module per producer: one maker a message, ``assigned(unit=…)`` changes a field.

A street light in a township of the demonstration county. Its codes are those of the packaged data: a test holds them.
"""
