# shellcheck shell=bash
# The base image and the images built on it. To be sourced after docker.sh.

base_image=debian:trixie-slim
content_label=muster.content

# context FOLDER [TAR ARGUMENT...]: a build context as tar, the same bytes for the same files in every clone.
context() {
    local folder=$1
    shift
    tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX -C "$folder" . "$@"
}

content_hash() { context "$@" | sha256sum | cut -c1-16; }

# image_hashes NAME...: the content hash of each, in this order; fails when one is not there.
image_hashes() { docker image inspect --format "{{index .Config.Labels \"$content_label\"}}" "$@" 2>/dev/null; }

has_image() { image_hashes "$1" >/dev/null; }

make_base_image() {
    say "-- no image registry answers; making $base_image from Debian's packages"
    have mmdebstrap || install_packages mmdebstrap
    # The name comes last: a stream that broke off must not leave half an image under it.
    local image
    image=$(as_root mmdebstrap --quiet --variant=apt trixie 2>"$setup_log" | docker import --change 'CMD ["bash"]' -) || {
        [ -z "$image" ] || docker image rm "$image" >/dev/null
        give_up "neither an image registry nor Debian's mirror could be reached for $base_image: mend the network or set http_proxy, then run this again."
    }
    docker tag "$image" "$base_image"
}

# An unreachable registry is given up by Docker itself within seconds; the bound is for a slow one.
ensure_base_image() {
    has_image "$base_image" && return 0
    say "-- docker pull $base_image"
    timeout 120 docker pull --quiet "$base_image" >/dev/null 2>&1 || make_base_image
}

# docker_build ARGUMENT...: with the builder that is there.
docker_build() {
    local buildkit=0
    docker buildx version >/dev/null 2>&1 && buildkit=1
    DOCKER_BUILDKIT=$buildkit docker build --network=host "$@"
}

# ensure_image NAME FOLDER [TAR ARGUMENT...]: built when it is not there, or when its files have changed.
ensure_image() {
    local name=$1 hash old
    shift
    hash=$(content_hash "$@")
    [ "$(image_hashes "$name:latest")" != "$hash" ] || return 0
    ensure_base_image
    old=$(docker image inspect --format '{{.Id}}' "$name:latest" 2>/dev/null) || true
    say "-- docker build $name"
    context "$@" | docker_build --label "$content_label=$hash" --tag "$name:latest" - >"$setup_log" 2>&1 ||
        give_up "the image $name could not be built: see the lines above; where Debian's mirror was not reached, mend the network, then run this again."
    # Stays where a container still uses it.
    [ -z "$old" ] || docker image rm "$old" >/dev/null 2>&1 || true
}
