# shellcheck shell=bash
# Where no JDK is to be had, the whole run moves into an image that has one. To be sourced after images.sh.

build_image=muster-build

# Certificate authorities that were added to this machine (by a company's proxy, say) hold in the image too.
build_image_parts=("$lib/build-image")
[ ! -d /usr/local/share/ca-certificates ] || build_image_parts+=(-C /usr/local/share ca-certificates)

build_image_is_there() { [ "$(image_hashes "$build_image:latest")" = "$(content_hash "${build_image_parts[@]}")" ]; }

ensure_build_image() { ensure_image "$build_image" "${build_image_parts[@]}"; }

in_build_image() { [ -n "${MUSTER_BUILD_IMAGE:-}" ]; }

# Same paths, network, processes and user as outside: what is started in there and what Docker starts meet each other.
run_in_build_image() {
    local name=muster-run-$$
    local options=(--rm --name "$name" --network host --pid host --volume "$root:$root" --volume /tmp:/tmp
        --volume "$docker_socket:/var/run/docker.sock" --volume "$HOME/.m2:$HOME/.m2"
        --env "MUSTER_BUILD_IMAGE=$name" --env HOME --env CI --env NO_COLOR --env TERM --workdir "$PWD")
    [ ! -s /etc/machine-id ] || options+=(--volume /etc/machine-id:/etc/machine-id:ro)
    on_terminal && options+=(--interactive --tty)
    if [ "$(id -u)" != 0 ]; then
        options+=(--user "$(id -u):$(id -g)" --group-add "$(stat -c %g "$docker_socket")"
            --volume /etc/passwd:/etc/passwd:ro --volume /etc/group:/etc/group:ro)
    fi
    mkdir -p "$HOME/.m2"
    exec docker run "${options[@]}" "$build_image:latest" "$script" "$@"
}
