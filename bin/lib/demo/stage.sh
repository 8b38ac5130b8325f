# shellcheck shell=bash
# The demo's stage: etcd, agent, watcher and HAProxy as processes, services as containers, all with one mark by which
# they are found and removed again. To be sourced after setup.sh.

stage_label=muster.demo
etcd_pid='' agent_pid='' watcher_pid='' watch_pid=''
witnesses=() # processes that only look on

# open_stage [SUFFIX]: names, folder and ports; nothing runs yet.
open_stage() {
    sweep_dead_stages
    stage=$(mktemp -d "${TMPDIR:-/tmp}/muster-demo.XXXXXX")
    stage_id=$(basename "$stage" | tr 'A-Z.' 'a-z-')-$$
    echo $$ >"$stage/pid"
    trap close_stage EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    mkdir -p "$stage"/{etcd,agent,watcher,snippets,logs}
    free_port && etcd_port=$free_port
    free_port && etcd_peer_port=$free_port
    free_port && agent_port=$free_port
    free_port && watcher_port=$free_port
    free_port && stats_port=$free_port
    free_port && db_port=$free_port
    [ -n "${web_port:-}" ] || { free_port && web_port=$free_port; }
    etcd_url=http://127.0.0.1:$etcd_port
    export ETCDCTL_API=3 ETCDCTL_ENDPOINTS=$etcd_url MUSTER_ETCD_ENDPOINTS=$etcd_url
}

# Every process of a stage has the stage's folder in its command line.
processes_of() { grep -lszF -- "$1/" /proc/[0-9]*/cmdline | cut -d/ -f3; }

end_processes() {
    local pids
    mapfile -t pids < <(processes_of "$1")
    [ "${#pids[@]}" -gt 0 ] || return 0
    kill -TERM "${pids[@]}" 2>/dev/null || true
    within 5 none_alive "${pids[@]}" || kill -KILL "${pids[@]}" 2>/dev/null || true
}

remove_containers() {
    local found
    mapfile -t found < <(docker ps --all --quiet --filter "label=$stage_label=$1")
    [ "${#found[@]}" = 0 ] || docker rm --force --volumes "${found[@]}" >/dev/null
}

close_stage() {
    trap '' INT TERM
    [ "${#witnesses[@]}" = 0 ] || kill "${witnesses[@]}" 2>/dev/null || true
    remove_containers "$stage_id"
    end_processes "$stage"
    if [ -n "${keep_logs:-}" ]; then
        say "(the logs are in $stage/logs)"
    else
        rm -rf "$stage"
    fi
}

# A demo that was killed could not clean up; the next one does it.
sweep_dead_stages() {
    local folder pid
    for folder in "${TMPDIR:-/tmp}"/muster-demo.*/; do
        folder=${folder%/}
        if [ ! -O "$folder" ] || [ ! -r "$folder/pid" ]; then continue; fi
        pid=$(cat "$folder/pid")
        alive "$pid" && continue
        remove_containers "$(basename "$folder" | tr 'A-Z.' 'a-z-')-$pid"
        end_processes "$folder"
        rm -rf "$folder"
    done
}

# launch NAME COMMAND...: in a session of its own, so that Ctrl-C reaches only the demo. Sets NAME_pid.
launch() {
    local name=$1
    shift
    setsid "$@" >>"$stage/logs/$name" 2>&1 </dev/null &
    printf -v "${name}_pid" %s $!
    disown
}

# came_up NAME SECONDS COMMAND...: waits for it; gives up early when the process has ended.
came_up() {
    local name=$1 seconds=$2 pid=${1}_pid deadline=$((SECONDS + $2))
    shift 2
    until "$@" >/dev/null 2>&1; do
        if ! alive "${!pid}" || [ "$SECONDS" -ge "$deadline" ]; then
            tail -n 20 "$stage/logs/$name" >&2
            keep_logs=yes
            fail "$name did not come up within $seconds s: its last lines are above."
        fi
        sleep 0.05
    done
}

answers_http() { curl --silent --fail --output /dev/null --max-time 1 "$1"; }

start_etcd() {
    launch etcd etcd --name demo --data-dir "$stage/etcd/data" \
        --listen-client-urls "$etcd_url" --advertise-client-urls "$etcd_url" \
        --listen-peer-urls "http://127.0.0.1:$etcd_peer_port" \
        --initial-advertise-peer-urls "http://127.0.0.1:$etcd_peer_port" \
        --initial-cluster "demo=http://127.0.0.1:$etcd_peer_port"
    came_up etcd 20 etcdctl endpoint health
}

start_agent() {
    launch agent "$muster" agent --etcd-endpoints "$etcd_url" --ttl 10s --agent-id "$stage_id" \
        --state-dir "$stage/agent" --http "127.0.0.1:$agent_port" \
        --private-address 127.0.0.1 --public-address 127.0.0.1 --opt-in --docker "unix://$docker_socket"
}

agent_is_up() { came_up agent 30 answers_http "http://127.0.0.1:$agent_port/health/ready"; }

start_watcher() {
    launch watcher "$muster" watcher --etcd-endpoints "$etcd_url" \
        --state-dir "$stage/watcher" --http "127.0.0.1:$watcher_port" \
        --haproxy-run --haproxy-config "$stage/haproxy.cfg" --haproxy-bind "127.0.0.1:$web_port" \
        --haproxy-socket "$stage/haproxy.sock" --haproxy-master-socket "$stage/haproxy-master.sock" \
        --haproxy-snippets "$stage/snippets"
}

watcher_is_up() { came_up watcher 30 answers_http "http://127.0.0.1:$watcher_port/health/ready"; }

# A person's own snippet beside Muster's file: HAProxy's page, and its figures as CSV.
write_stats_snippet() {
    cat >"$stage/snippets/stats.cfg" <<END
frontend stats-of-the-demo
    mode http
    bind 127.0.0.1:$stats_port
    timeout client 10s
    stats enable
    stats uri /
    stats show-legends
    stats refresh 2s
END
}

start_muster() {
    unpack_distribution "$stage/muster"
    write_stats_snippet
    start_etcd
    start_agent
    start_watcher
    agent_is_up
    watcher_is_up
}

container_of() { echo "$stage_id-$1"; }

# run_container INSTANCE SERVICE OPTION...: one instance on a port of Docker's choice; it says its name to who asks.
run_container() {
    local instance=$1 service=$2
    shift 2
    docker run --detach --name "$(container_of "$instance")" --label "$stage_label=$stage_id" \
        --label muster.enable=true --label "muster.service=$service" --label "muster.instance=$instance" \
        --env "NAME=$instance" --publish 127.0.0.1::80 "$@" muster-test/web >/dev/null
}

# A server that goes on accepting for a second after SIGTERM, as one that stands behind a balancer should.
run_web() { run_container "$1" "$web" --env STOP_DELAY=1; }

run_db() {
    run_container "$1" "$db" --env MODE=tcp --label muster.protocol=tcp --label "muster.route.port=$db_port"
}
