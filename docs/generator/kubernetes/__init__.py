"""deploy/kubernetes/: what docker-compose.yml says, as manifests; settings and scripts are read there."""
