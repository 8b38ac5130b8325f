# shellcheck shell=bash
# Waiting with a bound, and whether a process lives. To be sourced.

# within SECONDS COMMAND...: runs the command every 0.2 s until it succeeds or the time is up.
within() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.2
    done
}

# A process that has ended and that nobody has asked after yet does not live.
alive() { kill -0 "$1" 2>/dev/null && [ "$(sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null)" != Z ]; }

none_alive() {
    local pid
    for pid in "$@"; do ! alive "$pid" || return 1; done
}
