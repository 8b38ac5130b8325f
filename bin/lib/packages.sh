# shellcheck shell=bash
# Debian packages: which are wanted, and how they are installed. To be sourced after say.sh.

wanted_packages=()
wanted_reasons=()

# want_package REASON PACKAGE...
want_package() {
    local reason=$1
    shift
    wanted_packages+=("$@")
    wanted_reasons+=("$(printf '%-34s %s' "$*" "$reason")")
}

# The release's number, or nothing where this is not Debian. Testing has no number and counts as new.
debian_release() {
    [ -r /etc/os-release ] || return 0
    # shellcheck source=/dev/null
    (. /etc/os-release && [ "${ID:-}" = debian ] && echo "${VERSION_ID:-99}") || true
}

require_debian() {
    local release
    release=$(debian_release)
    [ "${release:-0}" -ge 12 ] ||
        fail "this machine is not Debian 12 or newer, so nothing can be installed on it: bring $* yourself, then run this again."
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif on_terminal; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

require_root() {
    [ "$(id -u)" = 0 ] || { have sudo && as_root true; } ||
        fail "needs root to $*: run it as root, or as a user who may use sudo."
}

# require_disk MIB FOLDER: asks the nearest parent that exists.
require_disk() {
    local folder=$2 free
    while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
    free=$(($(df -Pk "$folder" | awk 'NR == 2 { print $4 }') / 1024))
    [ "$free" -ge "$1" ] ||
        fail "only $free MiB are free below $folder, and $1 MiB are needed: make room there, then run this again."
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 "$@"
}

apt_knows() { apt-cache show "$@" >/dev/null 2>&1; }

apt_update() {
    say "-- apt-get update"
    apt_get update >"$setup_log" 2>&1
}

apt_install() { apt_get install --no-install-recommends "$@" >"$setup_log" 2>&1; }

# A package's service must not start, here or at the next boot: this program starts its own, on other ports.
policy=/usr/sbin/policy-rc.d
policy_aside=$policy.before-muster

services_are_denied() { [ -x "$policy" ] && [ "$("$policy" etcd start >/dev/null 2>&1; echo $?)" = 101 ]; }

deny_services() {
    services_are_denied && return 0
    [ ! -e "$policy" ] || as_root mv "$policy" "$policy_aside"
    printf '#!/bin/sh\n# muster-setup: gone again after the installation\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
}

allow_services() {
    grep -qs '^# muster-setup' "$policy" || return 0
    as_root rm -f "$policy"
    [ ! -e "$policy_aside" ] || as_root mv "$policy_aside" "$policy"
}

with_services_denied() {
    (
        trap allow_services EXIT
        trap 'exit 130' INT TERM
        deny_services
        "$@"
    )
}

# keep_disabled SERVICE PACKAGE INSTALLED...: only where the package has come with this run.
keep_disabled() {
    local service=$1 package=$2
    shift 2
    case " $* " in
        *" $package "*) as_root update-rc.d "$service" disable >/dev/null 2>&1 || true ;;
    esac
}

install_packages() {
    [ "$#" -gt 0 ] || return 0
    local updated=no
    if ! apt_knows "$@"; then
        apt_update || true
        updated=yes
        apt_knows "$@" || give_up "apt does not know all of '$*': see that its sources name Debian's main and that the mirror can be reached, then run this again."
    fi
    say "-- apt-get install $*"
    if ! with_services_denied apt_install "$@"; then
        # Old lists name files that the mirror no longer has.
        { [ "$updated" = no ] && apt_update && with_services_denied apt_install "$@"; } ||
            give_up "apt-get could not install '$*': see the lines above; where the mirror was not reached, mend the network, then run this again."
    fi
    keep_disabled etcd etcd-server "$@"
    keep_disabled haproxy haproxy "$@"
    keep_disabled nginx nginx "$@"
    keep_disabled prometheus prometheus "$@"
}
