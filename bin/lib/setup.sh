# shellcheck shell=bash
# All set-up, for every script in bin/: a JDK, Maven, Docker, etcd, HAProxy, and the images that tests and demo run.
# What is there is left alone; a second run only looks. To be sourced; then:
#
#   setup build "$@"     a JDK and Maven
#   setup docker "$@"    Docker
#   setup all "$@"       these, etcd, HAProxy and the images
#
# The arguments are the script's own: it may be started again with them, inside the build image or with the group of
# Docker's socket. `assume_yes=yes` asks nothing.

lib=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$(dirname "$lib")")
script=$(readlink -f "$0")
# shellcheck source=say.sh
. "$lib/say.sh"
# shellcheck source=processes.sh
. "$lib/processes.sh"
# shellcheck source=packages.sh
. "$lib/packages.sh"
# shellcheck source=java.sh
. "$lib/java.sh"
# shellcheck source=docker.sh
. "$lib/docker.sh"
# shellcheck source=images.sh
. "$lib/images.sh"
# shellcheck source=build-image.sh
. "$lib/build-image.sh"
# shellcheck source=maven.sh
. "$lib/maven.sh"

assume_yes=${assume_yes:-no}
packages_need_mib=4096
images_need_mib=1024

# Debian's PATH of a user leaves out where haproxy and dockerd are.
PATH=$PATH:/usr/sbin:/sbin

test_images() {
    local folder
    for folder in "$root"/src/test/images/*/; do
        basename "$folder"
    done
}

# Debian 12 has no JDK that is new enough, and its libc is too old for the next release's.
builds_in_image() { [ -z "$(find_jdk)" ] && [ "$(debian_release)" = 12 ]; }

look_for_build_tools() {
    builds_in_image && return 0
    [ -n "$(find_jdk)" ] || want_package "Java $java_needed, to build and to run" "openjdk-$java_needed-jdk-headless"
    have mvn || want_package "builds Muster and runs its tests" maven
}

look_for_docker() {
    docker_answers || have dockerd || want_package "runs the containers" docker.io
    # Newer releases have the client in a package of its own.
    have docker || [ "$(debian_release)" = 12 ] || want_package "talks to Docker" docker-cli
}

look_for_services() {
    builds_in_image && return 0
    have etcd || want_package "the store that Muster writes to" etcd-server
    have etcdctl || want_package "looks into it" etcd-client
    have haproxy || want_package "the balancer that Muster steers" haproxy
    { have nginx && [ -e /usr/lib/nginx/modules/ngx_stream_module.so ]; } ||
        want_package "reads files that Muster renders, in a test" nginx libnginx-mod-stream
    have python3 || want_package "judges such a file" python3
    have promtool || want_package "its promtool judges another" prometheus
    # Debian 12 has none; the tests that need it are skipped there.
    have moto_server || [ "$(debian_release)" = 12 ] || want_package "pretends to be AWS in a test" python3-moto
    have strace || want_package "slows etcd's disk for a test" strace
    have openssl || want_package "makes certificates for the tests" openssl
    have curl || want_package "asks through the balancer" curl
}

look_around() {
    wanted_packages=()
    wanted_reasons=()
    [ "$1" = docker ] || look_for_build_tools
    if needs_docker "$1"; then look_for_docker; fi
    [ "$1" != all ] || look_for_services
}

images_are_there() {
    [ "$1" = all ] || return 0
    local name names=() hashes=
    for name in $(test_images); do
        names+=("muster-test/$name:latest")
        hashes+="$(content_hash "$root/src/test/images/$name")"$'\n'
    done
    has_image "$base_image" && [ "$(image_hashes "${names[@]}")"$'\n' = "$hashes" ]
}

needs_docker() { [ "$1" != build ] || builds_in_image; }

moves_into_image() { [ "$1" != docker ] && builds_in_image; }

nothing_to_do() {
    [ "${#wanted_packages[@]}" = 0 ] || return 1
    needs_docker "$1" || return 0
    docker_answers && images_are_there "$1" && { ! moves_into_image "$1" || build_image_is_there; }
}

explain() {
    say "$program sets up this machine, once; what is there already is left alone."
    if [ "${#wanted_packages[@]}" -gt 0 ]; then
        say "Debian packages (their own services are not started):"
        local reason
        for reason in "${wanted_reasons[@]}"; do say "    $reason"; done
    fi
    needs_docker "$1" || return 0
    docker_answers || say "Docker's daemon: started where it does not run, and left running."
    ! moves_into_image "$1" || say "A build image with Java $java_needed, since Debian 12 has none: everything then runs in there."
    images_are_there "$1" || say "Images, built on $base_image: $(test_images | sed 's|^|muster-test/|' | paste -sd ' ')."
}

# What no answer to the question can change.
require_means() {
    if [ "${#wanted_packages[@]}" -gt 0 ]; then
        require_debian "${wanted_packages[@]}"
        require_disk "$packages_need_mib" /usr
    fi
    if needs_docker "$1"; then require_disk "$images_need_mib" /var/lib/docker; fi
}

ask_once() {
    [ "$assume_yes" = yes ] && return 0
    on_terminal || { say "Not on a terminal, so going on without asking."; return 0; }
    local answer
    read -r -p "Go on? [Y/n] " answer
    case $answer in
        '' | [Yy]*) assume_yes=yes ;;
        *) fail "nothing was installed; what is listed above is needed, so bring it yourself or say yes." ;;
    esac
}

# One set-up at a time on a machine, whichever clone it runs from. The file that is locked is one that every Debian has.
lock_machine() {
    exec 9</etc/os-release
    flock --wait 1 9 || {
        say "-- another set-up is at work on this machine; waiting for it"
        flock --wait 1800 9 || fail "another set-up has been at work for half an hour: see what holds /etc/os-release (fuser), then run this again."
    }
}

unlock_machine() { exec 9<&-; }

bring_what_is_missing() {
    look_around "$1" # again: another set-up may have been at work until now
    if [ "${#wanted_packages[@]}" -gt 0 ]; then
        require_root "install ${wanted_packages[*]}"
    fi
    install_packages "${wanted_packages[@]}"
    needs_docker "$1" || return 0
    docker_answers && return 0
    [ ! -S "$docker_socket" ] || [ -w "$docker_socket" ] || require_root "use $docker_socket"
    require_root "start Docker"
    docker_answers_root || start_docker
    docker_answers || { unlock_machine; shift; run_again_with_docker_group "$@"; }
}

bring_images() {
    [ "$1" != docker ] || return 0
    if moves_into_image "$1"; then ensure_build_image; fi
    if images_are_there "$1"; then return 0; fi
    ensure_base_image
    local name
    for name in $(test_images); do
        ensure_image "muster-test/$name" "$root/src/test/images/$name"
    done
}

use_jdk() {
    JAVA_HOME=$(find_jdk)
    [ -n "$JAVA_HOME" ] || fail "no JDK of $java_needed or newer was found: install one and set JAVA_HOME to it, then run this again."
    export JAVA_HOME PATH
}

bring_everything() {
    explain "$1"
    require_means "$1"
    ask_once
    setup_log=$(mktemp "${TMPDIR:-/tmp}/muster-setup.XXXXXX")
    lock_machine
    bring_what_is_missing "$@"
    if needs_docker "$1"; then bring_images "$1"; fi
    unlock_machine
    rm -f "$setup_log"
}

setup() {
    local what=$1 began=$SECONDS
    shift
    if in_build_image; then
        use_jdk # all else was seen to before the run moved in here
        return
    fi
    if needs_docker "$what" && only_group_is_missing; then run_again_with_docker_group "$@"; fi
    look_around "$what"
    if ! nothing_to_do "$what"; then
        bring_everything "$what" "$@"
        say "Set-up done after $((SECONDS - began)) s."
    fi
    if moves_into_image "$what"; then run_in_build_image "$@"; fi
    [ "$what" = docker ] || use_jdk
}
