# shellcheck shell=bash
# What the demo's proof sees, without asking Muster: etcd by etcdctl, HAProxy by its own page, the services by curl.
# To be sourced after stage.sh.

milliseconds() { date +%s%3N; }

# within_ms MILLISECONDS COMMAND...: runs it every 10 ms until it succeeds; sets took.
within_ms() {
    local began limit=$1
    began=$(milliseconds)
    shift
    until "$@"; do
        took=$(($(milliseconds) - began))
        [ "$took" -lt "$limit" ] || return 1
        sleep 0.01
    done
    took=$(($(milliseconds) - began))
}

# --- etcd ---

# A service's fields, as lines "key mod-revision lease"; its goodbyes and settings are none.
fields_of() {
    etcdctl get --prefix "/services/$1/" --write-out fields | awk -F' : ' -v service="$1" '
        $1 == "\"Key\"" { gsub(/"/, "", $2); key = $2 }
        $1 == "\"ModRevision\"" { revision = $2 }
        $1 == "\"Lease\"" { if (split(key, part, "/") == 5 && part[4] != "gone") print key, revision, $2 }'
}

instances_of() { fields_of "$1" | awk '$1 ~ /\/owner$/ { split($1, part, "/"); print part[4] }' | paste -sd ' '; }

has_instances() { [ "$(instances_of "$1")" = "$2" ]; }

goodbye_of() { etcdctl get --print-value-only "/services/$1/gone/$2"; }

lease_of() { fields_of "$1" | awk '{ print $3 }' | sort -u | paste -sd ' '; }

# lease_seconds LEASE granted|remaining
lease_seconds() { etcdctl lease timetolive "$(printf %x "$1")" | sed -n "s/.*$2[^(]*(\([0-9]*\)s).*/\1/p"; }

store_revision() { etcdctl get /none --write-out fields | sed -n 's/^"Revision" : //p'; }

# Counts the changes of a service's keys from now on, by a watch of its own.
watch_begin() {
    launch watch etcdctl watch --prefix "/services/$1/" --rev "$(($(store_revision) + 1))"
    witnesses+=("$watch_pid")
}

changes_seen() { grep -cE '^(PUT|DELETE)$' "$stage/logs/watch" || true; }

# --- HAProxy ---

# server_status INSTANCE: as HAProxy's page says it (UP, DOWN, MAINT, "UP 1/2" ...); nothing for one that it does not have.
server_status() {
    local address
    address=$(address_of "$1")
    curl --silent --max-time 2 "http://127.0.0.1:$stats_port/;csv" | awk -F, -v address="$address" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["addr"] == address { print $column["status"] }'
}

haproxy_pids() {
    local pid
    for pid in $(processes_of "$stage"); do
        [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != haproxy ] || echo "$pid"
    done | sort -n | paste -sd ' '
}

# The process that the others come and go under: a reload changes its workers, and only its death changes it.
haproxy_master() {
    local pid pids
    pids=" $(haproxy_pids) "
    for pid in $pids; do
        case $pids in
            *" $(cut -d ' ' -f 4 "/proc/$pid/stat") "*) ;; # its parent is one of them
            *) echo "$pid" ;;
        esac
    done
}

# --- the services ---

# Remembered, because a container that has ended has no port any more.
declare -A addresses
remember_address() { addresses[$1]=$(docker port "$(container_of "$1")" 80/tcp | head -n 1); }
address_of() { echo "${addresses[$1]}"; }

web_url() { echo "http://127.0.0.1:$web_port/"; }

# ask HOST: the status of one request.
ask() { curl --silent --output /dev/null --max-time 5 --header "Host: $1" --write-out '%{http_code}' "$(web_url)" || true; }

web_answers() { [ "$(ask "$web")" = 200 ]; }

# use_web_client: sets the command that asks for the URLs it is given: one line for each request, its status and who
# served it. A plain command, so that in the background its process id is the client's own.
use_web_client() {
    web_client=(stdbuf -oL curl --silent --output /dev/null --max-time 10 --header "Host: $web"
        --write-out '%{http_code} %header{x-served-by}\n')
}

# ask_many NUMBER: that many requests, one after the other.
ask_many() {
    use_web_client
    "${web_client[@]}" "$(web_url)?n=[1-$1]" >"$stage/traffic" || true
}

# A client that sends a hundred requests a second until it is stopped.
traffic_begin() {
    use_web_client
    forget_traffic
    "${web_client[@]}" --rate 100/s "$(web_url)?n=[1-1000000]" >>"$stage/traffic" &
    traffic_pid=$!
    witnesses+=("$traffic_pid")
    disown
    within_ms 5000 has_sent 20 || fail "the client sent nothing: see that curl works."
}

has_sent() { [ "$(sent)" -ge "$1" ]; }

# traffic_goes_on NUMBER: waits until that many requests more have been sent.
traffic_goes_on() { within_ms $((5000 + $1 * 50)) has_sent $(($(sent) + $1)) || true; }

traffic_end() {
    kill "$traffic_pid" 2>/dev/null || true
    within 2 none_alive "$traffic_pid" || true
}

sent() { wc -l <"$stage/traffic"; }
failed() { grep -vc '^200 ' "$stage/traffic" || true; }
served_by() { grep -c "^200 $1\$" "$stage/traffic" || true; }
forget_traffic() { : >"$stage/traffic"; }
