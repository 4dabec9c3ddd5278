"""Every fact of the ticket log folded into one ticket document. Pure; a state is what the holder of the baton said.

``message.given`` holds the clear words of a fact in the order of ``words.sealed_in``, "" for what is erased.
"""
