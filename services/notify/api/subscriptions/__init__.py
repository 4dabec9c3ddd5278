"""Webhooks as their owners see them: what they subscribe to, how it goes, and what is to be sent again."""
