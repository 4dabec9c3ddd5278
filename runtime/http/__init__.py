"""HTTP at the edge: the application, bodies, problems, requests that wait for their outcome."""
