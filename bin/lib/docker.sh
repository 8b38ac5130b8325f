# shellcheck shell=bash
# The Docker daemon: is it there, start it, may this user talk to it. To be sourced after processes.sh and packages.sh.

docker_log=/var/log/muster-dockerd.log
docker_socket=/var/run/docker.sock

docker_answers() { timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

docker_answers_root() { as_root timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

systemd_is_here() { [ -d /run/systemd/system ]; }

# A pid file that a killed dockerd left behind names a process that may be anybody's by now.
remove_stale_pid_file() {
    local file=/var/run/docker.pid pid
    [ -e "$file" ] || return 0
    pid=$(cat "$file")
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] || as_root rm -f "$file"
}

# The lock's descriptor is closed: a daemon that held it would hold it for ever.
start_dockerd_alone() {
    remove_stale_pid_file
    as_root sh -c "setsid dockerd >>$docker_log 2>&1 </dev/null 9<&- &"
}

dockerd_log_tail() {
    if systemd_is_here; then
        as_root journalctl -u docker -n 15 --no-pager
    else
        as_root tail -n 15 "$docker_log"
    fi
}

dockerd_runs() {
    local pids
    mapfile -t pids < <(grep -lsx dockerd /proc/[0-9]*/comm | cut -d/ -f3)
    ! none_alive "${pids[@]}"
}

# It answers, or it has had its three seconds and is gone.
docker_is_settled() { docker_answers_root || { [ "$SECONDS" -gt "$((docker_began + 3))" ] && ! dockerd_runs; }; }

start_docker() {
    have dockerd ||
        fail "docker has no daemon to talk to: start the one that DOCKER_HOST or 'docker context' names, then run this again."
    if systemd_is_here; then
        say "-- starting Docker (systemctl start docker); it is left running"
        as_root systemctl start docker || true
    else
        say "-- starting Docker (dockerd, log in $docker_log); it is left running"
        start_dockerd_alone
    fi
    docker_began=$SECONDS
    within 60 docker_is_settled || true
    docker_answers_root || {
        dockerd_log_tail >&2
        fail "dockerd did not start: its last lines are above; mend what they say, then run this again."
    }
}

# The daemon runs, but its socket is not for this user.
only_group_is_missing() {
    [ -S "$docker_socket" ] && [ ! -w "$docker_socket" ] && have docker && docker_answers_root 2>/dev/null
}

# A user outside the group docker gets it for this run only; nothing is changed for good.
run_again_with_docker_group() {
    [ -z "${MUSTER_DOCKER_GROUP:-}" ] ||
        fail "$(id -un) may not use $docker_socket: run this as root, or add the user to the group docker."
    local groups
    groups=$(id -G | tr ' ' ,),$(stat -c %g "$docker_socket")
    say "-- $(id -un) is not in the group of $docker_socket; taking it for this run, through sudo"
    exec sudo --preserve-env setpriv --reuid "$(id -u)" --regid "$(id -g)" --groups "$groups" --inh-caps=-all \
        env "PATH=$PATH" "HOME=$HOME" MUSTER_DOCKER_GROUP=yes "$script" "$@"
}
