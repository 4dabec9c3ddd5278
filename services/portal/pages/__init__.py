"""The pages: server-rendered, escaped, usable without scripts; one small script keeps the live page alive."""
