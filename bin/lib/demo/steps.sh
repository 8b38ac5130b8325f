# shellcheck shell=bash
# The demo's proof, step by step. Each step says what it saw, and asks for the opposite too: that requests were sent,
# that a change is seen when there is one. To be sourced after witness.sh.

ttl_s=10
steps_passed=0

step() {
    finish_step
    step_title=$1
    printf '\n%s. %s\n' "$((steps_passed + 1))" "$step_title"
}

finish_step() {
    [ -n "${step_title:-}" ] || return 0
    steps_passed=$((steps_passed + 1))
    printf '   ok\n'
}

saw() { printf '   %s\n' "$*"; }

# must CLAIM COMMAND...
must() {
    local claim=$1
    shift
    "$@" && return 0
    printf '   FAILED: %s (%s)\n' "$claim" "$*"
    local log
    for log in agent watcher; do
        printf '\n   the last lines of the %s:\n' "$log"
        tail -n 8 "$stage/logs/$log" 2>/dev/null | sed 's/^/   /'
    done
    printf '\n%s passed, 1 failed\n' "$steps_passed"
    keep_logs=yes
    exit 1
}

is() { [ "$1" = "$2" ]; }
is_not() { [ "$1" != "$2" ]; }
above() { [ "$1" -gt "$2" ]; }

prove() {
    local began=$SECONDS
    prove_keys_and_lease
    prove_answers
    prove_third_started
    prove_stop
    prove_kill
    prove_agent_restart
    prove_agent_gone
    prove_agent_and_containers_gone
    prove_watcher_restart
    prove_haproxy_restart
    prove_etcd_restart
    finish_step
    printf '\n%s passed, 0 failed\n%s: proved in %s s\n' "$steps_passed" "$program" "$((SECONDS - began))"
}

distinct_revisions() { fields_of "$web" | grep "/$1/" | awk '{ print $2 }' | sort -u | wc -l; }

instances_come_to() { must "etcd has the instances '$2' of $1 within $3 s" within_ms "$(($3 * 1000))" has_instances "$1" "$2"; }

start_web() {
    docker rm --force --volumes "$(container_of "$1")" >/dev/null 2>&1 || true
    run_web "$1"
    remember_address "$1"
}

serves() { above "$(served_by "$1")" 0; }

# starts_serving INSTANCE SECONDS: while traffic runs.
starts_serving() { must "$1 answers through HAProxy within $2 s" within_ms "$(($2 * 1000))" serves "$1"; }

nothing_failed() {
    must "requests were sent" above "$(sent)" "$1"
    must "no request failed" is "$(failed)" 0
}

prove_keys_and_lease() {
    step "keys and their lease"
    must "etcd knows nothing of the services before they start" is "$(fields_of "$web")$(fields_of "$db")" ""
    saw "before the first container: 0 keys; HAProxy answers $(ask "$web") for $web"
    must "HAProxy has nobody for $web yet" is_not "$(ask "$web")" 200
    start_web web1
    start_web web2
    run_db db1
    instances_come_to "$web" "web1 web2" 15
    instances_come_to "$db" db1 15
    saw "$(fields_of "$web" | wc -l) keys of web1 and web2, $(fields_of "$db" | wc -l) of db1"
    must "the keys of web1 come from one transaction" is "$(distinct_revisions web1)" 1
    must "the key says the port that Docker gave" \
        is "$(etcdctl get --print-value-only "/services/$web/web1/port")" "$(address_of web1 | sed 's/.*://')"

    local lease
    lease=$(lease_of "$web")
    must "all keys have one lease" is "$(lease_of "$web") $(lease_of "$db")" "${lease%% *} ${lease%% *}"
    must "the lease is none that lasts for ever" is_not "$lease" 0
    must "the lease was granted for $ttl_s s" is "$(lease_seconds "$lease" granted)" "$ttl_s"
    saw "one lease, $(printf %x "$lease"): granted for $(lease_seconds "$lease" granted) s, $(lease_seconds "$lease" remaining) s remain"
}

db_says() {
    local name echo
    {
        read -r -t 3 name && printf 'hello\n' >&3 && read -r -t 3 echo
    } 3<>"/dev/tcp/127.0.0.1/$db_port" <&3 2>/dev/null || true
    echo "${name:-} ${echo:-}"
}

db_answers() { is "$(db_says 2>/dev/null)" "db1 hello"; }

prove_answers() {
    step "answers from both instances through HAProxy"
    must "HAProxy answers for $web within 10 s" within_ms 10000 web_answers
    ask_many 100
    saw "100 requests: web1 answered $(served_by web1), web2 $(served_by web2), $(failed) failed"
    nothing_failed 99
    must "web1 answered" serves web1
    must "web2 answered" serves web2
    must "HAProxy carries db's TCP within 10 s" within_ms 10000 db_answers
    saw "db over TCP said: $(db_says)"
    saw "for a host that nobody registered: $(ask "nobody-$$")"
    must "a host that nobody registered gets no answer of ours" is_not "$(ask "nobody-$$")" 200
}

prove_third_started() {
    step "a third instance starts"
    traffic_begin
    must "web3 answers nothing before it starts" is "$(served_by web3)" 0
    local haproxy
    haproxy=$(haproxy_pids)
    start_web web3
    instances_come_to "$web" "web1 web2 web3" 15
    local keys_ms=$took
    starts_serving web3 10
    saw "after docker run had returned: keys seen within $keys_ms ms, first answer through HAProxy $took ms later"
    must "HAProxy was not reloaded for it" is "$(haproxy_pids)" "$haproxy"
    traffic_goes_on 100
    saw "$(sent) requests meanwhile, $(served_by web3) answered by web3, $(failed) failed; HAProxy's processes are the same: $haproxy"
    nothing_failed 100
}

prove_stop() {
    step "one is stopped, under traffic"
    must "web3 answered until now" serves web3
    docker stop "$(container_of web3)" >/dev/null
    instances_come_to "$web" "web1 web2" 10
    must "a goodbye says that it was meant" is_not "$(goodbye_of "$web" web3)" ""
    saw "its goodbye: $(goodbye_of "$web" web3)"
    traffic_goes_on 20
    saw "$(sent) requests since web3 came, $(failed) failed"
    nothing_failed 100
    forget_traffic
    traffic_goes_on 100
    saw "afterwards $(sent) requests, $(served_by web3) to web3"
    must "web3 gets no request any more" is "$(served_by web3)" 0
    nothing_failed 99
}

prove_kill() {
    step "one is killed, under traffic"
    forget_traffic
    traffic_goes_on 50
    must "web2 answered until now" serves web2
    docker kill "$(container_of web2)" >/dev/null
    instances_come_to "$web" web1 10
    saw "keys gone $took ms after docker kill had returned"
    traffic_goes_on 50
    saw "$(sent) requests around it, $(failed) failed (a GET that met the closing door is sent again)"
    nothing_failed 100
    forget_traffic
    traffic_goes_on 100
    must "web2 gets no request any more" is "$(served_by web2)" 0
    nothing_failed 99
    saw "afterwards $(sent) requests, all to web1: $(served_by web1)"
    traffic_end
    start_web web2
    instances_come_to "$web" "web1 web2" 15
}

# keys_stay_until MILLISECONDS: looks at them all the time.
keys_stay_until() {
    while [ "$(milliseconds)" -lt "$1" ]; do
        has_instances "$web" "web1 web2" || return 1
    done
}

prove_agent_restart() {
    step "the agent is killed with -9 and started again"
    local before lease killed old=$agent_pid
    before=$(fields_of "$web" && fields_of "$db")
    lease=$(lease_of "$web")
    watch_begin "$web"
    kill -KILL "$agent_pid"
    killed=$(milliseconds)
    start_agent
    agent_is_up
    saw "agent $old killed; agent $agent_pid ready after $(($(milliseconds) - killed)) ms"
    must "no key vanishes in the $((ttl_s + 2)) s after the kill" keys_stay_until $((killed + (ttl_s + 2) * 1000))
    must "every key has the revision that it had" is "$(fields_of "$web" && fields_of "$db")" "$before"
    must "a watch saw no change" is "$(changes_seen)" 0
    saw "$((($(milliseconds) - killed) / 1000)) s later: $(wc -l <<<"$before") keys, each at its old revision; $(changes_seen) changes seen"
    must "the lease is the same, and renewed" above "$(lease_seconds "$lease" remaining)" 0
    start_web web3
    instances_come_to "$web" "web1 web2 web3" 15
    saw "the opposite: then web3 started, and the same watch saw $(changes_seen) changes"
    must "the watch does see changes" above "$(changes_seen)" 0
    kill "$watch_pid"
}

plan_text() { "$muster" plan "$web" 2>&1 || true; }
plan_says_held() { plan_text | grep -qi held; }
plan_says_nothing_held() { ! plan_says_held; }

prove_agent_gone() {
    step "the agent is killed for good while its containers serve"
    must "plan holds nothing before" plan_says_nothing_held
    traffic_begin
    kill -KILL "$agent_pid"
    instances_come_to "$web" "" $((ttl_s + 5))
    saw "the keys expired $((took / 1000)) s after the kill: $(fields_of "$web" | wc -l) are left"
    must "plan says what is held within 5 s" within_ms 5000 plan_says_held
    plan_text | grep -i held | head -n 5 | sed 's/^/   plan: /'
    saw "$(sent) requests until here, $(failed) failed"
    nothing_failed 500
    forget_traffic
    traffic_goes_on 200
    saw "then $(sent) more without any key: web1 $(served_by web1), web2 $(served_by web2), web3 $(served_by web3), $(failed) failed"
    nothing_failed 199
    local instance
    for instance in web1 web2 web3; do must "$instance still serves" serves "$instance"; done
    start_agent
    instances_come_to "$web" "web1 web2 web3" 15
    agent_is_up
    must "plan holds nothing any more within 10 s" within_ms 10000 plan_says_nothing_held
    saw "agent started again: keys back, plan holds nothing"
    traffic_end
}

is_up() { [[ $(server_status "$1") = UP* ]]; }
are_out() { ! is_up web2 && ! is_up web3; }

prove_agent_and_containers_gone() {
    step "the agent and two containers are killed together"
    local instance
    for instance in web1 web2 web3; do must "HAProxy has $instance up within 5 s" within_ms 5000 is_up "$instance"; done
    saw "HAProxy before: web1 $(server_status web1), web2 $(server_status web2), web3 $(server_status web3)"
    traffic_begin
    kill -KILL "$agent_pid"
    docker kill "$(container_of web2)" "$(container_of web3)" >/dev/null
    must "HAProxy's checks take both out within 3 s" within_ms 3000 are_out
    saw "out $took ms after docker kill had returned: web2 $(server_status web2), web3 $(server_status web3)"
    must "etcd still has them: it was HAProxy that found out" is "$(instances_of "$web")" "web1 web2 web3"
    forget_traffic
    traffic_goes_on 200
    saw "$(sent) requests afterwards: web1 $(served_by web1), web2 $(served_by web2), web3 $(served_by web3), $(failed) failed"
    nothing_failed 199
    must "web2 and web3 get none" is "$(served_by web2) $(served_by web3)" "0 0"
    traffic_end
    start_agent
    instances_come_to "$web" web1 20
    agent_is_up
    saw "agent started again: their keys are gone"
}

prove_watcher_restart() {
    step "the watcher is killed with -9 and started again"
    start_web web2
    instances_come_to "$web" "web1 web2" 15
    traffic_begin
    starts_serving web2 10
    local haproxy
    haproxy=$(haproxy_master)
    must "HAProxy runs" is_not "$haproxy" ""
    kill -KILL "$watcher_pid"
    start_web web3
    instances_come_to "$web" "web1 web2 web3" 15
    traffic_goes_on 100
    saw "without a watcher: web3 is in etcd, and answered $(served_by web3) of $(sent) requests"
    must "nobody steers HAProxy meanwhile" is "$(served_by web3)" 0
    start_watcher
    starts_serving web3 20
    saw "watcher started again: web3 answers after $took ms; HAProxy is the same: process $haproxy"
    must "HAProxy outlived its watcher" is "$(haproxy_master)" "$haproxy"
    saw "$(sent) requests in all, $(failed) failed"
    nothing_failed 100
    watcher_is_up
    traffic_end
}

has_failed() { above "$(failed)" 0; }

prove_haproxy_restart() {
    step "HAProxy is killed with -9"
    local old began
    old=$(haproxy_pids)
    traffic_begin
    # shellcheck disable=SC2086
    kill -KILL $old
    began=$(milliseconds)
    must "it is really gone: requests fail" within_ms 2000 has_failed
    must "it is back within 15 s" within_ms 15000 web_answers
    saw "back after $(($(milliseconds) - began)) ms: processes $(haproxy_pids) instead of $old; $(failed) requests failed meanwhile"
    must "these are new processes" is_not "$(haproxy_pids)" "$old"
    traffic_end
    ask_many 90
    saw "90 requests: web1 $(served_by web1), web2 $(served_by web2), web3 $(served_by web3), $(failed) failed"
    nothing_failed 89
    local instance
    for instance in web1 web2 web3; do must "$instance serves" serves "$instance"; done
    must "db answers too within 5 s" within_ms 5000 db_answers
}

etcd_is_down() { ! etcdctl --dial-timeout 500ms --command-timeout 500ms endpoint health >/dev/null 2>&1; }

prove_etcd_restart() {
    step "etcd is killed with -9 and started again on its data"
    traffic_begin
    kill -KILL "$etcd_pid"
    must "it is really gone" within_ms 2000 etcd_is_down
    docker stop "$(container_of web3)" >/dev/null
    traffic_goes_on 200
    saw "without etcd: $(sent) requests, $(failed) failed"
    nothing_failed 200
    start_etcd
    instances_come_to "$web" "web1 web2" 30
    saw "etcd started again: web3, stopped meanwhile, left the keys after $took ms"
    start_web web3
    instances_come_to "$web" "web1 web2 web3" 15
    forget_traffic
    starts_serving web3 10
    saw "web3 started: registered again, and it answers"
    nothing_failed 0
    traffic_end
}
