# All images for both architectures: docker buildx bake -f docker-bake.hcl --push
# One to try here: docker buildx bake -f docker-bake.hcl --load --set "*.platform=linux/amd64" agent-api

variable "ROOST_IMAGES" { default = "roost" }
variable "ROOST_VERSION" { default = "dev" }

group "default" {
  targets = ["agent-api", "rag-pipeline", "frontend", "caddy", "database"]
}

target "_all" {
  context   = "."
  platforms = ["linux/amd64", "linux/arm64"]
  args      = { ROOST_VERSION = ROOST_VERSION }
  attest    = ["type=provenance,mode=max", "type=sbom"]
}

target "agent-api" {
  inherits   = ["_all"]
  dockerfile = "core/Dockerfile"
  target     = "agent-api"
  args       = { PACKAGE = "agent_api", LOCK = "agent-api" }
  tags       = ["${ROOST_IMAGES}/agent-api:${ROOST_VERSION}"]
}

target "rag-pipeline" {
  inherits   = ["_all"]
  dockerfile = "core/Dockerfile"
  target     = "rag-pipeline"
  args       = { PACKAGE = "rag_pipeline", LOCK = "rag-pipeline" }
  tags       = ["${ROOST_IMAGES}/rag-pipeline:${ROOST_VERSION}"]
}

target "frontend" {
  inherits   = ["_all"]
  dockerfile = "frontend/Dockerfile"
  tags       = ["${ROOST_IMAGES}/frontend:${ROOST_VERSION}"]
}

target "caddy" {
  inherits   = ["_all"]
  dockerfile = "caddy/Dockerfile"
  tags       = ["${ROOST_IMAGES}/caddy:${ROOST_VERSION}"]
}

target "database" {
  inherits   = ["_all"]
  dockerfile = "supabase/Dockerfile"
  tags       = ["${ROOST_IMAGES}/database:${ROOST_VERSION}"]
}
