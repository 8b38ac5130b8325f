# shellcheck shell=bash
# Where no JDK is to be had, the whole run moves into an image that has one. To be sourced after images.sh.

build_image=muster-build
build_image_folder=$lib/build-image

build_image_is_there() { has_image "$build_image:latest" "$(content_hash "$build_image_folder")"; }

ensure_build_image() { ensure_image "$build_image" "$build_image_folder"; }

# Same paths, network, processes and user as outside: what is started in there and what Docker starts meet each other.
run_in_build_image() {
    local options=(--rm --network host --pid host --volume "$root:$root" --volume /tmp:/tmp
        --volume "$docker_socket:/var/run/docker.sock" --volume "$HOME/.m2:$HOME/.m2"
        --env HOME --env CI --env NO_COLOR --env TERM --workdir "$PWD")
    on_terminal && options+=(--interactive --tty)
    if [ "$(id -u)" != 0 ]; then
        options+=(--user "$(id -u):$(id -g)" --group-add "$(stat -c %g "$docker_socket")"
            --volume /etc/passwd:/etc/passwd:ro --volume /etc/group:/etc/group:ro)
    fi
    mkdir -p "$HOME/.m2"
    exec docker run "${options[@]}" "$build_image:latest" "$script" "$@"
}
